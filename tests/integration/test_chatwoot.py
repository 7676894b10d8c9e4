"""Chatwoot as the desk: a real store, and a server that speaks Chatwoot's API."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import Connection

from bot.attachments.storage import FolderStorage
from bot.desk.external.apply_news import NewsApplier
from bot.desk.external.chatwoot import Config
from bot.desk.external.chatwoot.client import Chatwoot
from bot.desk.external.external_desk import Item
from bot.desk.external.sync import LEASE, SWEEP, ExternalDeskSync
from bot.messages import (
    Attachment,
    Author,
    Choice,
    Inbound,
    Option,
    Outbound,
    RemoteFile,
    Text,
)
from bot.store.conversation import attachments, conversations
from bot.store.delivery import outbox, outbox_queries
from bot.store.desk import external_desk_links, external_desk_sync
from bot.store.desk.external_desk_links import DeskLink
from bot.store.handover import handovers
from bot.store.notify import notifier
from bot.store.sql.database import Database
from bot.store.worker import inbox
from tests.providers import chatwoot
from tests.providers.chatwoot import JOOST, ROBIN, SAMIRA, FakeChatwoot
from tests.support.desk import NOW, person, queued, service

NUMBERS = itertools.count()


class Desk:
    """A mirror that a test drives step by step, with a clock of its own."""

    def __init__(self, folder: Path, server: FakeChatwoot) -> None:
        url = f"sqlite:///{folder / 'loket.db'}"
        self.database = Database(url)
        self.database.upgrade()
        self.server = server
        self.storage = FolderStorage(folder / "attachments")
        self.now = NOW
        self.notifier = notifier.of(url, folder)
        self.mirror = self.another()
        with self.database.begin() as conn:
            self.talk = queued(conn, "anna")

    def another(self) -> ExternalDeskSync:
        config = Config(
            self.server.url, chatwoot.TOKEN, chatwoot.ACCOUNT, chatwoot.INBOX, chatwoot.SECRET
        )
        desk = Chatwoot(config, timeout=5)
        where = (self.storage, self.database, self.notifier)
        return ExternalDeskSync(desk, service(), *where, lambda: self.now)

    async def step(self, mirror: ExternalDeskSync | None = None) -> None:
        """Looks at everything, whatever pause a failure asked for."""
        which = mirror or self.mirror
        which._pauses.clear()
        which._rung.add("")
        self.now += timedelta(seconds=1)
        await which.step()

    def writes(self, text: str, *files: RemoteFile) -> None:
        """The customer says something, or sends something along."""
        with self.database.begin() as conn:
            number = f"m{next(NUMBERS)}"
            address = conversations.get(conn, self.talk).address
            channel = conversations.get(conn, self.talk).channel
            kind: Attachment | None = "image" if files else None
            inbound = Inbound(channel, address, number, text, attachment=kind, files=files)
            accepted = inbox.accept(conn, inbound, self.now)
            inbox.done(conn, accepted.inbox_id, self.now, None)

    def says(self, message: Outbound, author: Author = "system") -> None:
        with self.database.begin() as conn:
            outbox.add(conn, self.talk, None, [(author, message)], self.now)

    def heard(self) -> list[str]:
        """What the customer was told since the hand-over, by whom."""
        with self.database.read() as conn:
            return [
                f"{said.author}: {said.message.text.splitlines()[0]}"
                for said in outbox_queries.since(conn, self.talk, 0, 100)
            ]

    def owner(self) -> str:
        with self.database.read() as conn:
            return conversations.get(conn, self.talk).owner

    def link(self, conn: Connection) -> DeskLink:
        """That of the conversation's newest hand-over."""
        handover = handovers.newest(conn, self.talk)
        found = external_desk_links.find(conn, handover.id) if handover else None
        assert found is not None
        return found

    def close(self) -> None:
        self.notifier.close()
        self.database.dispose()


@pytest.fixture
def server() -> Iterator[FakeChatwoot]:
    with FakeChatwoot() as started:
        yield started


