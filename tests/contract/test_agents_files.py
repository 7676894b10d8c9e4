"""What an agent sends along reaches the customer by the customer's channel's own means."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.attachments.storage import FolderStorage
from bot.delivery.loop import DeliveryLoop
from bot.store.conversation import conversations
from bot.store.delivery import outbox_queries
from bot.store.handover import handovers
from bot.store.notify import notifier
from channels import registry
from tests.contract.adapters.base import Adapter
from tests.contract.adapters.sms import PUBLIC
from tests.contract.test_channels import ADAPTERS, call, settings_of
from tests.support import desk_people, pictures
from tests.support.at_work import at_work
from tests.support.desk_people import Browser, signed_in
from tests.support.mailbox import Mailbox
from tests.support.webchat import Server, running


class Line:
    """A customer, an agent who has the conversation, and the delivery process."""

    def __init__(self, adapter: Adapter, provider: Any, server: Server, desk: Browser) -> None:
        self.adapter = adapter
        self.provider = provider
        self.desk = desk
        self.url = server.url
        self.folder = server.folder
        self.mailbox = Mailbox(server.folder)
        with httpx.Client(base_url=server.url, timeout=20) as web:
            assert call(web, adapter.text("1", "Mag ik de factuur?")) == 200
        self.talk = self.mailbox.conversation().id
        now = datetime.now(UTC)
        with self.mailbox.database.begin() as conn:
            handovers.open_(conn, self.talk, "asked", "", {}, now, team="klantenservice")
            talk = conversations.get(conn, self.talk, lock=True)
            conversations.save(conn, replace(talk, owner="queued"))
        self.posts("take")

    def posts(self, act: str, **fields: str) -> httpx.Response:
        """An act of the agent's."""
        path = f"/desk/c/{self.talk}/{act}"
        return self.desk.fill_in("/desk/account", fields, path, accept="application/json")

    def uploads(self, data: bytes, name: str = "Factuur%20mei.pdf") -> httpx.Response:
        """A file that the agent chooses."""
        headers = {
            "Origin": self.desk.own,
            "Accept": "application/json",
            "Content-Type": "application/octet-stream",
            "X-CSRF-Token": self.desk.form("/desk/account"),
            "X-Filename": name,
        }
        return self.desk.post(f"/desk/c/{self.talk}/upload", content=data, headers=headers)

    @asynccontextmanager
    async def delivering(self) -> AsyncIterator[None]:
        """The loop runs while the block does."""
        bell = notifier.of(self.mailbox.database.url, self.folder)
        env = self.adapter.environment(self.provider)
        channels = registry.push_channels(registry.load(self.adapter.root(), env))
        where = (channels, PUBLIC, self.mailbox.database, bell, lambda: datetime.now(UTC))
        loop = DeliveryLoop(*where, FolderStorage(self.folder / "attachments"))
        try:
            async with at_work(loop.run):
                yield
        finally:
            bell.close()

    async def until_sent(self, count: int) -> None:
        """Waits until the provider took so many messages."""
        deadline = time.monotonic() + 30
        while len(self.provider.accepted) < count:
            assert time.monotonic() < deadline
            await asyncio.sleep(0.02)

    def files(self) -> list[tuple[str, bytes]]:
        """The files that the customer has, as name and bytes, however they came."""
        if self.adapter.channel == "whatsapp":
            found = [body[body["type"]] for body in self.provider.bodies if body["type"] != "text"]
            sent = [self.provider.uploads[each["id"]] for each in found if "id" in each]
            return [(name, data) for _, name, data in sent]
        if self.adapter.channel == "telegram":
            return [(name, data) for _, name, data in self.provider.uploads]
        words = " ".join(each.text for each in self.provider.accepted).split()
        links = [word for word in words if word.startswith(f"{PUBLIC}/bestand/")]
        got = [httpx.get(link.replace(PUBLIC, self.url)) for link in links]
        return [(_name(answer), answer.content) for answer in got]


def _name(answer: httpx.Response) -> str:
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"].endswith("sandbox")
    return answer.headers["content-disposition"].partition("''")[2].replace("%20", " ")


