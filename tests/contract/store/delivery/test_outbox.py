"""What customers are told, and the whole conversation in one order."""

from __future__ import annotations

import itertools
import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from bot.messages import (
    Author,
    Choice,
    Inbound,
    Media,
    Notice,
    Option,
    Outbound,
    Quote,
    RatingRequest,
    Text,
)
from bot.records.outbox_message import OutboxMessage
from bot.store.conversation import conversations
from bot.store.delivery import outbox, outbox_queries
from bot.store.delivery.outbox import AlreadyAnswered, Undisclosed
from bot.store.history.timeline import TimelineEntry, timeline
from bot.store.sql.database import Database
from bot.store.sql.tables import outbox as outbox_table
from bot.store.worker import inbox

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
TOLD = Notice("U praat met een AI-assistent.", "disclosure", "2026-11")


def receive(database: Database, number: int, now: datetime = NOW) -> tuple[str, int]:
    with database.begin() as conn:
        accepted = inbox.accept(conn, Inbound("webchat", "anna", f"m{number}", str(number)), now)
        return accepted.conversation_id, accepted.inbox_id


def say(
    database: Database,
    conversation_id: str,
    inbox_id: int | None,
    *words: str,
    author: Author = "system",
    now: datetime = NOW,
) -> tuple[OutboxMessage, ...]:
    with database.begin() as conn:
        said = [(author, Text(word)) for word in words]
        return outbox.add(conn, conversation_id, inbox_id, said, now)


def words(messages: tuple[OutboxMessage, ...]) -> list[str]:
    return [message.message.text for message in messages]


def shown(entries: tuple[TimelineEntry, ...]) -> list[str]:
    return [
        f"customer {entry.inbound.inbound.text}"
        if entry.inbound
        else f"{entry.author} {entry.outbound.message.text if entry.outbound else ''}"
        for entry in entries
    ]


def test_every_kind_of_message_comes_back_as_it_was(database: Database) -> None:
    """In the order given, with author, time and state."""
    conversation_id, inbox_id = receive(database, 1)
    kinds: list[Outbound] = [
        TOLD,
        Text("Twee\n\nalinea's 👍"),
        Choice("Welke?", (Option("Eén", "/one"), Option("Twee", '/two{"x": "é"}'))),
        RatingRequest("Hoe ging het?"),
        Quote("Ja.", "binnen 30 dagen", "Retour", "/retour", date(2026, 10, 1)),
        Quote("30", "binnen 30 dagen", "Retour", "/r", marks=((0, 6), (7, 9)), note="Oud."),
        Media("Foto", "https://example.org/a.png", "image/png"),
    ]
    with database.begin() as conn:
        said: list[tuple[Author, Outbound]] = [("bot", message) for message in kinds]
        added = outbox.add(conn, conversation_id, inbox_id, said, NOW)
    with database.read() as conn:
        assert outbox_queries.since(conn, conversation_id, 0, 100) == added
        assert conversations.get(conn, conversation_id).last_outbound_at == NOW
    assert [message.message for message in added] == kinds
    assert {(message.author, message.created_at, message.status) for message in added} == {
        ("bot", NOW, "queued")
    }


def test_a_message_is_answered_once(database: Database) -> None:
    """The second turn about it is refused as a whole; messages unasked are not concerned."""
    conversation_id, inbox_id = receive(database, 1)
    say(database, conversation_id, inbox_id, "a", "b")
    with pytest.raises(AlreadyAnswered):
        say(database, conversation_id, inbox_id, "c")
    say(database, conversation_id, None, "d")
    say(database, conversation_id, None, "e")
    with database.read() as conn:
        assert words(outbox_queries.since(conn, conversation_id, 0, 9)) == ["a", "b", "d", "e"]


def test_the_database_itself_keeps_positions_unique(database: Database) -> None:
    """Should code ever go past `add`."""
    conversation_id, inbox_id = receive(database, 1)
    say(database, conversation_id, inbox_id, "a", "b")
    with pytest.raises(IntegrityError), database.begin() as conn:
        conn.execute(update(outbox_table).values(position=0))


def test_of_two_answers_at_once_one_is_kept(database: Database, other: Database) -> None:
    """Two workers that both believe to hold the claim: one gets `AlreadyAnswered`."""
    conversation_id, inbox_id = receive(database, 1)
    start = Barrier(2)

    def answer(where: Database) -> bool:
        start.wait()
        try:
            say(where, conversation_id, inbox_id, "a", "b", "c")
        except AlreadyAnswered:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(answer, (database, other))) == [False, True]
    with database.read() as conn:
        assert words(outbox_queries.since(conn, conversation_id, 0, 9)) == ["a", "b", "c"]


