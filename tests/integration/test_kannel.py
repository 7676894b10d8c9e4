"""A whole conversation by SMS, through a real gateway: Debian's Kannel and its fake SMSC."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.engine import Connection

from bot.core.interface import AssistantTurn
from bot.core.translate import Said
from bot.delivery.loop import DeliveryLoop
from bot.messages import Choice, Effect, Notice, Option, Outbound, Rated, RatingRequest, Text
from bot.store.conversation import conversations, optouts, ratings
from bot.store.notify import notifier
from bot.store.sql import tables
from bot.store.sql.database import Database
from bot.worker.handler import Handler
from bot.worker.loop import Worker
from bot.worker.worker_config import WorkerConfig
from channels.sms import Kannel
from channels.sms.kannel import KannelGateway
from channels.sms.segments import measure
from tests.support import kannel
from tests.support.forgetful import Forgetful
from tests.support.kannel import Phone
from tests.support.webchat import Server

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(kannel.missing()), reason=kannel.missing() or "-"),
]

LONG = "De bezorger belt aan en wacht één minuut bij uw deur. " * 8
SCORE = '/rate{"score": 4, "of": "bot"}'


def says(*messages: Outbound, effects: tuple[Effect, ...] = ()) -> AssistantTurn:
    """A turn of the script."""
    return AssistantTurn(Said(messages, effects), "greet", {}, Nothing(), ())


class Nothing:
    """An assistant's memory that holds nothing."""

    sessions = 0

    def write(self, conn: Connection) -> None:
        """Keeps nothing."""


@dataclass(slots=True)
class Scripted(Forgetful):
    """Answers what it hears; notes what that was."""

    heard: list[str] = field(default_factory=list)
    disclosure: Notice | None = None
    script: dict[str, AssistantTurn] = field(
        default_factory=lambda: {
            "waar is mijn pakket?": says(
                Choice(
                    "Welk pakket bedoelt u?",
                    (
                        Option("Laptop", "/laptop"),
                        Option("Boek", "/boek"),
                        Option("Stoppen", "/cancel_task"),
                    ),
                )
            ),
            "/boek": says(Text("Uw boek komt morgen 📦")),
            "dank u 😀": says(Text(LONG)),
            "doei": says(Text("Tot ziens."), RatingRequest("Welk cijfer geeft u ons?")),
            SCORE: says(Text("Dank u. Uw cijfer is een 4."), effects=(Rated(4),)),
        }
    )

    async def turn(
        self,
        conversation_id: str,
        text: str,
        message_id: str,
        channel: str,
        *,
        fresh: bool = False,
        memory: object = None,
    ) -> AssistantTurn:
        """The answer in the script."""
        self.heard.append(text)
        return self.script.get(text, says(Text("Dat begrijp ik niet.")))


@dataclass(slots=True)
class Line:
    """The gateway, the web process and a phone; the worker runs in the test."""

    phone: Phone
    channel: Kannel
    send_url: str
    public_url: str
    database: Database
    folder: Path

    @asynccontextmanager
    async def worker(self, assistant: Scripted) -> AsyncIterator[None]:
        """Answers and sends while the block runs."""
        bell = notifier.of(f"sqlite:///{self.folder / 'loket.db'}", self.folder)
        handler = Handler(self.database, now, WorkerConfig(numbered={"sms"}))

        async def load() -> Scripted:
            return assistant

        stop = asyncio.Event()
        parts = (
            Worker("w", self.database, bell, handler, load, now),
            DeliveryLoop({"sms": self.channel}, self.public_url, self.database, bell, now),
        )
        tasks = [asyncio.create_task(part.run(stop)) for part in parts]
        try:
            yield
        finally:
            stop.set()
            await asyncio.wait_for(asyncio.gather(*tasks), 20)
            bell.close()

    def statuses(self) -> list[str]:
        """How far each message came, in order."""
        with self.database.read() as conn:
            query = select(tables.outbox.c.status).order_by(tables.outbox.c.id)
            return list(conn.execute(query).scalars())


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def line(tmp_path: Path) -> Iterator[Line]:
    with ExitStack() as stack:
        web = Server(tmp_path)
        gateway = KannelGateway("", kannel.USER, kannel.PASSWORD, kannel.SECRET)
        running = kannel.running(tmp_path, gateway.get_url(web.url))
        send_url, phone = stack.enter_context(running)
        web.env |= {
            "KANNEL_SEND_URL": send_url,
            "KANNEL_USERNAME": kannel.USER,
            "KANNEL_PASSWORD": kannel.PASSWORD,
            "KANNEL_SECRET": kannel.SECRET,
        }
        web.start()
        stack.callback(web.stop)
        database = Database(f"sqlite:///{tmp_path / 'loket.db'}")
        stack.callback(database.dispose)
        channel = Kannel(send_url, kannel.USER, kannel.PASSWORD, kannel.SECRET)
        yield Line(phone, channel, send_url, web.url, database, tmp_path)


