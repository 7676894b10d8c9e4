"""What an organisation's own channel gets without a change in `bot/` or `channels/`.

`tests/contract` puts it through what every channel must do. Here is what the rest of Loket does
with what it declares: hand-over, messaging window, label, and going on there from another channel.
"""

from __future__ import annotations

import re
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.engine import Connection

from bot.cli.chat_drawing import shown
from bot.delivery.loop import DeliveryLoop
from bot.desk.conversations.service import Service
from bot.desk.errors import Unreachable
from bot.desk.pages.conversation_reader import ConversationPage, ConversationReader
from bot.messages import Choice, Inbound, Option, Text
from bot.records.outbox_message import OutboxMessage
from bot.settings import Settings
from bot.settings_loading import load_settings
from bot.store.conversation import conversations
from bot.store.delivery import outbox_queries
from bot.store.delivery.dead_letters import failed_deliveries
from bot.store.desk.agents import Agent
from bot.store.notify import notifier
from bot.store.sql.database import Database
from bot.store.worker import claims, inbox, next_claim
from bot.store.worker.next_claim import Claimant
from bot.worker.handler import Handled, Handler
from bot.worker.leases import LEASE
from bot.worker.process import load_config
from channels import registry
from tests.own_channel.adapter import ADAPTERS, ROOT
from tests.own_channel.portal import Portal, parse
from tests.own_channel.provider import FakePortal
from tests.support.at_work import at_work
from tests.support.desk import NOW, person
from tests.support.office import until

(ADAPTER,) = ADAPTERS
WINDOW = timedelta(hours=72)
MOMENT = timedelta(microseconds=1)


@dataclass
class Installation:
    """An installation with the portal, and a clock that tests set."""

    settings: Settings
    database: Database
    now: datetime = NOW
    numbers: Iterator[int] = field(default_factory=lambda: iter(range(1, 1000)))

    def __post_init__(self) -> None:
        self.channels = registry.load(self.settings.root)
        self.desk = Service.load(self.settings, self.channels)
        self.handler = Handler(self.database, self.clock, load_config(self.settings))

    def clock(self) -> datetime:
        return self.now

    async def hears(self, inbound: Inbound) -> Handled:
        """A customer writes, and the worker answers; there is no model."""

        def claimed(conn: Connection) -> next_claim.NextWork | None:
            accepted = inbox.accept(conn, inbound, NOW)
            claimant = Claimant("w1", claims.new_token(), NOW, LEASE)
            return next_claim.claim(conn, claimant, accepted.conversation_id)

        work = await self.database.run(claimed)
        assert work is not None
        (message,) = work.messages
        handled = await self.handler.handle(work.claim, message, None)
        await self.database.run(claims.release, work.claim)
        return handled

    async def writes(self, text: str) -> Handled:
        """A customer writes in the portal."""
        call = ADAPTER.text(f"m{next(self.numbers)}", text)
        ((inbound,), _) = parse.update(call.body)
        return await self.hears(inbound)

    async def types(self, text: str) -> Handled:
        """A visitor types in the chat of the website."""
        return await self.hears(Inbound("webchat", "anna", f"w{next(self.numbers)}", text))

    def conversation(self, channel: str = "portal", address: str = ADAPTER.sender) -> str:
        with self.database.read() as conn:
            found = conversations.find(conn, channel, address)
        assert found is not None
        return found.id

    def agent(self) -> Agent:
        """Somebody of every team."""
        teams = (team.id for team in self.desk.desk.organisation.teams)
        with self.database.begin() as conn:
            return person(conn, "Samira", "agent", *teams)

    def page(self, agent: Agent) -> ConversationPage:
        """The conversation as an agent sees it."""
        with self.database.read() as conn:
            return ConversationReader(self.desk.desk).talk(
                conn, self.conversation(), agent, self.now
            )

    def take(self, agent: Agent) -> None:
        with self.database.begin() as conn:
            self.desk.take(conn, self.conversation(), agent, self.now)

    def reply(self, agent: Agent, text: str) -> None:
        with self.database.begin() as conn:
            self.desk.reply(conn, self.conversation(), agent, text, self.now, text)

    @asynccontextmanager
    async def delivering(self) -> AsyncIterator[None]:
        """What is said goes out while the block lasts."""
        bell = notifier.of(self.database.url, self.settings.var_dir)
        pushed = registry.push_channels(self.channels)
        began = time.monotonic()
        delivery = DeliveryLoop(
            pushed,
            self.settings.public_url,
            self.database,
            bell,
            lambda: self.now + timedelta(seconds=time.monotonic() - began),  # it keeps a pace
        )
        try:
            async with at_work(delivery.run):
                yield
        finally:
            bell.close()


@pytest.fixture
def portal() -> Iterator[FakePortal]:
    """The organisation's portal."""
    with FakePortal() as portal:
        yield portal


@pytest.fixture
def loket(
    portal: FakePortal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Installation]:
    """Set up as its owner would: variables, and a line in credentials.yml."""
    for name, value in ADAPTER.environment(portal).items():
        monkeypatch.setenv(name, value)
    env = {"LOKET_VAR_DIR": str(tmp_path), "LOKET_PUBLIC_URL": "https://loket.example"}
    settings = load_settings(env, ADAPTER.root())
    database = Database(settings.database_url)
    database.upgrade()
    yield Installation(settings, database)
    database.dispose()


