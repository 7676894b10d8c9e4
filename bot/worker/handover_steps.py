"""Hands over: gives the place in the queue, makes the summary, and tells how long the wait is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import structlog

from bot.catalogue import say
from bot.conversation import callback, callback_texts, handover_summary, queueing
from bot.conversation.escape import asks_for_person
from bot.conversation.handover_summary import (
    HandoverSummary,
    SummaryLine,
    summarise,
    without_proof,
)
from bot.conversation.ownership import UNACCEPTED
from bot.conversation.slot_carryover import is_forgotten
from bot.desk.conversations.expected_wait import expectation, opens_at
from bot.messages import Author, Choice, HandOver, Outbound, Text
from bot.records.handover_record import Handover
from bot.store.conversation import tracker_slots
from bot.store.handover import handovers
from bot.store.history import linked_conversations
from bot.store.worker import timers
from bot.worker import summary_lines
from bot.worker.callback_form import begin_form
from bot.worker.conversation_state import offer_of
from bot.worker.turn_context import TurnContext
from bot.worker.turn_outcome import QueueChange
from bot.worker.worker_config import WorkerConfig

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

log = structlog.get_logger(__name__)

#: How many messages of a conversation the summary of a hand-over is made from.
_ENTRIES: Final = 30


def hand_over(
    conn: Connection,
    turn: TurnContext,
    handed: HandOver,
    said: Sequence[Outbound],
    slots: Mapping[str, Any],
) -> tuple[Outbound, ...]:
    """Puts a conversation in the queue; returns the messages to the customer, with those about it.

    Args:
        conn: a write transaction.
        turn: the turn, with the conversation as it stood before.
        handed: the reason and the topic.
        said: the messages to the customer in this turn, not yet written.
        slots: the assistant's slots; empty: as they were last.
    """
    summary = _summary(conn, turn, handed, slots)
    conversation, now = turn.conversation, turn.now
    organisation = turn.config.organisation
    handover = handovers.open_(
        conn,
        conversation.id,
        handed.reason,
        summary.topic,
        summary.to_json(),
        now,
        team=organisation.team_for(summary.topic, handed.reason).id,
        urgent=organisation.is_urgent(summary.topic, handed.reason),
    )
    await_taker(conn, handover, turn.config, now)
    log.info("handed_over", conversation=conversation.id, reason=handed.reason, team=handover.team)
    expected = expectation(conn, handover, organisation, now, own_desk=turn.config.own_desk)
    told = queueing.announced(said, expected)
    inbound = turn.message.inbound
    if inbound.payload is None and callback_texts.wishes(inbound.text):
        form = begin_form(turn, summary.question, handover.team)
        handovers.set_form(conn, handover.id, form.to_json())
        place = (Text(expected.text),) if expected.open else ()
        return (*told, *place, callback.ask(form))
    offer = offer_of(handover, organisation, call_back=True)
    return (*told, queueing.handed_over(expected, offer))


def rerouted(
    conn: Connection, turn: TurnContext, handover: Handover, change: QueueChange
) -> Outbound:
    """Notes the topic that a hand-over turns out to have; returns the message that tells so.

    Args:
        conn: a write transaction.
        turn: the turn in which it turns out.
        handover: the open hand-over.
        change: names the topic.
    """
    topic = change.topic
    organisation = turn.config.organisation
    team = organisation.team_for(topic, handover.reason)
    urgent = handover.urgent or organisation.is_urgent(topic, handover.reason)
    handovers.set_topic(conn, handover.id, topic, team.id, urgent=urgent)
    after = handovers.get(conn, handover.id)
    if after.team != handover.team:
        await_taker(conn, after, turn.config, turn.now)
    expected = expectation(
        conn, after, turn.config.organisation, turn.now, own_desk=turn.config.own_desk
    )
    noted = say("queue.topic_noted", topic=organisation.labels.get(topic, topic))
    offer = offer_of(after, organisation, call_back=True)
    if change.offers_task:
        return queueing.task_offered("", offer, f"{noted} {expected.text}")
    return Choice(f"{noted} {expected.text}", offer.options)


def refresh(conn: Connection, turn: TurnContext, handover: Handover) -> None:
    """Brings the summary up to date with what the customer wrote while waiting."""
    summary = _summary(conn, turn, HandOver(handover.reason, handover.topic), {})
    handovers.set_summary(conn, handover.id, summary.to_json())


def note_said(
    conn: Connection, conversation_id: str, said: Iterable[tuple[Author, Outbound]]
) -> None:
    """Adds what was sent to a customer who waits to the last messages of the summary.

    Args:
        conn: a write transaction.
        conversation_id: the conversation.
        said: the messages as they were sent, with their authors.
    """
    lines = [SummaryLine(author, message.text) for author, message in said]
    waiting = handovers.find_open(conn, conversation_id) if lines else None
    if waiting is not None:
        summary = handover_summary.with_said(waiting.summary, lines)
        handovers.set_summary(conn, waiting.id, summary)


def await_taker(conn: Connection, handover: Handover, config: WorkerConfig, now: datetime) -> None:
    """Sets the timer for a hand-over that nobody takes in time, counted from when people work."""
    opens = opens_at(handover.team, config.organisation, now)
    if opens is not None:
        timers.set_(conn, handover.conversation_id, UNACCEPTED, opens + config.accept)


def _summary(
    conn: Connection,
    turn: TurnContext,
    handed: HandOver,
    slots: Mapping[str, Any],
) -> HandoverSummary:
    """The summary of a conversation, with the channels that it goes on from."""
    conversation_id = turn.conversation.id
    entries = linked_conversations.recent(conn, conversation_id, _ENTRIES)
    known = slots or _remembered(conn, turn)
    lines = summary_lines.lines(entries)
    # Messages until the matter before this one was settled are about that matter.
    settled = handovers.settled_at(conn, conversation_id)
    recent = [
        line
        for entry, line in zip(entries, lines, strict=True)
        if (settled is None or entry.at > settled)
        and not is_forgotten(entry.at, turn.now, turn.config.memory)
    ]
    labels, proof = turn.config.organisation.labels, turn.config.organisation.proof
    found = summarise(handed.reason, handed.topic, recent, known, labels, proof, lines)
    return _of_last(conn, turn, found) if handed.reason == "low_rating" else found


def _of_last(conn: Connection, turn: TurnContext, found: HandoverSummary) -> HandoverSummary:
    """The summary of a matter that a low score opens again, with its question and numbers.

    What was proved there counts as long as the session lasts; after it the number is only known.
    """
    last = handovers.ended(conn, turn.conversation.id, 1)
    if not last or last[0].topic != found.topic:
        return found
    asked = str(last[0].summary.get("question") or "")
    if not found.question or asks_for_person(found.question):
        found = replace(found, question=asked or found.question)
    if found.proved or found.unproved:
        return found
    settled = last[0].closed_at
    stands = settled is not None and turn.now - settled <= turn.config.session
    stored: Mapping[str, Any] = last[0].summary if stands else without_proof(last[0].summary)
    return replace(
        found,
        proved=tuple(map(str, stored.get("proved") or ())),
        unproved=tuple(map(str, stored.get("unproved") or ())),
    )


def _remembered(conn: Connection, turn: TurnContext) -> Mapping[str, Any]:
    """The slots as they were last, for a turn in which the assistant had no part.

    A proof holds for its session alone: after a silence, or a matter that was settled, somebody
    else may be writing.
    """
    conversation, config, now = turn.conversation, turn.config, turn.now
    last = conversation.last_outbound_at
    if is_forgotten(last, now, config.memory):
        return {}
    slots = tracker_slots.slots(conn, conversation.id)
    stands = last is not None and now - last <= config.session and conversation.owner != "closed"
    return slots if stands else config.organisation.proof.withdrawn(slots)
