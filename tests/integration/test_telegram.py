"""Telegram from webhook to reply: the real web process, the real delivery, a Bot API of our own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select
from telegram import Update

from bot.delivery.loop import DeliveryLoop
from bot.messages import Choice, Option, Text
from bot.store.conversation import conversations, optouts
from bot.store.notify import notifier
from bot.store.sql import tables
from bot.store.sql.database import Database
from tests.contract.adapters.telegram import HEADER, SECRET
from tests.providers.telegram import TOKEN, BotApi, impatient
from tests.support import telegram_updates as updates
from tests.support.telegram_updates import CHAT
from tests.support.webchat import DISCLOSURE, Backstage, Server, running

QUESTION = Choice("Klopt dit?", (Option("Ja", "/affirm"), Option("Nee", "/deny")))


@pytest.fixture
def api() -> Iterator[BotApi]:
    """Telegram."""
    with BotApi() as server:
        yield server


def environment(url: str) -> dict[str, str]:
    """Telegram's variables."""
    return {"TELEGRAM_TOKEN": TOKEN, "TELEGRAM_SECRET": SECRET, "TELEGRAM_API_URL": url}


@pytest.fixture
def server(api: BotApi, tmp_path: Path) -> Iterator[Server]:
    """The web process; its log must not tell who wrote what."""
    with running(tmp_path, **environment(api.url)) as server:
        yield server
    logged = server.log.read_text()
    assert "Traceback" not in logged
    for private in (TOKEN, SECRET, str(CHAT), "Noor", "mijn pakket"):
        assert private not in logged


@pytest.fixture
def backstage(server: Server) -> Iterator[Backstage]:
    """Answers in the bot's place."""
    backstage = Backstage(server.folder)
    yield backstage
    backstage.close()


def post(server: Server, update: Update, secret: str | bytes = SECRET) -> int:
    """Has Telegram send an update; returns the status of the answer."""
    url = f"{server.url}/webhooks/telegram"
    answer = httpx.post(url, content=updates.body(update), headers={HEADER: secret}, timeout=10)
    return answer.status_code


@asynccontextmanager
async def delivery(server: Server, api: BotApi) -> AsyncIterator[None]:
    """Delivers what is said for as long as the context is open."""
    url = f"sqlite:///{server.folder / 'loket.db'}"
    database, bell, stop = Database(url), notifier.of(url, server.folder), asyncio.Event()
    channels = {"telegram": impatient(api.url, SECRET)}
    work = DeliveryLoop(channels, server.url, database, bell, lambda: datetime.now(UTC))
    task = asyncio.create_task(work.run(stop))
    try:
        yield
    finally:
        stop.set()
        await task
        bell.close()
        database.dispose()


async def until(true: Callable[[], bool], seconds: float = 30) -> None:
    """Waits until something holds."""
    async with asyncio.timeout(seconds):
        while not true():
            await asyncio.sleep(0.02)


async def test_a_question_a_tap_and_the_answer(
    api: BotApi, server: Server, backstage: Backstage
) -> None:
    """Once each, in order; the tap comes back as the payload and the keyboard makes place."""
    assert post(server, updates.message(1, "waar is mijn pakket")) == 200
    assert post(server, updates.message(1, "waar is mijn pakket")) == 200
    async with delivery(server, api):
        await asyncio.to_thread(backstage.answer, "waar is mijn pakket", QUESTION)
        await until(lambda: len(api.sent) == 2)
        disclosure, question = api.accepted
        assert "AI-assistent" in disclosure.text
        assert (question.text, question.titles) == ("Klopt dit?", ("Ja", "Nee"))
        buttons = dict(zip(question.callbacks, question.titles, strict=True))
        shown = (int(question.provider_id), question.text, buttons)
        assert post(server, updates.tap(2, question.callbacks[0], shown)) == 200
        await until(lambda: api.sent[1].text == "Klopt dit?\n\nUw keuze: Ja")
        assert (api.sent[1].keyboard, api.answered) == ([], ["432"])
        assert post(server, updates.tap(2, question.callbacks[0], shown)) == 200
        await asyncio.to_thread(backstage.answer, "Ja", Text("Uw pakket komt morgen."))
        await until(lambda: len(api.sent) == 3)
    assert backstage.received() == ["waar is mijn pakket", "Ja"]
    assert payloads(server) == [None, "/affirm"]
    assert backstage.statuses() == ["sent"] * 3


async def test_a_tap_on_what_is_not_there(server: Server) -> None:
    """A button of another conversation, or of no message at all, is stale; nothing else."""
    assert post(server, updates.tap(1, "1.0")) == 200
    assert post(server, updates.tap(2, "/medewerker")) == 200
    assert payloads(server) == ["stale", "stale"]


