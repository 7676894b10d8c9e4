"""The routes for logging in, and for one's own account, under `/desk`."""

from __future__ import annotations

import math
from functools import partial

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from bot import organisation
from bot.catalogue import say
from bot.desk.login import (
    accounts,
    auth,
    one_time_link_routes,
    password_check,
    password_hashes,
    password_policy,
    users_routes,
)
from bot.desk.login.auth import Access, Handler, public, signed_in
from bot.desk.login.safe_redirect import safe_next
from bot.desk.login.sign_in import SignIn, field, log_out, waited
from bot.desk.pages import responses
from bot.errors import Rejected
from bot.store.desk import agents, desk_sessions, login_attempts


def blueprint(access: Access) -> Blueprint:
    """The routes under `/desk` for logging in and for accounts.

    Raises:
        ConfigurationError: the teams cannot be read, or OpenID Connect is set up by half.
    """
    routes = Blueprint("desk_access", url_prefix=auth.PREFIX)
    teams = {team.id: team.name for team in organisation.load(access.settings.root).teams}
    door = SignIn(access, teams)
    pages = _Pages(door)
    everybody: dict[str, tuple[str, str, Handler]] = {
        "login": ("GET", "/login", pages.login_page),
        "log_in": ("POST", "/login", pages.log_in),
    }
    agents_only: dict[str, tuple[str, str, Handler]] = {
        "account": ("GET", "/account", pages.account),
        "change_password": ("POST", "/account", pages.change_password),
        "log_out_everywhere": ("POST", "/account/logout", pages.log_out_everywhere),
    }
    for mark, table in ((public, everybody), (signed_in(), agents_only)):
        for name, (method, path, handler) in table.items():
            routes.add_route(mark(handler), path, methods=(method,), name=name)
    one_time_link_routes.add(routes, door)
    users_routes.add(routes, door)
    if access.settings.oidc_issuer:
        # Takes half a second to import, and most installations have no provider.
        from bot.desk.login import oidc_routes  # noqa: PLC0415

        oidc_routes.add(routes, door)
    routes.middleware("response")(responses.secure)
    return routes


class _Pages:
    def __init__(self, door: SignIn) -> None:
        self._door = door
        self._access = door.access

    async def login_page(self, request: Request) -> HTTPResponse:
        """The log-in form, or the desk for a person who is signed in already."""
        wanted = safe_next(request.args.get("next") or "")
        if await auth.still_signed_in(request) is not None:
            return responses.redirect(wanted)
        nobody = not await self._access.database.query(agents.exist)
        gone = "uit" in request.get_args(keep_blank_values=True)
        return self._form(request, wanted, nobody=nobody, gone=gone)

    async def log_in(self, request: Request) -> HTTPResponse:
        """Checks name and password; a wrong one says no more than that."""
        wanted = safe_next(field(request, "next"))
        name = field(request, "login")
        try:
            self._door.checked(request)
        except Rejected as error:
            response = self._form(request, wanted, error.status, error=str(error), login=name)
            if error.retry_after is not None:
                response.headers["Retry-After"] = str(round(error.retry_after))
            return response
        checked = await self._door.check(request, name)
        if checked.wait:
            response = self._form(request, wanted, 429, error=waited(checked.wait), login=name)
            response.headers["Retry-After"] = str(math.ceil(checked.wait.total_seconds()))
            return response
        if checked.agent is None:
            wrong = say("desk_access.wrong", tries=login_attempts.VISITOR.free)
            return self._form(request, wanted, 403, error=wrong, login=name)
        return await self._door.let_in(request, checked.agent.id, wanted)

    async def log_out_everywhere(self, request: Request) -> HTTPResponse:
        """Ends every session of this person, this one too."""
        await self._access.database.run(desk_sessions.end_all, request.ctx.agent.id)
        return await log_out(self._access, request)

    async def account(self, request: Request) -> HTTPResponse:
        """The page with one's own name, role and teams, and a form for another password."""
        changed = "gewijzigd" in request.get_args(keep_blank_values=True)
        return await self._account(request, changed=changed)

    async def change_password(self, request: Request) -> HTTPResponse:
        """Changes one's password; other browsers are logged out, this one gets a new session."""
        agent, new = request.ctx.agent, field(request, "new_password")
        self._door.knock(request)
        checked = await self._door.check(request, agent.login)
        if checked.agent is None:
            wait = checked.wait
            wrong = waited(wait) if wait else say("desk_access.wrong_password")
            return await self._account(request, 422, wrong=wrong)
        if (problem := password_policy.objection(new, agent.login, agent.name)) is not None:
            return await self._account(request, 422, problem=problem)
        new_hash = await password_check.on_thread(partial(password_hashes.hashed, new))
        await self._access.database.run(accounts.set_password, agent.id, new_hash)
        return await self._door.let_in(request, agent.id, "/desk/account?gewijzigd")

    async def _account(
        self,
        request: Request,
        status: int = 200,
        *,
        changed: bool = False,
        wrong: str = "",
        problem: str = "",
    ) -> HTTPResponse:
        account = await self._access.database.query(agents.account, request.ctx.agent.id)
        return responses.page(
            request,
            "account.html",
            status,
            teams=self._door.team_names(account.agent),
            has_password=account.password_hash is not None,
            changed=changed,
            wrong=wrong,
            problem=problem,
            least=password_policy.LEAST,
        )

    def _form(
        self,
        request: Request,
        wanted: str,
        status: int = 200,
        *,
        error: str = "",
        login: str = "",
        nobody: bool = False,
        gone: bool = False,
    ) -> HTTPResponse:
        return self._door.form(
            request,
            "login.html",
            status,
            next=wanted,
            error=error,
            login=login,
            nobody=nobody,
            gone=gone,
            oidc=bool(self._access.settings.oidc_issuer),
        )
