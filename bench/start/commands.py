"""Loket's commands in a terminal: how soon they answer, and what a training costs."""

from __future__ import annotations

import subprocess
import tempfile
import threading
import time
from pathlib import Path
from typing import Final

import psutil

from bench.measuring.machine import ROOT
from bench.start.running import LOKET, environment

#: Seconds between two looks at a process's memory.
_LOOK: Final = 0.1


def first_answer(folder: Path, *arguments: str) -> float:
    """Seconds from the command until its first line out, to a message that it finds waiting.

    Args:
        folder: what Loket writes goes there.
        arguments: of `loket`.

    Raises:
        SystemExit: there was none.
    """
    began = time.perf_counter()
    process = subprocess.Popen(
        [*LOKET, *arguments],
        cwd=ROOT,
        env=environment(folder),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write("waar is mijn pakket?\n")
        process.stdin.flush()
        line = process.stdout.readline()
        took = time.perf_counter() - began
        process.stdin.close()
        process.stdout.read()
    if not line.strip():
        raise SystemExit(f"loket {' '.join(arguments)} did not answer; see above.")
    return took


def train(folder: Path, *, force: bool) -> tuple[float, float]:
    """Trains, or sees that nothing changed.

    Args:
        folder: what Loket writes goes there.
        force: train a model beside the present one, which is left alone.

    Returns:
        Seconds, and the peak memory of the command and all below it in MB (see `Peak`).

    Raises:
        SystemExit: it failed.
    """
    with tempfile.TemporaryDirectory() as models:
        settings = {"LOKET_MODELS_DIR": models} if force else {}
        began = time.perf_counter()
        process = subprocess.Popen(
            [*LOKET, "train", "--quiet", *(["--force"] if force else [])],
            cwd=ROOT,
            env=environment(folder, **settings),
            stderr=subprocess.PIPE,
            text=True,
        )
        with Peak(process.pid) as peak:
            said = process.communicate()[1]
        took = time.perf_counter() - began
    if process.returncode:
        raise SystemExit(f"loket train failed:\n{said[-2000:]}")
    return took, peak.megabytes


class Peak:
    """The most memory that a process and all below it held, looked at ten times a second.

    It is the sum of what is in memory for each (RSS), so what they share counts for each; a single
    process's own peak, which Linux keeps, is not missed between two looks.
    """

    def __init__(self, pid: int) -> None:
        """Looks at nothing yet."""
        self.megabytes = 0.0
        self._pid = pid
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self) -> Peak:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(_LOOK):
            try:
                top = psutil.Process(self._pid)
                tree = [top, *top.children(recursive=True)]
            except psutil.NoSuchProcess:
                return
            held = [_held(each) for each in tree]
            highest = max(high for _, high in held)
            self.megabytes = max(self.megabytes, sum(now for now, _ in held), highest)


def _held(process: psutil.Process) -> tuple[float, float]:
    """MB that a process holds now, and the most it ever held; nothing when it is gone."""
    try:
        status = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
    except OSError:
        return 0.0, 0.0
    # Lines such as "VmRSS:     1234 kB"; a process that has ended has none.
    found = {line.partition(":")[0]: line.split() for line in status.splitlines()}
    now, high = (found.get(name, ("", "0"))[1] for name in ("VmRSS", "VmHWM"))
    return int(now) * 1024 / 1e6, int(high) * 1024 / 1e6