def test_the_bot_does_not_speak_undisclosed(database: Database) -> None:
    """The first bot message of a session needs a disclosure before it; others may speak."""
    conversation_id, _ = receive(database, 1)
    with pytest.raises(Undisclosed):
        say(database, conversation_id, None, "Hoi", author="bot")
    with pytest.raises(Undisclosed), database.begin() as conn:
        outbox.add(conn, conversation_id, None, [("bot", Text("Hoi")), ("bot", TOLD)], NOW)
    say(database, conversation_id, None, "Een collega leest mee.", author="human")
    with database.begin() as conn:
        outbox.add(conn, conversation_id, None, [("bot", TOLD), ("bot", Text("Hoi"))], NOW)
        found = conversations.get(conn, conversation_id, lock=True)
        conversations.save(conn, replace(found, disclosed=True))
    say(database, conversation_id, None, "Nog iets?", author="bot")


def test_nobody_and_nothing(database: Database) -> None:
    """An unknown conversation is an error; saying nothing is none."""
    with database.begin() as conn:
        assert outbox.add(conn, "f" * 32, None, [], NOW) == ()
        with pytest.raises(LookupError):
            outbox.add(conn, "f" * 32, None, [("system", Text("x"))], NOW)
        assert outbox_queries.last_turn(conn, "f" * 32) == ()
        assert timeline(conn, "f" * 32, None, 5) == ()
        assert timeline(conn, "f" * 32, "i0.o0", 5) == ()


def test_sent_is_noted_once(database: Database) -> None:
    """With the first time; other messages stay queued."""
    conversation_id, _ = receive(database, 1)
    first, second, third = say(database, conversation_id, None, "a", "b", "c")
    with database.begin() as conn:
        outbox.mark_sent(conn, [], NOW)
        outbox.mark_sent(conn, [first.id, second.id], NOW)
        outbox.mark_sent(conn, [second.id], NOW + SECOND)
        rows = conn.execute(
            select(outbox_table.c.status, outbox_table.c.sent_at).order_by(outbox_table.c.id)
        ).all()
    assert [tuple(row) for row in rows] == [("sent", NOW), ("sent", NOW), ("queued", None)]
    assert third.status == "queued"


def test_what_was_in_sight_is_delivered(database: Database) -> None:
    """Up to the message that is named, once, in this conversation; the first time stays."""
    conversation_id, _ = receive(database, 1)
    first, second, third = say(database, conversation_id, None, "a", "b", "c")
    with database.begin() as conn:
        outbox.mark_sent(conn, [first.id, second.id], NOW)
        assert not outbox.acknowledge(conn, conversation_id, first.id - 1, NOW)
        assert outbox.acknowledge(conn, conversation_id, first.id, NOW + SECOND)
        assert not outbox.acknowledge(conn, conversation_id, first.id, NOW + SECOND)
        assert outbox.acknowledge(conn, conversation_id, third.id, NOW + SECOND)
        assert not outbox.acknowledge(conn, "f" * 32, third.id, NOW)
        rows = conn.execute(
            select(outbox_table.c.status, outbox_table.c.sent_at).order_by(outbox_table.c.id)
        ).all()
    times = [NOW, NOW, NOW + SECOND]
    assert [tuple(row) for row in rows] == [("delivered", at) for at in times]


def test_the_last_turn_is_what_the_customer_looks_at(database: Database) -> None:
    """The latest replies and what came after them, whatever waits unhandled."""

    def last() -> list[str]:
        with database.read() as conn:
            return words(outbox_queries.last_turn(conn, conversation_id))

    conversation_id, first = receive(database, 1)
    assert last() == []
    say(database, conversation_id, None, "welkom")
    assert last() == ["welkom"]
    with database.begin() as conn:
        outbox.add(
            conn, conversation_id, first, [("system", Text("a")), ("system", Text("b"))], NOW
        )
        inbox.done(conn, first, NOW, "greet")
    assert last() == ["a", "b"]
    _, second = receive(database, 2, NOW + SECOND)
    assert last() == ["a", "b"]
    say(database, conversation_id, None, "c", now=NOW + SECOND)
    assert last() == ["a", "b", "c"]
    with database.begin() as conn:  # a person owns it: no reply
        inbox.done(conn, second, NOW + 2 * SECOND, None)
    assert last() == []
    say(database, conversation_id, None, "d", author="human", now=NOW + 3 * SECOND)
    assert last() == ["d"]
    _, third = receive(database, 3, NOW + 4 * SECOND)
    with database.begin() as conn:
        said: list[tuple[Author, Outbound]] = [("system", Text("e"))]
        outbox.add(conn, conversation_id, third, said, NOW + 4 * SECOND)
        inbox.done(conn, third, NOW + 4 * SECOND, None)
    assert last() == ["e"]


