"""What a customer sends along reaches the agent, on every channel that has files."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from sqlalchemy import select

from bot.delivery import file_fetcher
from bot.delivery.file_sources import file_fetcher as fetcher
from bot.messages import Notice, Owner
from bot.settings_loading import load_settings
from bot.store.conversation import attachments, conversations
from bot.store.delivery import outbox_queries
from bot.store.handover import handovers
from bot.store.notify import notifier
from bot.store.sql import tables
from channels import registry
from tests.contract.adapters.base import SendsFiles
from tests.contract.test_channels import ADAPTERS, call, settings_of
from tests.support import desk_people, pictures
from tests.support.at_work import at_work
from tests.support.desk_people import Browser, signed_in
from tests.support.mailbox import Mailbox
from tests.support.webchat import Server, running

WITH_FILES: Final = [each for each in ADAPTERS if hasattr(each, "file")]


class Line:
    """A customer who sends files, the process that fetches them, and an agent who looks."""

    def __init__(
        self,
        adapter: SendsFiles,
        provider: Any,
        server: Server,
        desk: Browser,
        more: Mapping[str, str] | None = None,
    ) -> None:
        self.adapter = adapter
        self.provider = provider
        self.desk = desk
        self.mailbox = Mailbox(server.folder)
        self.web = httpx.Client(base_url=server.url, timeout=20)
        self.sent = 0
        self.shift = timedelta()
        own = {**settings_of(adapter, provider), **(more or {})}
        env = {**own, "LOKET_VAR_DIR": str(server.folder)}
        self.settings = load_settings({**env, "LOKET_SECRET": "x" * 40, "LOKET_ROOT": ""})
        self.settings = replace(self.settings, attachments_max_mb=1)
        self.channels = registry.load(adapter.root(), env)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.shift

    def sends(self, data: bytes, kind: str = "photo") -> str:
        """A customer's file; the id of its conversation."""
        self.sent += 1
        number = f"{self.adapter.id}-file-{time.time_ns()}"
        request = self.adapter.file(self.provider, number, data, kind)
        # However often it comes, it is one file.
        assert [call(self.web, request) for _ in range(2)] == [200, 200]
        return self.mailbox.conversation().id

    @asynccontextmanager
    async def fetching(self) -> AsyncIterator[None]:
        """The fetcher runs while the block does."""
        bell = notifier.of(self.mailbox.database.url, self.settings.var_dir)
        where = (self.settings, self.channels, self.mailbox.database, bell, self.now)
        try:
            async with at_work(fetcher(*where).run):
                yield
        finally:
            bell.close()

    def newest(self) -> Any:
        """The row of the newest file."""
        table = tables.attachments
        with self.mailbox.database.read() as conn:
            return conn.execute(select(table).order_by(table.c.id.desc()).limit(1)).one()

    async def until(self, holds: Callable[[], bool]) -> None:
        """Waits until something holds."""
        deadline = time.monotonic() + 30
        while not holds():
            assert time.monotonic() < deadline, self.newest()
            await asyncio.sleep(0.02)

    def owned_by(self, owner: Owner) -> None:
        """From now on the conversation is somebody's."""
        talk = self.mailbox.conversation()
        with self.mailbox.database.begin() as conn:
            if handovers.find_open(conn, talk.id) is None:
                handovers.open_(conn, talk.id, "asked", "", {}, self.now(), team="klantenservice")
            locked = conversations.get(conn, talk.id, lock=True)
            conversations.save(conn, replace(locked, owner=owner))

    def notices(self) -> list[str]:
        """What Loket told the customer about it."""
        with self.mailbox.database.read() as conn:
            talk = self.mailbox.conversation()
            said = [row.message for row in outbox_queries.since(conn, talk.id, 0, 500)]
        return [each.text for each in said if isinstance(each, Notice)]


@pytest.fixture(scope="module", params=WITH_FILES, ids=lambda adapter: adapter.id)
def line(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Line]:
    adapter: SendsFiles = request.param
    provider: Any = adapter.provider()
    folder: Path = tmp_path_factory.mktemp(f"files-{adapter.id}")
    own = settings_of(adapter, provider)
    here = {**own, "LOKET_PUBLIC_URL": "", "LOKET_TRUSTED_PROXIES": "1"}
    # Providers sign the public address; browsers here come by another one.
    with running(folder, **own) as server, running(folder, **here) as inside:
        desk_people.add(folder, "sanne", "supervisor")
        with signed_in(inside.url, "sanne") as desk:
            line = Line(adapter, provider, server, desk)
            yield line
            line.web.close()
    provider.close()


async def test_a_photo_reaches_the_agent(line: Line) -> None:
    """First that it is on its way, then the picture, without what the phone hid in it."""
    talk = line.sends(pictures.photo())
    assert "Wordt opgehaald" in line.desk.get(f"/desk/c/{talk}").text
    async with line.fetching():
        await line.until(lambda: line.newest().status == "stored")
    page = line.desk.get(f"/desk/c/{talk}").text
    small, whole = re.findall(rf'(?:src|href)="(/desk/c/{talk}/file/[^"]+)"', page)[::-1][:2]
    assert re.search(r'<img [^>]*alt="Foto van \d+:\d+ uur', page)
    for address, longest in ((whole, 640), (small, 480)):
        answer = line.desk.get(address)
        assert answer.status_code == 200
        assert max(pictures.size(answer.content)) == longest
        assert pictures.MAKER.encode() not in answer.content
        assert answer.headers["content-type"] == "image/jpeg"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-disposition"].startswith("inline")
        assert answer.headers["content-security-policy"].endswith("sandbox")
        assert "public" not in answer.headers["cache-control"]
    assert httpx.get(f"{line.desk.own}{whole}").status_code == 401


