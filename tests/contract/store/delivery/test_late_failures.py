"""A failure that is told later waits for its decision in its place, and is decided on once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from sqlalchemy import select

from bot.messages import Text
from bot.store.conversation import conversations
from bot.store.delivery import (
    deliveries,
    delivery_attempts,
    delivery_planning,
    delivery_status,
    doubtful_deliveries,
    late_failures,
    outbox,
)
from bot.store.delivery.dead_letter_decisions import dismiss, resend
from bot.store.delivery.deliveries import Claimed
from bot.store.delivery.delivery_planning import Planned
from bot.store.sql.database import Database
from bot.store.sql.tables import deliveries as table

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
LEASE = timedelta(seconds=60)
LATER = NOW + 2 * LEASE


def do(database: Database, act: Callable[..., Any], *args: Any) -> Any:
    with database.begin() as conn:
        return act(conn, *args)


def claim(database: Database, now: datetime = NOW) -> Claimed | None:
    found = do(database, deliveries.claim, "sms", now, LEASE, 1).messages
    return found[0] if found else None


def told(database: Database, key: str) -> bool:
    return bool(do(database, late_failures.told, "sms", "", "30001", key, NOW))


def row(database: Database, delivery_id: int) -> Any:
    with database.read() as conn:
        return conn.execute(select(table).where(table.c.id == delivery_id)).one()


def line(database: Database, *words: str, address: str = "+31612345678") -> str:
    """A customer to whom these words are to be sent."""
    with database.begin() as conn:
        found = conversations.open_(conn, "sms", address, NOW).id
        outbox.add(conn, found, None, [("human", Text(word)) for word in words], NOW)
        make = lambda rows: [Planned((each.id,), [{"text": "x"}]) for each in rows]  # noqa: E731
        delivery_planning.plan(conn, "sms", [found], make, NOW, timedelta())
    return found


def taken(database: Database, provider_id: str = "p1") -> Claimed:
    """The front of the line, which the provider took."""
    claimed = claim(database)
    assert claimed is not None
    note = deliveries.accepted
    do(database, delivery_attempts.taken, claimed, note, provider_id, NOW, timedelta())
    return claimed


def test_it_goes_back_to_its_place_before_what_waits(database: Database) -> None:
    """With the code, to be decided on; it is nobody's second sending yet."""
    line(database, "een", "twee")
    first = taken(database)
    assert told(database, first.key)
    again = claim(database)
    assert again is not None
    assert (again.id, again.late_error, again.late_failures) == (first.id, "30001", 0)
    assert claim(database) is None


def test_it_is_decided_on_once_however_often_it_is_told(database: Database) -> None:
    """Side by side too, and after the message went out again."""
    line(database, "een")
    first = taken(database)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: told(database, first.key), range(8)))
    assert sorted(found) == [False] * 7 + [True]
    decided = claim(database)
    assert decided is not None
    assert not told(database, first.key)
    note = late_failures.retry
    assert do(database, delivery_attempts.outcome, decided, note, LATER, "30001", NOW)
    assert not told(database, first.key)
    second = claim(database, LATER)
    assert second is not None
    assert (second.late_error, second.late_failures) == ("", 1)
    assert second.key != first.key
    assert not told(database, first.key)
    assert row(database, first.id).status == "sending"
    assert told(database, second.key)


@pytest.mark.parametrize("at", ["sending", "sent", "deciding"])
def test_what_the_first_sender_notes_late_undoes_nothing(database: Database, at: str) -> None:
    """A receipt may be quicker than the answer it is about."""
    line(database, "een")
    first = claim(database)
    assert first is not None
    note = (delivery_attempts.taken, first, deliveries.accepted, "p1", NOW, timedelta())
    if at == "sent":
        do(database, *note)
    assert told(database, first.key)
    if at == "deciding":
        assert claim(database) is not None
    do(database, *note)
    for late in (deliveries.unsure, deliveries.retry):
        do(database, delivery_attempts.outcome, first, late, LATER, "x", NOW)
    kept = row(database, first.id)
    assert (kept.late_error, kept.provider_id, kept.unsure_since) == ("30001", "p1", None)


def test_a_process_that_dies_over_it_leaves_it_to_the_next(database: Database) -> None:
    """It is not in doubt: that it failed is certain."""
    line(database, "een")
    first = taken(database)
    told(database, first.key)
    assert claim(database) is not None
    assert do(database, doubtful_deliveries.due, ["sms"], LATER, LEASE, 9) == ()
    again = claim(database, LATER)
    assert again is not None
    assert again.late_error == "30001"


@pytest.mark.parametrize("dismissed", [False, True])
def test_a_failure_ends_a_doubt(database: Database, dismissed: bool) -> None:
    """A person need not judge any more what is certain now; what one has judged stays."""
    line(database, "een")
    first = claim(database)
    assert first is not None
    do(database, deliveries.unsure, first.id, LATER, "ambiguous", NOW)
    do(database, deliveries.give_up, first.id, "ambiguous", LATER)
    if dismissed:
        assert do(database, dismiss, [first.id], LATER) == (first.id,)
    assert told(database, first.key) != dismissed
    kept = row(database, first.id)
    assert kept.status == ("failed" if dismissed else "queued")
    assert kept.unsure_since is None
    assert (claim(database, LATER) is None) == dismissed


def test_whatever_the_order_of_receipts_what_arrived_stays(database: Database) -> None:
    """And what failed stays failed until there is word that it arrived."""
    receipts = ("failed", "failed", "sent", "delivered", "read")
    for number, order in enumerate(sorted(set(permutations(receipts)))):
        line(database, "een", address=f"+316{number:08}")
        first = taken(database, f"p{number}")
        arrived = False
        for status in order:
            if status == "failed":
                told(database, first.key)
            else:
                receipt = delivery_status.receipt
                do(database, receipt, "sms", "", status, "", first.key, NOW)
            arrived = arrived or status in ("delivered", "read")
            now_is = row(database, first.id).status
            assert (now_is in ("delivered", "read")) == arrived, order
            waiting = claim(database)
            assert (waiting is not None) == (now_is == "queued"), order
            if waiting is not None:
                do(database, delivery_attempts.outcome, waiting, deliveries.give_up, "x", NOW)
                assert row(database, first.id).status == "failed", order
        assert row(database, first.id).status == "read"


def test_a_person_sends_it_again_as_a_new_one(database: Database) -> None:
    """Its count of failures begins anew, and the old one's receipts are nobody's."""
    line(database, "een")
    first = taken(database)
    told(database, first.key)
    decided = claim(database)
    do(database, delivery_attempts.outcome, decided, late_failures.retry, NOW, "30001", NOW)
    second = taken(database, "p2")
    told(database, second.key)
    do(database, delivery_attempts.outcome, claim(database), deliveries.give_up, "30001", NOW)
    assert do(database, resend, [first.id], LATER) == (first.id,)
    for old in (first, second):
        assert not told(database, old.key)
    third = claim(database, LATER)
    assert third is not None
    assert (third.late_error, third.late_failures) == ("", 0)


def test_what_was_said_after_it_and_is_out_overtakes_it(database: Database) -> None:
    """Not what still waits, nor another customer's."""
    here = line(database, "een", "twee")
    first = taken(database)
    line(database, "drie", address="+31687654321")
    second = taken(database, "p2")
    do(database, deliveries.claim, "sms", NOW, LEASE, 1)
    overtaken = late_failures.overtaken
    assert second.conversation_id == here
    assert do(database, overtaken, here, first.id)
    assert not do(database, overtaken, here, second.id)
