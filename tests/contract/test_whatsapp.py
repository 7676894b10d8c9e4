"""WhatsApp's webhook over real HTTP: what only WhatsApp has."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest
from sqlalchemy import select

from bot.store.sql import tables
from bot.store.sql.database import Database
from channels.whatsapp import WhatsApp
from tests.contract.adapters.base import Call
from tests.contract.adapters.whatsapp import (
    APP_SECRET,
    PATH,
    VERIFY_TOKEN,
    WhatsAppAdapter,
    contact,
    message,
    notification,
    post,
    value,
)
from tests.providers.graph import PHONE_NUMBER_ID, TOKEN, Graph
from tests.support.webchat import Server, running


@dataclass(slots=True)
class Line:
    """Loket's web process, and Meta."""

    server: Server
    graph: Graph

    def call(self, call: Call) -> httpx.Response:
        """A request of Meta's."""
        url = self.server.url + call.path
        return httpx.request(call.method, url, headers=call.headers, content=call.body, timeout=20)

    def received(self) -> list[tuple[str, str | None]]:
        """Text and attachment of everything kept, in order."""
        database = Database(f"sqlite:///{self.server.folder / 'loket.db'}")
        try:
            with database.read() as conn:
                columns = tables.inbox.c
                query = select(columns.text, columns.attachment).order_by(columns.id)
                return [(row.text, row.attachment) for row in conn.execute(query)]
        finally:
            database.dispose()


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    graph = Graph()
    environment = WhatsAppAdapter().environment(graph)
    with running(tmp_path_factory.mktemp("whatsapp"), **environment) as server:
        yield Line(server, graph)
    graph.close()


def test_the_challenge_is_answered_as_plain_text(line: Line) -> None:
    """To who knows the word; anybody else gets nothing."""
    query = {"hub.mode": "subscribe", "hub.challenge": "1158201444"}
    url = line.server.url + PATH
    answer = httpx.get(url, params={**query, "hub.verify_token": VERIFY_TOKEN})
    assert (answer.status_code, answer.text) == (200, "1158201444")
    assert answer.headers["content-type"].startswith("text/plain")
    for params in ({**query, "hub.verify_token": "raad"}, query, {}):
        answer = httpx.get(url, params=params)
        assert (answer.status_code, answer.content) == (403, b"")


def test_a_challenge_is_never_a_page(line: Line) -> None:
    """What is given back could be a script; a browser must not run it."""
    query = {
        "hub.mode": "subscribe",
        "hub.challenge": "<script>alert(1)</script>",
        "hub.verify_token": VERIFY_TOKEN,
    }
    answer = httpx.get(line.server.url + PATH, params=query)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "html" not in answer.headers["content-type"]


def test_messages_are_kept_and_marked_as_read(line: Line) -> None:
    """A text, and a voice message whose answer the worker gives."""
    sent = [
        message("wamid.read1", "text", {"body": "Waar is mijn pakket?"}),
        message("wamid.read2", "audio", {"id": "1", "voice": True}),
    ]
    answer = line.call(post(notification(value(contacts=[contact()], messages=sent))))
    assert (answer.status_code, answer.content) == (200, b"")
    assert line.received()[-2:] == [("Waar is mijn pakket?", None), ("", "voice")]
    deadline = time.monotonic() + 30
    while len(line.graph.read) < 2:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert line.graph.read == ["wamid.read1", "wamid.read2"]
    assert line.graph.requests == 0


def test_a_notification_of_three_megabytes_is_read(line: Line) -> None:
    """Meta's largest; one byte more is refused."""
    filler = [message(f"wamid.big{n}", "reaction", {"emoji": "x" * 9000}) for n in range(330)]
    last = message("wamid.big", "text", {"body": "helemaal achteraan"})
    body = notification(value(contacts=[contact()], messages=[*filler, last]))
    assert 2_900_000 < len(json.dumps(body)) < 3 * 1024 * 1024
    assert line.call(post(body)).status_code == 200
    assert line.received()[-1] == ("helemaal achteraan", None)
    assert line.call(post(b" " * (3 * 1024 * 1024 + 1))).status_code == 413


def test_a_flood_of_read_marks_does_not_hold_up_messages(line: Line) -> None:
    """Graph is away: messages are kept at once all the same."""
    line.graph.revoked = True
    try:
        for number in range(30):
            call = WhatsAppAdapter().text(f"wamid.flood{number}", f"bericht {number}")
            assert line.call(call).status_code == 200
    finally:
        line.graph.revoked = False
    assert line.received()[-1] == ("bericht 29", None)


async def test_the_webhook_registers_itself(line: Line) -> None:
    """Meta asks the address to prove itself before it believes it."""
    channel = WhatsApp(
        token=TOKEN,
        phone_number_id=PHONE_NUMBER_ID,
        app_secret=APP_SECRET,
        verify_token=VERIFY_TOKEN,
        graph_url=line.graph.url,
    )
    assert PATH in await channel.set_webhook(line.server.url)
    assert line.graph.webhook == line.server.url + PATH
