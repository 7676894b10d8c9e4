"""Numbers of an earlier version get one spelling, forward and back; nothing said is lost."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.store.conversation import addresses, conversations, optouts
from bot.store.delivery import deliveries
from bot.store.handover import handovers
from bot.store.sql.database import Database
from bot.store.worker import inbox, next_claim
from bot.store.worker.next_claim import Claimant
from tests.contract.store.sql.test_migrations import migrate

BEFORE, AFTER = "0010", "head"
NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


class Filling:
    """Rows as the version before wrote them."""

    def __init__(self, conn: Connection) -> None:
        self.conn = conn

    def add(self, table: str, **values: object) -> None:
        """A row; times are of one morning, as `09:00`."""
        given = {
            name: self._moment(value) if name == "at" or name.endswith("_at") else value
            for name, value in values.items()
        }
        looked = sa.inspect(self.conn).get_columns(table)
        columns = (sa.column(each["name"], each["type"]) for each in looked)
        self.conn.execute(sa.insert(sa.table(table, *columns)).values(given))

    def _moment(self, value: object) -> datetime | None:
        if value is None:
            return None
        at = datetime.fromisoformat(f"2026-11-02T{value}:00+00:00")
        return at.replace(tzinfo=None) if self.conn.dialect.name == "sqlite" else at

    def conversation(
        self, name: str, address: str, last: str, owner: str = "bot", session: int = 0
    ) -> None:
        self.add(
            "conversations",
            id=name,
            channel="sms",
            address=address,
            owner=owner,
            session=session,
            disclosed=True,
            turns_since_disclosure=0,
            rating_asked=False,
            created_at="08:00",
            last_inbound_at=last,
            last_outbound_at=None,
        )

    def wrote(self, number: int, name: str, text: str, at: str, *, done: bool = True) -> None:
        self.add(
            "inbox",
            id=number,
            conversation_id=name,
            channel="sms",
            message_id=f"m{number}",
            text=text,
            received_at=at,
            status="done" if done else "new",
            done_at=at if done else None,
        )

    def said(
        self, number: int, name: str, at: str, status: str = "sent", *, front: bool = False
    ) -> None:
        self.add(
            "outbox",
            id=number,
            conversation_id=name,
            inbox_id=None,
            position=0,
            author="human",
            kind="text",
            content={"kind": "text", "text": "dag"},
            created_at=at,
            status="queued" if status == "sending" else status,
        )
        self.add(
            "deliveries",
            id=number,
            conversation_id=name,
            outbox_id=number,
            part=0,
            channel="sms",
            content={"text": "dag"},
            status=status,
            attempts=0,
            resends=0,
            queued_at=at,
            next_attempt_at=at,
            updated_at=at,
            error="",
            front=front,
        )

    def waits(self, number: int, name: str, at: str, *, urgent: bool = False) -> None:
        self.add(
            "handovers",
            id=number,
            conversation_id=name,
            reason="asked",
            topic="",
            summary={},
            created_at=at,
            queued_at=at,
            team="",
            urgent=urgent,
        )

    def alias(self, alias: str, address: str, seen: str) -> None:
        self.add("addresses", channel="sms", alias=alias, address=address, rank=0, seen_at=seen)

    def wish(self, address: str, at: str, *, out: bool) -> None:
        self.add("optouts", channel="sms", address=address, active=out, at=at)

    def remembers(self, name: str, *numbers: int) -> None:
        self.add("trackers", conversation_id=name, head={}, seq=max(numbers))
        for seq in numbers:
            self.add(
                "events",
                conversation_id=name,
                seq=seq,
                type="user",
                timestamp=float(seq),
                data={"text": f"{name}{seq}"},
            )


@pytest.fixture
def earlier(empty_url: str) -> Database:
    """A database of the version before."""
    database = Database(empty_url)
    with database.begin() as conn:
        migrate(conn, BEFORE)
    return database


def upgrade(database: Database) -> None:
    with database.begin() as conn:
        migrate(conn, AFTER)


def column(conn: Connection, query: str) -> Sequence[object]:
    return conn.execute(sa.text(query)).scalars().all()


@pytest.mark.parametrize("spelling", ["+31612345678", "0612345678", "31612345678"])
def test_one_conversation_goes_on(earlier: Database, spelling: str) -> None:
    """Under the one spelling, with its opt-out and its gateway; back it has its own again."""
    with earlier.begin() as conn:
        rows = Filling(conn)
        rows.conversation("a", spelling, "09:00")
        rows.wrote(1, "a", "hoi", "09:00")
        rows.alias(f"kannel:{spelling}", spelling, "09:00")
        rows.wish(spelling, "09:00", out=True)
        rows.conversation("b", "3010", "09:00")
        rows.conversation("c", "terminal:1", "09:00")
    upgrade(earlier)
    with earlier.begin() as conn:
        assert column(conn, "SELECT address FROM conversations ORDER BY id") == [
            "+31612345678",
            "3010",
            "terminal:1",
        ]
        assert addresses.latest(conn, "sms", "+31612345678") == "kannel:+31612345678"
        assert optouts.is_out(conn, "sms", "+31612345678")
        migrate(conn, BEFORE, down=True)
    with earlier.begin() as conn:
        # In words of its own: the product's look for what only later versions have.
        found = column(conn, f"SELECT id FROM conversations WHERE address = '{spelling}'")
        assert (found, optouts.is_out(conn, "sms", spelling)) == (["a"], True)
        assert addresses.latest(conn, "sms", spelling).startswith("kannel:")
        assert column(conn, "SELECT text FROM inbox") == ["hoi"]
    upgrade(earlier)
    with earlier.read() as conn:
        assert conversations.find(conn, "sms", "+31612345678") is not None
        assert optouts.is_out(conn, "sms", "+31612345678")
    earlier.dispose()


def test_two_conversations_become_one(earlier: Database) -> None:
    """All that was said, asked, noted and scored is there, and what waits is sent in order."""
    with earlier.begin() as conn:
        rows = Filling(conn)
        rows.conversation("old", "0612345678", "09:00", session=1)
        rows.conversation("new", "+31612345678", "10:00", session=2)
        rows.wrote(1, "old", "een", "09:00")
        rows.wrote(2, "new", "twee", "10:00", done=False)
        rows.wrote(3, "old", "drie", "09:30", done=False)
        rows.said(1, "old", "09:01", "queued", front=True)
        rows.said(2, "new", "10:01", "sending", front=True)
        rows.said(3, "old", "09:02", "queued")
        for session in (0, 1):
            for name in ("old", "new"):
                rows.add(
                    "ratings",
                    conversation_id=name,
                    session=session,
                    of="bot",
                    score=4,
                    changes=0,
                    given_at="09:00",
                )
        for name in ("old", "new"):
            rows.add("timers", conversation_id=name, kind="quiet", due_at="11:00")
        for spelling in ("0612345678", "+31612345678"):
            rows.alias(f"kannel:{spelling}", spelling, "09:00")
        rows.add("timers", conversation_id="old", kind="other", due_at="11:00")
        rows.remembers("old", 1, 2, 3)
        rows.remembers("new", 1, 2)
    upgrade(earlier)
    with earlier.begin() as conn:
        kept = conversations.find(conn, "sms", "+31612345678")
        assert kept is not None
        assert (kept.id, kept.session) == ("new", 5)
        assert column(conn, "SELECT id FROM conversations") == ["new"]
        assert column(conn, "SELECT text FROM inbox ORDER BY id") == ["een", "twee", "drie"]
        assert [each.inbound.text for each in inbox.pending(conn, "new")] == ["twee", "drie"]
        assert column(conn, "SELECT id FROM deliveries WHERE front") == [2]
        assert column(conn, "SELECT session FROM ratings ORDER BY session") == [0, 1, 3, 4]
        assert column(conn, "SELECT kind FROM timers ORDER BY kind") == ["other", "quiet"]
        assert column(conn, "SELECT seq FROM events ORDER BY seq") == [-2, -1, 0, 1, 2]
        assert column(conn, "SELECT seq FROM trackers") == [2]
        deliveries.accepted(conn, 2, "p2", NOON, 0 * SECOND)
        (first,) = deliveries.claim(conn, "sms", NOON + SECOND, SECOND, 9).messages
        assert (first.id, first.recipient) == (1, "kannel:+31612345678")
        work = next_claim.claim(conn, Claimant("w", "t" * 16, NOON, SECOND))
        assert work is not None
        assert work.conversation.id == "new"
    with earlier.begin() as conn:
        migrate(conn, BEFORE, down=True)
        assert column(conn, "SELECT text FROM inbox ORDER BY id") == ["een", "twee", "drie"]
    upgrade(earlier)
    with earlier.begin() as conn:
        assert column(conn, "SELECT address FROM conversations") == ["+31612345678"]
        conn.exec_driver_sql("DELETE FROM conversations")
        assert column(conn, "SELECT id FROM inbox") == []
    earlier.dispose()


def test_the_conversation_that_a_person_has_stays(earlier: Database) -> None:
    """Before one that waits, and that before the newest; the agent reads the others there."""
    with earlier.begin() as conn:
        rows = Filling(conn)
        rows.conversation("waits", "0612345678", "09:00", "queued")
        rows.conversation("taken", "31612345678", "08:30", "human")
        rows.conversation("newest", "+31612345678", "11:00")
        rows.waits(1, "waits", "09:00", urgent=True)
        rows.waits(2, "taken", "08:30")
        rows.wrote(1, "waits", "een", "09:00")
        rows.wrote(2, "newest", "twee", "11:00")
    upgrade(earlier)
    with earlier.begin() as conn:
        kept = conversations.find(conn, "sms", "+31612345678")
        assert kept is not None
        assert (kept.id, kept.owner) == ("taken", "human")
        handover = handovers.find_open(conn, "taken")
        assert handover is not None
        assert (handover.id, handover.urgent) == (2, True)
        assert column(conn, "SELECT conversation_id FROM inbox") == ["taken", "taken"]
        assert kept.last_inbound_at is not None
        assert kept.last_inbound_at.hour == 11
    earlier.dispose()


def test_of_two_that_wait_the_place_in_the_queue_stays(earlier: Database) -> None:
    """An urgent one, or else the one that waits longest."""
    with earlier.begin() as conn:
        rows = Filling(conn)
        for number, (name, address, at) in enumerate(
            (
                ("early", "0612345678", "09:00"),
                ("late", "+31612345678", "10:00"),
                ("calm", "0687654321", "09:00"),
                ("urgent", "+31687654321", "10:00"),
            ),
            1,
        ):
            rows.conversation(name, address, at, "queued")
            rows.waits(number, name, at, urgent=name == "urgent")
    upgrade(earlier)
    with earlier.read() as conn:
        assert column(conn, "SELECT id FROM conversations ORDER BY id") == ["early", "urgent"]
        assert [each.id for each in handovers.waiting(conn)] == [4, 1]
    earlier.dispose()


@pytest.mark.parametrize(
    ("wishes", "out"),
    [
        ((("0612345678", "09:00", True), ("+31612345678", "10:00", False)), False),
        ((("0612345678", "09:00", False), ("+31612345678", "10:00", True)), True),
        ((("0612345678", "09:00", False), ("31612345678", "09:00", True)), True),
    ],
)
def test_the_last_wish_holds(
    earlier: Database, wishes: Sequence[tuple[str, str, bool]], *, out: bool
) -> None:
    """Of two at one moment the one for silence; also of who never had a conversation."""
    with earlier.begin() as conn:
        for address, at, wish in wishes:
            Filling(conn).wish(address, at, out=wish)
    upgrade(earlier)
    with earlier.read() as conn:
        assert optouts.is_out(conn, "sms", "+31612345678") is out
        assert len(column(conn, "SELECT address FROM optouts")) == 1
    earlier.dispose()
