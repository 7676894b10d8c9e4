"""The desk's live line."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from pathlib import Path

import pytest

from bot.desk.pages import live_updates as streams
from bot.desk.pages.live_updates import DeskHub, stream
from bot.store.notify import notifier
from bot.store.sql.database import Database

TALK = "0" * 32


@pytest.fixture
def hub(tmp_path: Path) -> DeskHub:
    database = Database(f"sqlite:///{tmp_path / 'loket.db'}")
    database.upgrade()
    return DeskHub(database)


async def yes() -> bool:
    """Still signed in."""
    return True


async def test_news_while_busy_is_kept(hub: DeskHub) -> None:
    """What rings between two waits is told at the next one, each kind once."""
    with hub.watcher(1, TALK) as watcher:
        watcher.tell("talk")
        watcher.tell("lists")
        watcher.tell("talk")
        assert await watcher.wait(1) == ("lists", "talk")
        assert await watcher.wait(0.01) == ()


async def test_only_who_has_the_conversation_open_is_told(hub: DeskHub, tmp_path: Path) -> None:
    """A bell of one conversation wakes its pages; nothing of it stays when they close."""
    bell = notifier.of(hub._database.url, tmp_path)
    running = asyncio.create_task(hub.run(bell))
    with hub.watcher(1, TALK) as here, hub.watcher(2, "1" * 32) as there:
        news: tuple[str, ...] = ()
        while "talk" not in news:  # the hub may not listen yet
            bell.ring("inbox", TALK)
            news = await here.wait(0.05)
        assert "talk" not in await there.wait(0.05)
        assert (hub.count(1), hub.count(2)) == (1, 1)
    running.cancel()
    assert not hub._watchers
    assert not hub._talks
    assert not hub._streams


async def test_a_page_of_joined_conversations_is_told_of_each(hub: DeskHub, tmp_path: Path) -> None:
    """From when they are joined until they are split, and of no other."""
    bell, other = notifier.of(hub._database.url, tmp_path), "1" * 32
    running = asyncio.create_task(hub.run(bell))

    async def told(talk: str) -> bool:
        for _ in range(100):  # the hub may not listen yet
            bell.ring("inbox", talk)
            if "talk" in await here.wait(0.05):
                return True
        return False

    with hub.watcher(1, TALK) as here, hub.watcher(2, "2" * 32):
        hub.follow(here, [TALK, other])
        assert await told(TALK)
        assert await told(other)
        hub.follow(here, [TALK])
        assert set(hub._talks) == {TALK, "2" * 32}
        assert await told(TALK)
    running.cancel()
    assert not hub._talks


async def test_a_log_out_ends_the_stream(hub: DeskHub, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is not signed in any more gets a last word, however much news there is."""
    monkeypatch.setattr(streams, "_CHECK", 0.0)
    answers = [True, False]

    async def signed_in() -> bool:
        return answers.pop(0)

    with hub.watcher(1, "") as watcher:
        seen = []
        async with aclosing(stream(hub, watcher, signed_in)) as chunks:
            async for chunk in chunks:
                seen.append(chunk)
                watcher.tell("lists")
    assert seen[1:] == [b"event: lists\ndata: {}\n\n", b"event: bye\ndata: {}\n\n"]


async def test_a_stop_ends_every_stream(hub: DeskHub) -> None:
    """The process need not wait for who has a page open."""
    with hub.watcher(1, "") as watcher:
        async with aclosing(stream(hub, watcher, yes)) as chunks:
            await anext(chunks)
            hub.close()
            async with asyncio.timeout(5):
                rest = [chunk async for chunk in chunks]
    assert b"".join(rest).strip(b": \n") == b""
