"""Who a WhatsApp customer is, when numbers and ids come, go and change."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.messages import Choice, Option
from bot.settings_loading import load_settings
from bot.store.conversation import addresses, conversations
from bot.store.delivery import outbox
from bot.store.notify import notifier
from bot.store.sql import tables
from bot.store.sql.database import Database
from channels.services import Services
from channels.whatsapp import parse
from channels.whatsapp.routes import keep
from tests.contract.adapters.whatsapp import PHONE, USER_ID, contact, message, notification, value
from tests.providers.graph import PHONE_NUMBER_ID

NEW_ID = "NL.24817305912873645029"
NEW_PHONE = "31687654321"


@dataclass(slots=True)
class Line:
    """The way in, without HTTP."""

    services: Services
    clock: list[datetime]
    sent: int = field(default=0)

    async def hears(self, text: str, user_id: str = "", phone: str = "") -> None:
        """A customer writes."""
        self.sent += 1
        written = message(f"wamid.{self.sent}", "text", {"body": text})
        written |= {"from": phone, "from_user_id": user_id}
        await self.told(contacts=[contact(user_id, phone)], messages=[written])

    async def told(self, field: str = "messages", **content: Any) -> None:
        """Meta says something."""
        self.clock[0] += timedelta(minutes=1)
        body = json.dumps(notification(value(**content), field=field)).encode()
        await keep(self.services, parse.update(body, PHONE_NUMBER_ID))

    def conversations(self) -> list[list[str]]:
        """The texts of each conversation."""
        with self.services.database.read() as conn:
            query = select(tables.inbox.c.conversation_id, tables.inbox.c.text)
            rows = conn.execute(query.order_by(tables.inbox.c.id)).all()
        found: dict[str, list[str]] = {}
        for conversation, text in rows:
            found.setdefault(conversation, []).append(text)
        return list(found.values())

    def writes_to(self, known_as: str) -> str:
        """Where the conversation of that address is sent to."""
        with self.services.database.read() as conn:
            return addresses.latest(conn, "whatsapp", known_as)


@pytest.fixture
async def line(tmp_path: Path) -> AsyncIterator[Line]:
    settings = load_settings({"LOKET_VAR_DIR": str(tmp_path)})
    database = Database(settings.database_url)
    database.upgrade()
    bell = notifier.of(settings.database_url, settings.var_dir)
    clock = [datetime(2026, 11, 23, 12, tzinfo=UTC)]
    yield Line(Services(database, bell, settings, lambda: clock[0]), clock)
    bell.close()
    database.dispose()


async def test_a_conversation_goes_on_when_the_number_disappears(line: Line) -> None:
    """Number alone, number with id, id alone: one customer."""
    await line.hears("een", phone=PHONE)
    await line.hears("twee", USER_ID, PHONE)
    await line.hears("drie", USER_ID)
    assert line.conversations() == [["een", "twee", "drie"]]
    assert line.writes_to(PHONE) == USER_ID


async def test_the_number_is_remembered_beside_the_id(line: Line) -> None:
    """Known by both, then heard by number alone."""
    await line.hears("een", USER_ID, PHONE)
    await line.hears("twee", phone=PHONE)
    assert line.conversations() == [["een", "twee"]]


@pytest.mark.parametrize("told", ["number", "number and id", "id", "event"])
async def test_a_changed_number_takes_the_conversation_along(line: Line, told: str) -> None:
    """However Meta says it, the next message belongs here and replies go to the new id."""
    await line.hears("een", USER_ID, PHONE)
    system = {"id": "wamid.s", "timestamp": "1795435200", "type": "system"}
    changed: dict[str, Any] = {"type": "user_changed_number", "wa_id": NEW_PHONE}
    if told == "event":
        change = {"wa_id": NEW_PHONE, "user_id": {"previous": USER_ID, "current": NEW_ID}}
        await line.told("user_id_update", user_id_update=[change])
    elif told == "id":
        body = f"User Sanne changed from {USER_ID} to {NEW_ID}"
        said = {"type": "user_changed_user_id", "user_id": NEW_ID, "body": body}
        await line.told(messages=[{**system, "system": said}])
    else:
        more = {"user_id": NEW_ID} if told == "number and id" else {}
        await line.told(messages=[{**system, "from": PHONE, "system": {**changed, **more}}])
    await line.hears("twee", NEW_ID, NEW_PHONE)
    await line.hears("drie", NEW_ID)
    assert line.conversations() == [["een", "twee", "drie"]]
    assert line.writes_to(USER_ID) == NEW_ID


async def test_old_news_does_not_turn_a_customer_back(line: Line) -> None:
    """Meta repeats what it could not deliver, up to seven days."""

    async def moves(old: str, new: str) -> None:
        change = {"user_id": {"previous": old, "current": new}}
        await line.told("user_id_update", user_id_update=[change])

    await line.hears("een", USER_ID)
    await moves(USER_ID, "NL.2")
    await moves("NL.2", "NL.3")
    await moves(USER_ID, "NL.2")
    assert line.writes_to(USER_ID) == "NL.3"


async def test_a_number_given_out_again_is_somebody_else(line: Line) -> None:
    """Its new owner has an id of their own, and must not get the old one's conversation."""
    await line.hears("van mij", USER_ID, PHONE)
    await line.hears("van een ander", NEW_ID, PHONE)
    await line.hears("weer van mij", USER_ID)
    assert line.conversations() == [["van mij", "weer van mij"], ["van een ander"]]
    assert line.writes_to(USER_ID) == USER_ID
    assert line.writes_to(NEW_ID) == NEW_ID