@pytest.fixture(scope="module", params=ADAPTERS, ids=lambda adapter: adapter.id)
def line(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Line]:
    adapter: Adapter = request.param
    provider: Any = adapter.provider()
    folder: Path = tmp_path_factory.mktemp(f"sends-{adapter.id}")
    own = settings_of(adapter, provider)
    with (
        running(folder, **own) as server,
        # Agents come by another address here; links to customers are with the public one.
        running(
            folder, before=WITH_LINKS, **own | {"LOKET_PUBLIC_URL": ""}, LOKET_TRUSTED_PROXIES="1"
        ) as inside,
    ):
        desk_people.add(folder, "sanne", "supervisor")
        with signed_in(inside.url, "sanne") as desk:
            yield Line(adapter, provider, server, desk)
    provider.close()


#: The desk's own address is this machine's; what it tells customers is the public one.
WITH_LINKS = f"""
from bot.desk.conversations import desk_context
load = desk_context.DeskContext.load.__func__
def loaded(cls, settings, channels):
    from dataclasses import replace
    return load(cls, replace(settings, public_url="{PUBLIC}"), channels)
desk_context.DeskContext.load = classmethod(loaded)
"""


async def test_a_pdf_and_a_picture_arrive(line: Line) -> None:
    """With the words beside them, in order; the picture without what was hidden in it."""
    pdf = line.uploads(pictures.PDF).json()
    assert pdf["label"] == "Factuur mei.pdf"
    photo = line.uploads(pictures.photo(), "foto.exe").json()
    assert photo["label"] == "foto.jpg"
    sent = {"text": "Hier is uw factuur.", "client_id": "a" * 32, "file": pdf["name"]}
    assert [line.posts("reply", **sent).status_code for _ in range(2)] == [200, 200]
    line.posts("reply", text="", client_id="b" * 32, file=photo["name"])
    before = len(line.provider.accepted)
    async with line.delivering():
        await line.until_sent(before + 3)  # and that a person has the conversation
    (first, factuur), (second, foto) = line.files()
    assert (first, factuur) == ("Factuur mei.pdf", pictures.PDF)
    assert second == "foto.jpg"
    assert pictures.size(foto) == (640, 480)
    assert pictures.MAKER.encode() not in foto
    assert any("Hier is uw factuur." in each.text for each in line.provider.accepted)


async def test_more_words_than_a_caption_holds(line: Line) -> None:
    """Go before the file, all of them."""
    words = "Let goed op het volgende. " * 60
    name = line.uploads(pictures.PDF).json()["name"]
    before, had = len(line.provider.accepted), len(line.files())
    line.posts("reply", text=words, client_id="c" * 32, file=name)
    async with line.delivering():
        await line.until_sent(before + 1)
        deadline = time.monotonic() + 20
        while len(line.files()) == had:
            assert time.monotonic() < deadline
            await asyncio.sleep(0.05)
    told = " ".join(each.text for each in line.provider.accepted[before:])
    assert told.count("Let goed op het volgende.") == 60


def test_only_what_can_be_shown_is_taken(line: Line) -> None:
    """And only what this agent chose for this conversation is sent."""
    for data, status, told in (
        (b"MZ\x90", 415, "Kies een foto"),
        (pictures.VOICE, 415, "Kies een foto"),
        (pictures.photo()[:300], 415, "beschadigd"),
        (pictures.PDF + b"\0" * 10 * 1024 * 1024, 413, "te groot"),
    ):
        answer = line.uploads(data)
        assert (answer.status_code, told in answer.json()["error"]) == (status, True)
    with line.mailbox.database.read() as conn:
        count = len(outbox_queries.since(conn, line.talk, 0, 500))
    for file in ("f" * 48, "x"):
        answer = line.posts("reply", text="Hallo", client_id="d" * 32, file=file)
        assert "Kies het opnieuw" in answer.json()["error"]
    with line.mailbox.database.read() as conn:
        assert len(outbox_queries.since(conn, line.talk, 0, 500)) == count


def test_what_was_not_sent_has_no_address(line: Line) -> None:
    """A customer's own file and one that an agent only chose are at nobody's address."""
    name = line.uploads(pictures.PDF).json()["name"]
    assert httpx.get(f"{line.url}/bestand/{name}").status_code == 410
    assert httpx.get(f"{line.url}/bestand/{'0' * 48}").status_code == 410
    assert line.desk.get(f"/desk/c/{line.talk}/file/{name}").status_code == 200
