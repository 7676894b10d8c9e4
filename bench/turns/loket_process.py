"""The process that does Loket's rounds, as `bench/turns` sees it."""

from __future__ import annotations

import json
import os
import subprocess
from typing import Any, Self

from bench.measuring.machine import ROOT
from bench.turns.cores import on_core
from bench.turns.figures import Round


class LoketProcess:
    """`bench.turns.loket` on one core; use it in a `with` statement."""

    def __init__(self, core: int) -> None:
        """Starts it; it loads meanwhile."""
        self._process = subprocess.Popen(
            [*on_core(core), "-m", "bench.turns.loket"],
            cwd=ROOT,
            env={
                **os.environ,
                "PYTHONPATH": str(ROOT),
                "PYTHONWARNINGS": "ignore",
                "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def wait(self) -> None:
        """Until it is warm.

        Raises:
            SystemExit: it ended instead.
        """
        self._read()

    def round(self, conversations: int, long: int) -> Round:
        """One round.

        Raises:
            SystemExit: it ended instead.
        """
        assert self._process.stdin is not None
        asked = json.dumps({"conversations": conversations, "long": long})
        self._process.stdin.write(asked + "\n")
        self._process.stdin.flush()
        return Round.read(self._read())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()

    def _read(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit("Loket's part of the bench failed; see above.")
        return json.loads(line)
