"""Takes in what an agent should see and no bot should answer: a changed message, a filled-in form.

The bot has answered the message as it was; an answer to the change would answer twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from bot.catalogue import say
from bot.messages import Inbound
from bot.store.conversation import addresses, conversations
from bot.store.worker import inbox
from channels.services import Services

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

#: The outcome of such a message, kept with it.
SHOWN: Final = "shown"


def edited(text: str) -> str:
    """The words of a message that the customer changed, as an agent reads them."""
    return say("channel.edited", text=text)


def filled_in(answers: Sequence[tuple[str, str]]) -> str:
    """The answers on a form, name and value, as an agent reads them."""
    lines = "\n".join(f"{name}: {value}" for name, value in answers)
    return say("channel.filled_in", answers=lines)


async def show(
    services: Services,
    inbounds: Sequence[Inbound],
    aliases: Mapping[str, Sequence[str]] | None = None,
) -> None:
    """Stores messages, each once, as handled, so that whoever reads the conversation sees them.

    A customer who has no conversation gets none: there is nothing to add to.

    Args:
        services: the routes' services.
        inbounds: the messages, in order.
        aliases: as `channels.intake.take` takes them.
    """
    if not inbounds:
        return
    given = (inbounds, aliases or {}, services.now())
    for conversation_id in await services.database.run(_show, *given):
        services.notifier.ring("desk", conversation_id)


def _show(
    conn: Connection,
    inbounds: Sequence[Inbound],
    aliases: Mapping[str, Sequence[str]],
    now: datetime,
) -> tuple[str, ...]:
    shown = []
    # One order for all requests, so that two batches never wait for each other's rows.
    for inbound in sorted(inbounds, key=lambda each: each.sender):
        known = aliases.get(inbound.sender) or (inbound.sender,)
        address = addresses.find(conn, inbound.channel, known)
        if address is None or conversations.find(conn, inbound.channel, address) is None:
            continue
        accepted = inbox.accept(conn, replace(inbound, sender=address), now)
        if not accepted.duplicate:
            inbox.done(conn, accepted.inbox_id, now, SHOWN)
            shown.append(accepted.conversation_id)
    return tuple(dict.fromkeys(shown))
