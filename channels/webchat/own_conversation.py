"""The conversation of a session: none before the first message, and refused after a wipe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.catalogue import say
from bot.errors import Rejected
from bot.messages import Inbound
from bot.store.conversation import conversations
from channels import intake
from channels.intake import Acting
from channels.services import Services
from channels.webchat import WebChat

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from bot.records.conversation import Conversation


def find(conn: Connection, address: str) -> Conversation | None:
    """The conversation; None as long as the customer has said nothing.

    Args:
        conn: a transaction.
        address: the session's.

    Raises:
        Rejected: 401, the customer wiped it; the browser gets another session.
    """
    conversation = conversations.find(conn, WebChat.name, address)
    if conversation is not None and conversation.wiped_at is not None:
        raise _refused()
    return conversation


async def take(
    services: Services, message: Inbound, origin: str, acting: Acting | None = None
) -> bool:
    """Takes in a message of the customer; returns whether it had come before.

    Args:
        services: the routes' services.
        message: the message.
        origin: the network that it comes from.
        acting: as `intake.take` has it.

    Raises:
        Rejected: 401, the customer wiped the conversation.
    """
    try:
        (accepted,) = await intake.take(services, [message], origin=origin, acting=acting)
    except conversations.Wiped as error:
        raise _refused() from error
    return accepted.duplicate


def _refused() -> Rejected:
    return Rejected(say("webchat.refused.expired"), 401)
