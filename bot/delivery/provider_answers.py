"""What a provider has to say of a message after it was handed over."""

from __future__ import annotations

import asyncio

import structlog

from bot.store.delivery.deliveries import Claimed
from bot.store.delivery.doubtful_deliveries import Doubtful
from channels.errors import Ambiguous, SendError, Unavailable, Undeliverable
from channels.protocol import Finds, Sender, TellsLater
from channels.send_results import Absent, Search, StillInDoubt, Taken

log = structlog.get_logger(__name__)


async def looked_up(
    sender: Sender, doubtful: Doubtful, patience: float
) -> Taken | Absent | StillInDoubt | SendError | None:
    """The provider's answer about a message in doubt, or why there is none.

    Args:
        sender: the channel's.
        doubtful: the message.
        patience: seconds that the answer may take.

    Returns:
        The answer or the error; None: this provider cannot be asked.
    """
    if not isinstance(sender, Finds):
        return None
    search = Search(
        doubtful.recipient,
        doubtful.content,
        doubtful.queued_at,
        doubtful.known,
        doubtful.twins,
    )
    try:
        async with asyncio.timeout(patience):
            return await sender.find(search)
    except SendError as error:
        return error
    except Exception as error:  # noqa: BLE001 - whatever it is, the provider was not heard
        log.warning("message_not_looked_up", error=type(error).__name__)
        return Unavailable(type(error).__name__)


def told_later(sender: Sender, claimed: Claimed) -> SendError:
    """The error that the provider told of after it took a message, as one of sending it.

    Never `Ambiguous`: that the message failed is certain.
    """
    code = claimed.late_error
    if isinstance(sender, TellsLater):
        try:
            error = sender.told_later(claimed.recipient, code)
        except Exception as fault:  # noqa: BLE001 - a channel of somebody's own
            log.error("late_error_not_read", channel=claimed.channel, error=type(fault).__name__)
        else:
            return Undeliverable(code) if isinstance(error, Ambiguous) else error
    return Undeliverable(code)
