"""`loket delivery` as a process of its own: sends without a worker, and survives being killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.messages import Inbound, Text
from bot.store.delivery import outbox, outbox_queries
from bot.store.notify import notifier
from bot.store.sql.database import Database
from bot.store.worker import inbox
from tests.contract.adapters.base import Provider
from tests.contract.adapters.whatsapp import ADAPTERS
from tests.support.webchat import ROOT

ADAPTER = ADAPTERS[0]


@pytest.fixture
def provider() -> Iterator[Provider]:
    """A fake WhatsApp."""
    provider = ADAPTER.provider()
    yield provider
    provider.close()


class Office:
    """A database, and whoever speaks there."""

    def __init__(self, folder: Path, provider: Provider) -> None:
        url = f"sqlite:///{folder}/loket.db"
        self.database = Database(url)
        self.database.upgrade()
        self.notifier = notifier.of(url, folder)
        self.env = {
            **{key: value for key, value in os.environ.items() if not key.startswith("LOKET_")},
            **ADAPTER.environment(provider),
            "LOKET_VAR_DIR": str(folder),
            "PYTHONPATH": str(ROOT),
        }
        with self.database.begin() as conn:
            inbound = Inbound("whatsapp", ADAPTER.sender, "m1", "hoi")
            self.talk = inbox.accept(conn, inbound, datetime.now(UTC)).conversation_id

    def say(self, *words: str) -> None:
        with self.database.begin() as conn:
            said = [("human", Text(word)) for word in words]
            outbox.add(conn, self.talk, None, said, datetime.now(UTC))  # type: ignore[arg-type]
        self.notifier.ring("outbox", self.talk)

    @contextmanager
    def delivering(self) -> Iterator[subprocess.Popen[bytes]]:
        command = [sys.executable, "-m", "bot.cli", "delivery"]
        process = subprocess.Popen(command, env=self.env, cwd=ROOT)
        try:
            yield process
        finally:
            process.kill()
            process.wait()


@pytest.fixture
def office(tmp_path: Path, provider: Provider) -> Iterator[Office]:
    """See `Office`."""
    office = Office(tmp_path, provider)
    yield office
    office.notifier.close()
    office.database.dispose()


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < end, "took too long"
        time.sleep(0.02)


def test_what_is_said_leaves_without_a_worker(office: Office, provider: Provider) -> None:
    """Also what was said while nobody delivered; killed or stopped, nothing is lost or doubled."""

    def texts() -> list[str]:
        return [accepted.text for accepted in provider.accepted]

    office.say("een", "twee")
    with office.delivering() as process:
        until(lambda: texts() == ["een", "twee"])
        office.say("drie")
        until(lambda: len(texts()) == 3)
        until(lambda: statuses(office) == {"sent"})
        process.kill()
        process.wait()
    office.say("vier")
    with office.delivering() as process:
        until(lambda: texts() == ["een", "twee", "drie", "vier"])
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    assert statuses(office) == {"sent"}


def statuses(office: Office) -> set[str]:
    with office.database.read() as conn:
        return {said.status for said in outbox_queries.since(conn, office.talk, 0, 99)}
