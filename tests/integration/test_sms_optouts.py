"""After STOP nothing goes out, whoever speaks, and it can be seen why."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.delivery.loop import DeliveryLoop
from bot.messages import Author, Inbound, Text
from bot.settings_loading import load_settings
from bot.store.conversation import conversations, optouts
from bot.store.delivery import outbox
from bot.store.delivery.dead_letters import failed_deliveries
from bot.store.history import linked_conversations
from bot.store.notify import notifier
from bot.store.sql.database import Database
from bot.store.worker import inbox
from channels.services import Services
from channels.sms import Twilio
from channels.sms.opt_out_words import wish
from channels.sms.receive import receive
from tests.providers import twilio
from tests.providers.twilio import FakeTwilio
from tests.support.at_work import at_work

NUMBER = "+31612345678"
PUBLIC = "https://loket.example"


def now() -> datetime:
    return datetime.now(UTC)


class Desk:
    """A customer's phone, an employee, and Twilio."""

    def __init__(self, services: Services, provider: FakeTwilio) -> None:
        self.services = services
        self.provider = provider
        self.database = services.database
        self.texts = 0

    async def hears(self, text: str) -> None:
        """The customer texts."""
        self.texts += 1
        inbound = Inbound("sms", NUMBER, f"SM{self.texts}", text)
        await receive(self.services, inbound, wish(text), "twilio")

    def says(self, text: str, author: Author = "human") -> None:
        """The employee answers."""
        with self.database.begin() as conn:
            conversation = conversations.find(conn, "sms", NUMBER)
            assert conversation is not None
            outbox.add(conn, conversation.id, None, [(author, Text(text))], now())
        self.services.notifier.ring("outbox", conversation.id)

    def lost(self) -> list[str]:
        """Why messages did not arrive."""
        with self.database.read() as conn:
            return [each.error for each in failed_deliveries(conn)]

    async def until_lost(self, count: int) -> None:
        async with asyncio.timeout(30):
            while len(self.lost()) < count:
                await asyncio.sleep(0.02)

    async def until_sent(self, count: int) -> list[str]:
        async with asyncio.timeout(30):
            while len(self.provider.messages) < count:
                await asyncio.sleep(0.02)
        return [each.body for each in self.provider.messages]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    settings = load_settings({"LOKET_VAR_DIR": str(tmp_path), "LOKET_PUBLIC_URL": PUBLIC})
    database = Database(settings.database_url)
    database.upgrade()
    bell = notifier.of(settings.database_url, tmp_path)
    with FakeTwilio() as provider:
        channel = Twilio(twilio.ACCOUNT, twilio.TOKEN, twilio.NUMBER, provider.url)
        delivery = DeliveryLoop({"sms": channel}, PUBLIC, database, bell, now)
        async with at_work(delivery.run):
            yield Desk(Services(database, bell, settings, now), provider)
    bell.close()
    database.dispose()


async def test_nothing_is_sent_between_stop_and_start(desk: Desk) -> None:
    """An employee's message is not even offered to Twilio; after START the next one is."""
    await desk.hears("hoi")
    await desk.hears("stop")
    desk.says("Ik heb een antwoord voor u.")
    await desk.until_lost(1)
    assert desk.lost() == ["opted_out"]
    assert desk.provider.requests == 0
    await desk.hears("start")
    (first,) = await desk.until_sent(1)
    assert first.startswith("U krijgt weer berichten")
    desk.says("Daar ben ik weer.")
    assert (await desk.until_sent(2))[1] == "Daar ben ik weer."


async def test_twilio_knows_before_we_do(desk: Desk) -> None:
    """Error 21610 is recorded as an opt-out, and the message is not tried again."""
    desk.provider.opted_out.add(NUMBER)
    await desk.hears("hoi")
    desk.says("Goedemiddag.")
    await desk.until_lost(1)
    desk.says("Bent u daar nog?")
    await desk.until_lost(2)
    assert desk.lost() == ["opted_out", "opted_out"]
    assert desk.provider.requests == 1
    with desk.database.read() as conn:
        assert optouts.is_out(conn, "sms", NUMBER)
    desk.provider.opted_out.clear()
    await desk.hears("unstop")
    assert len(await desk.until_sent(1)) == 1


async def test_the_words_stay_in_the_conversation(desk: Desk) -> None:
    """A person who opens it sees that the customer said STOP; no worker does anything with it."""
    await desk.hears("Afmelden")
    with desk.database.read() as conn:
        conversation = conversations.find(conn, "sms", NUMBER)
        assert conversation is not None
        assert inbox.pending(conn, conversation.id) == ()
        assert (
            linked_conversations.tries(conn, conversation.id, "opted_out", conversation.created_at)
            == 1
        )
