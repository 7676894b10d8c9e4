"""One message from inbox to outbox: what holds whatever the assistant does."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import Connection
from sqlalchemy.exc import OperationalError

from bot.catalogue import say
from bot.conversation import built_in_messages
from bot.core.interface import AssistantTurn
from bot.core.translate import Said
from bot.messages import (
    Choice,
    Effect,
    HandOver,
    Inbound,
    Notice,
    Option,
    Outbound,
    Rated,
    RatingRequest,
    Text,
)
from bot.records.conversation import Conversation
from bot.store.conversation import conversations, disclosures, ratings
from bot.store.delivery import outbox, outbox_queries
from bot.store.handover import handovers
from bot.store.sql import tables
from bot.store.sql.database import Database
from bot.store.worker import inbox, next_claim
from bot.worker.handler import Handled, Handler
from bot.worker.worker_config import WorkerConfig
from tests.support.configured_channels import PROFILES
from tests.support.forgetful import Forgetful
from tests.support.turns import LEASE, answer, claimant

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@dataclass(slots=True)
class Sessions:
    """What a turn adds to the assistant's memory: here only that sessions began."""

    sessions: int = 0

    def write(self, conn: Connection) -> None:
        """Keeps nothing."""


@dataclass(slots=True)
class Scripted(Forgetful):
    """An assistant that says what the test tells it to, or fails as told."""

    script: list[Any] = field(default_factory=list)
    disclosure: Notice | None = None
    heard: list[str] = field(default_factory=list)

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
        """The next line of the script."""
        self.heard.append(text)
        step = self.script.pop(0)
        if isinstance(step, Exception):
            raise step
        if step == "hang":
            await asyncio.sleep(60)
        return step


def says(
    *messages: Outbound,
    effects: Sequence[Effect] = (),
    intent: str | None = "greet",
    sessions: int = 0,
    failed: tuple[str, ...] = (),
) -> AssistantTurn:
    """A turn of the script."""
    return AssistantTurn(Said(messages, tuple(effects)), intent, {}, Sessions(sessions), failed)


@dataclass(slots=True)
class Desk:
    """A customer, a clock and a database."""

    database: Database
    now: datetime = NOON
    config: WorkerConfig = field(
        default_factory=lambda: WorkerConfig(turn_timeout=0.2, channels=PROFILES)
    )
    number: int = 0

    async def send(
        self, assistant: Scripted | None, text: str, payload: str | None = None
    ) -> Handled:
        """Sends one message and handles it."""
        self.number += 1
        inbound = Inbound("webchat", "someone", f"m{self.number}", text, payload)
        accepted = await self.database.run(inbox.accept, inbound, self.now)
        where = accepted.conversation_id
        return await answer(self.database, self.handler, where, assistant, self.now)

    @property
    def handler(self) -> Handler:
        """The handler under test."""
        return Handler(self.database, lambda: self.now, self.config)

    def conversation(self) -> Conversation:
        """The conversation as stored."""
        with self.database.read() as conn:
            found = conversations.find(conn, "webchat", "someone")
        assert found is not None
        return found


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """A fresh database."""
    database = Database(f"sqlite:///{tmp_path}/loket.db")
    database.upgrade()
    yield Desk(database)
    database.dispose()


def said(handled: Handled) -> list[Outbound]:
    """What the customer was told."""
    return [sent.message for sent in handled.messages]


async def test_disclosure_comes_first_and_is_recorded(desk: Desk) -> None:
    """Before the first answer it is said that this is an AI, once, and it is kept on record."""
    bot = Scripted([says(Text("Hallo."), sessions=1), says(Text("Ja."))])
    first = await desk.send(bot, "hoi")
    assert [getattr(message, "notice", None) for message in said(first)] == ["disclosure", None]
    assert said(await desk.send(bot, "ja")) == [Text("Ja.")]
    with desk.database.read() as conn:
        (kept,) = disclosures.of(conn, desk.conversation().id)
    assert (kept.channel, kept.text, kept.at) == (
        "webchat",
        built_in_messages.disclosure().text,
        NOON,
    )
    assert kept.version


async def test_the_designers_disclosure_is_used(desk: Desk) -> None:
    """The words of the domain come before Loket's own, and are not said twice in a turn."""
    notice = Notice("Ik ben een AI.", "disclosure", "3")
    bot = Scripted([says(Text("Hallo."), notice, sessions=1)])
    assert said(await desk.send(bot, "hoi")) == [notice, Text("Hallo.")]
    bot = Scripted([says(Text("Hallo."), sessions=1)], disclosure=notice)
    assert said(await desk.send(bot, "hoi"))[0] == notice


async def test_disclosure_again_in_a_long_conversation(desk: Desk) -> None:
    """Every so many turns it is said again."""
    desk.config = replace(desk.config, disclosure_every=3)
    bot = Scripted([says(Text(f"{n}")) for n in range(8)])
    told = []
    for number in range(8):
        handled = await desk.send(bot, f"vraag {number}")
        told.append(any(getattr(m, "notice", "") == "disclosure" for m in said(handled)))
    assert told == [True, False, False, False, True, False, False, False]


