"""Loop detection in the worker: hands over when one answer comes again and again, with any model.

`SafeguardPolicy` breaks loops earlier and better. This holds where it was replaced, or where its
action is broken: it looks at nothing but the messages to the customer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

import structlog

from bot.conversation import built_in_messages, disclosure
from bot.messages import HandOver, Notice, Outbound
from bot.records.conversation import Conversation
from bot.records.outbox_message import OutboxMessage
from bot.store.conversation import tracker_slots
from bot.store.delivery import outbox_queries
from bot.worker.turn_outcome import TurnOutcome, hands_over
from bot.worker.worker_config import WorkerConfig

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

log = structlog.get_logger(__name__)

#: From so many times the same answer in a row a person is offered with it.
OFFER_AT: Final = 4
#: At so many times the customer is handed over.
HAND_OVER_AT: Final = 6
#: Messages looked at: more than `HAND_OVER_AT` answers hold.
_LOOKED_AT: Final = 100


def answer_of(messages: Iterable[Outbound]) -> tuple[Outbound, ...]:
    """The core of an answer: without the notices around it, and without this guard's offer."""
    said = tuple(
        each
        for each in messages
        if each != built_in_messages.loop_offer() and not disclosure.is_disclosure(each)
    )
    return tuple(each for each in said if not isinstance(each, Notice)) or said


def repeats(shown: Iterable[OutboxMessage], outcome: TurnOutcome) -> bool:
    """Whether the assistant repeats its last answer. Reads nothing, so most turns cost nothing.

    Args:
        shown: the messages that the customer looked at.
        outcome: of the assistant's turn.
    """
    said = answer_of(outcome.messages)
    last = answer_of(each.message for each in shown if each.inbox_id is not None)
    return bool(said) and said == last and hands_over(outcome.effects) is None


def ended(
    conn: Connection,
    conversation: Conversation,
    outcome: TurnOutcome,
    config: WorkerConfig,
    now: datetime,
) -> TurnOutcome:
    """The outcome of a repeated answer: as it is, with a person offered, or with a hand-over.

    Args:
        conn: a transaction.
        conversation: the conversation, owned by the bot.
        outcome: of the assistant's turn; it `repeats` the last one.
        config: the worker's configuration.
        now: the present.
    """
    said = outbox_queries.said_since(conn, conversation.id, now - config.session, _LOOKED_AT)
    times = 1 + in_a_row(said, answer_of(outcome.messages))
    if times < OFFER_AT or progressed(tracker_slots.slots(conn, conversation.id), outcome.slots):
        return outcome
    if times < HAND_OVER_AT:
        return replace(outcome, messages=(*outcome.messages, built_in_messages.loop_offer()))
    log.warning("loop_ended", conversation=conversation.id, times=times)
    effects = (*outcome.effects, HandOver("loop"))
    return replace(outcome, messages=(built_in_messages.to_human(),), effects=effects)


def in_a_row(said: Iterable[OutboxMessage], answer: tuple[Outbound, ...]) -> int:
    """How many of the latest answers are this one. Pure.

    Args:
        said: the messages to the customer, oldest first; one of a person breaks the row.
        answer: see `answer_of`.
    """
    turns: dict[int, list[Outbound]] = {}
    for each in said:
        if each.author == "human":
            turns.clear()
        elif each.inbox_id is not None:
            turns.setdefault(each.inbox_id, []).append(each.message)
    count = 0
    for messages in reversed(turns.values()):
        if answer_of(messages) != answer:
            break
        count += 1
    return count


def progressed(before: Mapping[str, object], after: Mapping[str, object]) -> bool:
    """Whether the assistant learned something in a turn. Pure.

    A slot that was empty is filled, or a list grew: "Welke dag nog meer?" is asked again with
    good reason. A value that only changes, as a count of refusals does, is no progress; nor is a
    zero or a no, which are not kept and look new in each turn.

    Args:
        before: slots before the turn.
        after: slots after it.
    """
    for name, value in after.items():
        known = before.get(name)
        if value and known in (None, "", [], {}):
            return True
        if isinstance(value, list) and isinstance(known, list) and len(value) > len(known):
            return True
    return False
