"""The desk in a real browser: agents' pages, and customers who are handed over to them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page
from sqlalchemy import select

from bot.messages import Notice, Reason
from bot.store.conversation import conversations
from bot.store.delivery import outbox
from bot.store.handover import handovers
from bot.store.notify import notifier
from bot.store.sql import tables
from bot.store.sql.database import Database
from bot.store.worker import inbox
from tests.support.browsers import visitor
from tests.support.desk_people import PASSWORD
from tests.support.webchat import ROOT, Server

TO_HUMAN = Notice("U gaat nu naar een medewerker.", "to_human")
_DISCLOSURE = Notice("U chat met een AI-assistent, geen mens.", "disclosure", "1")


class Backroom:
    """The store behind the desk: hands customers over as the worker does, and looks."""

    def __init__(self, folder: Path) -> None:
        url = f"sqlite:///{folder / 'loket.db'}"
        self.database = Database(url)
        self.notifier = notifier.of(url, folder)

    def hand_over(
        self,
        text: str,
        *,
        reason: Reason = "asked",
        topic: str = "return_item",
        team: str = "retour_betaling",
    ) -> str:
        """Queues the conversation of the newest message with this text; returns its id."""
        now = datetime.now(UTC)
        with self.database.begin() as conn:
            query = select(tables.inbox.c.conversation_id).where(tables.inbox.c.text == text)
            found = conn.execute(query.order_by(tables.inbox.c.id.desc()).limit(1)).scalar_one()
            conversation = conversations.get(conn, found, lock=True)
            summary = {
                "question": text,
                "topic": topic,
                "data": {"Bestelnummer": "PP-100871"},
                "proved": ["PP-100871"],
                "unproved": [],
                "steps": ["Retour aanmelden"],
                "reason": reason,
                "last": [{"author": "customer", "text": text}],
            }
            urgent = reason == "sensitive"
            said = [] if conversation.disclosed else [("system", _DISCLOSURE)]
            for message in inbox.pending(conn, found):
                inbox.done(conn, message.id, now, None)
            outbox.add(conn, found, None, [*said, ("system", TO_HUMAN)], now)
            handovers.open_(conn, found, reason, topic, summary, now, team=team, urgent=urgent)
            conversations.change(conn, found, owner="queued", disclosed=True)
        self.ring(found)
        return str(found)

    def ring(self, conversation_id: str) -> None:
        """As whoever changed something does."""
        self.notifier.ring("outbox", conversation_id)

    def said(self, conversation_id: str) -> list[tuple[str, str]]:
        """Everything a customer was told: author and text, in order."""
        columns = tables.outbox.c
        query = select(columns.author, columns.content).where(
            columns.conversation_id == conversation_id
        )
        with self.database.read() as conn:
            rows = conn.execute(query.order_by(columns.id))
            return [(row.author, row.content["text"]) for row in rows]

    def heard(self, conversation_id: str) -> list[str]:
        """Everything a customer wrote, in order."""
        columns = tables.inbox.c
        query = select(columns.text).where(columns.conversation_id == conversation_id)
        with self.database.read() as conn:
            return [row.text for row in conn.execute(query.order_by(columns.id))]

    def close(self) -> None:
        """Lets go of the database."""
        self.notifier.close()
        self.database.dispose()


class Worker:
    """The worker process without a model; see `tests.support.echo_worker`."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self.start()

    def start(self) -> None:
        """Starts it, again too."""
        with self._server.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.support.echo_worker", "0"],
                env=self._server.env,
                cwd=ROOT,
                stdout=log,
                stderr=log,
            )

    def kill(self) -> None:
        """Ends it without a warning."""
        self._process.kill()
        self._process.wait()


@contextmanager
def working(server: Server) -> Iterator[Worker]:
    """A worker for the length of a test."""
    worker = Worker(server)
    try:
        yield worker
    finally:
        worker.kill()


def context_of(chromium: Browser, cookies: Mapping[str, str], url: str) -> BrowserContext:
    """A browser of somebody who is signed in already."""
    context = visitor(chromium, width=1400)
    context.add_cookies([{"name": n, "value": v, "url": url} for n, v in cookies.items()])
    return context


def log_in(page: Page, url: str, login: str) -> None:
    """Fills in the log-in form."""
    page.goto(f"{url}/desk")
    page.get_by_label("Inlognaam").fill(login)
    page.get_by_label("Wachtwoord", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Inloggen").click()
    page.get_by_role("heading", name="Wachtrij").wait_for()


def ready(page: Page) -> None:
    """Waits until the page's scripts are there: a test is quicker than a person."""
    page.locator("#desk[data-ready]").wait_for()


def open_menu(page: Page, menu: str) -> None:
    """Opens a form of a conversation: on a phone those of the acts are folded away."""
    wanted = page.locator(f"#menu-{menu} > summary")
    # A window that was given another size is laid out a frame later.
    page.evaluate(
        "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
    )
    if not wanted.is_visible():
        page.locator("#more-acts > summary").click()
    wanted.click()


def answer(page: Page, text: str) -> None:
    """The agent types and sends with the keyboard."""
    ready(page)
    page.get_by_label("Uw antwoord").fill(text)
    page.get_by_label("Uw antwoord").press("Control+Enter")
