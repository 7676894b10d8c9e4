"""Shared steps of the log-in pages: limits on tries, forms, and the start and end of a session."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any, Final

import structlog
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.catalogue import say
from bot.desk.login import auth, csrf, sessions
from bot.desk.login.auth import Access
from bot.desk.pages import responses
from bot.errors import Rejected
from bot.http.rate_limit import Rate, RateLimit, address_key
from bot.store.desk.agents import Agent

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
        address = address_key(request.remote_addr or request.ip)
        try:
            self._tries.take(address, time.monotonic())
        except Rejected as error:
            raise Rejected(
                say("desk_access.too_often"),
                429,
                retry_after=error.retry_after,
            ) from error

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
        return responses.redirect(path, {"Set-Cookie": access.cookie.set(token, sessions.LONGEST)})


async def log_out(access: Access, request: Request) -> HTTPResponse:
    """Ends this browser's session and goes to the log-in page."""
    await access.database.run(sessions.end, auth.token(request))
    headers = {"Set-Cookie": access.cookie.clear()}
    return responses.redirect(f"{auth.LOGIN}?uit", headers)


def field(request: Request, name: str) -> str:
    """A field of the form that was sent; empty when it is not there."""
    return str(request.form.get(name) or "") if request.form else ""
