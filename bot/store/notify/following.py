"""Follows a topic of the notifier for as long as a process serves."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final, Never

import structlog

from bot.store.notify.notifier import Notifier

log = structlog.get_logger(__name__)

#: Longest wait in seconds before the listener is asked again.
_PATIENCE: Final = 60.0
#: Seconds after which listening is begun anew when it failed.
_PAUSE: Final = 1.0


async def follow(notifier: Notifier, topic: str, take: Callable[[str], object]) -> Never:
    """Passes a topic's rings on, until cancelled. For who looks by themselves meanwhile, too.

    A notifier that is lost costs seconds, and is listened to anew.

    Args:
        notifier: rings.
        topic: what is listened to.
        take: called with the key of each ring.
    """
    while True:
        try:
            async with notifier.listen(topic) as listener:
                while True:
                    key = await listener.wait(_PATIENCE)
                    if key is not None:
                        take(key)
        except OSError as error:
            log.warning("notifier_lost", topic=topic, error=type(error).__name__)
            await asyncio.sleep(_PAUSE)
