"""Customers who wait at a desk and people who answer them, without a worker; for browser tests."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, expect

from bot.messages import Inbound
from bot.store.conversation import conversations
from bot.store.handover import handovers
from bot.store.notify import notifier
from bot.store.sql.database import Database
from bot.store.worker import heartbeats, inbox
from tests.support.browsers import visitor
from tests.support.desk_page import log_in, ready
from tests.support.webchat import Server


class Office:
    """A desk with customers who come straight out of the database.

    Args:
        server: the web process.
        chromium: the browser.
    """

    def __init__(self, server: Server, chromium: Browser) -> None:
        self.url = server.url
        self.database = Database(url := f"sqlite:///{server.folder / 'loket.db'}")
        self.complaints: list[str] = []
        self._notifier = notifier.of(url, server.folder)
        self._chromium = chromium
        self._contexts: dict[str, BrowserContext] = {}
        self._numbers = count(1)
        self._pages: list[Page] = []

    def customer(self, text: str, channel: str = "webchat", **summary: Any) -> str:
        """A customer who wrote and waits for a person; the conversation's id."""
        now, number = datetime.now(UTC), next(self._numbers)
        who = f"+3161234{number:04d}" if channel == "sms" else f"{number:032x}"
        told: Mapping[str, Any] = {"question": text, **summary}
        with self.database.begin() as conn:
            inbox.accept(conn, Inbound(channel, who, f"{who}-1", text), now)
            talk = conversations.open_(conn, channel, who, now)
            for message in inbox.pending(conn, talk.id):
                inbox.done(conn, message.id, now, None)
            handovers.open_(conn, talk.id, "asked", "", told, now)
            conversations.change(conn, talk.id, owner="queued")
        self.ring(talk.id)
        return talk.id

    def writes(self, talk: str, text: str) -> None:
        """The customer writes again."""
        now = datetime.now(UTC)
        with self.database.begin() as conn:
            known = conversations.get(conn, talk)
            key = f"{talk}-{next(self._numbers)}"
            taken = inbox.accept(conn, Inbound(known.channel, known.address, key, text), now)
            inbox.done(conn, taken.inbox_id, now, None)
        self.ring(talk)

    def ring(self, talk: str) -> None:
        """As whoever changed something does."""
        self._notifier.ring("outbox", talk)

    def browser(self, login: str) -> BrowserContext:
        """The browser of somebody who is signed in."""
        if login not in self._contexts:
            self._contexts[login] = self.another(login)
        return self._contexts[login]

    def another(self, login: str) -> BrowserContext:
        """One more device of somebody."""
        context = visitor(self._chromium, width=1400)
        self._contexts[f"{login} {len(self._contexts)}"] = context
        page = context.new_page()
        log_in(page, self.url, login)
        page.close()
        return context

    def page(self, context: BrowserContext, path: str = "") -> Page:
        """A page of the desk."""
        page = context.new_page()
        self._pages.append(page)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(f"{self.url}/desk{path}")
        if page.locator("#desk").count():
            ready(page)
        return page

    def taken(self, login: str, talk: str) -> Page:
        """A page of a conversation that somebody took just now."""
        page = self.page(self.browser(login), f"/c/{talk}")
        page.locator("#take").click()
        expect(page.get_by_label("Uw antwoord")).to_be_enabled()
        return page

    def wait_for_worker(self) -> None:
        """Until a worker says that it has its model, and listens."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            since = datetime.now(UTC) - timedelta(minutes=1)
            with self.database.read() as conn:
                if heartbeats.any_ready(conn, since, None, "worker"):
                    return
            time.sleep(0.05)
        raise TimeoutError("no worker came")

    def close_pages(self) -> None:
        """As people do: a browser has six connections to a host, and each page keeps one."""
        while self._pages:
            self._pages.pop().close()

    def close(self) -> None:
        """Lets go of everything."""
        for context in self._contexts.values():
            context.close()
        self._notifier.close()
        self.database.dispose()