async def test_a_voice_message_can_be_played(line: Line) -> None:
    """Also by a browser that asks for it in parts."""
    talk = line.sends(pictures.VOICE, "voice")
    async with line.fetching():
        await line.until(lambda: line.newest().status == "stored")
    page = line.desk.get(f"/desk/c/{talk}").text
    (address,) = re.findall(rf'<audio [^>]*src="([^"]+/file/{line.newest().name})"', page)
    part = line.desk.get(address, headers={"Range": "bytes=0-3"})
    assert (part.status_code, part.content) == (206, b"OggS")
    assert part.headers["content-range"] == f"bytes 0-3/{len(pictures.VOICE)}"
    assert part.headers["content-type"] == "audio/ogg"
    assert line.desk.get(address, headers={"Range": "bytes=9999-"}).status_code == 416


async def test_a_pdf_is_a_link(line: Line) -> None:
    """It is downloaded, never shown within the desk."""
    talk = line.sends(pictures.PDF, "document")
    async with line.fetching():
        await line.until(lambda: line.newest().status == "stored")
    answer = line.desk.get(f"/desk/c/{talk}/file/{line.newest().name}")
    assert (answer.content, answer.headers["content-type"]) == (pictures.PDF, "application/pdf")
    assert answer.headers["content-disposition"].startswith("attachment; filename*=UTF-8''")
    assert answer.headers["content-disposition"].endswith(".pdf")


async def test_a_provider_that_fails_is_asked_again(line: Line) -> None:
    """Nothing is lost, whatever comes in between."""
    line.sends(pictures.photo(64, 48))
    line.provider.misbehave("500", "html")
    async with line.fetching():
        await line.until(lambda: line.newest().status == "stored")
    assert line.newest().tries >= 2


async def test_a_process_that_dies_loses_nothing(line: Line) -> None:
    """Somebody claimed the file and was killed; when the claim runs out the next one fetches it."""
    line.sends(pictures.photo(64, 48))
    names = [line.adapter.channel]
    with line.mailbox.database.begin() as conn:
        (claimed,) = attachments.due(conn, names, line.now(), file_fetcher.LEASE, 9)
        assert attachments.due(conn, names, line.now(), file_fetcher.LEASE, 9) == ()
    line.shift += file_fetcher.LEASE
    async with line.fetching():
        await line.until(lambda: line.newest().status == "stored")
    assert (line.newest().id, line.newest().tries) == (claimed.id, 2)


@pytest.mark.parametrize(
    ("data", "kind", "reason", "told"),
    [
        (b"MZ\x90\x00" * 100, "photo", "kind", "Stuur een foto, een pdf"),
        (pictures.photo(64, 48)[:300], "photo", "damaged", "kon niet worden geopend"),
        (pictures.PDF + b"\0" * 1024 * 1024, "document", "too_large", "te groot"),
    ],
)
async def test_what_is_not_let_in_is_told(
    line: Line, data: bytes, kind: str, reason: str, told: str
) -> None:
    """To the agent always, and to a customer who waits for a person or has one."""
    talk = line.sends(data, kind)
    line.owned_by("human")
    before = line.notices()
    async with line.fetching():
        await line.until(lambda: line.newest().status == "refused")
    assert line.newest().reason == reason
    assert "Kan niet worden getoond" in line.desk.get(f"/desk/c/{talk}").text
    assert told in line.notices()[-1]
    assert len(line.notices()) == len(before) + 1
    assert line.desk.get(f"/desk/c/{talk}/file/{line.newest().name}").status_code == 404


async def test_what_the_provider_lost_is_told(line: Line) -> None:
    """While the assistant has the conversation only the agent hears of it, later."""
    talk = line.sends(pictures.photo(64, 48))
    line.owned_by("bot")
    line.provider.media.clear()
    before = line.notices()
    async with line.fetching():
        await line.until(lambda: line.newest().status == "refused")
    assert line.newest().reason == "gone"
    assert "Vraag de klant het nog een keer te sturen" in line.desk.get(f"/desk/c/{talk}").text
    assert line.notices() == before


async def test_files_go_with_their_conversation(line: Line) -> None:
    """Some time after its last message the bytes are gone, and the page says so."""
    talk = line.sends(pictures.photo(64, 48))
    async with line.fetching():
        await line.until(lambda: line.newest().status == "stored")
        name = line.newest().name
    assert list(line.settings.attachments_dir.glob(f"??/{name}*"))
    line.shift += timedelta(days=line.settings.attachments_days, minutes=1)
    async with line.fetching():
        await line.until(lambda: line.newest().status == "expired")
    assert not list(line.settings.attachments_dir.glob(f"??/{name}*"))
    assert "Niet meer bewaard" in line.desk.get(f"/desk/c/{talk}").text


async def test_erased_conversations_leave_no_file(line: Line) -> None:
    """Bytes that no row refers to are removed."""
    talk = line.sends(pictures.photo(64, 48))
    async with line.fetching():
        await line.until(lambda: line.newest().status == "stored")
    name = line.newest().name
    with line.mailbox.database.begin() as conn:
        table = tables.conversations
        conn.execute(table.delete().where(table.c.id == talk))
    line.shift += timedelta(hours=2)
    async with line.fetching():
        await line.until(lambda: not list(line.settings.attachments_dir.glob(f"??/{name}*")))
