"""A process of Loket that is started again whenever it ends, and its environment."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from tests.chaos.timeline import Timeline

ROOT: Final = Path(__file__).parents[2]
#: Variables that this machine may have set for an installation of its own.
_FOREIGN: Final = ("LOKET_", "WHATSAPP_", "TWILIO_", "KANNEL_", "TELEGRAM_", "CHATWOOT_")
#: Seconds before an ended process is started again.
_RESTART: Final = 0.3


def environment(folder: Path, url: str, port: int) -> dict[str, str]:
    """The environment of an installation without channels beside the web chat.

    Args:
        folder: where it keeps its data.
        url: its database.
        port: where web listens.
    """
    own = {key: value for key, value in os.environ.items() if not key.startswith(_FOREIGN)}
    return {
        **own,
        "LOKET_PORT": str(port),
        "LOKET_VAR_DIR": str(folder),
        "LOKET_DATABASE_URL": url,
        "LOKET_SECRET": "a secret for tests that is long enough",
        "LOKET_TRUSTED_PROXIES": "1",
        "LOKET_LOG_FORMAT": "json",
        # Each message has an answer of its own.
        "LOKET_BURST_PAUSE": "0",
        # Nothing that a timer says: nobody asked for it.
        "LOKET_QUIET_MINUTES": "600",
        "LOKET_ACCEPT_MINUTES": "600",
        "PYTHONPATH": str(ROOT),
        "PYTHONFAULTHANDLER": "1",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    }


class Kept:
    """A process that is started again whenever it ends.

    Attributes:
        name: such as `worker-2`.
        pid: of the process that runs now, or None.
    """

    def __init__(
        self, name: str, arguments: list[str], env: Mapping[str, str], log: Path, when: Timeline
    ) -> None:
        """Starts nothing yet."""
        self.name = name
        self.pid: int | None = None
        self._arguments = arguments
        self._env = env
        self._log = log
        self._when = when
        self._stopping = False

    async def keep(self) -> None:
        """Runs it until `stop`."""
        while not self._stopping:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "tests.chaos.role",
                *self._arguments,
                env=self._env,
                cwd=ROOT,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.PIPE,
            )
            self.pid = process.pid
            assert process.stderr is not None
            # Its log goes through a pipe, so that a "full disk" stops its data and not its tongue.
            with self._log.open("ab", buffering=0) as log:
                while chunk := await process.stderr.read(65536):
                    log.write(chunk)
            code = await process.wait()
            self.pid = None
            if not self._stopping:
                self._when.note(f"{self.name} ended", f"pid {process.pid} exit code {code}")
                await asyncio.sleep(_RESTART)

    def stop(self) -> None:
        """Asks it to end, for good."""
        self._stopping = True
        send(self.pid, signal.SIGTERM)


def send(pid: int | None, number: signal.Signals) -> None:
    """Sends a signal to a process that may be gone."""
    if pid is not None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
