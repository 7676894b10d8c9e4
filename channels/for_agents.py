"""Takes in what an agent should see and no bot should answer: a changed message, a filled-in form.

The bot has answered the message as it was; an answer to the change would answer twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

from bot.catalogue import say
from bot.messages import Inbound
from bot.records.inbox_message import AcceptedMessage
from bot.store.conversation import addresses, conversations
from channels import intake
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
    known = await services.database.query(_with_conversation, inbounds, aliases or {})
    shown = await intake.take(services, known, aliases, acting=_handled)
    for each in shown:
        services.notifier.ring("outbox", each.conversation_id)


def _handled(_: Connection, __: Inbound, ___: AcceptedMessage, ____: datetime) -> str:
    return SHOWN


def _with_conversation(
    conn: Connection, inbounds: Sequence[Inbound], aliases: Mapping[str, Sequence[str]]
) -> list[Inbound]:
    def address(inbound: Inbound) -> str:
        known = aliases.get(inbound.sender) or (inbound.sender,)
        return addresses.find(conn, inbound.channel, known) or inbound.sender

    return [
        inbound
        for inbound in inbounds
        if conversations.find(conn, inbound.channel, address(inbound)) is not None
    ]