@pytest.fixture
async def desk(tmp_path: Path, server: FakeChatwoot) -> AsyncIterator[Desk]:
    made = Desk(tmp_path, server)
    yield made
    await made.mirror._desk.close()
    made.close()


async def test_a_hand_over_appears_with_its_summary(desk: Desk, server: FakeChatwoot) -> None:
    """A note for the agents first, then what was said; the customer's address stays here."""
    await desk.step()
    desk.says(Choice("Nog iets?", (Option("Ja", "/a"),)))
    desk.now += timedelta(seconds=1)
    desk.writes("hallo, bent u daar")
    await desk.step()
    said = server.said()
    assert said[0].startswith("# **Samenvatting**")
    assert said[-2:] == ["> **Bericht van Loket:** Nog iets?", "< hallo, bent u daar"]
    assert "anna" not in str(server.contacts)
    await desk.step()
    assert server.said() == said


async def test_an_agent_answers_and_settles(desk: Desk, server: FakeChatwoot) -> None:
    """The customer hears who it is, the answer, the agreement in writing, and is asked a score."""
    await desk.step()
    server.assign(SAMIRA)
    await desk.step()
    assert desk.owner() == "human"
    server.reply("Goedemiddag, ik kijk het na.")
    server.reply("klant klinkt boos", private=True)
    await desk.step()
    server.reply("afgesproken: u krijgt vrijdag uw geld terug", private=True)
    server.resolve()
    await desk.step()
    await desk.step()
    assert desk.heard()[-4:] == [
        "system: U chat nu met Samira van Pakket & Plug.",
        "human: Goedemiddag, ik kijk het na.",
        "system: Dit gesprek is afgesloten op maandag 2 november.",
        "system: Hoe heeft Samira u geholpen? 1 is slecht, 5 is goed.",
    ]
    with desk.database.read() as conn:
        closed = handovers.newest(conn, desk.talk)
        assert closed is not None
        assert (closed.outcome, closed.settled) == ("closed", "u krijgt vrijdag uw geld terug")
        link = desk.link(conn)
        assert link.state == external_desk_sync.OVER
    assert desk.owner() == "closed"
    assert sum("Goedemiddag" in line for line in server.said()) == 1


async def test_a_reply_just_before_settling_is_not_lost(desk: Desk, server: FakeChatwoot) -> None:
    """However Chatwoot's calls arrive: what was said is sent before the conversation is closed."""
    await desk.step()
    server.reply("Een.")
    server.reply("Twee.", JOOST)
    server.resolve()
    await desk.step()
    spoken = [line for line in desk.heard() if line.startswith("human")]
    assert spoken == ["human: Een.", "human: Twee."]
    assert "system: U chat nu met Joost van Pakket & Plug." in desk.heard()
    assert desk.owner() == "closed"


async def test_chatwoot_that_is_down_loses_nothing(desk: Desk, server: FakeChatwoot) -> None:
    """Everything is there afterwards, in order, once; and nobody waited for it."""
    await desk.step()
    server.down = True
    for number in range(5):
        desk.writes(f"vraag {number}")
        await desk.step()
    server.down = False
    await desk.step()
    await desk.step()
    asked = [line for line in server.said() if line.startswith("< vraag")]
    assert asked == [f"< vraag {number}" for number in range(5)]


@pytest.mark.parametrize("trouble", ["500", "429", "done"])
@pytest.mark.parametrize("path", ["/contacts", "/conversations", "/messages"])
async def test_a_call_that_fails_is_made_up_for(
    desk: Desk, server: FakeChatwoot, path: str, trouble: chatwoot.Trouble
) -> None:
    """Whether or not it was done: one contact, one conversation, each message once."""
    server.trouble(path, trouble, trouble)
    desk.writes("waar blijft het")
    for _ in range(4):
        await desk.step()
    assert len(server.contacts) == len(server.conversations) == 1
    said = server.said()
    assert len(said) == len(set(said))
    assert sum(line.startswith("# **Samenvatting**") for line in said) == 1
    assert said.count("< waar blijft het") == 1