async def test_a_number_that_was_left_and_given_out_again_is_somebody_else(line: Line) -> None:
    """Also after its first owner moved on."""
    await line.hears("van mij", phone=PHONE)
    system = {"type": "user_changed_number", "wa_id": NEW_PHONE}
    sent = {"id": "wamid.s", "type": "system", "from": PHONE, "system": system}
    await line.told(messages=[sent])
    await line.hears("van een ander", NEW_ID, PHONE)
    await line.hears("weer van mij", USER_ID, NEW_PHONE)
    assert line.conversations() == [["van mij", "weer van mij"], ["van een ander"]]


async def test_a_stranger_who_changes_number_is_no_conversation(line: Line) -> None:
    """Nothing is kept about who never wrote."""
    sent = {"id": "wamid.s", "type": "system", "from": PHONE}
    system = {"type": "user_changed_number", "wa_id": NEW_PHONE}
    await line.told(messages=[{**sent, "system": system}])
    assert line.conversations() == []
    await line.hears("hoi", NEW_ID, NEW_PHONE)
    assert line.writes_to(NEW_ID) == NEW_ID


async def test_a_tap_becomes_the_payload_that_was_offered(line: Line) -> None:
    """By the id of our message and the place of the option; an unknown one is stale."""
    await line.hears("hoi", USER_ID, PHONE)
    offered = Choice("Klopt dat?", (Option("Ja", "/affirm"), Option("Nee", "/deny")))
    with line.services.database.begin() as conn:
        found = conversations.find(conn, "whatsapp", USER_ID)
        assert found is not None
        (row,) = outbox.add(conn, found.id, None, [("human", offered)], line.clock[0])
    for number, callback in enumerate((f"{row.id}.1", f"{row.id}.7", "99.0", "iets anders")):
        reply = {"type": "button_reply", "button_reply": {"id": callback, "title": "Nee"}}
        tapped = message(f"wamid.t{number}", "interactive", reply)
        await line.told(contacts=[contact()], messages=[tapped])
    with line.services.database.read() as conn:
        payloads = conn.execute(select(tables.inbox.c.payload).order_by(tables.inbox.c.id))
        assert payloads.scalars().all() == [None, "/deny", "stale", "stale", "iets anders"]
