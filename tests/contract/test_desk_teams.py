"""What belongs to one team stays with it: over every route that names a conversation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.attachments.storage import FolderStorage
from bot.desk.conversations.work_lists import MOST
from bot.desk.login import auth
from bot.messages import Inbound
from bot.settings_loading import load_settings
from bot.store.conversation import attachments, conversations
from bot.store.desk import agents
from bot.store.handover import callbacks, handovers
from bot.store.handover.callbacks import CallbackRequest
from bot.store.sql import tables
from bot.store.sql.database import Database
from bot.store.worker import inbox
from bot.web.app import create_app
from tests.support import desk_people
from tests.support.desk_people import Browser, signed_in
from tests.support.webchat import Server, running

SECRET = "zeldzaamwoord"
FILE = "f" * 48


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("desk")
    with running(folder, LOKET_TRUSTED_PROXIES="1") as server:
        desk_people.add(folder, "sanne", "supervisor")
        desk_people.add(folder, "samira", teams=["energie_abonnementen"])
        yield server


@pytest.fixture(scope="module")
def store(server: Server) -> Iterator[Database]:
    database = Database(f"sqlite:///{server.folder / 'loket.db'}")
    yield database
    database.dispose()


@pytest.fixture(scope="module")
def talk(server: Server, store: Database) -> str:
    """A conversation that waits for the team "bezorging", with a request to be called back."""
    now = datetime.now(UTC)
    with store.begin() as conn:
        came = inbox.accept(conn, Inbound("webchat", "a" * 32, "1", f"Waar is {SECRET}?"), now)
        talk = conversations.get(conn, came.conversation_id, lock=True)
        conversations.save(conn, replace(talk, owner="queued"))
        handovers.open_(conn, talk.id, "asked", "track_order", {}, now, team="bezorging")
        agent = agents.by_login(conn, "sanne")
        assert agent
        file = (FILE, "", "application/pdf", len(SECRET))
        attachments.draft(conn, talk.id, "webchat", agent.agent.id, *file, now)
        FolderStorage(server.folder / "attachments").put(FILE, SECRET.encode())
        callbacks.add(
            conn,
            CallbackRequest(
                conversation_id=talk.id,
                team="bezorging",
                topic="track_order",
                name=SECRET,
                contact="+31612345678",
                moment="morgen",
                question=SECRET,
            ),
            now,
        )
    return talk.id


@pytest.fixture(scope="module")
def samira(server: Server) -> Iterator[Browser]:
    with signed_in(server.url, "samira") as browser:
        yield browser


def routes(folder: Path, talk: str) -> list[tuple[str, str]]:
    """Method and path of every route under /desk that is not the log-in's, about `talk`."""
    app = create_app(load_settings({"LOKET_VAR_DIR": str(folder), "LOKET_SECRET": "x" * 40}))
    found = []
    for route in app.router.routes:
        path = f"/{route.path}"
        if path == "/desk/logout":
            continue  # ends the session that the others need
        if auth.under_desk(path) and ".desk." in route.name:
            path = re.sub(r"<[^>]*\{32\}>", talk, path)
            path = re.sub(r"<[^>]*\{1,18\}>", "1", path)
            path = re.sub(r"<[^>]*\{48\}>", FILE, path)
            path = re.sub(r"<[^>]*>", "webchat", path)
            found += [(method, path) for method in route.methods]
    assert any(talk in path for _, path in found)
    return found


def rows(store: Database) -> dict[str, int]:
    """How many rows there are of everything an act could leave behind."""
    names = ("outbox", "notes", "acts", "callbacks")
    with store.read() as conn:
        return {
            name: conn.execute(
                select(func.count()).select_from(tables.metadata.tables[name])
            ).scalar()
            for name in names
        }


