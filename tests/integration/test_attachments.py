"""A message without words gets an answer that helps, on every channel alike."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import get_args

import pytest

from bot.conversation import built_in_messages
from bot.core.interface import AssistantTurn
from bot.messages import (
    Attachment,
    Choice,
    Inbound,
    Notice,
    Option,
    Outbound,
    RemoteFile,
    options_of,
)
from bot.records.conversation import Conversation
from bot.store.conversation import attachments, conversations
from bot.store.delivery import outbox, outbox_queries
from bot.store.sql.database import Database
from bot.store.worker import inbox
from bot.worker.handler import Handler
from bot.worker.worker_config import WorkerConfig
from tests.support.forgetful import Forgetful
from tests.support.turns import answer

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
DATES = Choice("Welke dag?", (Option("Dinsdag", "/dinsdag"), Option("Woensdag", "/woensdag")))


class Silent(Forgetful):
    """An assistant that must not be asked."""

    disclosure: Notice | None = None

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
        raise AssertionError(f"asked about {text!r}")


class Echo(Silent):
    """An assistant that fails, so that a person gets what it heard."""

    def __init__(self) -> None:
        self.heard: list[str] = []

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
        self.heard.append(text)
        raise RuntimeError


class Chat:
    """One customer."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.now = NOON
        self.handler = Handler(database, lambda: self.now, WorkerConfig(own_desk=True))
        self.number = 0
        self.messages: list[str] = []
        self.refused = False

    async def send(
        self,
        attachment: Attachment | None,
        text: str = "",
        assistant: Silent | None = None,
        files: tuple[RemoteFile, ...] = (),
    ) -> list[Outbound]:
        """Sends a message; the answers to it, without the disclosure."""
        self.number += 1
        number = f"m{self.number}"
        sent = Inbound("whatsapp", "NL.1", number, text, None, None, attachment)
        with_files = replace(sent, files=files)
        accepted = await self.database.run(inbox.accept, with_files, self.now)
        if self.refused:
            await self.database.run(attachments.refused, 1, "kind")
        (message,) = await self.database.query(inbox.pending, accepted.conversation_id)
        assert message.inbound == sent
        where, bot = accepted.conversation_id, assistant or Silent()
        handled = await answer(self.database, self.handler, where, bot, self.now)
        said = [each.message for each in handled.messages]
        return [each for each in said if not isinstance(each, Notice)]

    async def say(self, message: Outbound) -> None:
        """Loket says something."""
        found = await self.conversation()
        await self.database.run(outbox.add, found.id, None, [("human", message)], self.now)

    async def conversation(self) -> Conversation:
        found = await self.database.query(conversations.find, "whatsapp", "NL.1")
        assert found is not None
        return found


@pytest.fixture
async def chat(tmp_path: Path) -> AsyncIterator[Chat]:
    database = Database(f"sqlite:///{tmp_path}/loket.db")
    database.upgrade()
    yield Chat(database)
    database.dispose()


async def test_a_voice_message_is_answered_as_agreed(chat: Chat) -> None:
    """The words, with a person one tap away."""
    (reply,) = await chat.send("voice")
    assert reply == Choice(
        "Ik kan geen spraakbericht afluisteren. Typ uw vraag, of typ ‘medewerker’.",
        (built_in_messages.medewerker(),),
    )


@pytest.mark.parametrize("attachment", get_args(Attachment))
async def test_every_kind_has_its_answer(chat: Chat, attachment: Attachment) -> None:
    """And a name for the person who reads along later."""
    (reply,) = await chat.send(attachment)
    assert built_in_messages.medewerker() in options_of(reply)
    assert built_in_messages.attachment_shown(attachment)


async def test_what_could_be_chosen_can_still_be_chosen(chat: Chat) -> None:
    """A sticker in between takes nothing off the table, however many come."""
    await chat.send("sticker")
    await chat.say(DATES)
    for _ in range(3):
        chat.now += timedelta(minutes=1)
        (reply,) = await chat.send("sticker")
        assert options_of(reply) == (*DATES.options, built_in_messages.medewerker())
        assert "kies hieronder" in reply.text


async def test_what_a_person_can_be_shown_is_said(chat: Chat) -> None:
    """The assistant cannot look at it; in the queue it is received, and the form goes on."""
    photo = (RemoteFile("media-1"),)
    (reply,) = await chat.send("image", files=photo)
    assert reply == Choice(
        "Ik kan geen foto bekijken. Een medewerker kan dat wel. Typ uw vraag, of typ ‘medewerker’.",
        (built_in_messages.medewerker(),),
    )
    await chat.send("image", "Dit is kapot", Echo(), files=photo)
    (reply,) = await chat.send("voice", files=photo)
    assert reply.text.startswith("Uw spraakbericht is ontvangen.")
    assert options_of(reply)[-1] == built_in_messages.back_to_bot()


async def test_what_was_refused_already_is_not_promised(chat: Chat) -> None:
    """A file can be fetched and refused before its turn comes."""
    await chat.send("image", "Dit is kapot", Echo())
    chat.refused = True
    (reply,) = await chat.send("image", files=(RemoteFile("media-1"),))
    assert "geen foto bekijken" in reply.text


async def test_an_album_gets_one_answer(chat: Chat) -> None:
    """Its photos come one by one, within seconds; a later one gets an answer again."""
    await chat.send("sticker")
    await chat.say(DATES)
    answers = []
    for _ in range(4):
        chat.now += timedelta(seconds=1)
        answers += await chat.send("image")
    assert len(answers) == 1
    shown = await chat.database.query(outbox_queries.last_turn, (await chat.conversation()).id)
    assert options_of(shown[-1].message) == (*DATES.options, built_in_messages.medewerker())
    chat.now += timedelta(minutes=1)
    assert await chat.send("image") == answers


async def test_a_caption_is_the_message(chat: Chat) -> None:
    """What stands under a photo is understood as text."""
    echo = Echo()
    await chat.send("image", "Dit is kapot", echo)
    assert echo.heard == ["Dit is kapot"]


async def test_in_the_queue_the_words_go_to_a_person(chat: Chat) -> None:
    """The customer hears that the photo does not arrive, and how to go on."""
    await chat.send("image", "Dit is kapot", Echo())
    assert (await chat.conversation()).owner == "queued"
    (reply,) = await chat.send("image")
    assert "geen foto bekijken" in reply.text
    assert options_of(reply)[-1] == built_in_messages.back_to_bot()
