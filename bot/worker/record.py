"""Writing a turn: everything it changes, in one transaction."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import structlog

from bot.conversation import texts
from bot.conversation.summary import Line, summarise
from bot.dutch import private_numbers
from bot.messages import HandOver, Notice, Outbound, Owner, Rated
from bot.store import (
    conversations,
    disclosures,
    handovers,
    inbox,
    outbox,
    ratings,
    timers,
    trackers,
)
from bot.store.conversations import Conversation
from bot.store.inbox import InboxMessage
from bot.store.timeline import Entry, timeline
from bot.worker.outcome import Manners, Outcome, hands_over, next_state

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

log = structlog.get_logger(__name__)

#: How many messages of a conversation the summary of a hand-over is made from.
SUMMARY_ENTRIES = 30
QUIET = "quiet"


def standing(
    conn: Connection, conversation_id: str, message: InboxMessage
) -> tuple[Conversation, tuple[Outbound, ...]]:
    """How things stand before a turn.

    Returns:
        The conversation, and what the customer was looking at when the message was sent; what was
        said unasked after that is not what it answers.
    """
    shown = outbox.last_turn(conn, conversation_id)
    return conversations.get(conn, conversation_id), tuple(
        said.message
        for said in shown
        if said.inbox_id is not None or said.created_at <= message.received_at
    )


def commit(
    conn: Connection,
    conversation_id: str,
    message: InboxMessage,
    outcome: Outcome,
    notice: Notice,
    manners: Manners,
    now: datetime,
) -> tuple[Owner, tuple[outbox.OutboxMessage, ...]]:
    """Writes a turn.

    Args:
        conn: a write transaction.
        conversation_id: the conversation.
        message: the customer's message that was answered.
        outcome: what to say and do.
        notice: the disclosure to use when one is due and the turn brings none.
        manners: how to behave.
        now: the present.

    Returns:
        Who owns the conversation now, and what was added to the outbox.
    """
    before = conversations.get(conn, conversation_id, lock=True)
    if before.owner == "human":
        # A person took over while the assistant was thinking: its words come too late.
        outcome = Outcome(intent=outcome.intent)
    after, messages = next_state(before, outcome, notice, manners, now)
    if outcome.ends_handover:
        handovers.close(conn, conversation_id, "resumed", now)
    added = _say(conn, before, message.id, messages, now)
    if outcome.unwritten:
        outcome.unwritten.write(conn)
    conversations.save(conn, after)
    inbox.done(conn, message.id, now, outcome.intent)
    masked = private_numbers.mask(message.inbound.text)
    if before.owner == "bot" and masked != message.inbound.text:
        # The bot never asks for these; a person may.
        inbox.overwrite(conn, message.id, masked)
    for effect in outcome.effects:
        if isinstance(effect, Rated):
            ratings.give(conn, conversation_id, after.session, effect.of, effect.score, now)
    if handed := hands_over(outcome.effects):
        _queue(conn, conversation_id, handed, outcome, manners, now)
    if after.owner == "bot" and not after.rating_asked:
        timers.set_(conn, conversation_id, QUIET, now + manners.quiet)
    else:
        timers.cancel(conn, conversation_id, QUIET)
    return after.owner, added


def fire_timers(conn: Connection, manners: Manners, now: datetime) -> tuple[str, ...]:
    """Does what is due; returns the conversations that got a message."""
    told = []
    for timer in timers.due(conn, now):
        conversation = conversations.get(conn, timer.conversation_id, lock=True)
        if conversation.owner != "bot" or conversation.rating_asked:
            continue
        after, messages = next_state(
            conversation, Outcome((texts.QUIET,)), texts.DISCLOSURE, manners, now
        )
        _say(conn, conversation, None, messages, now)
        conversations.save(conn, after)
        told.append(conversation.id)
    return tuple(told)


def _say(
    conn: Connection,
    conversation: Conversation,
    inbox_id: int | None,
    messages: tuple[Outbound, ...],
    now: datetime,
) -> tuple[outbox.OutboxMessage, ...]:
    """Adds the bot's messages, and keeps on record what the law asks for."""
    for said in messages:
        if isinstance(said, Notice) and said.notice == "disclosure":
            disclosures.record(
                conn, conversation.id, conversation.channel, said.version, said.text, now
            )
    return outbox.add(conn, conversation.id, inbox_id, [("bot", said) for said in messages], now)


def _queue(
    conn: Connection,
    conversation_id: str,
    handed: HandOver,
    outcome: Outcome,
    manners: Manners,
    now: datetime,
) -> None:
    """Puts the conversation in the queue, with all that a person must know."""
    entries = timeline(conn, conversation_id, None, SUMMARY_ENTRIES)
    intents = inbox.intents(conn, conversation_id, SUMMARY_ENTRIES)
    summary = summarise(
        handed.reason,
        handed.topic,
        [Line(entry.author, _words(entry)) for entry in entries],
        intents,
        outcome.slots or trackers.slots(conn, conversation_id),
        manners.labels,
    )
    handovers.open_(conn, conversation_id, handed.reason, summary.topic, summary.to_json(), now)
    log.info("handed_over", conversation=conversation_id, reason=handed.reason)


def _words(entry: Entry) -> str:
    if entry.inbound:
        inbound = entry.inbound.inbound
        return inbound.text or (texts.ATTACHMENTS[inbound.attachment] if inbound.attachment else "")
    return entry.outbound.message.text if entry.outbound else ""
