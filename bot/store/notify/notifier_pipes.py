"""The notifier of one machine: a named pipe for each listener, in a folder they share.

Pipes rather than datagram sockets: a socket's queue holds ten messages by default (Linux,
`net.unix.max_dgram_qlen`) where a pipe holds more than a thousand, and a socket's path must be
shorter than 108 bytes where a pipe may lie anywhere.
"""

from __future__ import annotations

import asyncio
import errno
import fcntl
import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from bot.store.notify.notifier_keys import Keys, sendable

if TYPE_CHECKING:
    from bot.store.notify.notifier import Listener

log = structlog.get_logger(__name__)

#: A pipe this full may have turned a ring away: one that does not fit in what is left of a page
#: takes a new page, so up to a line of each page of 4,096 bytes stays empty.
_FULL = 0.9


class PipeNotifier:
    """A `Notifier` that writes the key to every pipe of the topic; see `notifier`."""

    def __init__(self, folder: Path) -> None:
        """Keeps the folder; nothing is made before somebody listens.

        Args:
            folder: where the pipes are.
        """
        self._folder = folder

    def ring(self, topic: str, key: str = "") -> None:
        """See `Notifier.ring`. Removes pipes whose listener is gone."""
        line = sendable(key).encode() + b"\n"
        try:
            pipes = list(self._folder.glob(f"{topic}.*"))
        except OSError as error:
            log.warning("notifier_failed", errno=error.errno)
            return
        for pipe in pipes:
            _write(pipe, line)

    @asynccontextmanager
    async def listen(self, topic: str) -> AsyncIterator[Listener]:
        """See `Notifier.listen`.

        Raises:
            OSError: the folder cannot be written.
        """
        path, pipe = _make(self._folder, topic)
        capacity = fcntl.fcntl(pipe, fcntl.F_GETPIPE_SZ)
        keys = Keys()

        def drain() -> None:
            lines = os.read(pipe, capacity)
            if len(lines) > capacity * _FULL:
                keys.add("")
            for line in lines.decode("ascii").splitlines():
                keys.add(line)

        loop = asyncio.get_running_loop()
        loop.add_reader(pipe, drain)
        try:
            yield keys
        finally:
            loop.remove_reader(pipe)
            path.unlink(missing_ok=True)
            os.close(pipe)

    def close(self) -> None:
        """See `Notifier.close`. Nothing is kept open between rings."""


def _make(folder: Path, topic: str) -> tuple[Path, int]:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"{topic}.{os.getpid()}.{secrets.token_hex(4)}"
    # Under another name until it is open, lest a ring takes it for one whose listener is gone.
    hidden, path = folder / f".{name}", folder / name
    os.mkfifo(hidden, 0o600)
    # Open for writing too: then it never reports an end when the last ringing process closes it.
    pipe = os.open(hidden, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
    hidden.rename(path)
    return path, pipe


def _write(path: Path, line: bytes) -> None:
    try:
        pipe = os.open(path, os.O_WRONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        if error.errno == errno.ENXIO:  # nobody reads it: its listener was killed
            with suppress(OSError):
                path.unlink()
        elif error.errno != errno.ENOENT:  # else its listener just left
            log.warning("notifier_failed", errno=error.errno)
        return
    try:
        os.write(pipe, line)  # whole or not at all, as it is shorter than PIPE_BUF
    except BlockingIOError:
        pass  # full: its listener will notice and look everywhere
    except OSError as error:
        log.warning("notifier_failed", errno=error.errno)
    finally:
        os.close(pipe)