def test_another_teams_conversation_cannot_be_read_or_touched(
    samira: Browser, store: Database, talk: str, tmp_path: Path
) -> None:
    """No page, part of a page or event shows it, and no act works on it; nothing changes."""
    token, before = samira.form("/desk/account"), rows(store)
    fields = {"text": "Hallo", "client_id": "x" * 32, "team": "algemeen", "settled": "Klaar"}
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    fields |= {"result": "reached", "due": tomorrow.isoformat()}
    for method, path in routes(tmp_path, talk):
        headers = {"X-CSRF-Token": token}
        data = fields if method == "POST" else None
        asked = f"{path}?c={talk}" if path == "/desk/events" else path
        named = talk in asked or "/callbacks/" in asked
        answer = samira.request(method, asked, headers=headers, data=data)
        assert SECRET not in answer.text, path
        if named:
            assert answer.status_code in (403, 404), (method, path)
    assert rows(store) == before
    with store.read() as conn:
        assert conversations.get(conn, talk).owner == "queued"
        handover = handovers.find_open(conn, talk)
        assert handover
        assert (handover.agent_id, handover.team) == (None, "bezorging")


def test_the_answer_does_not_tell_what_exists(samira: Browser, talk: str) -> None:
    """Another team's conversation and one that never was give the same page."""
    real, none = samira.get(f"/desk/c/{talk}"), samira.get(f"/desk/c/{'b' * 32}")
    assert (real.status_code, real.text) == (none.status_code, none.text)


def test_a_supervisor_sees_every_team(server: Server, talk: str) -> None:
    """The same conversation, read by who may."""
    with signed_in(server.url, "sanne") as sanne:
        assert SECRET in sanne.get(f"/desk/c/{talk}").text


def test_what_only_the_assistant_answered_is_for_supervisors(
    server: Server, store: Database, samira: Browser
) -> None:
    """Who looks for it to join it finds it, or reads who can."""
    now = datetime.now(UTC)
    with store.begin() as conn:
        inbox.accept(conn, Inbound("webchat", "c" * 32, "c1", "bestelling ZZ-991"), now)
        asked = inbox.accept(conn, Inbound("webchat", "d" * 32, "d1", "hoi"), now)
        own = conversations.get(conn, asked.conversation_id)
        handovers.open_(conn, own.id, "asked", "", {}, now, team="energie_abonnementen")
    told = "Een supervisor kan ze vinden."
    for path in ("/desk/zoeken?q=ZZ-991", f"/desk/c/{own.id}/samenvoegen?q=ZZ-991"):
        page = samira.get(path).text
        assert ("bestelling" in page, told in page) == (False, True)
        with signed_in(server.url, "sanne") as sanne:
            page = sanne.get(path).text
        assert ("bestelling" in page, told in page) == (True, False)


def test_another_team_from_now_on(server: Server, store: Database, talk: str) -> None:
    """A change of somebody's teams holds from their next request, in both directions."""
    agent = desk_people.add(server.folder, "bram", teams=["bezorging"])
    with signed_in(server.url, "bram") as bram, signed_in(server.url, "sanne") as sanne:
        assert SECRET in bram.get(f"/desk/c/{talk}").text
        change = {"name": "Bram", "role": "agent", "which": "some", "team": ["algemeen"]}
        answer = sanne.fill_in(f"/desk/users/{agent.id}", change)
        assert (answer.status_code, "Bewaard" in answer.text) == (200, True)
        assert bram.get(f"/desk/c/{talk}").status_code == 403


def test_a_long_list_is_cut(server: Server, store: Database) -> None:
    """Thousands in the queue do not make each page of each agent fetch thousands of lines."""
    now = datetime.now(UTC)
    with store.begin() as conn:
        for number in range(MOST + 5):
            found = conversations.open_(conn, "webchat", f"k{number}", now)
            conversations.change(conn, found.id, owner="queued")
            handovers.open_(conn, found.id, "asked", "", {}, now, team="algemeen")
        total = len(handovers.waiting(conn)) - 1  # one stands among the requests
    with signed_in(server.url, "sanne") as sanne:
        page = sanne.get("/desk/lists").text
    waiting = page[page.index("waiting-title") : page.index("callbacks-title")]
    assert waiting.count("data-key=") == MOST < total
    assert f">{total}<" in waiting
    assert f"de eerste {MOST}" in waiting
    assert "de eerste" not in page.replace(waiting, "")
