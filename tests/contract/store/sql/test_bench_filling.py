"""The old conversations of `make bench-acknowledge`: copies that the store takes for real ones."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.messages import Inbound, Text
from bot.store.conversation import conversations
from bot.store.delivery import delivery_status, outbox
from bot.store.delivery.delivery_planning import Planned, plan
from bot.store.sql import tables
from bot.store.sql.database import Database
from bot.store.worker import inbox

FILLING = Path(__file__).parents[4] / "bench" / "acknowledge" / "filling.py"
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def multiply() -> Callable[[str, int], int]:
    """The bench's own; benches are programs, not a package."""
    spec = importlib.util.spec_from_file_location("filling", FILLING)
    assert spec is not None
    assert spec.loader is not None
    module: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: Callable[[str, int], int] = module.multiply
    return found


def converse(database: Database, sender: str) -> None:
    """A customer writes twice and is answered twice; the second answer is delivered."""
    for number in range(2):
        with database.begin() as conn:
            message = Inbound("telegram", sender, f"{sender}-{number}", "hallo")
            accepted = inbox.accept(conn, message, NOW)
            said = [("system", Text("dag")), ("system", Text("tot ziens"))]
            outbox.add(conn, accepted.conversation_id, accepted.inbox_id, said, NOW)
            inbox.done(conn, accepted.inbox_id, NOW, "greet")
            plan(
                conn,
                "telegram",
                [accepted.conversation_id],
                lambda rows: [Planned(tuple(row.id for row in rows), ({"text": "dag"},))],
                NOW,
                timedelta(0),
            )
    with database.begin() as conn:
        conn.execute(tables.deliveries.update().values(status="sent"))
        row = conn.execute(select(func.max(tables.deliveries.c.id))).scalar_one()
        conn.execute(
            tables.deliveries.update()
            .where(tables.deliveries.c.id == row)
            .values(provider_id=f"p-{sender}")
        )


def test_copies(database: Database, url: str, multiply: Callable[[str, int], int]) -> None:
    """Each has messages, answers and deliveries of its own, and new ones go on beside them."""
    converse(database, "1")
    converse(database, "2")
    assert multiply(url, 50) == 50
    with database.read() as conn:
        for table, each in ((tables.inbox, 2), (tables.outbox, 4), (tables.deliveries, 2)):
            per = select(func.count()).select_from(table).group_by(table.c.conversation_id)
            assert conn.execute(per).scalars().all() == [each] * 50
        o, d, i = tables.outbox.c, tables.deliveries.c, tables.inbox.c
        own = (
            select(func.count())
            .select_from(tables.outbox.join(tables.inbox, o.inbox_id == i.id))
            .where(o.conversation_id == i.conversation_id)
        )
        assert conn.execute(own).scalar() == 200
        together = tables.outbox.alias()
        first = (
            select(func.count())
            .select_from(tables.outbox.join(together, o.sent_with == together.c.id))
            .where(o.conversation_id == together.c.conversation_id)
        )
        assert conn.execute(first).scalar() == 100
        assert conn.execute(select(func.count(d.provider_id.distinct()))).scalar() == 50
    with database.begin() as conn:
        assert delivery_status.receipt(conn, "telegram", "p-1.7", "delivered", "", "", NOW)
        found = conversations.find(conn, "telegram", "1.7")
        assert found is not None
        again = inbox.accept(conn, Inbound("telegram", "1", "1-0", "hallo"), NOW)
        assert again.duplicate
    converse(database, "3")
