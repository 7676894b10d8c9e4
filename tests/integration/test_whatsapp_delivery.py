"""From Loket's outbox to Meta and back: pace, order, window, template, receipts, resends."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import pytest

from bot.delivery.loop import DeliveryLoop
from bot.messages import Choice, Option, Outbound, Text
from bot.settings_loading import load_settings
from bot.store.conversation import conversations
from bot.store.delivery import dead_letter_decisions, dead_letters, outbox, outbox_queries
from bot.store.delivery.dead_letters import DeadLetter
from bot.store.notify import notifier
from bot.store.sql.database import Database
from channels.services import Services
from channels.whatsapp import WhatsApp, parse
from channels.whatsapp.routes import keep
from tests.contract.adapters.base import Call
from tests.contract.adapters.whatsapp import (
    APP_SECRET,
    USER_ID,
    VERIFY_TOKEN,
    WhatsAppAdapter,
    notification,
    value,
)
from tests.providers.graph import PHONE_NUMBER_ID, TOKEN, Graph

ADAPTER = WhatsAppAdapter()


@dataclass(slots=True)
class Chat:
    """One customer, Loket's delivery, and Meta."""

    services: Services
    graph: Graph
    clock: list[datetime]

    async def meta(self, call: Call | None) -> None:
        """A notification of Meta's."""
        assert call is not None
        await keep(self.services, parse.update(call.body, PHONE_NUMBER_ID))

    async def say(self, *messages: Outbound) -> None:
        """Loket has something to say."""
        database = self.services.database
        found = await database.query(conversations.find, "whatsapp", USER_ID)
        assert found is not None
        said: list[Any] = [("human", message) for message in messages]
        await database.run(outbox.add, found.id, None, said, self.services.now())
        self.services.notifier.ring("outbox", found.id)

    async def statuses(self) -> list[str]:
        """How far each message is, in order."""
        database = self.services.database
        found = await database.query(conversations.find, "whatsapp", USER_ID)
        assert found is not None
        return [row.status for row in await database.query(outbox_queries.since, found.id, 0, 100)]

    async def failed_deliveries(self) -> tuple[DeadLetter, ...]:
        """What a person must look at."""
        return await self.services.database.query(dead_letters.failed_deliveries)


async def eventually(holds: Callable[[], bool]) -> None:
    """Waits until it does."""
    async with asyncio.timeout(15):
        while not holds():
            await asyncio.sleep(0.02)


@pytest.fixture
async def chat(tmp_path: Path) -> AsyncIterator[Chat]:
    graph = Graph()
    settings = load_settings({"LOKET_VAR_DIR": str(tmp_path)})
    database = Database(settings.database_url)
    database.upgrade()
    bell = notifier.of(settings.database_url, settings.var_dir)
    shift = [datetime.now(UTC)]
    began = datetime.now(UTC)

    def now() -> datetime:
        return shift[0] + (datetime.now(UTC) - began)

    channel = WhatsApp(
        token=TOKEN,
        phone_number_id=PHONE_NUMBER_ID,
        app_secret=APP_SECRET,
        verify_token=VERIFY_TOKEN,
        graph_url=graph.url,
        template="antwoord_klaar",
    )
    chat = Chat(Services(database, bell, settings, now), graph, shift)
    stop = asyncio.Event()
    delivery = DeliveryLoop({"whatsapp": channel}, settings.public_url, database, bell, now)
    running = asyncio.create_task(delivery.run(stop))
    await chat.meta(ADAPTER.text("wamid.first", "Hoi"))
    yield chat
    stop.set()
    await running
    graph.close()
    bell.close()
    database.dispose()


async def test_messages_arrive_in_order_though_one_is_throttled(chat: Chat) -> None:
    """The second waits until Meta has taken the first."""
    chat.graph.refuse(400, 131056)
    await chat.say(Text("een"), Text("twee"), Text("drie"))
    await eventually(lambda: len(chat.graph.accepted) == 3)
    assert [sent.text for sent in chat.graph.accepted] == ["een", "twee", "drie"]
    assert chat.graph.requests == 4


async def test_receipts_only_move_forward(chat: Chat) -> None:
    """They come in any order; `read` implies `delivered`."""
    await chat.say(Text("een"))
    await eventually(lambda: len(chat.graph.accepted) == 1)
    (sent,) = chat.graph.accepted
    told: tuple[Literal["sent", "delivered", "read"], ...] = (
        "delivered",
        "read",
        "delivered",
        "sent",
    )
    for status, holds in zip(told, ("delivered", "read", "read", "read"), strict=True):
        await chat.meta(ADAPTER.status(sent, status))
        assert await chat.statuses() == [holds]


