"""Lines of standard input for a command that works with asyncio and can be left at any moment."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator, Coroutine
from concurrent.futures import CancelledError
from threading import Thread
from typing import Any

#: Exit code of a command that Ctrl-C ended.
INTERRUPTED = 128 + signal.SIGINT


def run(main: Coroutine[Any, Any, None]) -> None:
    """Runs a coroutine to its end, or until Ctrl-C: then the process ends with `INTERRUPTED`.

    The coroutine is cancelled first, so that its `finally` blocks give back what it holds.
    """
    asyncio.run(_interruptible(main))


async def _interruptible(main: Coroutine[Any, Any, None]) -> None:
    try:
        await main
    except asyncio.CancelledError:
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(OSError):  # its reader may be gone
                stream.flush()
        # Python would wait for its threads, and one that imports Rasa takes ten seconds.
        os._exit(INTERRUPTED)


async def lines() -> AsyncIterator[str]:
    """Yields each line of standard input without its end; what is not UTF-8 becomes U+FFFD.

    A thread reads, one line ahead at most: reading cannot be interrupted, and the loop must be.
    """
    loop = asyncio.get_running_loop()
    queue: asyncio.Queue[str | None] = asyncio.Queue(1)

    def pass_on(line: str | None) -> None:
        asyncio.run_coroutine_threadsafe(queue.put(line), loop).result()

    def read() -> None:
        # A file object of its own: Python's exit waits for a thread that reads sys.stdin.
        with (
            contextlib.suppress(CancelledError),  # the loop has ended
            open(sys.stdin.fileno(), "rb", closefd=False) as source,
        ):
            for line in source:
                pass_on(line.decode("utf-8", errors="replace").rstrip("\r\n"))
            pass_on(None)

    Thread(target=read, daemon=True, name="stdin").start()
    while (line := await queue.get()) is not None:
        yield line