def test_it_is_a_channel_of_the_installation(loket: Installation) -> None:
    """Beside the one that ships, in the order of the file."""
    assert list(loket.channels) == ["webchat", "portal"]
    assert isinstance(loket.channels["portal"], Portal)
    assert [each.name for each in registry.profiles(loket.settings.root)] == ["webchat", "portal"]


async def test_a_customer_who_asks_for_a_person_gets_one(
    loket: Installation, portal: FakePortal
) -> None:
    """The desk calls the channel by its label, and what the person answers goes out by it."""
    assert (await loket.writes("medewerker")).owner == "queued"
    agent = loket.agent()
    page = loket.page(agent)
    assert (page.who, page.channel_name) == ("Klant in Mijn Omgeving", "Mijn Omgeving")
    assert (page.channel_tone, page.window.open) == ("blue", True)
    loket.take(agent)
    loket.reply(agent, "Goedemorgen, ik zoek het uit.")
    async with loket.delivering():
        await until(lambda: "Goedemorgen, ik zoek het uit." in [m.text for m in portal.accepted])
    assert {each.recipient for each in portal.accepted} == {ADAPTER.sender}
    assert "AI-assistent" in portal.accepted[0].text


async def test_its_window_is_the_one_it_declares(loket: Installation) -> None:
    """Told before it closes; from that moment on nothing can be sent, and it says why."""
    await loket.writes("medewerker")
    agent = loket.agent()
    loket.take(agent)
    loket.now = NOW + WINDOW - MOMENT
    assert loket.page(agent).window.words == "U kunt antwoorden tot 10:30."
    loket.reply(agent, "Op de valreep.")
    loket.now = NOW + WINDOW
    late = "De klant schreef meer dan 72 uur geleden. Mijn Omgeving laat nu geen bericht toe."
    assert loket.page(agent).window.words == late
    with pytest.raises(Unreachable, match=re.escape(late)):
        loket.reply(agent, "Te laat.")


async def test_what_waited_too_long_does_not_go_out(
    loket: Installation, portal: FakePortal
) -> None:
    """The courier asks the same function as the desk."""
    await loket.writes("medewerker")
    loket.now = NOW + WINDOW
    async with loket.delivering():
        await until(lambda: any(each.status == "dead" for each in lost(loket)))
    assert {each.error for each in lost(loket) if each.status == "dead"} >= {"window_closed"}
    assert portal.requests == 0


async def test_a_conversation_goes_on_there(loket: Installation) -> None:
    """Asked for by the channel's own words; the code brings the place in the queue along."""
    assert (await loket.types("medewerker")).owner == "queued"
    told = await loket.types("kan ik verder in mijn omgeving?")
    way = " ".join(each.message.text for each in told.messages)
    assert "https://mijn.voorbeeld.example/berichten" in way
    code = re.search(r"LOKET-\w{4}-\w{4}", way)
    assert code is not None
    joined = await loket.writes(code[0])
    assert joined.owner == "queued"
    assert any(
        "Uw gesprek van de website gaat hier verder" in m.message.text for m in joined.messages
    )
    with loket.database.read() as conn:
        left = outbox_queries.last_turn(conn, loket.conversation("webchat", "anna"))
    assert any("Dit gesprek gaat verder via Mijn Omgeving" in each.message.text for each in left)


def test_the_terminal_shows_what_its_customers_see(loket: Installation) -> None:
    """As `loket chat --channel portal` does, configured or not."""
    channel = registry.previews(loket.settings.root, {})["portal"]
    asked = Choice("Klopt dit?", (Option("Ja, klopt", "/affirm"), Option("Nee", "/deny")))
    said = [
        OutboxMessage(number, "c", 1, "bot", each, NOW, "queued")
        for number, each in enumerate((Text("Dag!"), asked), start=1)
    ]
    assert list(shown(channel, said)) == ["   Dag!\n", "   Klopt dit?\n   [ Ja, klopt ]  [ Nee ]\n"]


def test_neither_the_framework_nor_its_channels_know_it() -> None:
    """It stands outside them, and they name it nowhere."""
    for folder in ("bot", "channels"):
        for path in (ROOT / folder).rglob("*.py"):
            assert not re.search(r"own_channel|Mijn Omgeving|\bPortal\b", path.read_text()), path


def test_the_recipe_names_its_files() -> None:
    """All of them and no other: what CONTRIBUTING says is how this one was made."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    recipe = text.split("## Recipe: a channel")[1].split("\n## ")[0]
    named = re.findall(r"^\d+\. `([^`]+)`:", recipe, re.MULTILINE)
    here = Path(__file__).parent
    files = (path.relative_to(here) for path in here.rglob("*") if path.suffix in (".py", ".yml"))
    assert sorted(named) == sorted(str(path) for path in files if path.name != Path(__file__).name)


def lost(loket: Installation) -> tuple[object, ...]:
    """What did not arrive."""
    with loket.database.read() as conn:
        return tuple(failed_deliveries(conn))
