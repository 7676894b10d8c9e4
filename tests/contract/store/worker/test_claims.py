"""Claims: who works on what, what ends a lease, and what an interrupted claim leaves."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.engine import Connection

from bot.messages import Inbound
from bot.records.inbox_message import AcceptedMessage
from bot.store.conversation import conversations
from bot.store.sql.database import Database
from bot.store.worker import backlog, claims, inbox, next_claim
from bot.store.worker.claims import Claim, ClaimLost
from bot.store.worker.next_claim import NextWork
from tests.support.turns import claimant

NOW = datetime(2026, 11, 2, 9, 0, 0, 123456, tzinfo=UTC)
LEASE = timedelta(seconds=30)
HELLO = Inbound("webchat", "anna", "m1", "hoi")


def accept(database: Database, message: Inbound, now: datetime = NOW) -> AcceptedMessage:
    with database.begin() as conn:
        return inbox.accept(conn, message, now)


def claim(database: Database, worker: str = "w1", now: datetime = NOW) -> NextWork | None:
    with database.begin() as conn:
        return next_claim.claim(conn, claimant(now, worker, LEASE))


def suspect(database: Database, now: datetime, most: int = 9) -> NextWork | None:
    with database.begin() as conn:
        return next_claim.suspect(conn, claimant(now, "w1", LEASE), most)


def settle(conn: Connection, work: NextWork) -> None:
    """What a committed turn does with every message of it."""
    for message in work.messages:
        inbox.done(conn, message.id, NOW, "greet")
    conversations.save(conn, claims.held(conn, work.claim), attempts=None)


def finish(database: Database, work: NextWork) -> bool:
    with database.begin() as conn:
        settle(conn, work)
        return claims.release(conn, work.claim)


def texts(work: NextWork | None) -> list[str]:
    assert work is not None
    return [message.inbound.text for message in work.messages]


def test_the_longest_waiting_conversation_comes_first(database: Database) -> None:
    """Also when that conversation has got newer messages since."""
    for sender in ("anna", "bert", "anna", "carla"):
        message_id = f"{sender}{len(sender)}{NOW}{id(object())}"
        accept(database, Inbound("webchat", sender, message_id, sender))
    order = [claim(database) for _ in range(3)]
    assert [work.conversation.address for work in order if work] == ["anna", "bert", "carla"]


def test_two_workers_never_get_the_same_conversation(database: Database, other: Database) -> None:
    """Eight threads on two connections pools take 60 conversations, each exactly once."""
    for number in range(60):
        accept(database, Inbound("webchat", f"c{number}", f"m{number}", ""))
    start = Barrier(8)

    def work_off(number: int) -> list[str]:
        mine = []
        start.wait()
        while work := claim((database, other)[number % 2], f"w{number}"):
            mine.append(work.conversation.id)
        return mine

    with ThreadPoolExecutor(8) as pool:
        taken = [one for part in pool.map(work_off, range(8)) for one in part]
    assert len(taken) == 60
    assert len(set(taken)) == 60


def test_every_message_is_handled_once_while_more_come_in(
    database: Database, other: Database
) -> None:
    """Workers that claim, finish and release beside senders handle all, in order, once each."""
    handled: list[tuple[str, int]] = []

    def send(number: int) -> None:
        for position in range(15):
            message = Inbound("webchat", f"c{number}", f"{number}-{position}", str(position))
            accept((database, other)[number % 2], message)

    def work_off(number: int) -> None:
        mine = (database, other)[number % 2]
        deadline = time.monotonic() + 60
        while len(handled) < 60 and time.monotonic() < deadline:
            work = claim(mine, f"w{number}")
            if work is None:
                time.sleep(0.005)
            else:
                handled.extend(
                    (work.conversation.id, int(message.inbound.text)) for message in work.messages
                )
                finish(mine, work)

    with ThreadPoolExecutor(8) as pool:
        jobs = [pool.submit(send, number) for number in range(4)]
        jobs += [pool.submit(work_off, number) for number in range(4)]
        for job in jobs:
            job.result(timeout=60)
    assert len(handled) == 60
    for conversation_id in {conversation_id for conversation_id, _ in handled}:
        assert [number for whose, number in handled if whose == conversation_id] == list(range(15))


def test_a_message_that_comes_during_a_turn_is_reported_at_release(database: Database) -> None:
    """Its notifier rang while nobody could claim it."""
    accept(database, HELLO)
    work = claim(database)
    assert work is not None
    accept(database, replace(HELLO, message_id="m2", text="nog iets"))
    assert claim(database) is None
    with database.read() as conn:
        assert len(inbox.pending(conn, work.conversation.id)) == 2
    assert finish(database, work)
    work = claim(database)
    assert texts(work) == ["nog iets"]
    assert work is not None
    assert not finish(database, work)


def test_one_conversation_can_be_claimed_by_name(database: Database) -> None:
    """That one or none, also when another waits longer."""
    accept(database, HELLO)
    bert = accept(database, replace(HELLO, sender="bert", message_id="m2", text="ik ben bert"))
    for expected in (["ik ben bert"], None):
        with database.begin() as conn:
            work = next_claim.claim(conn, claimant(NOW), bert.conversation_id)
        assert (work and texts(work)) == expected
    assert texts(claim(database)) == ["hoi"]


def test_a_claim_holds_until_its_lease_ends(database: Database) -> None:
    """Then another worker takes over, and the first can neither free nor use what was its own."""
    accept(database, HELLO)
    first = claim(database, "w1")
    assert first is not None
    assert claim(database, "w2", NOW + LEASE - timedelta(microseconds=1)) is None
    work = suspect(database, NOW + LEASE)
    assert work is not None
    with database.begin() as conn:
        assert claims.release(conn, first.claim)
        with pytest.raises(ClaimLost):
            claims.held(conn, first.claim)
        with pytest.raises(ClaimLost):
            claims.begin(conn, first.claim)
        assert claims.renew(conn, [first.claim], NOW + LEASE, LEASE) == 0
        assert claims.held(conn, work.claim).id == work.conversation.id
    assert suspect(database, NOW + LEASE) is None


def test_a_late_task_may_still_finish(database: Database) -> None:
    """As long as nobody took over, a claim whose lease ran out is as good as another."""
    accept(database, HELLO)
    work = claim(database)
    assert work is not None
    with database.begin() as conn:
        assert claims.renew(conn, [work.claim], NOW + 3 * LEASE, LEASE) == 1
    assert suspect(database, NOW + 3 * LEASE) is None
    assert not finish(database, work)


def test_only_what_somebody_works_on_is_renewed(database: Database) -> None:
    """Not all that a worker ever claimed: a claim that no task knows of ends with its lease."""
    for sender in ("anna", "bert"):
        accept(database, replace(HELLO, sender=sender, message_id=sender))
    known, orphan = claim(database, "w1"), claim(database, "w1")
    assert known is not None
    assert orphan is not None
    with database.begin() as conn:
        assert claims.renew(conn, [known.claim], NOW + LEASE / 2, LEASE) == 1
        assert claims.renew(conn, [], NOW + LEASE / 2, LEASE) == 0
    taken = suspect(database, NOW + LEASE)
    assert taken is not None
    assert taken.conversation.address == "bert"
    assert suspect(database, NOW + LEASE) is None


@pytest.mark.postgres
def test_a_locked_row_does_not_hold_up_the_other_renewals(
    make_postgres: object, postgres_url: str
) -> None:
    """A process that stopped in the middle of a transaction costs nobody else a lease."""
    database = Database(postgres_url)
    try:
        with database.begin() as conn:
            conn.exec_driver_sql("DELETE FROM conversations")
        for sender in ("anna", "bert"):
            accept(database, replace(HELLO, sender=sender, message_id=sender))
        works = [claim(database), claim(database)]
        held = [work.claim for work in works if work]
        with database.begin() as stuck:
            conversations.get(stuck, held[0].conversation_id, lock=True)
            with database.begin() as conn:
                assert claims.renew(conn, held, NOW + LEASE / 2, LEASE) == 1
        with database.begin() as conn:
            assert claims.renew(conn, held, NOW + LEASE / 2, LEASE) == 2
    finally:
        database.dispose()


def test_a_wrong_clock_binds_nobody(database: Database) -> None:
    """A lease that was written an hour ahead does not keep a conversation for an hour."""
    accept(database, HELLO)
    assert claim(database, "w1", NOW + timedelta(hours=1)) is not None
    work = suspect(database, NOW)
    assert texts(work) == ["hoi"]
    assert suspect(database, NOW) is None


def test_a_restarted_worker_frees_its_claims(database: Database) -> None:
    """Its own, not those of others."""
    for sender in ("anna", "bert", "carla"):
        accept(database, replace(HELLO, sender=sender, message_id=sender))
    claim(database, "w1")
    claim(database, "w2")
    claim(database, "w1")
    with database.begin() as conn:
        assert claims.free_all(conn, "w1") == 2
        assert claims.free_all(conn, "w1") == 0
    assert suspect(database, NOW) is not None
    assert suspect(database, NOW) is not None
    assert suspect(database, NOW) is None


def test_what_was_interrupted_is_a_suspect(database: Database) -> None:
    """It is found by itself, those with the fewest attempts first, and no fresh claim meets it."""
    for sender in ("anna", "bert"):
        accept(database, replace(HELLO, sender=sender, message_id=sender))
    first = claim(database)
    assert first is not None
    later = NOW + LEASE
    assert suspect(database, later) is not None  # died for the second time
    assert claim(database, "w1", later) is not None  # bert
    later += LEASE
    assert claim(database, "w1", later) is None
    with database.read() as conn:
        assert next_claim.suspicion(conn, later) == 1
    for attempts in (1, 2):
        work = suspect(database, later)
        assert work is not None
        assert work.claim.attempts == attempts
    with database.read() as conn:
        assert next_claim.suspicion(conn, later) is None
    later += LEASE
    with database.read() as conn:
        assert next_claim.suspicion(conn, later) == 2
    assert suspect(database, later, most=1) is None
    assert suspect(database, later, most=2) is not None


def test_a_committed_turn_clears_the_suspicion(database: Database) -> None:
    """Also that of earlier claims; the next message of the claim is noted anew."""
    accept(database, HELLO)
    claim(database)
    work = suspect(database, NOW + LEASE)
    assert work is not None
    accept(database, replace(HELLO, message_id="m2"))
    with database.begin() as conn:
        settle(conn, work)
        assert claims.begin(conn, replace(work.claim)) == Claim(*work_id(work))
    again = suspect(database, NOW + 3 * LEASE)
    assert again is not None
    assert again.claim.attempts == 1
    assert not finish(database, again)
    accept(database, replace(HELLO, message_id="m3"))
    assert claim(database, "w1", NOW + 4 * LEASE) is not None


def work_id(work: NextWork) -> tuple[str, str]:
    return work.claim.conversation_id, work.claim.token


#: How a claim may end: its process died, its turn failed, harmlessly, or harmlessly but noticed
#: only when another had taken over.
ENDS = st.lists(st.sampled_from(["died", "failed", "harmless", "late"]), max_size=7)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ENDS)
def test_only_failures_and_deaths_count(database: Database, ends: list[str]) -> None:
    """However claims follow each other, and however late a harmless end is written down."""
    with database.begin() as conn:
        conn.exec_driver_sql("DELETE FROM conversations")
    where = accept(database, HELLO).conversation_id
    now, late = NOW, list[Claim]()
    for end in ends:
        with database.begin() as conn:
            work = next_claim.claim(conn, claimant(now, "w1", LEASE), where)
            assert work is not None
        now += LEASE
        if end == "late":
            late.append(work.claim)
        elif end != "died":
            with database.begin() as conn:
                assert claims.release(conn, work.claim, failed=end == "failed")
    with database.begin() as conn:
        for each in late:
            claims.release(conn, each)
            claims.release(conn, each)  # its answer was lost: once more
        work = next_claim.claim(conn, claimant(now, "w1", LEASE), where)
    assert work is not None
    assert work.claim.attempts == sum(end in ("died", "failed") for end in ends)


def test_the_backlog_is_seen_without_a_claim(database: Database) -> None:
    """The newest, and the others in parts; not what somebody works on, nor what is suspicious."""
    numbers = [
        accept(database, Inbound("webchat", f"c{n}", f"m{n}", str(n)), NOW).inbox_id
        for n in range(6)
    ]
    first = claim(database)
    assert first is not None
    with database.read() as conn:
        rows = backlog.newest(conn, NOW, NOW, 3)
        assert [each.text for each in rows] == ["5", "4", "3"]
        rows = backlog.after(conn, numbers[1], NOW, NOW, 2)
        assert [(each.text, each.owner) for each in rows] == [("2", "bot"), ("3", "bot")]
        assert backlog.newest(conn, NOW, NOW - timedelta(seconds=1), 9) == ()
        assert len(backlog.after(conn, 0, NOW, NOW, 9)) == 5
        assert len(backlog.after(conn, 0, NOW + LEASE, NOW, 9)) == 6
    assert suspect(database, NOW + LEASE) is not None
    with database.read() as conn:
        assert len(backlog.after(conn, 0, NOW + 2 * LEASE, NOW, 9)) == 5
