"""What a customer lets be known of what was said: it was in sight, and whether a quote helped."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.engine import Connection

from bot.catalogue import say
from bot.errors import Rejected
from bot.store.conversation import quote_votes
from bot.store.delivery import outbox
from channels.services import Services
from channels.webchat import own_conversation, parse


async def seen(services: Services, address: str, body: bytes) -> None:
    """Notes what was in sight, and tells the desk if that is news.

    Args:
        services: the store and the notifier.
        address: the customer's.
        body: as `parse.seen` takes it.

    Raises:
        Rejected: the body is none, or 401: the customer wiped the conversation.
    """
    where = address, parse.seen(body), services.now()
    if changed := await services.database.run(_acknowledge, *where):
        services.notifier.ring("desk", changed)


async def vote(services: Services, address: str, body: bytes) -> None:
    """Keeps whether a quote helped; nobody is told, and no turn follows.

    Args:
        services: the store.
        address: the customer's.
        body: as `parse.vote` takes it.

    Raises:
        Rejected: the body is none; 404, the customer's conversation has no such quote; 401, the
            customer wiped it.
    """
    quote, helpful = parse.vote(body)
    where = address, quote, services.now()
    if not await services.database.run(_vote, *where, helpful=helpful):
        raise Rejected(say("webchat.refused.quote"), 404)


def _acknowledge(conn: Connection, address: str, last: int, now: datetime) -> str | None:
    """Notes what was in sight; returns the conversation's id, or None: it was no news."""
    conversation = own_conversation.find(conn, address)
    if conversation is None or not outbox.acknowledge(conn, conversation.id, last, now):
        return None
    return conversation.id


def _vote(conn: Connection, address: str, quote: int, now: datetime, *, helpful: bool) -> bool:
    conversation = own_conversation.find(conn, address)
    return conversation is not None and quote_votes.give(
        conn, conversation.id, quote, now, helpful=helpful
    )