def test_the_timeline_is_in_order_of_time(database: Database) -> None:
    """At equal times the customer comes first, then order of ids."""
    conversation_id, first = receive(database, 1)
    say(database, conversation_id, first, "a", "b", author="human")
    receive(database, 2, NOW + SECOND)
    receive(database, 3, NOW + 2 * SECOND)
    say(database, conversation_id, None, "c", now=NOW + 2 * SECOND)
    with database.read() as conn:
        entries = timeline(conn, conversation_id, "i0.o0", 100)
        newest = timeline(conn, conversation_id, None, 100)
    assert shown(entries) == [
        "customer 1",
        "human a",
        "human b",
        "customer 2",
        "customer 3",
        "system c",
    ]
    assert [entry.cursor for entry in entries] == [
        "i1.o0",
        "i1.o1",
        "i1.o2",
        "i2.o2",
        "i3.o2",
        "i3.o3",
    ]
    assert newest == entries
    assert [entry.at for entry in entries][-1] == NOW + 2 * SECOND


@pytest.mark.parametrize("seed", range(4))
def test_reading_in_pieces_gives_everything_once(database: Database, seed: int) -> None:
    """From every cursor, with every page size, also when clocks run backwards, ties included."""
    dice = random.Random(seed)
    conversation_id, _ = receive(database, 0)
    for number in range(1, 25):
        now = NOW + SECOND * dice.randrange(-3, 8)
        if dice.random() < 0.5:
            receive(database, number, now)
        else:
            say(database, conversation_id, None, *"ab"[: dice.randrange(1, 3)], now=now)
    with database.read() as conn:
        whole = timeline(conn, conversation_id, "i0.o0", 1000)
        assert len({(entry.inbound is None, entry.cursor) for entry in whole}) == len(whole)
        for size in (1, 2, 3, 7, 1000):
            cursor, pieces = "i0.o0", list[TimelineEntry]()
            while piece := timeline(conn, conversation_id, cursor, size):
                pieces.extend(piece)
                cursor = piece[-1].cursor
            assert pieces == list(whole)
            newest = timeline(conn, conversation_id, None, size)
            assert len(newest) == min(size, len(whole))
        for before, entry in itertools.pairwise(whole):
            assert timeline(conn, conversation_id, before.cursor, 1) == (entry,)


def test_the_newest_entries_lead_on_to_the_rest(database: Database) -> None:
    """A page begun without a cursor is followed by exactly what comes later."""
    conversation_id, _ = receive(database, 0)
    for number in range(1, 9):
        receive(database, number, NOW + number * SECOND)
    reply = say(database, conversation_id, None, "x", now=NOW + 9 * SECOND)
    with database.read() as conn:
        three = timeline(conn, conversation_id, None, 3)
        assert shown(three) == ["customer 7", "customer 8", "system x"]
        assert [entry.cursor for entry in three] == ["i8.o0", "i9.o0", f"i9.o{reply[0].id}"]
        assert timeline(conn, conversation_id, three[0].cursor, 9) == three[1:]
    receive(database, 10, NOW)
    with database.read() as conn:
        assert shown(timeline(conn, conversation_id, three[-1].cursor, 9)) == ["customer 10"]


def test_a_reader_beside_writers_misses_nothing(database: Database, other: Database) -> None:
    """Following by cursor while both sides write at once gives every message once."""
    conversation_id, _ = receive(database, 0)

    def write(where: Database, side: int) -> None:
        for number in range(30):
            if side % 2:
                receive(where, 1000 * side + number)
            else:
                say(where, conversation_id, None, f"{side}-{number}")

    seen: list[TimelineEntry] = []
    with ThreadPoolExecutor(4) as pool:
        jobs = [pool.submit(write, (database, other)[side // 2], side) for side in range(4)]
        while True:
            finished = all(job.done() for job in jobs)
            with database.read() as conn:
                cursor = seen[-1].cursor if seen else "i0.o0"
                piece = timeline(conn, conversation_id, cursor, 7)
            seen.extend(piece)
            if finished and not piece:
                break
        for job in jobs:
            job.result()
    assert len(seen) == 1 + 4 * 30
    assert len(set(shown(tuple(seen)))) == len(seen)


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "i1",
        "o1",
        "i1o1",
        "i1.o",
        "i-1.o1",
        "i1.o1 ",
        " i1.o1",
        "i1.o1\n",
        "i01.o1",
        "i\u0661.o1",
        "i1.o" + "9" * 19,
        "1.1",
        "I1.O1",
        "'; drop table inbox",
    ],
)
def test_a_malformed_cursor_is_refused(database: Database, cursor: str) -> None:
    """Rather than read as the beginning."""
    with database.read() as conn, pytest.raises(ValueError, match=r"i12\.o34"):
        timeline(conn, "f" * 32, cursor, 5)
