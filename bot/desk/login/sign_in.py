"""Shared steps of the log-in pages: limits on tries, forms, and the start and end of a session."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

import structlog
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.catalogue import say
from bot.desk.login import auth, cookies, csrf, known_devices, password_check, sessions
from bot.desk.login.auth import Access
from bot.desk.login.cookies import Cookie
from bot.desk.login.known_devices import KnownDevices
from bot.desk.login.password_check import Checked, Visitor
from bot.desk.pages import responses
from bot.errors import Rejected
from bot.http.rate_limit import Rate, RateLimit, address_key
from bot.store.desk import agents
from bot.store.desk.agents import Account, Agent

log = structlog.get_logger(__name__)

#: Tries to log in from one network address: an office starts its day at once, and may share one.
_TRIES: Final = Rate(60, 0.2)


class SignIn:
    """Lets people in; one per web process.

    Args:
        access: the store, the settings and the time.
        teams: the organisation's teams: names by id.
    """

    def __init__(self, access: Access, teams: Mapping[str, str]) -> None:
        self.access = access
        self.teams = teams
        self._tries = RateLimit(_TRIES)

    def knock(self, request: Request) -> None:
        """Counts a try from this network address.

        Raises:
            Rejected: 429, after too many.
        """
        try:
            self._tries.take(_address(request), time.monotonic())
        except Rejected as error:
            raise Rejected(
                say("desk_access.too_often"),
                429,
                retry_after=error.retry_after,
            ) from error

    async def check(self, request: Request, login: str) -> Checked:
        """Looks at the password in a form, for a log-in name."""
        cookie = request.cookies.get(self._device.name) or ""
        visitor = Visitor(_address(request), cookie)
        return await password_check.check(self.access, login, field(request, "password"), visitor)

    def form(
        self, request: Request, template: str, status: int = 200, **values: Any
    ) -> HTTPResponse:
        """A page with a form for somebody who is not signed in."""
        token, cookie = csrf.of_visitor(request, self.access.settings)
        response = responses.page(request, template, status, **({"csrf": token} | values))
        response.headers.add("Set-Cookie", cookie)
        return response

    def checked(self, request: Request) -> None:
        """Refuses a form that is not of `form`, and counts the try.

        Raises:
            Rejected: 403 or 429.
        """
        csrf.check_visitor(request, self.access.settings)
        self.knock(request)

    def team_names(self, agent: Agent) -> str:
        """The names of an agent's teams, in words."""
        known = [self.teams[team] for team in agent.teams if team in self.teams]
        return ", ".join(known) if agent.teams else "Alle teams"

    async def let_in(self, request: Request, agent_id: int, path: str) -> HTTPResponse:
        """Starts a new session, ends the one the browser brought, and goes to a page."""
        access = self.access
        old, now = auth.token(request), access.now()
        token = await access.database.run(sessions.start, agent_id, now, old_token=old)
        log.info("desk_login", agent=agent_id)
        headers = {"Set-Cookie": access.cookie.set(token, sessions.LONGEST)}
        response = responses.redirect(path, headers)
        account = await access.database.query(agents.account, agent_id)
        if account.password_hash is not None:
            response.headers.add("Set-Cookie", self._remembered(request, account))
        return response

    def _remembered(self, request: Request, account: Account) -> str:
        """The cookie by which this device is known as one of this person's."""
        secret = self.access.settings.secret
        key = known_devices.login_key(secret, account.agent.login, account.password_hash)
        before = request.cookies.get(self._device.name) or ""
        value = KnownDevices(secret).remembered(before, key)
        return self._device.set(value, known_devices.LASTS)

    @property
    def _device(self) -> Cookie:
        return cookies.named("loket_desk_device", self.access.settings.public_url)


async def log_out(access: Access, request: Request) -> HTTPResponse:
    """Ends this browser's session and goes to the log-in page."""
    await access.database.run(sessions.end, auth.token(request))
    headers = {"Set-Cookie": access.cookie.clear()}
    return responses.redirect(f"{auth.LOGIN}?uit", headers)


def waited(wait: timedelta) -> str:
    """The sentence for who tried too often: how long to wait, and the way out."""
    seconds = math.ceil(wait.total_seconds())
    if seconds <= 90:
        how_long = say("desk_access.wait_seconds", count=max(2, seconds))
    else:
        how_long = say("desk_access.wait_minutes", count=math.ceil(seconds / 60))
    return say("desk_access.wait", wait=how_long)


def _address(request: Request) -> str:
    return address_key(request.remote_addr or request.ip)


def field(request: Request, name: str) -> str:
    """A field of the form that was sent; empty when it is not there."""
    return str(request.form.get(name) or "") if request.form else ""
