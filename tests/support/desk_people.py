"""People at the desk, as browsers without a window: they keep cookies and fill in forms."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from itertools import count
from pathlib import Path

import httpx

from bot.desk.login import password_hashes
from bot.store.desk import agents
from bot.store.desk.agents import Agent, Role
from bot.store.sql.database import Database

PASSWORD = "paarse fietsen op dinsdag"
PAGE = "text/html,application/xhtml+xml,*/*;q=0.8"


@cache
def password_hash() -> str:
    """The hash of `PASSWORD`, made once: it takes a while on purpose."""
    return password_hashes.hashed(PASSWORD)


def add(
    folder: Path,
    login: str,
    role: Role = "agent",
    teams: Sequence[str] = (),
    *,
    name: str = "",
    password: bool = True,
) -> Agent:
    """Makes an account in the database of a server's folder, with `PASSWORD` or without any."""
    database = Database(f"sqlite:///{folder / 'loket.db'}")
    try:
        with database.begin() as conn:
            return agents.add(
                conn,
                login,
                name or login.capitalize(),
                role,
                teams,
                datetime.now(UTC),
                password_hash=password_hash() if password else None,
            )
    finally:
        database.dispose()


_numbers = count(1)


class Browser(httpx.Client):
    """Asks for pages and posts forms as a browser does: with Origin and Accept.

    Each has a network address of its own, for a server with LOKET_TRUSTED_PROXIES=1: many tests
    log in more often than one office.
    """

    def __init__(self, url: str) -> None:
        number = next(_numbers)
        headers = {"Accept": PAGE, "X-Forwarded-For": f"10.0.{number // 250}.{number % 250 + 1}"}
        super().__init__(base_url=url, timeout=20, headers=headers)
        self.own = url

    def form(self, path: str) -> str:
        """The token of the form on a page."""
        found = re.search(r'name="csrf" value="([^"]+)"', self.get(path).text)
        assert found, f"no form at {path}"
        return found[1]

    def fill_in(
        self, path: str, values: dict[str, str | list[str]], to: str = "", **headers: str
    ) -> httpx.Response:
        """Opens a page and posts its form, to another path if given."""
        fields = {"csrf": self.form(path), **values}
        return self.post(to or path, data=fields, headers={"Origin": self.own, **headers})

    def log_in(self, login: str, password: str = PASSWORD, wanted: str = "") -> httpx.Response:
        """Fills in the log-in form."""
        path = f"/desk/login?next={wanted}" if wanted else "/desk/login"
        values = {"login": login, "password": password, "next": wanted}
        return self.fill_in(path, values, "/desk/login")


@contextmanager
def signed_in(url: str, login: str) -> Iterator[Browser]:
    """Somebody who has logged in."""
    with Browser(url) as browser:
        answer = browser.log_in(login)
        assert answer.status_code == 303, answer.text
        yield browser
