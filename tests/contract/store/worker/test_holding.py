"""A customer who goes on typing is waited for, by every worker, and not for ever."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.messages import Inbound
from bot.records.inbox_message import MOST_PAUSES
from bot.store.sql.database import Database
from bot.store.sql.tables import conversations
from bot.store.worker import backlog, claims, holding, inbox, next_claim
from bot.store.worker.next_claim import NextWork
from tests.support.turns import claimant

NOW = datetime(2026, 11, 2, 9, 0, 0, 123456, tzinfo=UTC)
SECOND = timedelta(seconds=1)
PAUSE = 3 * SECOND
AT_ONCE = timedelta(0)


def write(
    database: Database, second: float, pause: timedelta | None = PAUSE, sender: str = "anna"
) -> None:
    now = NOW + second * SECOND
    with database.begin() as conn:
        inbox.accept(conn, Inbound("post", sender, f"{sender}{second}", "hoi"), now, pause)


def claim(database: Database, second: float, worker: str = "w1") -> NextWork | None:
    with database.begin() as conn:
        return next_claim.claim(conn, claimant(NOW + second * SECOND, worker))


def next_ready(database: Database, second: float) -> float | None:
    """After how many seconds the next conversation is due."""
    now = NOW + second * SECOND
    with database.read() as conn:
        ready = holding.next_ready(conn, now)
    return None if ready is None else (ready - now) / SECOND


def test_a_burst_is_claimed_as_one(database: Database, other: Database) -> None:
    """When its customer has been silent for the pause; other customers do not wait for it."""
    for second in (0, 2, 4):
        write(database, second)
    write(database, 4, None, "bert")
    found = claim(other, 5)
    assert found is not None
    assert found.conversation.address == "bert"
    assert [claim(each, 6.9) for each in (database, other)] == [None, None]
    assert next_ready(database, 6) == 1
    work = claim(other, 7, "w2")
    assert work is not None
    assert len(work.messages) == 3
    assert claim(database, 8) is None
    assert next_ready(database, 8) is None


def test_what_cannot_wait_takes_the_rest_along(database: Database) -> None:
    """Also when more is typed after it."""
    write(database, 0)
    write(database, 1, AT_ONCE)
    write(database, 1.5)
    work = claim(database, 1.5)
    assert work is not None
    assert len(work.messages) == 3


def test_a_burst_during_a_turn_is_one_too(database: Database) -> None:
    """What comes in while a worker is at the conversation waits for its own end."""
    write(database, 0, AT_ONCE)
    work = claim(database, 0)
    assert work is not None
    write(database, 1)
    write(database, 2)
    with database.begin() as conn:
        inbox.done(conn, work.messages[0].id, NOW, None)
        assert claims.release(conn, work.claim)
    assert claim(database, 4.9) is None
    work = claim(database, 5)
    assert work is not None
    assert len(work.messages) == 2


def test_a_worker_that_dies_forgets_no_pause(database: Database) -> None:
    """Its messages are due when its lease ends, and what came in since is waited for."""
    write(database, 0)
    assert claim(database, 3) is not None
    write(database, 12)
    assert claim(database, 14) is None
    with database.begin() as conn:
        assert next_claim.suspicion(conn, NOW + 14 * SECOND) is None
        work = next_claim.suspect(conn, claimant(NOW + 15 * SECOND), 9)
    assert work is not None
    assert len(work.messages) == 2


def test_a_clock_that_was_wrong_holds_nobody(database: Database) -> None:
    """A moment far ahead binds nobody, as with leases."""
    write(database, 0)
    with database.begin() as conn:
        conn.execute(conversations.update().values(ready_at=NOW + timedelta(hours=1)))
    assert next_ready(database, 0) is None
    write(database, 1)
    assert claim(database, 3.9) is None
    assert claim(database, 4) is not None


def test_a_worker_without_a_model_waits_likewise(database: Database) -> None:
    """It does not look at what is held."""
    write(database, 0)
    with database.read() as conn:
        assert backlog.newest(conn, NOW + SECOND, NOW + SECOND, 9) == ()
        assert len(backlog.newest(conn, NOW + PAUSE, NOW + PAUSE, 9)) == 1


@given(st.lists(st.tuples(st.floats(0, 2.9), st.sampled_from((PAUSE, SECOND))), max_size=40))
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_who_keeps_typing_is_answered(
    database: Database, typed: list[tuple[float, timedelta]]
) -> None:
    """At most so many pauses after the first message, at any pace."""
    sender = f"typist{len(typed)}{hash(tuple(typed))}"
    second = 0.0
    write(database, second, PAUSE, sender)
    for after, pause in typed:
        second += after
        write(database, round(second, 3) + 0.0001, pause, sender)
    limit = MOST_PAUSES * PAUSE / SECOND
    with database.begin() as conn:
        ready = (
            conn.execute(conversations.select().where(conversations.c.address == sender))
            .one()
            .ready_at
        )
        assert ready <= NOW + (limit + 0.01) * SECOND
        conn.execute(conversations.delete())