async def test_a_pause_is_kept(desk: Desk, server: FakeChatwoot) -> None:
    """A server in trouble is left alone until it said, or for longer each time."""
    server.down = True
    await desk.step()
    calls = server.calls
    for _ in range(3):
        desk.mirror._rung.add("")
        await desk.mirror.step()
    assert server.calls == calls
    first = desk.mirror._pauses.left(0)
    for _ in range(3):
        await desk.step()
    assert desk.mirror._pauses.left(0) > first
    assert desk.mirror._pauses.left(0) <= 60


async def test_a_process_killed_between_call_and_note(desk: Desk, server: FakeChatwoot) -> None:
    """The next one takes over after a while, looks what is there, and shows nothing twice."""
    await desk.step()
    desk.writes("net voor de klap")
    with desk.database.begin() as conn:
        link = desk.link(conn)
        held = external_desk_sync.claim(conn, link.handover_id, desk.now, LEASE)
        assert held is not None
        (entry,) = external_desk_sync.unseen(conn, held.link, "chatwoot", 10)
        assert entry.inbound is not None
    killed = desk.another()
    await killed._desk.show(
        link.external_id, Item(f"i{entry.inbound.id}", "customer", "net voor de klap")
    )
    await killed._desk.close()
    await desk.step()
    assert server.said().count("< net voor de klap") == 1
    desk.now += LEASE
    await desk.step()
    with desk.database.read() as conn:
        assert external_desk_sync.unseen(conn, desk.link(conn), "chatwoot", 10) == ()
    assert server.said().count("< net voor de klap") == 1


async def test_two_workers_are_one(desk: Desk, server: FakeChatwoot) -> None:
    """Side by side they show and send everything once."""
    second = desk.another()
    await desk.step()
    desk.writes("hoi")
    server.reply("Dag.")
    await asyncio.gather(desk.step(), desk.step(second))
    await desk.step(second)
    await second._desk.close()
    assert server.said().count("< hoi") == 1
    assert desk.heard().count("human: Dag.") == 1


async def settled(desk: Desk, server: FakeChatwoot) -> None:
    """A hand-over that was answered and settled at Chatwoot, of which all is shown."""
    await desk.step()
    server.reply("Ik help u.")
    await desk.step()
    server.resolve()
    await desk.step()
    await desk.step()
    with desk.database.read() as conn:
        assert desk.link(conn).state == external_desk_sync.OVER


def refused(server: FakeChatwoot) -> list[str]:
    return [line for line in server.said() if line.startswith("# De klant kreeg dit niet")]


async def test_a_reply_after_settling_is_told_to_its_agent(
    desk: Desk, server: FakeChatwoot
) -> None:
    """Once, in a note with the reason and what to do; Chatwoot's call is enough, however late."""
    await settled(desk, server)
    server.reply("Nog iets.")
    desk.now += timedelta(days=3)
    await desk.step()
    assert refused(server) == []  # nobody called
    with desk.database.begin() as conn:
        external_desk_sync.wake(conn, desk.link(conn).handover_id)
    await desk.step()
    await desk.step()
    (note,) = refused(server)
    assert "al afgesloten" in note
    assert "nieuw gesprek" in note
    assert "human: Nog iets." not in desk.heard()
    with desk.database.read() as conn:
        assert desk.link(conn).state == external_desk_sync.OVER


async def test_a_reply_after_settling_is_found_without_a_call(
    desk: Desk, server: FakeChatwoot
) -> None:
    """For two hours, less and less often, and never again."""
    await settled(desk, server)
    server.reply("Nog iets.")
    looks, before, ended = 0, server.calls, desk.now
    for minute in range(240):
        desk.now = max(desk.now, ended + timedelta(minutes=minute))
        desk.mirror._swept = -SWEEP
        await desk.mirror.step()
        looks, before = looks + (server.calls > before), server.calls
    assert len(refused(server)) == 1
    assert 6 <= looks <= 9


