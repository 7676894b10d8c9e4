"""Makes a customer of the website of a visitor, and notes what the website vouches for."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy.engine import Connection

from bot.errors import Rejected
from bot.messages import Inbound
from bot.records.inbox_message import AcceptedMessage
from bot.store.conversation import conversations
from bot.store.identity import site_customers
from channels import intake
from channels.intake import Acting
from channels.webchat import WebChat
from channels.webchat.session import Session
from channels.webchat.state import WebChatState

#: What a request of this kind may hold.
FIELDS: Final = frozenset({"token"})


async def identify(chat: WebChatState, token: object) -> Session:
    """The session of the customer in a website's token.

    What the website says is noted with the conversation that there is; before the first message
    nothing is kept.

    Raises:
        Rejected: 403, the token proves nothing.
    """
    services, now = chat.services, chat.services.now()
    try:
        customer = chat.site_tokens.read(token, now)
    except Rejected:
        intake.reject(services, WebChat.name)
        raise
    session = chat.sessions.of(customer, now)
    changed = await services.database.run(_note, session, session.issued_at)
    if changed is not None:
        services.notifier.ring("desk", changed)
    return session


def noting(session: Session) -> Acting | None:
    """What to do about each message of a session, in the transaction that takes it in."""
    customer = session.customer
    if customer is None:
        return None

    def note(conn: Connection, _: Inbound, accepted: AcceptedMessage, __: datetime) -> None:
        site_customers.told(conn, accepted.conversation_id, customer, session.issued_at)

    return note


def _note(conn: Connection, session: Session, at: datetime) -> str | None:
    """Notes it with the conversation; its id when there is one and it is news."""
    conversation = conversations.find(conn, WebChat.name, session.address)
    if conversation is None or session.customer is None:
        return None
    news = site_customers.told(conn, conversation.id, session.customer, at)
    return conversation.id if news else None
