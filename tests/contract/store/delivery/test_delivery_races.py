"""The delivery queue with several processes at it, and whatever the database believes of it."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Event, Lock
from typing import Any

import pytest
from sqlalchemy import event, func, select

from bot.conversation.built_in_messages import disclosure
from bot.messages import Author, Inbound, Outbound, Text
from bot.records.outbox_message import OutboxMessage
from bot.store.conversation import conversations, optouts
from bot.store.delivery import (
    deliveries,
    delivery_attempts,
    delivery_planning,
    delivery_status,
    doubtful_deliveries,
    outbox,
)
from bot.store.delivery.dead_letter_decisions import resend
from bot.store.delivery.delivery_planning import Planned
from bot.store.sql.database import Database
from bot.store.sql.tables import deliveries as table
from bot.store.worker import inbox

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
NOTHING = timedelta()
LEASE = timedelta(hours=1)
CUSTOMERS = 8
MESSAGES = 12


def each_by_itself(messages: Sequence[OutboxMessage]) -> list[Planned]:
    return [Planned((each.id,), [{"text": each.message.text}]) for each in messages]


def say(conn: Any, conversation_id: str, *words: str) -> None:
    outbox.add(conn, conversation_id, None, [("human", Text(word)) for word in words], NOW)


def plan_all(database: Database) -> None:
    with database.read() as conn:
        found, _ = delivery_planning.unplanned(conn, "sms", "", 200)
    if found:
        with database.begin() as conn:
            delivery_planning.plan(conn, "sms", found, each_by_itself, NOW, NOTHING)


class Post:
    """A provider with several processes that hand it messages; notes what it got."""

    def __init__(self) -> None:
        self.got: dict[str, list[str]] = defaultdict(list)
        self.busy: set[str] = set()
        self.lock = Lock()

    def work(self, database: Database, chance: random.Random) -> int:
        """Claims some messages and lets them end in one way or another."""
        with database.begin() as conn:
            batch = deliveries.claim(conn, "sms", NOW, LEASE, chance.randint(1, 4))
        for message in batch.messages:
            with self.lock:
                assert message.conversation_id not in self.busy, "two at once to one customer"
                self.busy.add(message.conversation_id)
            end = chance.random()
            with self.lock:
                self.busy.discard(message.conversation_id)
                if end < 0.6:
                    self.got[message.conversation_id].append(message.content["text"])
            with database.begin() as conn:
                if end < 0.6:
                    deliveries.accepted(conn, message.id, f"p{message.key}", NOW, NOTHING)
                elif end < 0.9:
                    deliveries.retry(conn, message.id, NOW, "503", NOW)
                else:
                    deliveries.give_up(conn, message.id, "131026", NOW)
        return len(batch.messages)


def left(database: Database) -> int:
    with database.read() as conn:
        count: int = conn.execute(
            select(func.count()).where(table.c.status.in_(("queued", "sending")))
        ).scalar_one()
    return count


def speak(database: Database, ids: list[str], begun: Event) -> None:
    """Loket says things to everybody, in turn."""
    for number in range(MESSAGES):
        for conversation_id in ids:
            with database.begin() as conn:
                say(conn, conversation_id, f"{number:02}")
        begun.set()


def hear(database: Database) -> None:
    """Customers write meanwhile, and receipts come."""
    for number in range(5 * MESSAGES):
        with database.begin() as conn:
            address = str(number % CUSTOMERS)
            inbox.accept(conn, Inbound("sms", address, str(number), "hoi"), NOW)
        with database.read() as conn:
            sent = conn.execute(
                select(table.c.outbox_id, table.c.resends).where(table.c.status == "sent")
            ).all()
        for outbox_id, resends in sent[-3:]:
            key = f"{outbox_id}.0.{resends}"
            with database.begin() as conn:
                delivery_status.receipt(conn, "sms", "", "delivered", "", key, NOW)


def until(over: Event, work: Callable[[], object]) -> None:
    """One of several processes: works until it is over."""
    while not over.is_set():
        work()


def test_several_processes_send_each_message_once_and_in_order(
    database: Database, other: Database
) -> None:
    """While customers write, agents answer, and receipts come."""
    with database.begin() as conn:
        ids = [conversations.open_(conn, "sms", str(n), NOW).id for n in range(CUSTOMERS)]
    post, over, begun = Post(), Event(), Event()
    with ThreadPoolExecutor(8) as pool:
        ends = [pool.submit(speak, database, ids, begun), pool.submit(hear, other)]
        begun.wait(30)
        works: list[Callable[[], object]] = [partial(plan_all, each) for each in (database, other)]
        works += [
            partial(post.work, each, random.Random(seed))
            for seed, each in enumerate((database, other) * 2)
        ]
        loops = [pool.submit(until, over, work) for work in works]
        try:
            for end in ends:
                end.result(120)
            while left(database) or unplanned(database):
                assert not [loop.result() for loop in loops if loop.done()]
                over.wait(0.02)
        finally:
            over.set()
        for loop in loops:
            loop.result(60)
    for conversation_id in ids:
        got = post.got[conversation_id]
        assert got == sorted(set(got)), "twice, or out of order"
    lost = MESSAGES * CUSTOMERS - sum(len(got) for got in post.got.values())
    with database.begin() as conn:
        assert len(resend(conn, None, NOW)) == lost
    assert_fronts(database)


def unplanned(database: Database) -> int:
    with database.read() as conn:
        return len(delivery_planning.unplanned(conn, "sms", "", 9)[0])


def assert_fronts(database: Database) -> None:
    """Each conversation with open deliveries has one front: the one sent, else the oldest."""
    with database.read() as conn:
        rows = conn.execute(
            select(table.c.conversation_id, table.c.id, table.c.status, table.c.front)
            .where(table.c.status.in_(("queued", "sending")))
            .order_by(table.c.id)
        ).all()
        others = select(func.count()).where(
            table.c.front.is_(True), table.c.status.notin_(("queued", "sending"))
        )
        assert conn.execute(others).scalar_one() == 0
    lines: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        lines[row.conversation_id].append(row)
    for line in lines.values():
        expected = next((row for row in line if row.status == "sending"), line[0])
        assert [row.id for row in line if row.front] == [expected.id]


def test_acts_on_one_line_at_once_leave_one_front(database: Database, other: Database) -> None:
    """Whoever is first: planning, claiming, an outcome, a person who sends again, a STOP."""
    for round_ in range(15):
        with database.begin() as conn:
            line = conversations.open_(conn, "sms", str(round_), NOW).id
            say(conn, line, "a", "b", "c")
        plan_all(database)
        with database.begin() as conn:
            (first,) = deliveries.claim(conn, "sms", NOW, LEASE, 1).messages
            deliveries.give_up(conn, first.id, "131026", NOW)
            (second,) = deliveries.claim(conn, "sms", NOW, LEASE, 1).messages
            say(conn, line, "d")

        def accept(conn: Any, number: int = second.id) -> None:
            deliveries.accepted(conn, number, "p", NOW, NOTHING)

        acts: list[Callable[[Any], object]] = [
            accept,
            lambda conn: resend(conn, None, NOW),
            lambda conn, line=line: delivery_planning.plan(  # type: ignore[misc]
                conn, "sms", [line], each_by_itself, NOW, NOTHING
            ),
            lambda conn: deliveries.claim(conn, "sms", NOW, LEASE, 2),
            lambda conn, line=line: deliveries.drop(conn, line, "opted_out", NOW),  # type: ignore[misc]
            lambda conn: doubtful_deliveries.due(conn, ["sms"], NOW, LEASE, 9),
        ]

        def run(number: int, acts: list[Callable[[Any], object]] = acts) -> None:
            with (database, other)[number % 2].begin() as conn:
                acts[number](conn)

        order = list(range(len(acts)))
        random.Random(round_).shuffle(order)
        with ThreadPoolExecutor(len(acts)) as pool:
            list(pool.map(run, order))
        assert_fronts(database)
        with database.begin() as conn:  # nothing is left over for the next round
            conn.execute(table.update().values(status="sent", front=False))


def bot_says(conn: Any, conversation_id: str, words: str) -> None:
    """As a turn does: a disclosure before it where nobody was told."""
    before = conversations.get(conn, conversation_id, lock=True)
    said: list[tuple[Author, Outbound]] = [("bot", Text(words))]
    outbox.add(
        conn,
        conversation_id,
        None,
        said if before.disclosed else [("bot", disclosure()), *said],
        NOW,
    )
    conversations.save(conn, replace(before, disclosed=True))


def some_receipt(conn: Any, chance: random.Random) -> None:
    sent = conn.execute(
        select(table.c.outbox_id, table.c.part, table.c.resends)
        .where(table.c.status.in_(("sent", "sending")))
        .order_by(table.c.id.desc())
        .limit(20)
    ).all()
    if sent:
        key = ".".join(str(number) for number in chance.choice(sent))
        status: Any = chance.choice(["delivered", "failed"])
        delivery_status.receipt(conn, "sms", "", status, "", key, NOW)


def carry(database: Database, chance: random.Random, well: bool = False) -> int:
    """Claims and lets end, as a courier does; in doubt or in vain unless all goes well."""
    with database.begin() as conn:
        found = deliveries.claim(conn, "sms", NOW + LEASE, LEASE, 2).messages
    for each in found:
        ends: list[tuple[Any, ...]] = [(deliveries.accepted, each.key, NOW, NOTHING)]
        if not well:
            ends.append((deliveries.unsure, NOW, "ambiguous", NOW))
            ends.append((deliveries.give_up, "131026", NOW))
            ends.append((deliveries.retry, NOW, "503", NOW))
        note, *rest = chance.choice(ends)
        keep = delivery_attempts.taken if note is deliveries.accepted else delivery_attempts.outcome
        with database.begin() as conn:
            keep(conn, each, note, *rest)
    return len(found)


def look(database: Database, chance: random.Random) -> None:
    """Looks into what is in doubt."""
    with database.begin() as conn:
        found = doubtful_deliveries.due(conn, ["sms"], NOW, LEASE, 4)
    for each in found:
        note: Any = chance.choice([deliveries.give_up, deliveries.retry])
        rest = (each.error, NOW) if note is deliveries.give_up else (NOW, "", NOW)
        with database.begin() as conn:
            delivery_attempts.outcome(conn, each, note, *rest)


def test_what_the_bot_says_survives_acts_at_once(database: Database, other: Database) -> None:
    """Disclosures are lost and offered again meanwhile: no deadlock, one front, an end."""
    with database.begin() as conn:
        ids = [conversations.open_(conn, "sms", str(number), NOW).id for number in range(3)]

    def writes(act: Callable[[Any, random.Random], object]) -> Callable[..., object]:
        def write(on: Database, chance: random.Random) -> None:
            with on.begin() as conn:
                act(conn, chance)

        return write

    acts: list[Callable[[Database, random.Random], object]] = [
        writes(lambda conn, chance: bot_says(conn, chance.choice(ids), "a")),
        writes(lambda conn, chance: deliveries.drop(conn, chance.choice(ids), "opted_out", NOW)),
        writes(lambda conn, _: resend(conn, None, NOW)),
        writes(some_receipt),
        lambda on, _: plan_all(on),
        carry,
        carry,
        look,
    ]

    def repeat(number: int) -> None:
        chance = random.Random(number)
        for _ in range(60):
            acts[number]((database, other)[number % 2], chance)

    with ThreadPoolExecutor(len(acts)) as pool:
        list(pool.map(repeat, range(len(acts))))
    assert_fronts(database)
    for _ in range(2000):
        plan_all(database)
        look(database, random.Random(0))
        if not carry(database, random.Random(0), well=True) and not left(database):
            break
    assert (left(database), unplanned(database)) == (0, 0)


def test_a_backlog_of_who_opted_out_goes_in_parts(database: Database) -> None:
    """Hundreds of messages are not one transaction, and nothing behind them is stuck."""
    with database.begin() as conn:
        line = conversations.open_(conn, "sms", "+31612345678", NOW).id
        say(conn, line, *(str(number) for number in range(250)))
        optouts.opt_out(conn, "sms", "+31612345678", NOW)
    plan_all(database)
    parts = []
    for _ in range(2):
        with database.begin() as conn:
            assert deliveries.claim(conn, "sms", NOW, LEASE, 9).opted_out == (line,)
        with database.begin() as conn:
            parts.append(len(deliveries.drop(conn, line, "opted_out", NOW)))
        assert_fronts(database)
    assert parts == [200, 50]
    assert left(database) == 0


def test_taking_turns(database: Database) -> None:
    """A customer with very many messages gets one, then the others theirs."""
    with database.begin() as conn:
        talker = conversations.open_(conn, "sms", "0", NOW).id
        say(conn, talker, *(str(number) for number in range(100)))
    plan_all(database)
    later = NOW + timedelta(seconds=10)
    with database.begin() as conn:
        others = [conversations.open_(conn, "sms", str(n), NOW).id for n in range(1, 6)]
        for each in others:
            say(conn, each, "a")
        delivery_planning.plan(conn, "sms", others, each_by_itself, later, NOTHING)
    served = []
    for _ in range(6):
        with database.begin() as conn:
            (taken,) = deliveries.claim(conn, "sms", later, LEASE, 1).messages
            later += timedelta(milliseconds=1)
            deliveries.accepted(conn, taken.id, str(taken.id), later, NOTHING)
        served.append(taken.conversation_id)
    assert served[0] == talker
    assert set(served[1:]) == set(others)


#: What PostgreSQL may know when 800 customers wait: nothing, that there is nothing, that all
#: belongs to one customer, that all has been sent, or the truth.
KNOWLEDGE = ("none", "of nothing", "of one customer", "of what was sent", "fresh")


@pytest.mark.parametrize("knowledge", KNOWLEDGE)
def test_no_statement_depends_on_statistics(database: Database, knowledge: str) -> None:
    """Each goes down the index made for it: no scan of a table, no sorting of a backlog."""
    forget(database)
    if knowledge == "of nothing":
        analyze(database)
    elif knowledge == "of one customer":
        fill(database, customers=1, messages=400)
        analyze(database)
    elif knowledge == "of what was sent":
        fill(database, customers=400, messages=1)
        with database.begin() as conn:
            conn.execute(table.update().values(status="sent", front=False, sent_at=NOW))
        analyze(database)
    fill(database, customers=800, messages=2)
    if knowledge == "fresh":
        analyze(database)
    plans = list(explained(database))
    used = " ".join(plan for _, plan in plans)
    for index in ("ix_deliveries_due", "ix_deliveries_under_way", "ix_deliveries_open"):
        assert index in used
    for statement, plan in plans:
        assert "Seq Scan on deliveries" not in plan, statement
        assert not re.search(r"SCAN deliveries(?! USING)", plan), statement
        if "WHERE deliveries.channel =" in statement:  # few are taken, of all that wait
            assert "Sort" not in plan, statement
            assert "TEMP B-TREE" not in plan, statement


def forget(database: Database) -> None:
    """No statistics, and none that come by themselves."""
    with database.begin() as conn:
        if database.dialect == "postgresql":
            conn.exec_driver_sql("TRUNCATE conversations CASCADE")
            for name in ("deliveries", "outbox", "conversations"):
                conn.exec_driver_sql(f"ALTER TABLE {name} SET (autovacuum_enabled = false)")
            conn.exec_driver_sql("DELETE FROM pg_statistic WHERE starelid = 'deliveries'::regclass")
        else:
            conn.exec_driver_sql("ANALYZE sqlite_schema")
            conn.exec_driver_sql("DELETE FROM sqlite_stat1")


def analyze(database: Database) -> None:
    with database.begin() as conn:
        conn.exec_driver_sql("ANALYZE")


def fill(database: Database, customers: int, messages: int) -> None:
    """Customers with so many messages each that are all due."""
    with database.begin() as conn:
        ids = [
            conversations.open_(conn, "sms", f"{customers}.{number}", NOW).id
            for number in range(customers)
        ]
        for start in range(0, customers, 200):
            some = ids[start : start + 200]
            rows = [
                {
                    "conversation_id": each,
                    "position": 0,
                    "author": "human",
                    "kind": "text",
                    "content": {"kind": "text", "text": "a"},
                    "created_at": NOW,
                    "status": "queued",
                    "to_plan": "sms",
                }
                for each in some
                for _ in range(messages)
            ]
            conn.execute(outbox.outbox.insert(), rows)
            delivery_planning.plan(conn, "sms", some, each_by_itself, NOW, NOTHING)


def explained(database: Database) -> list[tuple[str, str]]:
    """Each statement on deliveries of a round of sending, with how it is carried out."""
    said: list[tuple[str, Any]] = []

    def note(_conn: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        if "deliveries" in statement and statement.startswith(("SELECT", "UPDATE")):
            said.append((statement, values))

    with database.begin() as conn:
        event.listen(conn.engine, "before_cursor_execute", note)
        try:
            batch = deliveries.claim(conn, "sms", NOW, LEASE, 4)
            deliveries.next_due(conn, "sms")
            first, second, third, fourth = batch.messages
            deliveries.accepted(conn, first.id, "p1", NOW, NOTHING)
            deliveries.retry(conn, second.id, NOW, "", NOW)
            deliveries.give_up(conn, third.id, "", NOW)
            doubtful_deliveries.due(conn, ["sms"], NOW + 2 * LEASE, LEASE, 9)
            deliveries.drop(conn, fourth.conversation_id, "opted_out", NOW)
        finally:
            event.remove(conn.engine, "before_cursor_execute", note)
        how = "EXPLAIN " if database.dialect == "postgresql" else "EXPLAIN QUERY PLAN "
        return [
            (
                statement,
                "\n".join(str(tuple(row)) for row in conn.exec_driver_sql(how + statement, values)),
            )
            for statement, values in said
        ]
