"""Who leaves the desk with open conversations says what becomes of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from bot.store.conversation import conversations
from bot.store.desk import agents
from bot.store.handover import callbacks, handover_moves, handovers, notes
from bot.store.handover.callbacks import CallbackRequest
from bot.store.sql.database import Database
from tests.support import desk_people
from tests.support.desk_people import signed_in
from tests.support.webchat import Server, running


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("desk"), LOKET_TRUSTED_PROXIES="1") as server:
        yield server


@pytest.fixture
def store(server: Server) -> Iterator[Database]:
    database = Database(f"sqlite:///{server.folder / 'loket.db'}")
    yield database
    database.dispose()


def had_by(store: Database, agent: agents.Agent) -> str:
    """A conversation that an agent has."""
    now = datetime.now(UTC)
    with store.begin() as conn:
        talk = conversations.open_(conn, "webchat", f"klant van {agent.login}", now).id
        handover = handovers.open_(conn, talk, "asked", "", {}, now, team="algemeen")
        handover_moves.take(conn, handover, agent.id, now)
        conversations.change(conn, talk, owner="human")
    return talk


def owner(store: Database, talk: str) -> str:
    with store.read() as conn:
        return conversations.get(conn, talk).owner


@pytest.mark.parametrize("action", ["logout", "presence"])
@pytest.mark.parametrize(("choice", "after"), [("release", "queued"), ("keep", "human")])
def test_leaving_with_open_conversations_asks(
    server: Server, store: Database, action: str, choice: str, after: str
) -> None:
    """Until it was answered nothing happens; without any it is done at once."""
    login = f"agent-{action}-{choice}"
    agent = desk_people.add(server.folder, login)
    talk, away = had_by(store, agent), {"presence": "away"}
    with signed_in(server.url, login) as browser:
        asked = browser.fill_in("/desk", away, f"/desk/{action}")
        assert asked.status_code == 200
        assert "U hebt nog 1 open gesprek" in asked.text
        assert owner(store, talk) == "human"
        with store.read() as conn:
            assert agents.get(conn, agent.id).presence == "available"
        done = browser.fill_in("/desk", {**away, "open": choice}, f"/desk/{action}")
        assert done.status_code == 303
        assert (browser.get("/desk").status_code == 200) is (action == "presence")
    assert owner(store, talk) == after
    with store.read() as conn:
        expected = "available" if action == "logout" else "away"
        assert agents.get(conn, agent.id).presence == expected


def test_a_supervisor_takes_the_cases_along(server: Server, store: Database) -> None:
    """As a table with times and colleagues, without what the customer wrote or is called."""
    agent = desk_people.add(server.folder, "piet", name="=Piet")
    desk_people.add(server.folder, "sanne", "supervisor")
    talk, now = had_by(store, agent), datetime.now(UTC)
    with store.begin() as conn:
        request = CallbackRequest(talk, "algemeen", "", "Anna", "0612", "nu", "geheim")
        callbacks.add(conn, request, now)
        notes.add(conn, talk, agent.id, "geheim", now)
        handovers.close(
            conn, talk, "closed", now, agent_id=agent.id, settled="geheim", resolution="no_answer"
        )
        conversations.change(conn, talk, owner="closed")
    with signed_in(server.url, "sanne") as sanne:
        table = sanne.get("/desk/overzicht/periode.csv")
        page = sanne.get("/desk/overzicht/periode?wat=handling")
        assert sanne.get("/desk/overzicht/periode?van=gisteren").status_code == 422
    assert table.headers["content-type"].startswith("text/csv")
    assert f"{talk};webchat;" in table.text
    assert ";'=Piet;" in table.text
    assert table.text.rstrip().endswith(";Klant antwoordt niet meer")
    assert not [word for word in ("geheim", "Anna", "0612", "klant van") if word in table.text]
    assert f'href="/desk/c/{talk}"' in page.text
    assert "Hielp dit: ja;Hielp dit: nee" in table.text
    assert "wat=votes#cases" in page.text
    with signed_in(server.url, "piet") as piet:
        for path in ("periode", "periode.csv"):
            assert piet.get(f"/desk/overzicht/{path}").status_code == 403


def test_the_header_follows_the_subject(server: Server, store: Database) -> None:
    """What a live update brings is put in place of what the open page has at its head."""
    agent = desk_people.add(server.folder, "wim")
    talk = had_by(store, agent)
    region = re.compile(r'<(?:h1|p) id="(talk-title|talk-facts)"[^>]* data-region>(.*?)</(?:h1|p)>')
    with signed_in(server.url, "wim") as wim:
        before = dict(region.findall(wim.get(f"/desk/c/{talk}").text))
        with store.begin() as conn:
            open_ = handovers.find_open(conn, talk)
            assert open_
            handovers.set_topic(conn, open_.id, "return_item", "algemeen", urgent=False)
        after = dict(region.findall(wim.get(f"/desk/c/{talk}/live").text))
    assert before.keys() == after.keys() == {"talk-title", "talk-facts"}
    assert "Retour aanmelden" in after["talk-facts"]
    assert "Retour aanmelden" not in before["talk-facts"]


def test_a_status_is_kept_and_shown(server: Server, store: Database) -> None:
    """On every page; words that are none change nothing."""
    desk_people.add(server.folder, "tom")
    with signed_in(server.url, "tom") as tom:
        assert tom.fill_in("/desk", {"presence": "pause"}, "/desk/presence").status_code == 303
        page = tom.get("/desk/account").text
        assert 'value="pause" aria-pressed="true"' in page
        assert tom.fill_in("/desk", {"presence": "lunch"}, "/desk/presence").status_code == 422
        assert 'value="pause" aria-pressed="true"' in tom.get("/desk").text
