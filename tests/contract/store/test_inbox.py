"""Taking messages in, handing them out."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from threading import Barrier

from sqlalchemy import func, select

from bot.messages import Inbound
from bot.store import conversations, inbox
from bot.store.database import Database
from bot.store.inbox import Accepted, Work
from bot.store.tables import conversations as conversations_table
from bot.store.tables import inbox as inbox_table

NOW = datetime(2026, 11, 2, 9, 0, 0, 123456, tzinfo=UTC)
LEASE = timedelta(seconds=30)
HELLO = Inbound("webchat", "anna", "m1", "hoi")


def accept(database: Database, message: Inbound, now: datetime = NOW) -> Accepted:
    with database.begin() as conn:
        return inbox.accept(conn, message, now)


def claim(database: Database, worker: str = "w1", now: datetime = NOW) -> Work | None:
    with database.begin() as conn:
        return inbox.claim(conn, worker, now, LEASE)


def finish(database: Database, work: Work, worker: str = "w1", now: datetime = NOW) -> bool:
    with database.begin() as conn:
        for message in work.messages:
            inbox.done(conn, message.id, now, "greet")
        return inbox.release(conn, work.conversation.id, worker)


def texts(work: Work | None) -> list[str]:
    assert work is not None
    return [message.inbound.text for message in work.messages]


def test_a_message_comes_back_as_it_was(database: Database) -> None:
    """Text with anything in it, payload and the provider's time survive."""
    amsterdam = timezone(timedelta(hours=1))
    sent = Inbound(
        "webchat",
        "anna",
        "m1",
        "Ümläut 👍🏽 'quote'; --\r\n\t" + "x" * 10_000,
        '/rate{"score": 4}',
        datetime(2026, 11, 2, 9, 59, 0, 7, tzinfo=amsterdam),
    )
    accept(database, sent)
    work = claim(database)
    assert work is not None
    kept = work.messages[0].inbound
    assert kept == sent
    assert kept.sent_at is not None
    assert kept.sent_at.tzinfo is UTC
    assert work.messages[0].received_at == NOW
    assert work.messages[0].received_at.tzinfo is UTC


def test_characters_no_database_holds_do_not_stop_a_message(database: Database) -> None:
    """NUL and half a surrogate pair are replaced, in every text from outside."""
    strange = Inbound("webchat", "an\0na", "m\0", "a\0b\ud83dc", "/x\0")
    accept(database, strange)
    assert accept(database, strange).duplicate
    work = claim(database)
    assert work is not None
    assert work.messages[0].inbound == Inbound(
        "webchat", "an\ufffdna", "m\ufffd", "a\ufffdb\ufffdc", "/x\ufffd"
    )


def test_fifty_deliveries_at_once_are_one_message(database: Database, other: Database) -> None:
    """Every delivery gets the same row, and exactly one of them is told that it was first."""
    start = Barrier(50)

    def deliver(number: int) -> Accepted:
        start.wait()
        return accept((database, other)[number % 2], HELLO)

    with ThreadPoolExecutor(50) as pool:
        results = list(pool.map(deliver, range(50)))
    assert {(result.conversation_id, result.inbox_id) for result in results} == {
        (results[0].conversation_id, results[0].inbox_id)
    }
    assert sum(not result.duplicate for result in results) == 1
    with database.read() as conn:
        for table in (inbox_table, conversations_table):
            assert conn.execute(select(func.count()).select_from(table)).scalar_one() == 1


def test_many_messages_at_once_each_get_in(database: Database, other: Database) -> None:
    """Different messages of one new customer make one conversation and lose nothing."""
    start = Barrier(20)

    def deliver(number: int) -> Accepted:
        start.wait()
        message = replace(HELLO, message_id=f"m{number}")
        return accept((database, other)[number % 2], message)

    with ThreadPoolExecutor(20) as pool:
        results = list(pool.map(deliver, range(20)))
    assert not any(result.duplicate for result in results)
    assert len({result.inbox_id for result in results}) == 20
    assert len({result.conversation_id for result in results}) == 1


def test_an_id_is_unique_within_its_channel_only(database: Database) -> None:
    """Two providers may number alike; one provider's id stays one message, whoever sends it."""
    first = accept(database, HELLO)
    assert not accept(database, replace(HELLO, channel="sms")).duplicate
    again = accept(database, replace(HELLO, sender="bert"))
    assert again == replace(first, duplicate=True)


def test_a_duplicate_changes_nothing(database: Database) -> None:
    """Also after the message was handled."""
    accepted = accept(database, HELLO)
    work = claim(database)
    assert work is not None
    finish(database, work)
    later = NOW + timedelta(days=3)
    assert accept(database, replace(HELLO, text="anders"), later).duplicate
    with database.read() as conn:
        conversation = conversations.get(conn, accepted.conversation_id)
    assert conversation.last_inbound_at == NOW
    assert claim(database) is None


