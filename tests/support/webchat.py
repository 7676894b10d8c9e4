"""The real web process on a real port, and somebody backstage who answers in the bot's place."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import httpx
from sqlalchemy import func, select
from sqlalchemy.engine import Connection

from bot.messages import Author, Notice, Outbound, Owner
from bot.records.conversation import Conversation
from bot.store.conversation import conversations, disclosures
from bot.store.delivery import outbox
from bot.store.desk import agents
from bot.store.handover import handover_moves, handovers
from bot.store.notify import notifier
from bot.store.sql import tables
from bot.store.sql.database import Database
from bot.store.worker import heartbeats, inbox
from bot.store.worker.heartbeats import Heartbeat
from tests.support import assistant_root

#: What `loket web` does, without the command line. `{0}` is Python to run before it.
PROGRAM = """
from bot.logs import logging_setup; from bot.web import http_protocol, app
from bot.ops import text_loading
from bot.settings_loading import load_settings
settings = load_settings()
logging_setup.configure(settings.log_level, settings.log_format)
text_loading.use(settings.root)
{0}
app.serve(settings)
"""
ROOT = Path(__file__).parents[2]
DISCLOSURE = Notice("U chat met een AI-assistent, geen mens.", "disclosure", "1")


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Server:
    """The web process. It can be stopped and started again on the same port."""

    def __init__(
        self, folder: Path, *, port: int | None = None, before: str = "", **settings: str
    ) -> None:
        self.folder = folder
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / "web.log"
        self.command = [sys.executable, "-c", PROGRAM.format(before)]
        self.env = {
            **{key: value for key, value in os.environ.items() if not key.startswith("LOKET_")},
            "LOKET_PORT": str(self.port),
            "LOKET_VAR_DIR": str(folder),
            "LOKET_SECRET": "a secret for tests that is long enough",
            "LOKET_ROOT": str(assistant_root.ROOT),
            "PYTHONPATH": str(ROOT),
            "PYTHONFAULTHANDLER": "1",
            "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
            **settings,
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(self.command, env=self.env, stdout=log, stderr=log)
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            try:
                if httpx.get(f"{self.url}/healthz", timeout=1).status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.05)
        self._process.kill()
        self._process.wait()
        raise AssertionError(f"the web process did not start: {self.log.read_text()}")

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        assert self._process is not None
        self._process.send_signal(how)
        try:
            return self._process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self._process.send_signal(signal.SIGABRT)  # it writes what each thread was doing
            self._process.wait()
            raise AssertionError(f"the process goes on: {self.log.read_text()}") from None


class Backstage:
    """Plays the worker and the desk: writes to the store and rings, as they do.

    It knows only of what was received since it came.
    """

    def __init__(self, folder: Path) -> None:
        url = f"sqlite:///{folder / 'loket.db'}"
        self._database = Database(url)
        self._notifier = notifier.of(url, folder)
        with self._database.read() as conn:
            self._before = conn.execute(select(func.max(tables.inbox.c.id))).scalar() or 0

    def beat(self) -> None:
        """Gives a worker's sign of life."""
        now = datetime.now(UTC)
        with self._database.begin() as conn:
            heartbeats.beat(conn, Heartbeat("backstage", "worker", now, now, ready=True))

    def received(self) -> list[str]:
        """The texts of all customers' messages, in order."""
        with self._database.read() as conn:
            inbox_table = tables.inbox.c
            query = select(inbox_table.text).where(inbox_table.id > self._before)
            return [row.text for row in conn.execute(query.order_by(inbox_table.id))]

    def statuses(self) -> list[str]:
        """The delivery status of everything said, in order."""
        with self._database.read() as conn:
            query = select(tables.outbox.c.status).order_by(tables.outbox.c.id)
            return [row.status for row in conn.execute(query)]

    def votes(self) -> list[bool]:
        """Whether quotes helped, as customers said of each, in order."""
        with self._database.read() as conn:
            votes = tables.quote_votes.c
            return list(conn.execute(select(votes.helpful).order_by(votes.outbox_id)).scalars())

    def disclosures(self) -> list[disclosures.Disclosure]:
        """What is on record for the newest conversation."""
        with self._database.read() as conn:
            return list(disclosures.of(conn, _newest(conn).id))

    def wait_for(self, text: str, seconds: float = 30) -> None:
        """Waits until a customer's message has been stored."""
        deadline = time.monotonic() + seconds
        while text not in self.received():
            assert time.monotonic() < deadline, f"{text!r} never arrived: {self.received()}"
            time.sleep(0.02)

    def answer(self, text: str, *said: Outbound, author: Author = "bot") -> None:
        """Waits for a message and answers it; the session's first answer discloses the AI."""
        self.wait_for(text)
        with self._database.begin() as conn:
            conversation = _newest(conn)
            waiting = inbox.pending(conn, conversation.id)
            first = () if conversation.disclosed else ((author, DISCLOSURE),)
            replies = [*first, *((author, message) for message in said)]
            now = datetime.now(UTC)
            outbox.add(conn, conversation.id, waiting[-1].id, replies, now)
            for message in waiting:
                inbox.done(conn, message.id, now, None)
            conversations.save(conn, replace(conversation, disclosed=True))
        self._notifier.ring("outbox", conversation.id)

    def say(
        self,
        *said: Outbound,
        author: Author = "bot",
        owner: Owner | None = None,
        at: datetime | None = None,
    ) -> None:
        """Says something unasked, now or at a moment, and changes who owns the conversation."""
        with self._database.begin() as conn:
            conversation = _newest(conn)
            outbox.add(
                conn,
                conversation.id,
                None,
                [(author, message) for message in said],
                at or datetime.now(UTC),
            )
            conversations.save(conn, replace(conversation, owner=owner or conversation.owner))
        self._notifier.ring("outbox", conversation.id)

    def take(self, name: str, *said: Outbound) -> None:
        """Has a person of this name take the conversation, as the desk does, and say something."""
        now = datetime.now(UTC)
        with self._database.begin() as conn:
            conversation = _newest(conn)
            agent = agents.add(conn, f"{name}-{time.monotonic_ns()}", name, "agent", (), now)
            handover = handovers.open_(conn, conversation.id, "asked", "", {}, now)
            handover_moves.take(conn, handover, agent.id, now)
            told = [("system", Notice(f"U chat nu met {name} van Winkel.", "to_human"))]
            outbox.add(conn, conversation.id, None, told, now)
            words = [("human", message) for message in said]
            outbox.add(conn, conversation.id, None, words, now, agent_id=agent.id)
            conversations.save(conn, replace(conversation, owner="human"))
        self._notifier.ring("outbox", conversation.id)

    def payloads(self) -> list[str | None]:
        """The payloads of all customers' messages, in order."""
        with self._database.read() as conn:
            column = tables.inbox.c
            query = select(column.payload).where(column.id > self._before).order_by(column.id)
            return list(conn.execute(query).scalars())

    def close(self) -> None:
        self._notifier.close()
        self._database.dispose()


@contextmanager
def running(folder: Path, *, before: str = "", **settings: str) -> Iterator[Server]:
    """A server for the length of a test; `before` is Python that it runs before it serves."""
    server = Server(folder, port=None, before=before, **settings)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def _newest(conn: Connection) -> Conversation:
    query = select(tables.inbox.c.conversation_id).order_by(tables.inbox.c.id.desc()).limit(1)
    return conversations.get(conn, conn.execute(query).scalar_one())
