"""No log of any process says anything about a customer, at DEBUG, whatever goes wrong."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import func, select
from sqlalchemy import text as sql

from bot.ops.train import train_if_needed
from bot.settings_loading import load_settings
from bot.store.conversation import conversations
from bot.store.sql import tables
from bot.store.sql.database import Database
from tests.contract.adapters import sms, telegram, whatsapp
from tests.contract.adapters.base import Adapter
from tests.support import desk_people
from tests.support.webchat import ROOT, Server, running

DEBUG = {"LOKET_LOG_LEVEL": "DEBUG", "LOKET_LOG_FORMAT": "json", "LOKET_TRUSTED_PROXIES": "1"}
ADAPTERS = [*whatsapp.ADAPTERS, *sms.ADAPTERS, *telegram.ADAPTERS]
#: In every text, name and address that a test sends; found in no other word.
MARK = "zwaluwstaart"
#: A statement with this in it fails in the database.
FAILS = "kwartelkoning"


def until(holds: Callable[[], object], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@contextmanager
def worker(server: Server, *command: str) -> Iterator[None]:
    """A worker beside a server, which writes to the same log."""
    with server.log.open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, *command], env=server.env, cwd=ROOT, stdout=log, stderr=log
        )
    try:
        yield
    finally:
        process.terminate()
        process.wait(60)


def break_the_database(database: Database) -> None:
    """From now on statements fail that hold what `FAILS` says: in the middle, with parameters."""
    with database.begin() as conn:
        for table, column in (("inbox", "text"), ("outbox", "content")):
            conn.execute(
                sql(
                    f"create trigger fails_{table} before insert on {table} "
                    f"when new.{column} like '%{FAILS}%' "
                    f"begin select raise(abort, '{MARK}'); end"
                )
            )


def quiet(log: str, *private: str) -> None:
    """Asserts that a log is one, and holds none of these, in whatever case."""
    assert '"web_started"' in log
    assert "Traceback" not in log
    assert "logging_failed" not in log
    for line in log.splitlines():
        for each in (MARK, FAILS, *private):
            assert each.lower() not in line.lower(), f"{each} is in a log"


@pytest.mark.slow
@pytest.mark.parametrize("adapter", ADAPTERS, ids=lambda each: each.id)
def test_a_channel_with_everything_that_goes_wrong(adapter: Adapter, tmp_path: Path) -> None:
    """Providers that fail and echo, forged and malformed webhooks, a database that fails."""
    provider = adapter.provider()
    environment = adapter.environment(provider)
    secrets = [
        value for name, value in environment.items() if len(value) > 7 and not name.endswith("URL")
    ]
    with running(tmp_path, **DEBUG, **environment) as server:
        database = Database(f"sqlite:///{tmp_path / 'loket.db'}")
        break_the_database(database)
        with (
            worker(server, str(ROOT / "tests/support/echo_worker.py"), "0"),
            httpx.Client(base_url=server.url, timeout=60) as web,
        ):

            def send(call: Any) -> int:
                content = call.body or None
                sent = web.request(call.method, call.path, headers=call.headers, content=content)
                return sent.status_code

            assert send(adapter.text("1", f"ik ben {MARK}, 06-12345678")) == 200
            until(lambda: provider.accepted)
            provider.misbehave("500", "close")
            assert send(adapter.text("2", f"nog een keer {MARK}")) == 200
            log = server.log  # tried again at once, or in doubt and looked into later
            until(lambda: provider.requests >= 3 or '"message_in_doubt"' in log.read_text())
            assert send(adapter.text("3", f"{FAILS} {MARK}")) >= 500
            for call in (*adapter.forged(), *adapter.unknown()):
                send(call)
            send(adapter.signed({MARK: [MARK]}))
            send(adapter.signed(f'{{"{MARK}": '.encode()))
            web.get(f"/{MARK}", params={MARK: MARK}, headers={"X-Name": MARK})
            web.post(f"/desk/login?{MARK}", content=MARK, headers={"Content-Type": "multipart/x"})
        database.dispose()
        server.stop()
        quiet(server.log.read_text(), adapter.sender.lstrip("+"), "12345678", *secrets)
        server.start()
    provider.close()


def test_a_reply_that_cannot_be_stored(tmp_path: Path) -> None:
    """The worker's statement fails with the reply in it; a person gets the conversation."""
    with running(tmp_path, **DEBUG) as server:
        database = Database(f"sqlite:///{tmp_path / 'loket.db'}")
        with httpx.Client(base_url=f"{server.url}/webchat/", timeout=60) as web:
            token = web.post("session", json={}).json()["token"]
            web.headers["Authorization"] = f"Bearer {token}"
            web.post("messages", json={"id": str(uuid4()), "text": f"{FAILS} {MARK}"})
            break_the_database(database)
            with worker(server, str(ROOT / "tests/support/echo_worker.py"), "0"):
                until(lambda: database_says(database, lambda row: row.owner != "bot"))
        database.dispose()
        server.stop()
        quiet(server.log.read_text(), token)
        server.start()


