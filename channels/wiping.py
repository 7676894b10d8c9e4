"""A customer whom nobody knows wipes a conversation: it can never be opened again.

Who waited for a person waits no longer; who has one is told nothing more. A request to be called
back stays, and so does what is urgent, until a person has read it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import structlog

from bot.catalogue import say
from bot.conversation.ownership import UNACCEPTED, possible, transition
from bot.records.conversation import Conversation
from bot.records.handover_record import Handover
from bot.store.conversation import conversations, customer_links
from bot.store.desk import planned_replies
from bot.store.handover import audit_log, callbacks, handovers, notes
from bot.store.worker import timers
from channels.services import Services

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

log = structlog.get_logger(__name__)


async def wiped(services: Services, channel: str, address: str) -> None:
    """Notes that a customer wiped a conversation; again changes nothing.

    Also where nothing was said yet: a message that is still on its way is not taken in afterwards.

    Args:
        services: the routes' services.
        channel: name of the channel.
        address: the customer's address, of which the customer kept nothing.
    """
    where = (channel, address, services.now())
    conversation_id = await services.database.run(wipe, *where)
    services.notifier.ring("outbox", conversation_id)


def wipe(conn: Connection, channel: str, address: str, now: datetime) -> str:
    """What `wiped` does in its transaction; returns the conversation's id."""
    known = conversations.find(conn, channel, address)
    if known is not None:
        customer_links.lock(conn, [known.id])
    before = conversations.open_(conn, channel, address, now)
    if before.wiped_at is not None:
        return before.id
    conversations.set_wiped(conn, before, now)
    handover = handovers.find_open(conn, before.id)
    if handover is not None:
        _withdraw_planned(conn, handover, now)
        after = leave_queue(conn, replace(before, wiped_at=now), now)
        conversations.save(conn, after)
        if after.owner == before.owner:
            audit_log.add(conn, handover, None, "wiped", now)
    log.info("conversation_wiped", conversation=before.id, owner=before.owner)
    return before.id


def leave_queue(conn: Connection, conversation: Conversation, now: datetime) -> Conversation:
    """Ends the wait for a person of a conversation that was wiped; any other goes on as it is.

    Args:
        conn: a write transaction that has the conversation locked.
        conversation: the conversation.
        now: the present.

    Returns:
        The conversation afterwards, not yet saved.
    """
    if conversation.wiped_at is None or not possible(conversation.owner, "wipe"):
        return conversation
    waiting = handovers.find_open(conn, conversation.id)
    if waiting is None:
        return conversation
    asked = callbacks.of(conn, conversation.id)
    if waiting.urgent or any(each.done_at is None for each in asked):
        return conversation
    after = transition(conversation, "wipe")
    handovers.close(conn, conversation.id, "wiped", now)
    timers.cancel(conn, conversation.id, UNACCEPTED)
    return after


def _withdraw_planned(conn: Connection, handover: Handover, now: datetime) -> None:
    """Makes a note of each answer that was to go out later; what waited for it is in hand again."""
    where, reason = handover.conversation_id, say("desk.window.wiped")
    planned = planned_replies.of(conn, where)
    for each in planned:
        planned_replies.remove(conn, each.id)
        note = say("desk.not_sent_later", reason=reason, text=each.text)
        notes.add(conn, where, each.agent_id, note, now)
    planned_replies.withdrawn(conn, handover, [each.due_at for each in planned], None, now)
