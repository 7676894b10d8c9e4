"""The routes for logging in with the organisation's account: to the provider and back."""

from __future__ import annotations

from datetime import timedelta

import structlog
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.catalogue import say
from bot.desk.login import cookies, oidc_accounts
from bot.desk.login.auth import public
from bot.desk.login.oidc import PATIENCE, Provider
from bot.desk.login.oidc_person import Untrusted
from bot.desk.login.oidc_requests import OidcUnavailable
from bot.desk.login.safe_redirect import safe_next
from bot.desk.login.sign_in import SignIn
from bot.desk.pages import responses
from bot.errors import Rejected

log = structlog.get_logger(__name__)


def add(routes: Blueprint, door: SignIn) -> None:
    """Adds `/oidc` and `/oidc/callback`.

    Raises:
        ConfigurationError: the provider is configured by half.
    """
    pages = _Oidc(door, Provider(door.access.settings))
    routes.add_route(public(pages.start), "/oidc", methods=("GET",), name="oidc")
    routes.add_route(public(pages.back), "/oidc/callback", methods=("GET",), name="oidc_back")


class _Oidc:
    def __init__(self, door: SignIn, provider: Provider) -> None:
        self._door = door
        self._provider = provider
        self._cookie = cookies.named("loket_desk_oidc", door.access.settings.public_url)

    async def start(self, request: Request) -> HTTPResponse:
        """Sends the browser to the provider."""
        self._door.knock(request)
        wanted = safe_next(request.args.get("next") or "")
        try:
            address, flow = await self._provider.start(wanted, ask_who="opnieuw" in request.args)
        except OidcUnavailable:
            return self._away(request)
        cookie = self._cookie.set(flow, timedelta(seconds=PATIENCE))
        return responses.redirect(address, {"Set-Cookie": cookie})

    async def back(self, request: Request) -> HTTPResponse:
        """Takes the provider's answer and lets the person in, or says why not."""
        self._door.knock(request)
        response = await self._back(request)
        # A second use of the same answer finds no log-in under way.
        response.headers.add("Set-Cookie", self._cookie.clear())
        return response

    async def _back(self, request: Request) -> HTTPResponse:
        access = self._door.access
        given = request.args
        try:
            cookie = request.cookies.get(self._cookie.name) or ""
            flow = self._provider.flow(cookie, given.get("state") or "")
            code = given.get("code")
            if not code:
                raise Untrusted("answer")
            who = await self._provider.finish(flow, code, given.get("iss"), access.now())
        except Untrusted as error:
            log.warning("oidc_refused", why=error.why)
            return responses.refusal(request, 403, say("desk_access.oidc.failed"))
        except OidcUnavailable:
            return self._away(request)
        run, teams = access.database.run, tuple(self._door.teams)
        try:
            agent = await run(oidc_accounts.admit, who, access.settings, teams, access.now())
        except Rejected as error:
            why = "email_unverified" if who.unverified else "no_access"
            log.warning("oidc_not_admitted", why=why)
            return responses.refusal(request, error.status, str(error))
        return await self._door.let_in(request, agent.id, flow.next)

    def _away(self, request: Request) -> HTTPResponse:
        log.warning("oidc_unavailable")
        return responses.refusal(request, 503, say("desk_access.oidc.away"))
