"""Chatwoot's calls, over HTTP, at the real web process."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from bot.desk.external.chatwoot import Config
from bot.desk.external.chatwoot.client import Chatwoot
from bot.store.desk import external_desk_links, external_desk_sync
from bot.store.handover import handovers
from bot.store.notify import notifier
from bot.store.sql.database import Database
from tests.providers import chatwoot
from tests.providers.chatwoot import FakeChatwoot
from tests.support.desk import NOW, queued
from tests.support.webchat import ROOT, Server, running

SETTINGS = {
    "LOKET_CHATWOOT_URL": "http://127.0.0.1:9",
    "LOKET_CHATWOOT_TOKEN": chatwoot.TOKEN,
    "LOKET_CHATWOOT_ACCOUNT": str(chatwoot.ACCOUNT),
    "LOKET_CHATWOOT_INBOX": str(chatwoot.INBOX),
    "LOKET_CHATWOOT_SECRET": chatwoot.SECRET,
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("chatwoot"), **SETTINGS) as started:
        yield started


@pytest.fixture
def fake() -> Iterator[FakeChatwoot]:
    with FakeChatwoot() as started:
        yield started


def linked(folder: Path) -> str:
    """A conversation that Chatwoot knows as number 12."""
    database = Database(f"sqlite:///{folder / 'loket.db'}")
    with database.begin() as conn:
        talk = queued(conn, "anna")
        external_desk_sync.begin(conn, "chatwoot", NOW)
        handover = handovers.find_open(conn, talk)
        assert handover is not None
        external_desk_links.change(conn, handover.id, NOW, external_id="12")
    database.dispose()
    return talk


async def test_a_signed_call_wakes_the_mirror(server: Server, fake: FakeChatwoot) -> None:
    """A forged, an old and an unsigned one do nothing, and are refused without a word."""
    talk = linked(server.folder)
    now = int(time.time())
    bell = notifier.of(f"sqlite:///{server.folder / 'loket.db'}", server.folder)
    call = {"event": "message_created", "id": 1, "conversation": {"id": 12}}
    async with bell.listen("outbox") as listener, httpx.AsyncClient(base_url=server.url) as http:

        async def post(**given: object) -> httpx.Response:
            return await http.post("/webhooks/chatwoot", **given)  # type: ignore[arg-type]

        event = call.pop("event")
        for bad in (
            fake.webhook(event, now, "another secret", **call),
            fake.webhook(event, now - 3600, **call),
            {"content": b"{}"},
        ):
            refused = await post(**bad)
            assert (refused.status_code, refused.text) == (403, "")
        assert (await post(**fake.webhook(event, now, **call))).status_code == 200
        assert await asyncio.wait_for(listener.wait(20), 30) == talk
        unknown = fake.webhook(event, now, id=1, conversation={"id": 99})
        assert (await post(**unknown)).status_code == 200
    bell.close()


def test_half_a_configuration_stops_at_the_start(tmp_path: Path) -> None:
    """With one sentence that names what is missing."""
    env = {**os.environ, "LOKET_VAR_DIR": str(tmp_path), "LOKET_CHATWOOT_URL": "https://x.example"}
    command = [sys.executable, "-m", "bot.cli", "web"]
    done = subprocess.run(command, check=False, env=env, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 78
    assert "LOKET_CHATWOOT_TOKEN" in done.stderr
    assert "Traceback" not in done.stderr


async def test_the_doctor_looks(fake: FakeChatwoot) -> None:
    """At the token, the inbox, and where it calls."""
    good = Config(fake.url, chatwoot.TOKEN, chatwoot.ACCOUNT, chatwoot.INBOX, chatwoot.SECRET)
    for config, ok, words in (
        (good, False, "Set its webhook URL to https://loket.example/webhooks/chatwoot"),
        (replace(good, token="x"), False, "LOKET_CHATWOOT_TOKEN"),
        (replace(good, inbox=8), False, "LOKET_CHATWOOT_INBOX"),
        (replace(good, url="http://127.0.0.1:9"), False, "LOKET_CHATWOOT_URL"),
    ):
        desk = Chatwoot(config)
        (check,) = await desk.checks("https://loket.example/")
        await desk.close()
        assert (check.ok, words in check.sentence) == (ok, True)
    fake.webhook_url = "https://loket.example/webhooks/chatwoot"
    desk = Chatwoot(good)
    (check,) = await desk.checks("https://loket.example")
    await desk.close()
    assert check.ok
