"""Loops that run until they are told to stop: at work while a block lasts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any


@asynccontextmanager
async def at_work(
    run: Callable[[asyncio.Event], Coroutine[Any, Any, None]], patience: float = 20
) -> AsyncIterator[None]:
    """Runs a loop while the block does, and waits until it has ended.

    Args:
        run: works until the event that it gets is set.
        patience: seconds within which it must end; its own error is raised.
    """
    stop = asyncio.Event()
    task = asyncio.create_task(run(stop))
    try:
        yield
    finally:
        stop.set()
        await asyncio.wait_for(task, patience)
