"""Commits a turn: writes everything it changes, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC
from typing import TYPE_CHECKING

from bot.conversation import callback_due, reply_links
from bot.conversation.callback import Form
from bot.messages import Outbound, Owner, Rated
from bot.records.conversation import Conversation
from bot.records.handover_record import Handover
from bot.records.outbox_message import OutboxMessage
from bot.store.conversation import conversations, ratings
from bot.store.delivery import outbox
from bot.store.handover import callbacks, handovers
from bot.store.handover.callbacks import CallbackRequest
from bot.store.worker import claims, inbox, timers
from bot.store.worker.claims import Afterwards, Claim
from bot.worker import callback_form, handover_steps, queue_limit
from bot.worker.turn_context import TurnContext
from bot.worker.turn_outcome import TurnOutcome, hands_over, next_state
from channels import wiping

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

#: Kind of the timer that asks for a score when a conversation has gone quiet.
QUIET = "quiet"


class Moved(Exception):
    """The conversation's owner changed while the answer was made: decide anew."""


@dataclass(frozen=True, slots=True)
class Committed:
    """A turn that was written.

    Attributes:
        owner: the conversation's owner now.
        messages: the messages that were added to the outbox.
        waits: whether messages of a conversation wait whose claim was given back.
    """

    owner: Owner
    messages: tuple[OutboxMessage, ...]
    waits: bool = False


def commit(
    conn: Connection,
    claim: Claim,
    turn: TurnContext,
    outcome: TurnOutcome,
    afterwards: Afterwards = "stands",
) -> Committed:
    """Writes a turn.

    Args:
        conn: a write transaction.
        claim: the right to do so.
        turn: the turn, with the conversation as the outcome was decided for.
        outcome: what to say and do.
        afterwards: what becomes of the claim.

    Raises:
        ClaimLost: another worker took over; nothing is written.
        Moved: an agent took, closed or returned the conversation meanwhile; nothing is written.
    """
    before = claims.held(conn, claim)
    if before.owner != turn.conversation.owner:
        raise Moved
    turn = replace(turn, conversation=before)
    now = turn.now
    outcome = queue_limit.admitted(conn, turn, outcome)
    after, messages = next_state(before, outcome, turn.notice, turn.config, now)
    for answered in (*turn.message.earlier, turn.message.id):
        inbox.done(conn, answered, now, outcome.intent)
    for effect in outcome.effects:
        if isinstance(effect, Rated):
            ratings.give(conn, before.id, after.session, effect.of, effect.score, now)
    if outcome.event == "resume":
        handovers.close(conn, before.id, "resumed", now)
    if outcome.danger:
        handovers.mark_dangerous(conn, before.id)
    messages = _queue(conn, turn, outcome, messages)
    after = wiping.leave_queue(conn, after, now)
    spoken = [(outcome.author, said) for said in _linked(conn, turn, messages)]
    added = outbox.put(conn, before, turn.message.id, spoken, now)
    if after.owner == "queued":
        handover_steps.note_said(conn, before.id, spoken)
    if outcome.unwritten:
        outcome.unwritten.write(conn)
    columns: dict[str, object] = dict(claims.after_turn(claim, afterwards))
    if added:
        columns["last_outbound_at"] = outbox.latest(before, now)
    conversations.save(conn, after, **columns)
    _await_quiet(conn, after, turn)
    waits = afterwards == "ends" and claims.waits(conn, before.id)
    return Committed(after.owner, added, waits)


def _await_quiet(conn: Connection, after: Conversation, turn: TurnContext) -> None:
    """Sets the timer that asks for a score, where the assistant has one to ask."""
    if after.owner == "bot" and not after.rating_asked:
        timers.set_(conn, after.id, QUIET, turn.now + turn.config.quiet)
    else:
        timers.cancel(conn, after.id, QUIET)


def _queue(
    conn: Connection, turn: TurnContext, outcome: TurnOutcome, said: tuple[Outbound, ...]
) -> tuple[Outbound, ...]:
    """Changes the place in the queue; returns the messages with what is said about it."""
    if handed := hands_over(outcome.effects):
        return handover_steps.hand_over(conn, turn, handed, said, outcome.slots)
    before = turn.conversation
    handover = handovers.find_open(conn, before.id) if before.owner == "queued" else None
    if handover is None:
        return said
    more: tuple[Outbound, ...] = ()
    if change := outcome.queue:
        handovers.set_form(conn, handover.id, change.form.to_json() if change.form else None)
        if change.request:
            _keep_request(conn, turn, handover, change.request)
        if change.topic:
            told = handover_steps.rerouted(conn, turn, handover, change)
            more = () if change.form else (told,)
            handover = replace(handover, topic=change.topic)
    handover_steps.refresh(conn, turn, handover)
    return (*said, *more)


def _keep_request(conn: Connection, turn: TurnContext, handover: Handover, form: Form) -> None:
    """Keeps a call-back request with the time from which it is due, in place of one before it."""
    now = turn.now
    for earlier in callbacks.of(conn, handover.conversation_id):
        callbacks.done(conn, earlier.id, None, now)
    where = (handover.conversation_id, handover.team, handover.topic)
    request = CallbackRequest(*where, form.name, form.contact, form.moment, form.question)
    due = callback_due.due(form.moment, callback_form.calling_hours(turn, handover.team))
    callbacks.add(conn, request, now, due and due.astimezone(UTC))


def _linked(
    conn: Connection, turn: TurnContext, messages: tuple[Outbound, ...]
) -> tuple[Outbound, ...]:
    """The messages with addresses in place of their marks."""
    make = turn.config.link
    messages = reply_links.offer_only(messages, turn.config.elsewhere)
    values = {
        mark: make(conn, turn.conversation, mark, turn.now) for mark in reply_links.marks(messages)
    }
    return reply_links.fill(messages, values) if values else messages