@pytest.mark.parametrize(
    "broken",
    [None, RuntimeError("boom"), "hang", says(), says(Text("Half"), failed=("action_x",))],
    ids=["no model", "exception", "time-out", "no reply", "failed action"],
)
@pytest.mark.parametrize("text", ["medewerker", "waar is mijn pakket"])
async def test_whatever_fails_a_person_comes(desk: Desk, broken: Any, text: str) -> None:
    """Without an answer the customer gets a person, is told so, and the queue knows why."""
    handled = await desk.send(None if broken is None else Scripted([broken]), text)
    assert handled.owner == "queued"
    kinds = [getattr(message, "notice", None) for message in said(handled)]
    assert kinds[0] == "disclosure"
    assert kinds[-2:] == ["to_human", None]
    with desk.database.read() as conn:
        (waiting,) = handovers.waiting(conn)
    assert waiting.reason == ("asked" if text == "medewerker" else "system_failure")
    assert waiting.summary["last"][-1]["author"] == "bot"


async def test_content_cannot_take_the_escape_word_away(desk: Desk) -> None:
    """An assistant that overlooks the escape word is overruled."""
    bot = Scripted([says(Text("Dat begrijp ik niet."), intent=None)])
    handled = await desk.send(bot, "mag ik een medewerker")
    assert (handled.owner, said(handled)[-2]) == ("queued", built_in_messages.to_human())


async def test_a_silent_hand_over_is_announced(desk: Desk) -> None:
    """An assistant that hands over without saying so does not leave the customer guessing."""
    bot = Scripted([says(effects=[HandOver("complaint", "complaint")], intent="complaint")])
    handled = await desk.send(bot, "ik heb een klacht over de bezorger")
    assert said(handled)[-2] == built_in_messages.to_human()
    with desk.database.read() as conn:
        (waiting,) = handovers.waiting(conn)
    assert (waiting.reason, waiting.topic) == ("complaint", "complaint")
    assert waiting.summary["question"] == "ik heb een klacht over de bezorger"


async def test_a_choice_nobody_offers(desk: Desk) -> None:
    """A payload that is not on the table does nothing; what is on the table is shown again."""
    ask = Choice("Klopt dit?", (Option("Ja", "/affirm"),))
    bot = Scripted([says(ask)])
    await desk.send(bot, "hoi")
    handled = await desk.send(bot, "x", '/rate{"score": 5}')
    assert said(handled) == [Choice(say("chat.stale"), ask.options)]
    bot.script = [says(Text("Gedaan."))]
    await desk.send(bot, "Ja", "/affirm")
    assert bot.heard == ["hoi", "/affirm"]


@pytest.mark.parametrize("text", ["", "   ", "\x00\x07", "\u200b\u200b"])
async def test_nothing_visible(desk: Desk, text: str) -> None:
    """A message without anything to see gets a clear reply."""
    handled = await desk.send(Scripted(), text)
    assert said(handled)[-1] == built_in_messages.nothing_visible()


async def test_a_message_that_kills_workers(desk: Desk) -> None:
    """A message that was begun three times and never finished goes to a person."""
    inbound = Inbound("webchat", "someone", "poison", "vraag")
    where = (await desk.database.run(inbox.accept, inbound, NOON)).conversation_id
    for _ in range(3):
        assert await desk.database.run(next_claim.claim, claimant(desk.now), where)
        desk.now += LEASE
    handled = await answer(desk.database, desk.handler, where, Scripted(), desk.now)
    assert handled.owner == "queued"
    bot = Scripted([says(Text("Hallo."))])
    with desk.database.begin() as conn:
        handovers.close(conn, where, "resumed", desk.now)
        conversations.save(conn, replace(desk.conversation(), owner="bot"))
    assert said(await desk.send(bot, "en nu?"))[-1] == Text("Hallo.")


async def test_a_database_that_is_away_is_no_failure_of_a_turn(desk: Desk) -> None:
    """The assistant's memory cannot be read: the turn is tried again, nobody gets a person."""
    away = OperationalError("SELECT", {}, sqlite3.OperationalError("gone"))
    with pytest.raises(OperationalError):
        await desk.send(Scripted([away]), "hoi")
    where = desk.conversation().id
    bot = Scripted([says(Text("Hallo."))])
    handled = await answer(desk.database, desk.handler, where, bot, desk.now)
    assert (handled.owner, said(handled)[-1]) == ("bot", Text("Hallo."))