def database_says(database: Database, holds: Callable[[Any], bool]) -> bool:
    """Whether something is true of every conversation, and there is one."""
    with database.read() as conn:
        rows = conn.execute(select(tables.conversations)).all()
    return bool(rows) and all(map(holds, rows))


def said(database: Database) -> int:
    """How many messages the customer got."""
    with database.read() as conn:
        return conn.execute(select(func.count()).select_from(tables.outbox)).scalar_one()


@pytest.mark.slow
@pytest.mark.model
def test_a_whole_conversation(tmp_path: Path) -> None:
    """The real model and the desk: name, order, postcode, phone, a person's answer, her note."""
    train_if_needed(load_settings())
    private = ["100871", "3511", "lx", "87654321", desk_people.PASSWORD]
    with running(tmp_path, **DEBUG, LOKET_ACCEPT_MINUTES="0.01") as server:
        server.env["LOKET_WORKER_NAME"] = "w1"
        desk_people.add(tmp_path, "samira", name=f"Samira {MARK}")
        database = Database(f"sqlite:///{tmp_path / 'loket.db'}")
        with (
            worker(server, "-m", "bot.cli", "worker"),
            httpx.Client(base_url=f"{server.url}/webchat/", timeout=60) as web,
        ):
            token = web.post("session", json={}).json()["token"]
            web.headers["Authorization"] = f"Bearer {token}"

            def say(text: str) -> None:
                before = said(database)
                body = {"id": str(uuid4()), "text": text}
                assert web.post("messages", json=body).status_code == 202
                until(lambda: said(database) > before, 180)

            for text in (
                f"hallo, ik heet {MARK}",
                "waar is mijn pakket PP-100871",
                "3511 lx",
                f"wat is dat toch met {MARK} en de schutting",
                "medewerker",
                f"ik ben {MARK}, bel mij op 06 87654321",
                f"06 87654321, {MARK}@voorbeeld.example",
            ):
                say(text)
            with database.read() as conn:
                talk = conn.execute(select(tables.conversations.c.id)).scalar_one()
            with desk_people.signed_in(server.url, "samira") as samira:
                page = f"/desk/c/{talk}"
                for act, fields in (
                    ("take", {}),
                    ("note", {"text": f"notitie {MARK}"}),
                    ("reply", {"text": f"Beste {MARK}, het komt goed.", "client_id": str(uuid4())}),
                    ("close", {"settled": f"opgelost {MARK}", "seen": ""}),
                ):
                    answer = samira.fill_in(page, fields, f"{page}/{act}")
                    assert answer.status_code in (200, 303), (act, answer.text)
                cookies = [value for value in samira.cookies.values() if len(value) > 7]
            with database.read() as conn:
                assert conversations.get(conn, talk).owner != "human"
            web.get("transcript")
        database.dispose()
        server.stop()
        log = server.log.read_text()
        assert '"turn_done"' in log
        for line in log.splitlines():
            assert "level" in json.loads(line)
        quiet(log, token, *cookies, *private)
        server.start()