async def test_a_conversation_by_sms(line: Line) -> None:
    """Question, numbered choice, emoji both ways, long reply, rating, receipts, STOP and START."""
    phone, bot = line.phone, Scripted()

    async def ask(words: str, replies: int = 1) -> str:
        before = len(phone.received)
        phone.text(words)
        return (await asyncio.to_thread(phone.wait_for, before + replies))[-1]

    async with line.worker(bot):
        first = await ask("waar is mijn pakket?")
        assert first.startswith("U chat met een AI-assistent")
        assert "1. Laptop\n2. Boek\n3. Annuleer" in first
        assert await ask("2") == "Uw boek komt morgen 📦"
        assert bot.heard[-1] == "/boek"
        assert await ask("dank u 😀") == LONG.strip()
        assert bot.heard[-1] == "dank u 😀"
        long = [segment for segment in phone.segments if segment.startswith("udh")]
        assert len(long) >= measure(LONG.strip()).segments == 3
        assert (await ask("doei")).startswith("Tot ziens.\n\nWelk cijfer geeft u ons?\n")
        assert await ask("4") == "Dank u. Uw cijfer is een 4."
        assert bot.heard[-1] == SCORE
        await until(lambda: set(line.statuses()) == {"delivered"})
        heard = list(bot.heard)

        phone.text("STOP")
        await until(lambda: is_out(line))
        told = len(phone.received)
        phone.text("nog een vraag")
        await until(lambda: line.statuses()[-1] == "dead")
        assert bot.heard == [*heard, "nog een vraag"]
        assert len(phone.received) == told
        assert await ask("aan") == "U krijgt weer berichten van ons. Stuur gerust uw vraag."
        assert not is_out(line)

    with line.database.read() as conn:
        conversation = conversations.find(conn, "sms", phone.number)
        assert conversation is not None
        given = ratings.given(conn, conversation.id, conversation.session, "bot")
    assert given is not None
    assert given.score == 4


async def test_what_is_for_a_program_is_no_text(line: Line) -> None:
    """Data, and a header that names a port; a text after them is text."""
    columns = tables.inbox.c
    query = select(columns.text, columns.attachment).order_by(columns.id)

    def received() -> list[tuple[str, str | None]]:
        with line.database.read() as conn:
            return [tuple(row) for row in conn.execute(query)]

    line.phone.send("data %06%00%ff")
    await until(lambda: len(received()) == 1)
    line.phone.send("udh %06%05%04%0b%84%23%f0 BEGIN")
    await until(lambda: len(received()) == 2)
    line.phone.text("hé 😀")
    await until(lambda: len(received()) == 3)
    assert received() == [("", "other"), ("", "other"), ("hé 😀", None)]


async def test_doctor_finds_the_gateway(line: Line) -> None:
    """The check tells a wrong password from a right one, and sends nothing."""
    (check,) = await line.channel.checks(line.public_url)
    assert check.ok
    wrong = Kannel(line.send_url, kannel.USER, "x", kannel.SECRET)
    (check,) = await wrong.checks(line.public_url)
    assert not check.ok
    assert line.phone.received == []


def is_out(line: Line) -> bool:
    with line.database.read() as conn:
        return optouts.is_out(conn, "sms", line.phone.number)


async def until(condition: object, seconds: float = 30) -> None:
    """Waits for something to become true, while everything else goes on."""
    assert callable(condition)
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.1)
