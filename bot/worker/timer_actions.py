"""Carries out timers that are due. Each one is a transaction of its own.

So one that fails holds up no other; it is tried again later.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

import structlog

from bot.conversation import built_in_messages, queueing
from bot.conversation.ownership import UNACCEPTED, possible
from bot.desk.conversations.expected_wait import expectation
from bot.records.conversation import Conversation
from bot.store.conversation import conversations
from bot.store.delivery import outbox
from bot.store.handover import handovers
from bot.store.sql.database import Database
from bot.store.sql.outages import is_outage
from bot.store.worker import timers
from bot.store.worker.timers import Timer
from bot.worker import commit_turn
from bot.worker.conversation_state import offer_of, open_request
from bot.worker.turn_outcome import TurnOutcome, next_state
from bot.worker.worker_config import WorkerConfig

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

log = structlog.get_logger(__name__)

#: Pause before a timer that failed is tried again.
_AGAIN: Final = timedelta(minutes=10)
#: Timers at most in one round, so that customers' messages are not kept waiting by a backlog.
_ROUND: Final = 100


class _Failed(Exception):
    def __init__(self, timer: Timer) -> None:
        super().__init__()
        self.timer = timer


async def fire_timers(
    database: Database, config: WorkerConfig, now: datetime, conversation_id: str | None = None
) -> tuple[str, ...]:
    """Carries out the timers that are due.

    Args:
        database: Loket's.
        config: the worker's configuration.
        now: the present.
        conversation_id: only those of this conversation; all when left out.

    Returns:
        The conversations that got a message.

    Raises:
        Exception: the database is away; timers that are due stay so.
    """
    told = []
    for _ in range(_ROUND):
        try:
            fired = await database.run(_fire_next, config, now, conversation_id)
        except _Failed as failed:
            timer, error = failed.timer, failed.__cause__
            if error is not None and is_outage(error):
                raise error from None  # no fault of the timer, and the next would fail as well
            log.error(
                "timer_failed",
                conversation=timer.conversation_id,
                kind=timer.kind,
                error=type(error).__name__,
            )
            where = (timer.conversation_id, timer.kind)
            await database.run(timers.set_, *where, now + _AGAIN)
            continue
        if fired is None:
            break
        timer, spoke = fired
        if spoke:
            told.append(timer.conversation_id)
    return tuple(told)


def _fire_next(
    conn: Connection, config: WorkerConfig, now: datetime, conversation_id: str | None
) -> tuple[Timer, bool] | None:
    """Takes one timer and carries it out; returns whether the customer got a message."""
    taken = timers.due(conn, now, 1, conversation_id)
    if not taken:
        return None
    (timer,) = taken
    try:
        conversation = conversations.get(conn, timer.conversation_id, lock=True)
        act = _ACTS.get(timer.kind)
        if act is None:  # of a newer version, say: not ours to do
            log.error("timer_unknown", kind=timer.kind)
            return timer, False
        if conversation.wiped_at is not None:
            return timer, False
        return timer, act(conn, conversation, config, now)
    except Exception as error:
        raise _Failed(timer) from error


def _ask_score(
    conn: Connection, conversation: Conversation, config: WorkerConfig, now: datetime
) -> bool:
    """Asks how it went, once a session and never while a person is awaited."""
    if conversation.owner != "bot" or conversation.rating_asked:
        return False
    outcome = TurnOutcome((built_in_messages.quiet(),), event=None)
    _speak(conn, conversation, outcome, config, now)
    return True


def _offer_call_back(
    conn: Connection, conversation: Conversation, config: WorkerConfig, now: datetime
) -> bool:
    """Offers, once, to call or write back to a customer whom nobody took in time."""
    handover = handovers.find_open(conn, conversation.id)
    if not possible(conversation.owner, "expire") or handover is None:
        return False
    if handover.form is not None or open_request(conn, handover) is not None:
        return False
    organisation = config.organisation
    expected = expectation(conn, handover, config.organisation, now, own_desk=config.own_desk)
    offer = offer_of(handover, organisation, call_back=True)
    said = queueing.still_waiting(expected, offer)
    outcome = TurnOutcome((said,), event="expire", author="system")
    _speak(conn, conversation, outcome, config, now)
    return True


def _speak(
    conn: Connection,
    conversation: Conversation,
    outcome: TurnOutcome,
    config: WorkerConfig,
    now: datetime,
) -> None:
    after, messages = next_state(conversation, outcome, built_in_messages.disclosure(), config, now)
    spoken = [(outcome.author, said) for said in messages]
    outbox.add(conn, conversation.id, None, spoken, now)
    conversations.save(conn, after)


_ACTS: Final[Mapping[str, Callable[[Connection, Conversation, WorkerConfig, datetime], bool]]] = {
    commit_turn.QUIET: _ask_score,
    UNACCEPTED: _offer_call_back,
}
