"""Waits until a provider that left a message in doubt answers something harmless."""

from __future__ import annotations

import asyncio

import structlog

from channels.errors import Ambiguous, SendError, Unavailable
from channels.protocol import Sender

log = structlog.get_logger(__name__)

#: Seconds between two harmless questions.
FIRST_PROBE = 1.0
LAST_PROBE = 30.0


async def until_it_answers(sender: Sender, channel: str, recipient: str, patience: float) -> None:
    """Asks again and again, ever more slowly, until there is an answer.

    Args:
        sender: the channel's.
        channel: name of the channel.
        recipient: to whom the message in doubt was sent.
        patience: seconds that one answer may take.
    """
    wait = FIRST_PROBE
    while not await _answers(sender, channel, recipient, patience):
        await asyncio.sleep(wait)
        wait = min(LAST_PROBE, wait * 2)


async def _answers(sender: Sender, channel: str, recipient: str, patience: float) -> bool:
    try:
        async with asyncio.timeout(patience):
            await sender.probe(recipient)
    except (Unavailable, Ambiguous):
        return False
    except SendError:
        return True  # a refusal is an answer
    except Exception as error:  # noqa: BLE001 - as unclear as `Ambiguous`
        log.warning("probe_failed", channel=channel, error=type(error).__name__)
        return False
    return True
