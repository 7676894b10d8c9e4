"""A file from the web chat: only while a person can look at it, and then the way of every file."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import select

from bot.delivery.file_sources import file_fetcher
from bot.messages import Owner
from bot.settings_loading import load_settings
from bot.store.conversation import conversations
from bot.store.notify import notifier
from bot.store.sql import tables
from channels.webchat import WebChat
from tests.contract.test_webchat import Customer
from tests.support import desk_people, pictures
from tests.support.at_work import at_work
from tests.support.desk_people import signed_in
from tests.support.mailbox import Mailbox
from tests.support.webchat import Server, running


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("webchat-files")
    with running(folder, LOKET_TRUSTED_PROXIES="1", LOKET_ATTACHMENTS_MAX_MB="1") as server:
        desk_people.add(folder, "sanne", "supervisor")
        yield server


@pytest.fixture
def mailbox(server: Server) -> Iterator[Mailbox]:
    mailbox = Mailbox(server.folder)
    yield mailbox
    mailbox.close()


@pytest.fixture
def customer(server: Server, mailbox: Mailbox) -> Iterator[Customer]:
    """Somebody who wrote, and waits for a person."""
    customer = Customer(server.url)
    customer.send("Mijn stekker is kapot")
    owned_by(mailbox, "queued")
    yield customer
    customer.http.close()


def owned_by(mailbox: Mailbox, owner: Owner) -> str:
    """From now on the newest conversation is somebody's; its id."""
    with mailbox.database.begin() as conn:
        talk = conversations.get(conn, mailbox.conversation().id, lock=True)
        conversations.save(conn, replace(talk, owner=owner))
    return talk.id


def upload(customer: Customer, data: bytes, number: str = "") -> httpx.Response:
    return customer.http.post("files", params={"id": number or str(uuid4())}, content=data)


def newest(mailbox: Mailbox) -> Any:
    """The row of the newest file, or None."""
    table = tables.attachments
    with mailbox.database.read() as conn:
        return conn.execute(select(table).order_by(table.c.id.desc()).limit(1)).first()


@asynccontextmanager
async def fetching(server: Server, mailbox: Mailbox, **more: str) -> AsyncIterator[list[timedelta]]:
    """The fetcher runs while the block does, at a time that can be moved."""
    own = {"LOKET_VAR_DIR": str(server.folder), "LOKET_SECRET": "x" * 40}
    settings = load_settings({**own, **more})
    bell = notifier.of(mailbox.database.url, server.folder)
    shift = [timedelta()]
    where = (settings, {"webchat": WebChat()}, mailbox.database, bell)
    fetcher = file_fetcher(*where, lambda: datetime.now(UTC) + shift[0])
    try:
        async with at_work(fetcher.run):
            yield shift
    finally:
        bell.close()


async def until(mailbox: Mailbox, status: str) -> Any:
    """Waits until the newest file is this far; its row."""
    deadline = time.monotonic() + 30
    while (row := newest(mailbox)).status != status:
        assert time.monotonic() < deadline, row
        await asyncio.sleep(0.02)
    return row


async def test_a_photo_reaches_the_agent(
    server: Server, mailbox: Mailbox, customer: Customer
) -> None:
    """Once, however often it is sent; the customer's page shows that it was."""
    number = str(uuid4())
    answers = [upload(customer, pictures.photo(), number) for _ in range(2)]
    assert [(each.status_code, each.json()["duplicate"]) for each in answers] == [
        (202, False),
        (202, True),
    ]
    assert customer.replay()[-1][1] == "[foto]"
    async with fetching(server, mailbox):
        name = (await until(mailbox, "stored")).name
    with signed_in(server.url, "sanne") as desk:
        address = f"/desk/c/{mailbox.conversation().id}/file/{name}"
        assert address in desk.get(f"/desk/c/{mailbox.conversation().id}").text
        shown = desk.get(address)
    assert shown.headers["content-type"] == "image/jpeg"
    assert pictures.MAKER.encode() not in shown.content


@pytest.mark.parametrize("owner", ["bot", "closed"])
def test_without_a_person_there_is_nobody_to_look(
    mailbox: Mailbox, customer: Customer, owner: Owner
) -> None:
    """A customer who has written nothing neither; the sentence says when it can be done."""
    owned_by(mailbox, owner)
    before = newest(mailbox)
    answer = upload(customer, pictures.photo(64, 48))
    assert (answer.status_code, newest(mailbox)) == (409, before)
    assert "zodra een medewerker meeleest" in answer.json()["error"]
    stranger = Customer(str(customer.http.base_url).removesuffix("/webchat/"))
    assert upload(stranger, pictures.photo(64, 48)).status_code == 409
    stranger.http.close()


def test_what_is_not_let_in_is_told_at_once(mailbox: Mailbox, customer: Customer) -> None:
    """A wrong kind, too many bytes, no id, no session; nothing of it is kept."""
    before = newest(mailbox)
    page = upload(customer, b"<!doctype html><script>alert(1)</script>")
    assert (page.status_code, "Stuur een foto" in page.json()["error"]) == (415, True)
    large = upload(customer, pictures.PDF + b"\0" * 1024 * 1024)
    assert (large.status_code, "hoogstens 1 MB" in large.json()["error"]) == (413, True)
    assert upload(customer, pictures.PDF, "x").status_code == 400
    customer.http.headers["Authorization"] = "Bearer nobody"
    assert upload(customer, pictures.PDF).status_code == 401
    assert newest(mailbox) == before


async def test_what_waits_is_not_swept(
    server: Server, mailbox: Mailbox, customer: Customer
) -> None:
    """As long as the scanner is away it waits; once it is stored, the raw one goes."""
    assert upload(customer, pictures.photo(64, 48)).status_code == 202
    raw = server.folder / "attachments"
    async with fetching(server, mailbox, LOKET_CLAMD=str(server.folder / "nobody")) as shift:
        shift[0] = timedelta(hours=3)
        deadline = time.monotonic() + 20
        while newest(mailbox).tries < 2:
            assert time.monotonic() < deadline
            await asyncio.sleep(0.05)
    reference = newest(mailbox).reference
    assert list(raw.glob(f"??/{reference}*"))
    async with fetching(server, mailbox) as shift:
        shift[0] = timedelta(hours=4)
        await until(mailbox, "stored")
    async with fetching(server, mailbox) as shift:
        shift[0] = timedelta(hours=6)
        deadline = time.monotonic() + 20
        while list(raw.glob(f"??/{reference}*")):
            assert time.monotonic() < deadline
            await asyncio.sleep(0.05)