async def test_a_late_look_shows_and_takes_nothing(desk: Desk, server: FakeChatwoot) -> None:
    """What the customer and the assistant say since, and the next hand-over, are not for it."""
    await desk.step()
    server.assign(SAMIRA)
    await desk.step()
    server.resolve()
    await desk.step()
    await desk.step()
    with desk.database.begin() as conn:
        first = desk.link(conn)
        talk = conversations.get(conn, desk.talk, lock=True)
        conversations.save(conn, replace(talk, owner="bot"))
    desk.now += timedelta(minutes=5)
    desk.writes("dit is voor de assistent alleen")
    with desk.database.begin() as conn:
        queued(conn, "anna")
        external_desk_sync.wake(conn, first.handover_id)
    server.conversations[int(first.external_id)]["status"] = "open"  # an agent looks at it again
    await desk.step()
    assert "< dit is voor de assistent alleen" not in server.said(int(first.external_id))
    assert server.conversations[int(first.external_id)]["status"] == "open"
    assert desk.owner() == "queued"


async def test_a_bot_at_chatwoot_is_nobody(desk: Desk, server: FakeChatwoot) -> None:
    """It is not announced as a person, has no conversation, and says nothing to the customer."""
    await desk.step()
    before = desk.heard()
    server.assign(ROBIN)
    server.reply("Ik ben er voor u.", ROBIN)
    await desk.step()
    assert desk.heard() == before
    assert desk.owner() == "queued"


async def test_a_deleted_reply_is_not_sent(desk: Desk, server: FakeChatwoot) -> None:
    """An agent who took it back in time did not say it, nor did the sentence in its place."""
    await desk.step()
    server.reply("Dat is dan 500 euro.")
    taken_back = server.reply("Sorry, verkeerde klant.")
    server.delete(taken_back["id"])
    server.delete(taken_back["id"] - 1)
    server.reply("Goedemiddag.")
    await desk.step()
    assert [line for line in desk.heard() if line.startswith("human")] == ["human: Goedemiddag."]


async def test_markdown_reaches_the_customer_as_words(desk: Desk, server: FakeChatwoot) -> None:
    """As no channel shows what Chatwoot's editor writes."""
    await desk.step()
    server.reply("Het is **vandaag** klaar\\\nna `17:00`.")
    await desk.step()
    with desk.database.read() as conn:
        said = outbox_queries.since(conn, desk.talk, 0, 100)
    assert said[-1].message.text == "Het is vandaag klaar\nna 17:00."


async def test_the_customer_goes_back_to_the_assistant(desk: Desk, server: FakeChatwoot) -> None:
    """Then nobody at Chatwoot has to do anything any more."""
    await desk.step()
    with desk.database.begin() as conn:
        talk = conversations.get(conn, desk.talk, lock=True)
        handovers.close(conn, talk.id, "resumed", desk.now)
        conversations.save(conn, replace(talk, owner="bot"))
    await desk.step()
    assert server.conversations[server.only()]["status"] == "resolved"
    before = server.calls
    desk.says(Text("Waar gaat het over?"))
    await desk.step()
    assert server.calls == before


async def test_a_colleague_at_loket_keeps_the_conversation(
    desk: Desk, server: FakeChatwoot
) -> None:
    """Who took it here has it: Chatwoot's agent is told, the customer hears one person."""
    with desk.database.begin() as conn:
        fatima = person(conn, "Fatima")
        service().take(conn, desk.talk, fatima, NOW)
    await desk.step()
    server.reply("Hallo, met Samira.")
    await desk.step()
    assert not any(line.startswith("human") for line in desk.heard())
    assert any("heeft dit gesprek al opgepakt" in line for line in server.said())


async def test_who_follows_the_notifier(desk: Desk, server: FakeChatwoot) -> None:
    """A ring is enough: the mirror runs by itself, and stops when asked."""
    stop = asyncio.Event()
    running = asyncio.create_task(desk.mirror.run(stop))
    async with asyncio.timeout(30):
        while not server.conversations or not server.messages[server.only()]:
            await asyncio.sleep(0.02)
        desk.writes("via de bel")
        desk.notifier.ring("outbox", desk.talk)
        while "< via de bel" not in server.said():
            await asyncio.sleep(0.02)
    stop.set()
    await asyncio.wait_for(running, 10)


