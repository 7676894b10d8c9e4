"""Taking messages in, and closing them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from threading import Barrier

from sqlalchemy import func, select

from bot.messages import Inbound
from bot.records.inbox_message import AcceptedMessage
from bot.store.conversation import conversations
from bot.store.sql.database import Database
from bot.store.sql.tables import conversations as conversations_table
from bot.store.sql.tables import inbox as inbox_table
from bot.store.worker import claims, inbox, next_claim
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


def finish(database: Database, work: NextWork) -> bool:
    with database.begin() as conn:
        for message in work.messages:
            inbox.done(conn, message.id, NOW, "greet")
        return claims.release(conn, work.claim)


def texts(work: NextWork | None) -> list[str]:
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

    def deliver(number: int) -> AcceptedMessage:
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

    def deliver(number: int) -> AcceptedMessage:
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