async def test_a_timer_waits_for_the_database_and_no_longer(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A timer that meets a database that is away is tried at the next round, not minutes later."""
    await desk.send(Scripted([says(Text("Hallo."))]), "hoi")
    desk.now += timedelta(minutes=11)

    def fail(*_: object) -> None:
        raise OperationalError("INSERT", {}, sqlite3.OperationalError("gone"))

    with monkeypatch.context() as patch:
        patch.setattr(outbox, "add", fail)
        with pytest.raises(OperationalError):
            await desk.handler.fire_timers()
    assert await desk.handler.fire_timers() == (desk.conversation().id,)


async def test_rating_is_asked_once(desk: Desk) -> None:
    """Quiet asks for a rating; the goodbye after it does not ask again; a new session may."""
    ask = RatingRequest("Cijfer?")
    bot = Scripted([says(Text("Hallo."), sessions=1), says(Text("Dag."), ask, intent="goodbye")])
    await desk.send(bot, "hoi")
    assert await desk.handler.fire_timers() == ()
    desk.now += timedelta(minutes=11)
    assert await desk.handler.fire_timers() == (desk.conversation().id,)
    assert await desk.handler.fire_timers() == ()
    assert said(await desk.send(bot, "doei")) == [Text("Dag.")]
    bot.script = [says(Text("Dag."), ask, sessions=1, intent="goodbye")]
    assert ask in said(await desk.send(bot, "doei"))


async def test_no_rating_while_waiting_for_a_person(desk: Desk) -> None:
    """Who waits for a person is not asked how it went."""
    await desk.send(Scripted([says(Text("Hallo."))]), "hoi")
    await desk.send(None, "medewerker")
    desk.now += timedelta(hours=1)
    await desk.handler.fire_timers()
    assert not desk.conversation().rating_asked


async def test_a_digit_after_the_request_is_a_score(desk: Desk) -> None:
    """The tap reaches the assistant as a payload, and the score is stored with who was rated."""
    bot = Scripted([says(Text("Hallo."))])
    await desk.send(bot, "hoi")
    desk.now += timedelta(minutes=11)
    await desk.handler.fire_timers()
    bot.script = [says(Text("Dank u."), effects=[Rated(4)], intent="rate")]
    await desk.send(bot, "4")
    assert bot.heard[-1] == '/rate{"score": 4, "of": "bot"}'
    conversation = desk.conversation()
    with desk.database.read() as conn:
        given = ratings.given(conn, conversation.id, conversation.session, "bot")
    assert given is not None
    assert given.score == 4


async def test_a_digit_sent_before_the_request_is_no_score(desk: Desk) -> None:
    """What was sent before the rating was asked does not answer it, however late it is handled."""
    bot = Scripted([says(Text("Welk huisnummer?"))])
    await desk.send(bot, "adres wijzigen")
    inbound = Inbound("webchat", "someone", "late", "5")
    accepted = await desk.database.run(inbox.accept, inbound, desk.now)
    desk.now += timedelta(minutes=11)
    assert await desk.handler.fire_timers() == ()  # the customer waits for an answer
    conversation_id = accepted.conversation_id
    ask = [("bot", built_in_messages.quiet())]
    await desk.database.run(outbox.add, conversation_id, None, ask, desk.now)
    bot.script = [says(Text("Goed."))]
    await answer(desk.database, desk.handler, conversation_id, bot, desk.now)
    assert bot.heard[-1] == "5"


async def test_a_row_of_a_newer_version_silences_nobody(desk: Desk) -> None:
    """A message kind this version does not know is read as its text, and the talk goes on."""
    await desk.send(Scripted([says(Text("Hallo."))]), "hoi")
    with desk.database.begin() as conn:
        content = {"kind": "carousel", "text": "Kies", "cards": []}
        conn.execute(tables.outbox.update().values(kind="carousel", content=content))
    handled = await desk.send(Scripted([says(Text("Ja."))]), "nog iets")
    assert said(handled) == [Text("Ja.")]


async def test_disclosure_again_after_a_long_silence(desk: Desk) -> None:
    """Also where the assistant begins no session, as when it is broken."""
    await desk.send(Scripted([says(Text("Hallo."))]), "hoi")
    desk.now += timedelta(hours=5)
    handled = await desk.send(Scripted(), "x", "/old_button")
    assert getattr(said(handled)[0], "notice", None) == "disclosure"


async def test_a_person_answers_while_the_bot_thinks(desk: Desk) -> None:
    """When a person took the conversation over during the turn, the bot's words are dropped."""

    class Slow(Scripted):
        async def turn(self, conversation_id: str, *_: Any, **__: Any) -> AssistantTurn:
            def take(conn: Connection) -> None:
                before = conversations.get(conn, conversation_id, lock=True)
                conversations.save(conn, replace(before, owner="human"))

            await desk.database.run(take)
            return says(Text("Te laat."))

    handled = await desk.send(Slow(), "hoi")
    assert (handled.owner, handled.messages) == ("human", ())


async def test_a_turn_is_all_or_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the last write fails nothing of the turn is left, and the next try answers once."""

    def fail(*_: Any) -> None:
        raise RuntimeError("the disk is full")

    bot = Scripted([says(Text("Hallo.")), says(Text("Hallo."))])
    with monkeypatch.context() as patch:
        patch.setattr(inbox, "done", fail)
        with pytest.raises(RuntimeError):
            await desk.send(bot, "hoi")
    conversation = desk.conversation()
    with desk.database.read() as conn:
        assert outbox_queries.since(conn, conversation.id, 0, 10) == ()
    handled = await answer(desk.database, desk.handler, conversation.id, bot, desk.now)
    assert said(handled)[-1] == Text("Hallo.")
