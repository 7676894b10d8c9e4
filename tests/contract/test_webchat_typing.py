"""That an agent is typing, from the desk's process to the one with the customer's page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from bot.messages import Author, Text
from bot.settings_loading import load_settings
from bot.store.conversation import conversations
from bot.store.delivery import outbox
from bot.store.desk import agents
from bot.store.desk.agents import Agent
from bot.store.handover import handover_moves, handovers
from bot.store.notify import notifier, typing_signs
from bot.store.notify.notifier import Listener
from bot.store.notify.typing_signs import TypingSign
from bot.store.sql.database import Database
from channels.services import Services
from channels.webchat.hub import Hub
from channels.webchat.presence import Presence
from channels.webchat.stream import stream
from tests.support import desk_people
from tests.support.desk_people import Browser, signed_in
from tests.support.webchat import Server, running

#: What an agent types, and no customer may read.
DRAFT = "geheim-beleid-7"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("typing")


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Server]:
    """The web process with the desk's pages."""
    with running(folder, LOKET_TRUSTED_PROXIES="1") as server:
        yield server


@pytest.fixture
def store(folder: Path, server: Server) -> Iterator[Database]:
    database = Database(f"sqlite:///{server.folder / 'loket.db'}")
    yield database
    database.dispose()


@pytest.fixture(scope="module")
def samira(server: Server) -> Agent:
    return desk_people.add(server.folder, "samira", name="Samira")


@pytest.fixture
def desk(server: Server, samira: Agent) -> Iterator[Browser]:
    with signed_in(server.url, samira.login) as browser:
        yield browser


def given_to(
    store: Database, agent: Agent, talk: str | None = None, channel: str = "webchat"
) -> str:
    """A conversation, a new one if none is named, that an agent has from now on."""
    now = datetime.now(UTC)
    with store.begin() as conn:
        talk = talk or conversations.open_(conn, channel, uuid4().hex, now).id
        handover = handovers.open_(conn, talk, "asked", "", {}, now, team="algemeen")
        handover_moves.take(conn, handover, agent.id, now)
        conversations.change(conn, talk, owner="human")
    return talk


def types(browser: Browser, talk: str, **fields: str) -> httpx.Response:
    """What the page sends when its agent types."""
    values: dict[str, str | list[str]] = {**fields}
    path = f"/desk/c/{talk}/typing"
    return browser.fill_in("/desk/account", values, path, Accept="application/json")


def told(lines: Iterator[str], event: str) -> dict[str, object]:
    """The data of the next event of this name."""
    for line in lines:
        if line == f"event: {event}":
            data: dict[str, object] = json.loads(next(lines).removeprefix("data: "))
            return data
    raise AssertionError("the stream ended")


async def heard(listener: Listener) -> TypingSign | None:
    key = await listener.wait(10)
    assert key is not None, "nothing was rung"
    return TypingSign.heard(key)


def test_a_customer_at_another_process_sees_it(
    server: Server, store: Database, samira: Agent, desk: Browser
) -> None:
    """Who, and for how long; when it is over too. No word of the draft goes along."""
    with running(server.folder) as other, httpx.Client(base_url=f"{other.url}/webchat/") as http:
        token = http.post("session", json={}).json()["token"]
        http.headers["Authorization"] = f"Bearer {token}"
        http.post("messages", json={"id": str(uuid4()), "text": "hallo"})
        with store.read() as conn:
            address = conn.exec_driver_sql("SELECT address FROM conversations").scalar_one()
            found = conversations.find(conn, "webchat", address)
        assert found is not None
        talk = given_to(store, samira, found.id)
        with http.stream("GET", "events", timeout=30) as response:
            raw: list[str] = []

            def kept() -> Iterator[str]:
                for line in response.iter_lines():
                    raw.append(line)
                    yield line

            lines = kept()
            assert told(lines, "state") == {"owner": "human", "name": "Samira"}
            desk.fill_in("/desk/account", {"text": DRAFT}, f"/desk/c/{talk}/draft")
            answer = types(desk, talk, text=DRAFT)
            assert (answer.status_code, answer.json()) == (200, {"shown": True})
            assert told(lines, "typing") == {"name": "Samira", "seconds": 6}
            types(desk, talk, over="1")
            assert told(lines, "typing") == {"seconds": 0}
            assert DRAFT not in "".join(raw)


async def test_only_who_has_the_conversation_causes_it(
    server: Server, store: Database, samira: Agent, desk: Browser
) -> None:
    """No colleague, supervisor, agent of another team, customer or stranger; nothing is rung."""
    desk_people.add(server.folder, "tom")
    desk_people.add(server.folder, "els", "supervisor")
    desk_people.add(server.folder, "bas", teams=["energie_abonnementen"])
    talk, own = given_to(store, samira), given_to(store, samira)
    bell = notifier.of(f"sqlite:///{server.folder / 'loket.db'}", server.folder)
    async with bell.listen(typing_signs.TOPIC) as listener:
        for login, status in (("tom", 409), ("els", 409), ("bas", 403)):
            with signed_in(server.url, login) as other:
                assert types(other, talk).status_code == status, login
        with httpx.Client(base_url=server.url) as http:
            token = http.post("/webchat/session", json={}).json()["token"]
            for headers in ({}, {"Authorization": f"Bearer {token}"}):
                answer = http.post(f"/desk/c/{talk}/typing", headers=headers)
                assert answer.status_code in (303, 401, 403)
        # A sign that does not come is behind one that does.
        assert types(desk, own).status_code == 200
        assert await heard(listener) == TypingSign(own, typing=True)


async def test_not_without_the_conversation_nor_where_no_customer_sees_it(
    server: Server, store: Database, samira: Agent, desk: Browser
) -> None:
    """One that went back, and one of a channel that shows nothing: nothing is rung."""
    gone, text, own = given_to(store, samira), given_to(store, samira, None, "sms"), ""
    with store.begin() as conn:
        conversations.change(conn, gone, owner="queued")
    bell = notifier.of(f"sqlite:///{server.folder / 'loket.db'}", server.folder)
    async with bell.listen(typing_signs.TOPIC) as listener:
        assert types(desk, gone).status_code == 409
        assert types(desk, text).json() == {"shown": False}
        own = given_to(store, samira)
        types(desk, own, over="1")
        assert await heard(listener) == TypingSign(own, typing=False)


@pytest.mark.parametrize(
    ("author", "seen"), [("bot", True), ("human", False)], ids=["no answer", "answered"]
)
async def test_an_answer_is_newer_than_its_sign(tmp_path: Path, author: Author, seen: bool) -> None:
    """A customer who reads the answer does not read below it that it is being typed."""
    settings = load_settings({"LOKET_VAR_DIR": str(tmp_path)})
    database, hub, now = Database(settings.database_url), Hub(), datetime.now(UTC)
    database.upgrade()
    bell = notifier.of(settings.database_url, tmp_path)
    services = Services(database, bell, settings, lambda: now)
    presence = Presence(database, hub, bell, services.now)
    with database.begin() as conn:
        agent = agents.add(conn, "samira", "Samira", "agent", (), now)
        talk = conversations.open_(conn, "webchat", "klant", now).id
        conversations.change(conn, talk, disclosed=True)
        outbox.add(conn, talk, None, [(author, Text("Dag."))], now)
    given_to(database, agent, talk)
    with hub.waiter("klant", talk) as waiter:
        hub.sign(TypingSign(talk, typing=True))
        sent = stream(services, hub, waiter, presence, address="klant", cursor=None, once=True)
        told = b"".join([chunk async for chunk in sent])
    assert (b"event: typing" in told) is seen
    database.dispose()