async def test_blocked_and_let_in_again(api: BotApi, server: Server, backstage: Backstage) -> None:
    """Nothing goes to who blocked the bot; letting it in again resumes."""
    assert post(server, updates.message(1, "hoi")) == 200
    assert post(server, updates.blocking(2, blocked=True)) == 200
    async with delivery(server, api):
        await asyncio.to_thread(backstage.answer, "hoi", Text("Hallo."))
        await until(lambda: set(backstage.statuses()) == {"dead"})
        assert api.requests == 0
        assert post(server, updates.blocking(3, blocked=False)) == 200
        assert post(server, updates.message(4, "daar ben ik weer")) == 200
        await asyncio.to_thread(backstage.answer, "daar ben ik weer", Text("Welkom terug."))
        # The disclosure of before never arrived, so it comes again.
        await until(lambda: api.texts() == [DISCLOSURE.text, "Welkom terug."])


async def test_a_refusal_teaches_that_the_bot_is_blocked(
    api: BotApi, server: Server, backstage: Backstage
) -> None:
    """When Telegram says so first, it is an opt-out as well."""
    api.blocked.add(CHAT)
    assert post(server, updates.message(1, "hoi")) == 200
    async with delivery(server, api):
        await asyncio.to_thread(backstage.answer, "hoi", Text("Hallo."))
        await until(lambda: set(backstage.statuses()) == {"dead"})
    assert api.requests == 1
    assert is_out(server)
    # An update that lifts it may never come: who writes has let the bot in.
    assert post(server, updates.message(2, "daar ben ik weer")) == 200
    assert not is_out(server)


async def test_one_message_a_second(api: BotApi, server: Server, backstage: Backstage) -> None:
    """Telegram never has to say that it goes too fast."""
    api.strict_pace = True
    assert post(server, updates.message(1, "hoi")) == 200
    async with delivery(server, api):
        await asyncio.to_thread(backstage.answer, "hoi", Text("Een."), Text("Twee."))
        await until(lambda: len(api.sent) == 3)
    assert api.requests == 3
    assert api.texts()[1:] == ["Een.", "Twee."]


def test_it_starts_while_telegram_is_away(tmp_path: Path) -> None:
    """No call at start-up; messages are taken in, and a tap is answered as fast as ever."""
    with running(tmp_path, **environment("http://127.0.0.1:9")) as server:
        assert post(server, updates.message(1, "hoi")) == 200
        assert post(server, updates.tap(2, "1.0")) == 200
        assert payloads(server) == [None, "stale"]


def test_who_does_not_know_the_secret(server: Server) -> None:
    """Refused, without a trace."""
    for secret in ("", "wrong", SECRET[:-1], b"\xe9\xff", "é".encode()):
        assert post(server, updates.message(1, "hoi"), secret) == 403
    assert payloads(server) == []
    database = Database(f"sqlite:///{server.folder / 'loket.db'}")
    with database.read() as conn:
        assert conversations.find(conn, "telegram", str(CHAT)) is None
    database.dispose()


def is_out(server: Server) -> bool:
    """Whether the customer opted out."""
    database = Database(f"sqlite:///{server.folder / 'loket.db'}")
    with database.read() as conn:
        found = optouts.is_out(conn, "telegram", str(CHAT))
    database.dispose()
    return found


def payloads(server: Server) -> list[str | None]:
    """The payloads of all customers' messages, in order."""
    database = Database(f"sqlite:///{server.folder / 'loket.db'}")
    with database.read() as conn:
        found = list(conn.execute(select(tables.inbox.c.payload).order_by(tables.inbox.c.id)))
    database.dispose()
    return [row.payload for row in found]


async def test_an_answer_comes_in_the_topic_in_which_was_asked(
    api: BotApi, server: Server, backstage: Backstage
) -> None:
    """One conversation with each customer, whatever topics they write in."""
    api.topics = {7}
    async with delivery(server, api):
        for number, thread in ((1, 7), (2, None)):
            said = updates.message(number, f"vraag {number}", message_thread_id=thread)
            assert post(server, said) == 200
            before = len(api.sent)
            await asyncio.to_thread(backstage.answer, f"vraag {number}", Text("Dat mag."))
            await until(lambda before=before: len(api.sent) > before)  # type: ignore[misc]
            await until(lambda: api.sent[-1].text == "Dat mag.")
            assert {each.thread for each in api.sent[before:]} == {thread}
            assert {each.chat for each in api.sent} == {CHAT}
