"""The delivery queue against a model of it: order, once, nobody starved, whatever happens."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from bot.messages import Text
from bot.records.outbox_message import OutboxMessage
from bot.store.conversation import optouts
from bot.store.delivery import (
    deliveries,
    delivery_planning,
    delivery_status,
    doubtful_deliveries,
    outbox,
)
from bot.store.delivery.dead_letter_decisions import resend
from bot.store.delivery.delivery_planning import Planned
from bot.store.delivery.delivery_status import overall
from bot.store.sql.database import Database
from bot.store.sql.tables import conversations as conversations_table
from bot.store.sql.tables import deliveries as table
from bot.store.sql.tables import optouts as optouts_table

START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
LEASE = timedelta(seconds=60)
CUSTOMERS = ("+31600000001", "+31600000002")
RANK = {"queued": 0, "sending": 1, "dead": 2, "sent": 3, "failed": 4, "delivered": 5, "read": 6}

a_customer = st.sampled_from(CUSTOMERS)
a_number = st.integers(0, 99)
some_words = st.lists(st.sampled_from(["a", "a", "b|c", "unspeakable"]), min_size=1, max_size=3)


class Crash(Exception):
    """The process died before its commit."""


@dataclass(slots=True)
class Row:
    """A delivery, as it ought to be."""

    id: int
    customer: str
    status: str
    due: datetime
    front: bool = False
    attempts: int = 0
    resends: int = 0
    sent_at: datetime | None = None

    @property
    def open(self) -> bool:
        return self.status in ("queued", "sending")


def two_parts(messages: Sequence[OutboxMessage]) -> list[Planned]:
    """One part a message; two for a text with a bar; none for what cannot be rendered."""
    return [
        Planned((each.id,), (), "not_rendered")
        if each.message.text == "unspeakable"
        else Planned((each.id,), [{"text": part} for part in each.message.text.split("|")])
        for each in messages
    ]


def open_(conn: Any, number: str, channel: str, address: str) -> None:
    values = {
        "id": number,
        "channel": channel,
        "address": address,
        "owner": "bot",
        "session": 0,
        "disclosed": False,
        "turns_since_disclosure": 0,
        "rating_asked": False,
        "created_at": START,
    }
    conn.execute(conversations_table.insert(), values)


class Queue(RuleBasedStateMachine):
    """What may happen to deliveries, one act after another."""

    def __init__(self, database: Database) -> None:
        super().__init__()
        self.database = database
        self.now = START
        self.rows: list[Row] = []
        self.opted_out: set[str] = set()
        self.keys: set[tuple[str, int]] = set()
        # Not random: a sequence that fails is tried again.
        self.ids = {each: each.rjust(32, "c") for each in CUSTOMERS}
        self.customers = {number: each for each, number in self.ids.items()}
        with database.begin() as conn:
            conn.execute(conversations_table.delete())
            conn.execute(optouts_table.delete())
            for customer, number in self.ids.items():
                open_(conn, number, "sms", customer)
            open_(conn, "d" * 32, "telegram", "7")
            outbox.add(conn, "d" * 32, None, [("human", Text("elders"))], START)
            delivery_planning.plan(conn, "telegram", ["d" * 32], two_parts, START, SECOND)
        for customer in CUSTOMERS:
            self.say(customer, ["a", "b|c"], at_once=True)

    # What happens

    @rule(customer=a_customer, words=some_words, at_once=st.booleans())
    def say(self, customer: str, words: list[str], at_once: bool) -> None:
        said = [("human", Text(word)) for word in words]
        self.do(lambda conn: outbox.add(conn, self.ids[customer], None, said, self.now))
        if at_once:
            self.plan(99)

    @rule(most=st.integers(1, 4))
    def plan(self, most: int) -> None:
        def act(conn: Any) -> None:
            found, _ = delivery_planning.unplanned(conn, "sms", "", most)
            done = delivery_planning.plan(conn, "sms", found, two_parts, self.now, SECOND)
            assert done == set(found)

        self.do(act)
        with self.database.read() as conn:
            known = {row.id for row in self.rows}
            new = conn.execute(
                select(table.c.id, table.c.conversation_id, table.c.status)
                .where(table.c.channel == "sms")
                .order_by(table.c.id)
            ).all()
        for number, conversation_id, status in new:
            if number not in known:
                customer = self.customers[conversation_id]
                sent = [r.sent_at for r in self.rows if r.customer == customer and r.sent_at]
                due = max(self.now, max(sent) + SECOND) if sent else self.now
                self.rows.append(Row(number, customer, status, due))
        self.settle()

    @rule(seconds=st.sampled_from([0.3, 1.0, 61.0]))
    def wait(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    @rule(most=st.integers(1, 4))
    def claim(self, most: int) -> None:
        due = sorted(
            (r for r in self.rows if r.front and r.status == "queued" and r.due <= self.now),
            key=lambda r: (r.due, r.id),
        )[:most]
        batch = self.do(lambda conn: deliveries.claim(conn, "sms", self.now, LEASE, most))
        wanted = [row for row in due if row.customer not in self.opted_out]
        assert [message.id for message in batch.messages] == [row.id for row in wanted]
        refused = [self.ids[row.customer] for row in due if row.customer in self.opted_out]
        assert list(batch.opted_out) == refused
        for message, row in zip(batch.messages, wanted, strict=True):
            turn = (message.key, message.attempts)
            assert turn not in self.keys, "taken twice"
            self.keys.add(turn)
            row.status, row.due = "sending", self.now + LEASE

    @precondition(lambda self: self.some("sending", "dead"))
    @rule(which=a_number)
    def accept(self, which: int) -> None:
        self.take(self.pick(which, "sending", "dead"))

    @precondition(lambda self: self.some("sending"))
    @rule(which=a_number, seconds=st.sampled_from([0, 2, 50]))
    def retry(self, which: int, seconds: int) -> None:
        row, when = self.pick(which, "sending"), self.now + timedelta(seconds=seconds)
        self.do(lambda conn: deliveries.retry(conn, row.id, when, "503", self.now))
        row.status, row.due, row.attempts = "queued", when, row.attempts + 1
        self.settle()

    @precondition(lambda self: self.some("sending"))
    @rule(which=a_number)
    def unsure(self, which: int) -> None:
        row, until = self.pick(which, "sending"), self.now + SECOND
        self.do(lambda conn: deliveries.unsure(conn, row.id, until, "ambiguous", self.now))
        row.due = until

    @rule()
    def expire(self) -> None:
        """What is in doubt is looked into, and stays so."""

        def act(conn: Any) -> set[int]:
            found = doubtful_deliveries.due(conn, ["sms"], self.now, LEASE, 99)
            for each in found:
                deliveries.give_up(conn, each.id, each.error, self.now)
            return {each.id for each in found}

        late = [r for r in self.rows if r.status == "sending" and r.due <= self.now]
        assert self.do(act) == {row.id for row in late}
        for row in late:
            row.status, row.front, row.due = "dead", False, self.now + LEASE
        self.settle()

    @precondition(lambda self: self.some("sending", "queued"))
    @rule(which=a_number)
    def give_up(self, which: int) -> None:
        """A person may, whatever its place in the line."""
        row = self.pick(which, "sending", "queued")
        self.do(lambda conn: deliveries.give_up(conn, row.id, "131026", self.now))
        row.status, row.front = "dead", False
        self.settle()

    @precondition(lambda self: any(row.attempts or row.status != "queued" for row in self.rows))
    @rule(which=a_number, status=st.sampled_from(["sent", "delivered", "read", "failed"]))
    def receipt(self, which: int, status: Any) -> None:
        begun = [row for row in self.rows if row.attempts or row.status != "queued"]
        row = begun[which % len(begun)]
        key = self.key(row)
        assert self.do(
            lambda conn: delivery_status.receipt(conn, "sms", "", status, "", key, self.now)
        )
        if RANK[status] > RANK[row.status]:
            if RANK[row.status] < RANK["sent"]:
                row.sent_at = self.now
            row.status, row.front = status, False
            self.settle()

    @precondition(lambda self: self.some("dead", "failed"))
    @rule(which=a_number, everything=st.booleans())
    def send_again(self, which: int, everything: bool) -> None:
        chosen = [r for r in self.rows if r.status in ("dead", "failed")]
        chosen = chosen if everything else [chosen[which % len(chosen)]]
        ids = None if everything else [row.id for row in chosen]
        done = self.do(lambda conn: resend(conn, ids, self.now))
        assert set(done) == {row.id for row in chosen}
        for row in chosen:
            row.status, row.due, row.attempts, row.sent_at = "queued", self.now, 0, None
            row.resends += 1
        self.settle()

    @rule(customer=a_customer)
    def stop(self, customer: str) -> None:
        self.do(lambda conn: optouts.opt_out(conn, "sms", customer, self.now))
        self.opted_out.add(customer)

    @rule(customer=a_customer)
    def start(self, customer: str) -> None:
        self.do(lambda conn: optouts.opt_in(conn, "sms", customer, self.now))
        self.opted_out.discard(customer)

    @rule(customer=a_customer)
    def drop(self, customer: str) -> None:
        waiting = {r.id for r in self.rows if r.customer == customer and r.status == "queued"}
        ids = self.ids[customer]
        done = self.do(lambda conn: deliveries.drop(conn, ids, "opted_out", self.now))
        assert set(done) == waiting
        for row in self.rows:
            if row.id in waiting:
                row.status, row.front = "dead", False
        self.settle()

    @rule(which=a_number, act=st.sampled_from(["claim", "accept", "retry", "again", "drop"]))
    def crash(self, which: int, act: str) -> None:
        """Whatever was done before the commit was not done."""
        row = self.rows[which % len(self.rows)] if self.rows else None

        def half(conn: Any) -> None:
            if act == "claim" or row is None:
                deliveries.claim(conn, "sms", self.now, LEASE, 9)
            elif act == "accept":
                deliveries.accepted(conn, row.id, "p", self.now, SECOND)
            elif act == "retry":
                deliveries.retry(conn, row.id, self.now, "", self.now)
            elif act == "again":
                resend(conn, None, self.now)
            else:
                deliveries.drop(conn, self.ids[row.customer], "opted_out", self.now)
            raise Crash

        try:
            self.do(half)
        except Crash:
            return
        raise AssertionError

    # What always holds

    @invariant()
    def the_tables_are_as_they_ought_to_be(self) -> None:
        with self.database.read() as conn:
            found = conn.execute(
                select(table).where(table.c.channel == "sms").order_by(table.c.id)
            ).all()
            told = dict(
                row
                for row in conn.execute(select(outbox.outbox.c.id, outbox.outbox.c.status)).all()
            )
            next_due = deliveries.next_due(conn, "sms")
            elsewhere = deliveries.next_due(conn, "telegram")
        assert [
            (r.id, r.status, r.front, r.next_attempt_at, r.attempts, r.resends) for r in found
        ] == [(r.id, r.status, r.front, r.due, r.attempts, r.resends) for r in self.rows]
        ready = [row.due for row in self.rows if row.front and row.status == "queued"]
        assert next_due == min(ready, default=None)
        assert elsewhere == START
        parts: dict[int, list[str]] = {}
        for row in found:
            parts.setdefault(row.outbox_id, []).append(row.status)
        for number, statuses in parts.items():
            # A part that a person sends again makes its message one under way.
            again = {"queued"} if {"queued", "sending"} & set(statuses) else set()
            assert told[number] in {overall(statuses)} | again

    def teardown(self) -> None:
        """Nobody is starved: when all goes well again, all that waits is sent, in order."""
        for customer in CUSTOMERS:
            self.start(customer)
        while (before := self.unplanned()) != 0:
            self.plan(4)
            assert self.unplanned() < before
        left = len([row for row in self.rows if row.open])
        for _ in range(3 * left + 3):
            self.now += LEASE
            self.expire()
            self.claim(4)
            while self.some("sending"):
                self.accept_first()
        assert not [row for row in self.rows if row.open]
        self.the_tables_are_as_they_ought_to_be()

    # Help

    def accept_first(self) -> None:
        row = self.pick(0, "sending")
        earlier = [r for r in self.rows if r.customer == row.customer and r.id < row.id and r.open]
        assert not earlier, "out of order"
        self.take(row)

    def take(self, row: Row) -> None:
        self.do(lambda conn: deliveries.accepted(conn, row.id, f"p{row.id}", self.now, SECOND))
        row.status, row.sent_at, row.front = "sent", self.now, False
        self.settle()
        for front in self.rows:
            if front.customer == row.customer and front.front and front.status == "queued":
                front.due = max(front.due, self.now + SECOND)

    def do(self, act: Callable[..., Any]) -> Any:
        with self.database.begin() as conn:
            return act(conn)

    def unplanned(self) -> int:
        with self.database.read() as conn:
            return len(delivery_planning.unplanned(conn, "sms", "", 999)[0])

    def key(self, row: Row) -> str:
        with self.database.read() as conn:
            found = conn.execute(
                select(table.c.outbox_id, table.c.part, table.c.resends).where(table.c.id == row.id)
            ).one()
        return ".".join(str(part) for part in found)

    def some(self, *statuses: str) -> bool:
        return any(row.status in statuses for row in self.rows)

    def pick(self, which: int, *statuses: str) -> Row:
        found = [row for row in self.rows if row.status in statuses]
        return found[which % len(found)]

    def settle(self) -> None:
        """The rule itself: what is being sent is in front, else the oldest that is open."""
        for customer in CUSTOMERS:
            line = [row for row in self.rows if row.customer == customer]
            waiting = [row for row in line if row.open]
            sending = [row for row in waiting if row.status == "sending"]
            assert len(sending) <= 1, "two at once"
            front = (sending or waiting or [None])[0]
            for row in line:
                if row is front and not row.front:
                    row.due = max(row.due, self.now)
                row.front = row is front


def test_the_queue_keeps_its_order_and_starves_nobody(database: Database) -> None:
    """After any sequence of what may happen, crashes included; the front is always marked."""
    run_state_machine_as_test(
        lambda: Queue(database),
        settings=settings(
            max_examples=60 if database.dialect == "sqlite" else 15,
            stateful_step_count=50,
            suppress_health_check=list(HealthCheck),
        ),
    )
