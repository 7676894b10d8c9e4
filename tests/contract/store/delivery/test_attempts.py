"""What came of an attempt is noted late: it counts as far as it still says something."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.messages import Text
from bot.store.conversation import conversations
from bot.store.delivery import (
    deliveries,
    delivery_attempts,
    delivery_planning,
    doubtful_deliveries,
    outbox,
)
from bot.store.delivery.dead_letter_decisions import resend
from bot.store.delivery.deliveries import Claimed
from bot.store.delivery.delivery_planning import Planned
from bot.store.sql.database import Database
from bot.store.sql.tables import conversations as conversations_table
from bot.store.sql.tables import deliveries as table

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
LEASE = timedelta(seconds=60)
LATER = NOW + 2 * LEASE


def do(database: Database, act: Callable[..., Any], *args: Any) -> Any:
    with database.begin() as conn:
        return act(conn, *args)


def claim(database: Database, now: datetime) -> Claimed:
    (found,) = do(database, deliveries.claim, "sms", now, LEASE, 1).messages
    assert isinstance(found, Claimed)
    return found


@pytest.fixture
def claimed(database: Database) -> Claimed:
    """A message that a process took, and that it stands still with."""
    with database.begin() as conn:
        line = conversations.open_(conn, "sms", "+31612345678", NOW).id
        outbox.add(conn, line, None, [("human", Text("a"))], NOW)
        make = lambda rows: [Planned((row.id,), [{"text": "x"}]) for row in rows]  # noqa: E731
        delivery_planning.plan(conn, "sms", [line], make, NOW, timedelta())
    return claim(database, NOW)


def found_absent(database: Database) -> None:
    """Another process looks into it when its lease is over, and queues it again."""
    (doubtful,) = do(database, doubtful_deliveries.due, ["sms"], LATER, LEASE, 9)
    assert do(database, delivery_attempts.outcome, doubtful, deliveries.retry, LATER, "", LATER)


def status(database: Database) -> tuple[str, int]:
    with database.read() as conn:
        row = conn.execute(select(table.c.status, table.c.attempts)).one()
        return (row.status, row.attempts)


LATE = [
    (deliveries.retry, LATER, "503", LATER),
    (deliveries.unsure, LATER, "ambiguous", LATER),
    (deliveries.give_up, "131026", LATER),
    (doubtful_deliveries.look_again, LATER, LATER),
]


@pytest.mark.parametrize("late", LATE, ids=lambda late: late[0].__name__)
def test_a_late_outcome_does_not_stop_the_next_attempt(
    database: Database, claimed: Claimed, late: tuple[Any, ...]
) -> None:
    """Else the message would be queued while it is being sent, and be sent twice."""
    found_absent(database)
    again = claim(database, LATER)
    assert (again.key, again.attempts) == (claimed.key, 1)
    assert not do(database, delivery_attempts.outcome, claimed, *late)
    assert status(database) == ("sending", 1)
    assert do(database, delivery_attempts.outcome, again, deliveries.give_up, "131026", LATER)
    assert status(database) == ("dead", 1)


@pytest.mark.parametrize("late", LATE, ids=lambda late: late[0].__name__)
def test_an_outcome_in_time_counts(
    database: Database, claimed: Claimed, late: tuple[Any, ...]
) -> None:
    """Also when somebody else began to look into it."""
    do(database, doubtful_deliveries.due, ["sms"], LATER, LEASE, 9)
    assert do(database, delivery_attempts.outcome, claimed, *late)


@pytest.mark.parametrize("under_way", [False, True])
def test_what_was_taken_is_not_sent_again(
    database: Database, claimed: Claimed, under_way: bool
) -> None:
    """Though it was not found at the provider, and queued."""
    found_absent(database)
    if under_way:
        claim(database, LATER)
    note = deliveries.accepted
    assert do(database, delivery_attempts.taken, claimed, note, "p1", LATER, timedelta())
    assert status(database) == ("sent", 1)
    assert do(database, deliveries.claim, "sms", LATER, LEASE, 9) == deliveries.Batch()


def test_what_a_person_sent_again_is_another_message(database: Database, claimed: Claimed) -> None:
    """Word of the one before does not count for it."""
    do(database, deliveries.give_up, claimed.id, "ambiguous", NOW)
    assert do(database, resend, [claimed.id], LATER) == (claimed.id,)
    note = deliveries.accepted
    assert not do(database, delivery_attempts.taken, claimed, note, "p1", LATER, timedelta())
    assert not do(database, delivery_attempts.outcome, claimed, deliveries.give_up, "", LATER)
    assert status(database) == ("queued", 0)


def test_what_was_erased_is_no_error(database: Database, claimed: Claimed) -> None:
    """The customer's conversation was erased while a message was on its way."""
    do(database, lambda conn: conn.execute(conversations_table.delete()))
    note = deliveries.accepted
    assert not do(database, delivery_attempts.taken, claimed, note, "p1", LATER, timedelta())
    assert not do(database, delivery_attempts.outcome, claimed, deliveries.retry, LATER, "", LATER)