def test_messages_are_handed_out_in_order(database: Database) -> None:
    """All unhandled messages of a conversation, in order of arrival, not those of another."""
    for number in range(5):
        accept(database, replace(HELLO, message_id=f"a{number}", text=str(number)))
        accept(database, replace(HELLO, sender="bert", message_id=f"b{number}", text="b"))
    assert texts(claim(database)) == ["0", "1", "2", "3", "4"]
    assert texts(claim(database)) == ["b"] * 5
    assert claim(database) is None


def test_the_provider_s_times_decide_the_order(database: Database) -> None:
    """Some gateways deliver in parallel; equal times stay in order of arrival."""
    for number, second in enumerate([3, 1, 2, 1]):
        sent_at = NOW + timedelta(seconds=second)
        message = replace(HELLO, message_id=str(number), text=f"{second}/{number}", sent_at=sent_at)
        accept(database, message)
    assert texts(claim(database)) == ["1/1", "1/3", "2/2", "3/0"]


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
                finish(mine, work, f"w{number}")

    with ThreadPoolExecutor(8) as pool:
        jobs = [pool.submit(send, number) for number in range(4)]
        jobs += [pool.submit(work_off, number) for number in range(4)]
        for job in jobs:
            job.result(timeout=60)
    assert len(handled) == 60
    for conversation_id in {conversation_id for conversation_id, _ in handled}:
        assert [number for whose, number in handled if whose == conversation_id] == list(range(15))


def test_a_claim_holds_until_its_lease_ends(database: Database) -> None:
    """Then another worker takes over, and the first cannot free what is no longer its own."""
    accept(database, HELLO)
    assert claim(database, "w1") is not None
    assert claim(database, "w2", NOW + LEASE - timedelta(microseconds=1)) is None
    work = claim(database, "w2", NOW + LEASE)
    assert work is not None
    with database.begin() as conn:
        assert inbox.release(conn, work.conversation.id, "w1")
    assert claim(database, "w3", NOW + LEASE) is None


def test_renewed_claims_last(database: Database) -> None:
    """Of this worker only."""
    accept(database, HELLO)
    accept(database, replace(HELLO, sender="bert", message_id="m2"))
    claim(database, "w1")
    claim(database, "w2")
    with database.begin() as conn:
        assert inbox.renew(conn, "w1", NOW + LEASE / 2, LEASE) == 1
    work = claim(database, "w3", NOW + LEASE)
    assert work is not None
    assert work.conversation.address == "bert"
    assert claim(database, "w3", NOW + LEASE) is None
    assert claim(database, "w4", NOW + LEASE * 1.5) is not None


def test_a_restarted_worker_frees_its_claims(database: Database) -> None:
    """Its own, not those of others."""
    for sender in ("anna", "bert", "carla"):
        accept(database, replace(HELLO, sender=sender, message_id=sender))
    claim(database, "w1")
    claim(database, "w2")
    claim(database, "w1")
    with database.begin() as conn:
        assert inbox.release_all(conn, "w1") == 2
        assert inbox.release_all(conn, "w1") == 0
    assert claim(database, "w3") is not None
    assert claim(database, "w3") is not None
    assert claim(database, "w3") is None


def test_a_message_that_comes_during_a_turn_is_reported_at_release(database: Database) -> None:
    """Its doorbell rang while nobody could claim it."""
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


def test_attempts_are_counted(database: Database) -> None:
    """A worker that died shows."""
    accepted = accept(database, HELLO)
    for _ in range(2):
        with database.begin() as conn:
            inbox.begin_attempt(conn, accepted.inbox_id)
    with database.read() as conn:
        assert [one.attempts for one in inbox.pending(conn, accepted.conversation_id)] == [2]


def test_the_first_end_of_a_message_stays(database: Database) -> None:
    """It is no longer pending, and a second worker cannot change what it was understood as."""
    accepted = accept(database, HELLO)
    with database.begin() as conn:
        inbox.done(conn, accepted.inbox_id, NOW, "greet")
        inbox.done(conn, accepted.inbox_id, NOW + LEASE, None)
    with database.read() as conn:
        assert inbox.pending(conn, accepted.conversation_id) == ()
        row = conn.execute(
            select(inbox_table.c.status, inbox_table.c.done_at, inbox_table.c.intent)
        ).one()
    assert tuple(row) == ("done", NOW, "greet")
    assert claim(database) is None


def test_one_conversation_can_be_claimed_by_name(database: Database) -> None:
    """That one or none, also when another waits longer."""
    accept(database, HELLO)
    bert = accept(database, replace(HELLO, sender="bert", message_id="m2", text="ik ben bert"))
    for expected in (["ik ben bert"], None):
        with database.begin() as conn:
            work = inbox.claim(conn, "w1", NOW, LEASE, bert.conversation_id)
        assert (work and texts(work)) == expected
    assert texts(claim(database)) == ["hoi"]
