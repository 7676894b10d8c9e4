"""Customers whom a website has logged in, over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import uuid4

import httpx
import pytest

from bot.messages import Text
from bot.records.site_customer import SiteCustomer
from bot.store.conversation import conversations
from bot.store.handover import handover_moves, handovers
from bot.store.identity import site_customers
from bot.store.sql.database import Database
from tests.support import desk_people
from tests.support.desk_people import signed_in
from tests.support.site_tokens import SITE_SECRET, site_token
from tests.support.webchat import Backstage, Server, running

SHOP = "https://www.winkel.nl"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    settings = {"LOKET_ALLOWED_ORIGINS": SHOP, "LOKET_WEBCHAT_SITE_SECRET": SITE_SECRET}
    with running(tmp_path_factory.mktemp("web"), **settings) as server:
        yield server


@pytest.fixture
def database(server: Server) -> Iterator[Database]:
    database = Database(f"sqlite:///{server.folder / 'loket.db'}")
    yield database
    database.dispose()


def identify(server: Server, token: object, **more: object) -> httpx.Response:
    body = {"token": token, **more}
    return httpx.post(
        f"{server.url}/webchat/identify", json=body, headers={"Origin": SHOP}, timeout=20
    )


def say(server: Server, session: str, text: str) -> httpx.Response:
    return httpx.post(
        f"{server.url}/webchat/messages",
        json={"id": str(uuid4()), "text": text},
        headers={"Authorization": f"Bearer {session}"},
        timeout=20,
    )


def told(server: Server, session: str) -> str:
    """All that a device sees of its conversation."""
    where = f"{server.url}/webchat/events?once"
    return httpx.get(where, headers={"Authorization": f"Bearer {session}"}, timeout=20).text


def test_two_devices_are_one_customer(server: Server, database: Database) -> None:
    """One conversation, which no other customer and no stranger sees."""
    phone, desktop = (identify(server, site_token(server.url, "k-1")).json() for _ in range(2))
    other = identify(server, site_token(server.url, "k-2")).json()
    stranger = httpx.post(f"{server.url}/webchat/session", json={}, timeout=20).json()
    assert say(server, phone["token"], "waar is mijn boek").status_code == 202
    assert "waar is mijn boek" in told(server, desktop["token"])
    for each in (other, stranger):
        assert "waar is mijn boek" not in told(server, each["token"])
        assert each["conversation"] != phone["conversation"]
    assert phone["conversation"] == desktop["conversation"]


def test_what_the_website_says_is_kept_with_the_conversation(
    server: Server, database: Database
) -> None:
    """From the first message on, and nothing before; a later page brings it up to date."""
    first = site_token(server.url, "k-3", name="Anna", proved={"card_number": ["B-1"]})
    session = identify(server, first).json()["token"]
    backstage = Backstage(server.folder)
    try:
        say(server, session, "hoi van Anna")
        backstage.answer("hoi van Anna", Text("dag"))
        with database.read() as conn:
            where = "SELECT conversation_id FROM site_customers WHERE customer = 'k-3'"
            this = str(conn.exec_driver_sql(where).scalar_one())
            found = site_customers.of(conn, this)
            assert found is not None
            assert found.customer == SiteCustomer("k-3", "Anna", "", {"card_number": ("B-1",)})
            assert conversations.get(conn, this).channel == "webchat"
        fresh = site_token(server.url, "k-3", name="Anna de Boer")
        assert identify(server, fresh).status_code == 200
        with database.read() as conn:
            name = site_customers.names(conn, [this])
        # Within one second both were said at once, and the first stands.
        assert name in ({this: "Anna de Boer"}, {this: "Anna"})
    finally:
        backstage.close()


def test_an_agent_sees_who_it_is(server: Server, database: Database) -> None:
    """Name, number, address and what the website proved; the list names the customer."""
    agent = desk_people.add(server.folder, "samira")
    proved = {"card_number": ["B-77"]}
    whose = {"name": "Anna Site", "email": "anna@example.nl", "proved": proved}
    session = identify(server, site_token(server.url, "k-4", **whose)).json()["token"]
    say(server, session, "mag ik iemand spreken")
    now = datetime.now(UTC)
    with database.begin() as conn:
        where = "SELECT conversation_id FROM site_customers WHERE customer = 'k-4'"
        talk = conn.exec_driver_sql(where).scalar()
        handover = handovers.open_(conn, talk, "asked", "", {}, now, team="algemeen")
        handover_moves.take(conn, handover, agent.id, now)
        conversations.change(conn, talk, owner="human")
    with signed_in(server.url, "samira") as browser:
        page = browser.get(f"/desk/c/{talk}").text
    assert page.count("Anna Site") > 2
    assert all(each in page for each in ("k-4", "anna@example.nl", "B-77"))


def test_a_token_that_proves_nothing_is_refused(server: Server) -> None:
    """403 with a sentence that the website may read, nothing of the token in the log."""
    bad = [
        site_token(server.url, "k-1", secret="another secret, which is long enough"),
        site_token("https://other.example.nl", "k-1"),
        site_token(server.url, "k-1", exp=1),
        "rubbish-that-nobody-signed",
        None,
    ]
    for token in bad:
        answer = identify(server, token)
        assert answer.status_code == 403
        assert answer.headers["access-control-allow-origin"] == SHOP
        assert "website" in answer.json()["error"]
    assert identify(server, bad[0], more=1).status_code == 400
    assert "rubbish" not in server.log.read_text()


def test_a_customers_session_is_not_renewed_by_itself(server: Server) -> None:
    """Whoever asks with it for a new one gets a stranger's."""
    mine = identify(server, site_token(server.url, "k-1")).json()
    where = f"{server.url}/webchat/session"
    renewed = httpx.post(where, json={"token": mine["token"]}, timeout=20).json()
    assert renewed["conversation"] != mine["conversation"]
