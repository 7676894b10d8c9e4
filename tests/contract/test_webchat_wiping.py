"""A browser wipes its conversation: the server hears so, and the token opens nothing any more."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import uuid4

import httpx
import pytest

from bot.messages import Text
from bot.store.conversation import conversations
from bot.store.handover import handovers
from bot.store.sql.database import Database
from channels.webchat.session import Sessions
from tests.contract.test_webchat import SECRET, Customer
from tests.support.webchat import Backstage, Server, running

SHOP = "https://www.winkel.nl"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("web"), LOKET_ALLOWED_ORIGINS=SHOP) as server:
        yield server


@pytest.fixture
def backstage(server: Server) -> Iterator[Backstage]:
    backstage = Backstage(server.folder)
    yield backstage
    backstage.close()


@pytest.fixture
def customer(server: Server) -> Iterator[Customer]:
    customer = Customer(server.url)
    yield customer
    customer.http.close()


def wipe(customer: Customer, ticket: str | None = None) -> int:
    """By the ticket of the session, as a browser that has thrown the token away."""
    if ticket is None:
        ticket = session(customer)["wipe"]
    where = str(customer.http.base_url.join("wipe"))
    return httpx.post(where, json={"ticket": ticket}, timeout=20).status_code


def session(customer: Customer) -> dict[str, str]:
    where = str(customer.http.base_url.join("session"))
    found: dict[str, str] = httpx.post(where, json={"token": customer.token}, timeout=20).json()
    return found


def test_the_token_opens_nothing_any_more(customer: Customer, backstage: Backstage) -> None:
    """Nothing is read, said or told by it; the browser gets another session, and an empty chat."""
    customer.send("wis mij")
    backstage.answer("wis mij", Text("Dat kan."))
    kept = session(customer)
    assert wipe(customer) == 204
    calls = [
        customer.send("nog een vraag"),
        customer.http.get("events?once"),
        customer.http.get("transcript"),
        customer.http.post("seen", json={"entry": "o1"}),
        customer.http.post("votes", json={"entry": "o1", "helpful": True}),
        customer.http.post(f"files?id={uuid4()}", content=b"\x89PNG\r\n\x1a\n"),
    ]
    assert [each.status_code for each in calls] == [401] * len(calls)
    assert "nog een vraag" not in backstage.received()
    fresh = session(customer)
    assert fresh["conversation"] != kept["conversation"]
    customer.http.headers["Authorization"] = f"Bearer {fresh['token']}"
    assert customer.replay() == []
    assert wipe(customer, kept["wipe"]) == 204
    assert customer.send("opnieuw begonnen").status_code == 202


def test_a_message_that_was_on_its_way_is_not_taken(
    customer: Customer, backstage: Backstage
) -> None:
    """Not the first of all either, of which the server knew nothing when it was wiped."""
    assert wipe(customer) == 204
    assert customer.send("te laat gekomen").status_code == 401
    assert "te laat gekomen" not in backstage.received()


def test_an_open_stream_ends(customer: Customer, backstage: Backstage) -> None:
    """As of a tab that did not hear of it; it comes back and is refused."""
    customer.send("open blijven staan")
    backstage.wait_for("open blijven staan")
    with customer.events() as events:
        assert next(name for name, *_ in events if name == "state") == "state"
        wipe(customer)
        assert list(events) == []


def test_who_waits_for_a_person_leaves_the_queue(
    server: Server, customer: Customer, backstage: Backstage
) -> None:
    """At once, whether or not a worker runs."""
    customer.send("ik wil een mens")
    backstage.wait_for("ik wil een mens")
    address = Sessions(SECRET).read_ticket(session(customer)["wipe"])
    database = Database(f"sqlite:///{server.folder / 'loket.db'}")
    now = datetime.now(UTC)
    with database.begin() as conn:
        talk = conversations.open_(conn, "webchat", address, now)
        handovers.open_(conn, talk.id, "asked", "", {}, now)
        conversations.change(conn, talk.id, owner="queued")
    wipe(customer)
    with database.read() as conn:
        assert conversations.get(conn, talk.id).owner == "closed"
        assert [each.outcome for each in handovers.history(conn, talk.id)] == ["wiped"]
    database.dispose()


@pytest.mark.parametrize("ticket", ["", 7, None, [], "x", "é", "a.b", "x" * 7000])
def test_what_is_no_ticket_wipes_nothing(customer: Customer, ticket: object) -> None:
    """A session's token is none either."""
    where = str(customer.http.base_url.join("wipe"))
    for body in ({"ticket": ticket}, {"ticket": customer.token}, {}, {"token": customer.token}):
        assert httpx.post(where, json=body, timeout=20).status_code == 400
    assert customer.send("er is niets gebeurd").status_code == 202


def test_a_ticket_opens_nothing(customer: Customer) -> None:
    """It may lie on a device that others use: it is no token."""
    ticket = session(customer)["wipe"]
    customer.http.headers["Authorization"] = f"Bearer {ticket}"
    assert customer.http.get("events?once").status_code == 401
    assert wipe(customer, ticket) == 204


def test_only_a_website_that_has_the_chat_may_wipe(customer: Customer) -> None:
    """Without leave asked beforehand, so that the page may be left at once."""
    ticket, where = session(customer)["wipe"], str(customer.http.base_url.join("wipe"))
    plain = {"Content-Type": "text/plain;charset=UTF-8"}
    body = f'{{"ticket":"{ticket}"}}'
    other = httpx.post(where, content=body, headers={**plain, "Origin": "https://boos.nl"})
    assert other.status_code == 403
    own = httpx.post(where, content=body, headers={**plain, "Origin": SHOP})
    assert (own.status_code, own.headers["Access-Control-Allow-Origin"]) == (204, SHOP)
