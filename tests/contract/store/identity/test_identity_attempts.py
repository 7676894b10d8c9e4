"""Attempts at an identity are counted before they are looked at, once each, also all at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from bot.messages import Inbound
from bot.store.handover import handovers
from bot.store.identity import identity_attempts, network_origins
from bot.store.identity.identity_attempts import ProofAttempt
from bot.store.identity.identity_limits import ProofLimits
from bot.store.identity.tallies import ALARM_AGAIN, KEPT, ProofAlarm, Verdict
from bot.store.sql.database import Database
from bot.store.sql.tables import identity_attempts as attempts_table
from bot.store.sql.tables import identity_tallies
from bot.store.worker import inbox

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LIMITS = ProofLimits.of(3, 6, 600)


def begin(
    database: Database,
    key: str,
    claim: str = "order",
    origin: str = "home",
    now: datetime = NOON,
    limits: ProofLimits = LIMITS,
) -> Verdict:
    with database.begin() as conn:
        return identity_attempts.begin(conn, ProofAttempt(key, claim, origin), limits, now)


def proved(database: Database, key: str, now: datetime = NOON) -> None:
    with database.begin() as conn:
        identity_attempts.proved(conn, key, LIMITS, now)


def levels(database: Database) -> dict[str, float]:
    """Failures by scope."""
    t = identity_tallies.c
    with database.read() as conn:
        rows = conn.execute(select(t.scope, func.sum(t.level).label("level")).group_by(t.scope))
        return {row.scope: row.level for row in rows}


def test_three_failures_about_one_claim_make_the_next_wait(database: Database) -> None:
    """Wherever they come from; other claims go on."""
    for number in range(3):
        assert not begin(database, f"a{number}", origin=f"place {number}").wait
    assert begin(database, "a3", origin="elsewhere").wait == MINUTE
    assert not begin(database, "b", claim="another order", origin="elsewhere").wait
    assert not begin(database, "a3", origin="elsewhere", now=NOON + MINUTE).wait
    assert begin(database, "a4", now=NOON + MINUTE).wait == 2 * MINUTE


def test_failures_from_one_place_make_its_next_wait(database: Database) -> None:
    """Whatever is claimed; other places go on."""
    for number in range(6):
        assert not begin(database, f"a{number}", claim=f"order {number}").wait
    assert begin(database, "a6", claim="order 6").wait
    assert not begin(database, "b", claim="order 6", origin="elsewhere").wait


def test_everybody_together(database: Database) -> None:
    """A thousand places that guess at a thousand orders get no more than the rate."""
    limits = ProofLimits.of(3, 6, 10)
    waits = [
        begin(database, f"{n}", f"order {n}", f"place {n}", NOON, limits).wait for n in range(20)
    ]
    assert sum(not wait for wait in waits) == 5


def test_the_same_attempt_counts_once(database: Database) -> None:
    """A turn that is run again after a crash, also while others have to wait by now."""
    for number in range(3):
        begin(database, f"a{number}")
    before = levels(database)
    for _ in range(5):
        assert begin(database, "a1") == Verdict(timedelta())
    assert levels(database) == before


def test_a_right_one_counts_no_more_and_forgives_no_other(database: Database) -> None:
    """Also when it is reported twice: who owns one order gets no more guesses at another."""
    begin(database, "guess", claim="somebody else's")
    begin(database, "own", claim="own")
    proved(database, "own")
    proved(database, "own")
    proved(database, "never tried")
    assert levels(database) == {"claim": 1.0, "origin": 1.0, "overall": 1.0}


def test_guesses_at_once_get_no_more_than_one_by_one(database: Database, other: Database) -> None:
    """Two processes, sixteen threads: what is free is free once."""

    def guess(number: int) -> Verdict:
        return begin((database, other)[number % 2], f"a{number}", origin=f"place {number}")

    with ThreadPoolExecutor(16) as pool:
        verdicts = list(pool.map(guess, range(64)))
    assert sum(not verdict.wait for verdict in verdicts) == 3
    with database.read() as conn:
        assert conn.execute(select(func.count()).select_from(attempts_table)).scalar_one() == 3
    assert sum(len(verdict.alarms) for verdict in verdicts) == 1


def test_an_alarm_once_in_a_while(database: Database) -> None:
    """With the count, and a part of a hash that says nothing."""
    alarms = [begin(database, f"a{number}", "c" * 64).alarms for number in range(5)]
    assert alarms == [(), (), (ProofAlarm("claim", "cccccccc", 3),), (), ()]
    later = begin(database, "a9", "c" * 64, now=NOON + ALARM_AGAIN).alarms
    assert [alarm.scope for alarm in later] == ["claim"]


def test_what_is_old_is_forgotten(database: Database) -> None:
    """Hashes of claims and of network addresses too."""
    begin(database, "old")
    with database.begin() as conn:
        conversation_id = inbox.accept(
            conn, Inbound("webchat", "x", "m", "hoi"), NOON
        ).conversation_id
        network_origins.saw(conn, conversation_id, "o" * 64, NOON)
    later = NOON + KEPT + MINUTE
    begin(database, "new", "another order", "elsewhere", later)
    with database.begin() as conn:
        assert identity_attempts.sweep(conn, later) == 4
        assert identity_attempts.sweep(conn, later) == 0
        assert network_origins.of(conn, conversation_id) is None


@pytest.mark.parametrize("taken", [False, True])
def test_who_waits_from_one_place(database: Database, taken: bool) -> None:
    """By reason; who was taken waits no more, and the place is where the customer is now."""
    with database.begin() as conn:
        for number in range(4):
            message = Inbound("webchat", f"x{number}", f"m{number}", "hoi")
            conversation_id = inbox.accept(conn, message, NOON).conversation_id
            network_origins.saw(conn, conversation_id, "first", NOON)
            network_origins.saw(conn, conversation_id, "home" if number else "work", NOON)
            reason = "asked" if number == 1 else "verification_failed"
            handovers.open_(conn, conversation_id, reason, "", {}, NOON)
        if taken:
            handovers.close(conn, conversation_id, "resumed", NOON)
        waits = network_origins.waiting(conn, "home")
        assert waits == {"asked": 1, "verification_failed": 1 if taken else 2}
        assert not network_origins.waiting(conn, "first")