async def test_a_receipt_settles_what_became_of_a_message(chat: Chat) -> None:
    """Meta took it and the answer was lost: by our own id in the status we learn so."""
    chat.graph.misbehave("close")
    await chat.say(Text("een"))
    await eventually(lambda: chat.graph.requests == 1)
    await asyncio.sleep(0.3)
    told = {"id": "wamid.lost", "status": "sent", "biz_opaque_callback_data": "1.0.0"}
    body = json.dumps(notification(value(statuses=[told]))).encode()
    await keep(chat.services, parse.update(body, PHONE_NUMBER_ID))
    assert await chat.statuses() == ["sent"]
    assert chat.graph.requests == 1


async def test_after_24_hours_the_template_goes_out_once(chat: Chat) -> None:
    """The messages stay for a person to send again, which works once the customer has written."""
    chat.clock[0] += timedelta(hours=25)
    await chat.say(Text("een"), Text("twee"))
    await eventually(lambda: len(chat.graph.accepted) == 1)
    assert chat.graph.bodies[0]["template"] == {
        "name": "antwoord_klaar",
        "language": {"code": "nl"},
    }
    async with asyncio.timeout(30):
        while len(rows := await chat.failed_deliveries()) < 2:
            await asyncio.sleep(0.05)
    assert all("window_closed" in row.error for row in rows)
    assert len(chat.graph.accepted) == 1
    await chat.meta(ADAPTER.text("wamid.back", "Ja?"))
    now = chat.services.now()
    await chat.services.database.run(dead_letter_decisions.resend, None, now)
    await eventually(lambda: len(chat.graph.accepted) == 3)
    assert [sent.text for sent in chat.graph.accepted[1:]] == ["een", "twee"]


async def test_a_dead_token_loses_nothing(chat: Chat) -> None:
    """Nothing is given up: it waits for a person to mend the token."""
    chat.graph.revoked = True
    await chat.say(Text("een"))
    await asyncio.sleep(0.5)
    assert await chat.statuses() == ["queued"]
    (row,) = await chat.failed_deliveries()
    assert (row.status, row.error) == ("queued", "190")


async def test_who_cannot_be_reached_is_shown_to_a_person(chat: Chat) -> None:
    """With Meta's code; the next message still goes out."""
    chat.graph.refuse(400, 131026)
    await chat.say(Text("een"), Choice("twee?", (Option("Ja", "/affirm"),)))
    await eventually(lambda: len(chat.graph.accepted) == 1)
    (row,) = await chat.failed_deliveries()
    assert row.error == "131026"
    assert chat.graph.accepted[0].titles == ("Ja",)


async def test_a_customer_with_a_new_id_is_written_to_there(chat: Chat) -> None:
    """Also when the new id came after the message was said."""
    change = {"user_id": {"previous": USER_ID, "current": "NL.2481"}}
    body = json.dumps(notification(value(user_id_update=[change]), field="user_id_update"))
    await keep(chat.services, parse.update(body.encode(), PHONE_NUMBER_ID))
    await chat.say(Text("een"))
    await eventually(lambda: len(chat.graph.accepted) == 1)
    assert chat.graph.accepted[0].recipient == "NL.2481"


async def test_a_window_that_closed_unseen_brings_the_template(chat: Chat) -> None:
    """Meta may take a message and say a moment later that it came too late: 131047."""
    chat.graph.refuse_later("131047", "", "131047")
    for _ in range(2):
        await chat.say(Text("Uw pakket is er."))
        before = len(chat.graph.accepted)
        await eventually(lambda before=before: len(chat.graph.accepted) > before)  # type: ignore[misc]
        late = next(each for each in reversed(chat.graph.accepted) if each.refused)
        for _ in range(2):
            await chat.meta(ADAPTER.status(late, "failed"))
        async with asyncio.timeout(15):
            while (await chat.statuses())[-1] != "failed":
                await asyncio.sleep(0.02)
    kinds = [body["type"] for body in chat.graph.bodies]
    assert kinds == ["text", "template", "text"]
    errors = [each.error for each in await chat.failed_deliveries()]
    assert errors == ["window_closed invited"] * 2


async def test_a_template_that_fails_later_invited_nobody(chat: Chat) -> None:
    """So that an agent does not wait for an answer to it, and the next message brings another."""
    chat.graph.refuse_later("131047", "131049")
    await chat.say(Text("Uw pakket is er."))
    await eventually(lambda: len(chat.graph.accepted) == 1)
    await chat.meta(ADAPTER.status(chat.graph.accepted[0], "failed"))
    await eventually(lambda: len(chat.graph.accepted) == 2)
    template = chat.graph.accepted[1]
    assert template.refused == "131049"
    async with asyncio.timeout(15):
        while [each.error for each in await chat.failed_deliveries()] != ["window_closed invited"]:
            await asyncio.sleep(0.02)
    for _ in range(2):
        await chat.meta(ADAPTER.status(template, "failed"))
        assert [each.error for each in await chat.failed_deliveries()] == ["window_closed"]
    assert await chat.statuses() == ["failed"]
