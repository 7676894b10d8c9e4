"""Whether the customer still has the chat open."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.store.conversation import conversations
from bot.store.notify import notifier
from bot.store.sql.database import Database
from channels.webchat.hub import Hub
from channels.webchat.presence import Presence

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


@pytest.fixture
def database(tmp_path: Path) -> Database:
    database = Database(f"sqlite:///{tmp_path / 'loket.db'}")
    database.upgrade()
    with database.begin() as conn:
        conversations.open_(conn, "webchat", "web-1", NOW)
    return database


def left(database: Database) -> datetime | None:
    """Since when the customer is gone."""
    with database.read() as conn:
        found = conversations.find(conn, "webchat", "web-1")
    assert found is not None
    return found.left_at


async def settled(presence: Presence) -> None:
    """Until nobody is about to be noted as gone."""
    while presence._leaving:
        await asyncio.gather(*presence._leaving.values())


async def test_gone_and_back(database: Database, tmp_path: Path) -> None:
    """The last page that closes counts, after a while; an open one undoes it."""
    hub = Hub()
    bell = notifier.of(database.url, tmp_path)
    presence = Presence(database, hub, bell, lambda: NOW, patience=0.01)
    with hub.waiter("web-1"):
        presence.closed("web-1")
        await settled(presence)
        assert left(database) is None, "another page is open"
    presence.closed("web-1")
    presence.closed("web-1")
    await settled(presence)
    assert left(database) == NOW
    with database.read() as conn:
        found = conversations.find(conn, "webchat", "web-1")
    assert found is not None
    await presence.back(found.id)
    assert left(database) is None


async def test_a_reload_is_no_leaving(database: Database, tmp_path: Path) -> None:
    """Who is back before the time is up was never gone."""
    hub = Hub()
    bell = notifier.of(database.url, tmp_path)
    presence = Presence(database, hub, bell, lambda: NOW, patience=0.05)
    presence.closed("web-1")
    with hub.waiter("web-1"):
        await settled(presence)
    assert left(database) is None


async def test_a_visitor_who_said_nothing(database: Database, tmp_path: Path) -> None:
    """There is nothing to note."""
    bell = notifier.of(database.url, tmp_path)
    presence = Presence(database, Hub(), bell, lambda: NOW, patience=0.0)
    presence.closed("web-unknown")
    await settled(presence)


async def test_who_asks_for_news_again_and_again_is_there(
    database: Database, tmp_path: Path
) -> None:
    """Between two answers no page is open; only after the last one is the customer gone."""
    hub = Hub()
    bell = notifier.of(database.url, tmp_path)
    presence = Presence(database, hub, bell, lambda: NOW, patience=0.2)
    for _ in range(6):
        with hub.waiter("web-1"):
            pass
        presence.closed("web-1")
        await asyncio.sleep(0.1)
    assert left(database) is None
    await settled(presence)
    assert left(database) == NOW
