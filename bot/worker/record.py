"""Writing a turn: everything it changes, in one transaction."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from bot.conversation import links
from bot.messages import Notice, Outbound, Owner, Rated
from bot.records.conversation import Conversation
from bot.records.handover import Handover
from bot.records.inbox_message import InboxMessage
from bot.records.outbox_message import OutboxMessage
from bot.store import (
    callbacks,
    claims,
    conversations,
    handovers,
    inbox,
    outbox,
    ratings,
    timers,
)
from bot.store.claims import Claim
from bot.worker import handing, queue_limit
from bot.worker.manners import Manners
from bot.worker.outcome import Outcome, QueueChange, hands_over, next_state

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

#: Kind of the timer that asks for a score when a conversation has gone quiet.
QUIET = "quiet"


class Moved(Exception):
    """The conversation's owner changed while the answer was made: decide anew."""


def commit(
    conn: Connection,
    claim: Claim,
    decided_for: Conversation,
    message: InboxMessage,
    outcome: Outcome,
    notice: Notice,
    manners: Manners,
    now: datetime,
) -> tuple[Owner, tuple[OutboxMessage, ...]]:
    """Writes a turn.

    Args:
        conn: a write transaction.
        claim: the right to do so.
        decided_for: the conversation as the outcome was decided for.
        message: the customer's message that was answered.
        outcome: what to say and do.
        notice: the disclosure to use when one is due and the turn brings none.
        manners: how to behave.
        now: the present.

    Returns:
        Who owns the conversation now, and what was added to the outbox.

    Raises:
        ClaimLost: another worker took over; nothing is written.
        Moved: an agent took, closed or returned the conversation meanwhile; nothing is written.
    """
    before = claims.held(conn, claim)
    if before.owner != decided_for.owner:
        raise Moved
    outcome = queue_limit.admitted(conn, before, outcome, manners, now)
    after, messages = next_state(before, outcome, notice, manners, now)
    inbox.done(conn, message.id, now, outcome.intent)
    for effect in outcome.effects:
        if isinstance(effect, Rated):
            ratings.give(conn, before.id, after.session, effect.of, effect.score, now)
    if outcome.event == "resume":
        handovers.close(conn, before.id, "resumed", now)
    messages += _queue(conn, before, message, outcome, messages, manners, now)
    added = say(
        conn, before, message.id, outcome, _linked(conn, before, messages, manners, now), now
    )
    if outcome.unwritten:
        outcome.unwritten.write(conn)
    conversations.save(conn, after, attempts=None)  # the turn is over, and no attempt any more
    if after.owner == "bot" and not after.rating_asked:
        timers.set_(conn, before.id, QUIET, now + manners.quiet)
    else:
        timers.cancel(conn, before.id, QUIET)
    return after.owner, added


def say(
    conn: Connection,
    conversation: Conversation,
    inbox_id: int | None,
    outcome: Outcome,
    messages: tuple[Outbound, ...],
    now: datetime,
) -> tuple[OutboxMessage, ...]:
    """Adds messages.

    Args:
        conn: a write transaction.
        conversation: the conversation, locked.
        inbox_id: the message that is answered, or None.
        outcome: says who speaks.
        messages: what is said.
        now: the present.
    """
    spoken = [(outcome.author, said) for said in messages]
    return outbox.add(conn, conversation.id, inbox_id, spoken, now)


def _queue(
    conn: Connection,
    before: Conversation,
    message: InboxMessage,
    outcome: Outcome,
    said: tuple[Outbound, ...],
    manners: Manners,
    now: datetime,
) -> tuple[Outbound, ...]:
    """Changes the place in the queue; returns what the customer hears about it."""
    if handed := hands_over(outcome.effects):
        return handing.hand_over(conn, before, message, handed, said, outcome.slots, manners, now)
    handover = handovers.find_open(conn, before.id) if before.owner == "queued" else None
    if handover is None:
        return ()
    more: tuple[Outbound, ...] = ()
    if change := outcome.queue:
        handovers.set_form(conn, handover.id, change.form.to_json() if change.form else None)
        if change.request:
            _keep_request(conn, before, change, handover, now)
        if change.topic:
            told = handing.rerouted(conn, handover, change.topic, manners, now)
            more = () if change.form else (told,)
            handover = replace(handover, topic=change.topic)
    handing.refresh(conn, before, handover, manners, now)
    return more


def _keep_request(
    conn: Connection,
    conversation: Conversation,
    change: QueueChange,
    handover: Handover,
    now: datetime,
) -> None:
    """Keeps a call-back request, in place of the one before it."""
    form = change.request
    assert form is not None
    for earlier in callbacks.of(conn, conversation.id):
        callbacks.done(conn, earlier.id, None, now)
    where = (conversation.id, handover.team, handover.topic)
    callbacks.add(conn, *where, form.name, form.contact, form.moment, form.question, now)


def _linked(
    conn: Connection,
    conversation: Conversation,
    messages: tuple[Outbound, ...],
    manners: Manners,
    now: datetime,
) -> tuple[Outbound, ...]:
    """The messages with addresses in place of their marks."""
    messages = links.offer_only(messages, manners.elsewhere)
    values = {mark: manners.link(conn, conversation, mark, now) for mark in links.marks(messages)}
    return links.fill(messages, values) if values else messages