async def test_one_that_fails_does_not_hold_up_the_others(
    desk: Desk, server: FakeChatwoot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hand-over with which something unforeseen is wrong is left alone for a while."""
    apply = NewsApplier.apply
    with desk.database.begin() as conn:
        queued(conn, "bert")
        bad, good = handovers.waiting(conn)

    def broken(self: NewsApplier, conn: Connection, number: int, *rest: Any) -> tuple[Item, ...]:
        if number == bad.id:
            raise RuntimeError("unforeseen")
        return apply(self, conn, number, *rest)

    monkeypatch.setattr(NewsApplier, "apply", broken)
    await desk.step()
    with desk.database.read() as conn:
        states = [external_desk_links.find(conn, each.id) for each in (bad, good)]
    assert [link.state for link in states if link] == [
        external_desk_sync.DOUBT,
        external_desk_sync.FREE,
    ]
    assert desk.mirror._pauses.left(bad.id) > 0
    assert desk.mirror._pauses.left(good.id) == 0


def fetched(desk: Desk, data: bytes = b"a picture") -> None:
    """The process that fetches files has this conversation's."""
    later = desk.now + timedelta(hours=1)
    with desk.database.begin() as conn:
        for file in attachments.due(conn, ["webchat"], later, timedelta(0), 9):
            desk.storage.put(file.name, data)
            attachments.stored(conn, file.id, "image/jpeg", len(data))


def files_at(server: FakeChatwoot) -> list[tuple[str, str, bytes]]:
    """What agents at Chatwoot can look at."""
    return [
        (file["file_name"], file["content_type"], file["data"])
        for message in server.messages[server.only()]
        for file in message["attachments"]
        if message["message_type"] == 0
    ]


async def test_a_photo_follows_its_message(desk: Desk, server: FakeChatwoot) -> None:
    """The words at once, the photo when it has been fetched; once, whatever becomes of the call."""
    desk.writes("", RemoteFile("a", "stekker.jpg"))
    await desk.step()
    desk.writes("ziet u het?")
    await desk.step()
    assert server.said()[-2:] == ["< [foto]", "< ziet u het?"]
    assert files_at(server) == []
    fetched(desk)
    server.trouble("/messages", "500", "done")
    for _ in range(4):
        await desk.step()
    assert files_at(server) == [("stekker.jpg", "image/jpeg", b"a picture")]
    second = desk.another()
    await desk.step(second)
    await second._desk.close()
    assert len(files_at(server)) == 1


async def test_a_file_that_will_not_come_is_told(desk: Desk, server: FakeChatwoot) -> None:
    """Why, and what the agent can do; later messages come all the same."""
    desk.writes("", RemoteFile("a"))
    await desk.step()
    with desk.database.begin() as conn:
        (file,) = attachments.due(conn, ["webchat"], desk.now, timedelta(0), 9)
        attachments.refused(conn, file.id, "gone")
    await desk.step()
    kept = "# Kon niet worden opgehaald. Vraag de klant het nog een keer te sturen."
    assert server.said()[-1] == kept
    desk.writes("", RemoteFile("b"))
    fetched(desk)
    for path in desk.storage.names(desk.now + timedelta(days=9999)):
        desk.storage.delete(path)
    await desk.step()
    assert server.said()[-1] == "# Het bestand dat hierbij hoort, is niet meer bewaard."


async def test_what_chatwoot_does_not_take_holds_nothing_up(
    desk: Desk, server: FakeChatwoot
) -> None:
    """A note stands in its place."""
    server.unwanted.add("image/jpeg")
    desk.writes("", RemoteFile("a"))
    fetched(desk)
    desk.writes("ziet u het?")
    await desk.step()
    assert files_at(server) == []
    assert "kan hier niet worden getoond" in server.said()[-1]
    await desk.step()
    assert sum("kan hier niet worden getoond" in each for each in server.said()) == 1
