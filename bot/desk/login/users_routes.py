"""The supervisors' pages about the accounts of the desk."""

from __future__ import annotations

import structlog
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.catalogue import say
from bot.desk.conversations import presence
from bot.desk.errors import DeskError, Unusable
from bot.desk.login import accounts, one_time_links
from bot.desk.login.auth import ROW, Handler, add_for_supervisors
from bot.desk.login.sign_in import SignIn, field
from bot.desk.pages import responses
from bot.store.desk import agents
from bot.store.desk.agents import Account, LoginTaken, Role

log = structlog.get_logger(__name__)


def add(routes: Blueprint, door: SignIn) -> None:
    """Adds the routes at `/users` and below."""
    pages = _Users(door)
    one = f"/users/<number:{ROW}>"
    gets: dict[str, tuple[str, Handler]] = {
        "users": ("/users", pages.everyone),
        "user": (one, pages.one),
    }
    posts: dict[str, tuple[str, Handler]] = {
        "add_user": ("/users", pages.add),
        "edit_user": (one, pages.edit),
        "invite_user": (f"{one}/invite", pages.invite),
        "deactivate_user": (f"{one}/deactivate", pages.deactivate),
        "activate_user": (f"{one}/activate", pages.activate),
    }
    add_for_supervisors(routes, gets, posts)


class _Users:
    def __init__(self, door: SignIn) -> None:
        self._door = door
        self._access = door.access

    async def everyone(self, request: Request) -> HTTPResponse:
        """The page with all accounts, and a form for a new one."""
        return await self._list(request)

    async def add(self, request: Request) -> HTTPResponse:
        """Makes an account and shows the invitation, this once."""
        typed = {"login": field(request, "login"), "name": field(request, "name")}
        try:
            kept = accounts.usable_login(typed["login"])
            name = accounts.usable_name(typed["name"])
            role, teams = self._role(request), self._teams(request)
            now = self._access.now()
            agent = await self._access.database.run(agents.add, kept, name, role, teams, now)
        except (DeskError, LoginTaken) as error:
            return await self._list(request, 422, problem=str(error), typed=typed)
        _note(request, agent.id, "added")
        account = await self._access.database.query(agents.account, agent.id)
        return self._user(
            request, account, link=self._link(account), said=say("desk_access.users.added")
        )

    async def one(self, request: Request, number: str) -> HTTPResponse:
        """The page of one account, with everything that can be changed."""
        account = await self._access.database.query(accounts.account, int(number))
        return self._user(request, account)

    async def edit(self, request: Request, number: str) -> HTTPResponse:
        """Changes an account's name, role, teams or limit."""
        agent_id = int(number)
        account = await self._access.database.query(accounts.account, agent_id)
        try:
            name = accounts.usable_name(field(request, "name"))
            role, teams = self._role(request), self._teams(request)
            most = presence.capacity(field(request, "capacity"))
            edit = self._access.database.run(accounts.edit, agent_id, name, role, teams, most)
            account = await edit
        except DeskError as error:
            return self._user(request, account, error.status, problem=str(error))
        _note(request, agent_id, "edited")
        return self._user(request, account, said=say("desk_access.users.saved"))

    async def invite(self, request: Request, number: str) -> HTTPResponse:
        """Makes a new link with which this person chooses a password."""
        agent_id = int(number)
        account = await self._access.database.query(accounts.account, agent_id)
        if not account.active:
            raise Unusable(say("desk_access.users.inactive", name=account.agent.name))
        _note(request, agent_id, "invited")
        return self._user(request, account, link=self._link(account))

    async def deactivate(self, request: Request, number: str) -> HTTPResponse:
        """Logs somebody out everywhere, for good."""
        agent_id = int(number)
        account = await self._access.database.query(accounts.account, agent_id)
        try:
            await self._access.database.run(accounts.deactivate, agent_id)
        except DeskError as error:
            return self._user(request, account, error.status, problem=str(error))
        _note(request, agent_id, "deactivated")
        return responses.redirect(f"/desk/users/{agent_id}")

    async def activate(self, request: Request, number: str) -> HTTPResponse:
        """Lets somebody in again."""
        agent_id = int(number)
        await self._access.database.run(accounts.activate, agent_id)
        _note(request, agent_id, "activated")
        return responses.redirect(f"/desk/users/{agent_id}")

    def _role(self, request: Request) -> Role:
        return "supervisor" if field(request, "role") == "supervisor" else "agent"

    def _teams(self, request: Request) -> tuple[str, ...]:
        """The teams that were ticked; none when the person answers for all."""
        if field(request, "which") != "some":
            return ()
        given = request.form.getlist("team", []) if request.form else []
        ticked = tuple(team for team in self._door.teams if team in given)
        if not ticked:
            raise Unusable(say("desk_access.users.no_team"))
        return ticked

    def _link(self, account: Account) -> str:
        settings = self._access.settings
        token = one_time_links.invitation_token(settings.secret, account, self._access.now())
        return f"{settings.public_url}/desk/invitation/{token}"

    async def _list(
        self,
        request: Request,
        status: int = 200,
        *,
        problem: str = "",
        typed: dict[str, str] | None = None,
    ) -> HTTPResponse:
        everyone = await self._access.database.query(agents.everyone)
        return responses.page(
            request,
            "users.html",
            status,
            people=[self._row(account) for account in everyone],
            teams=self._door.teams,
            problem=problem,
            typed=typed or {"login": "", "name": ""},
        )

    def _user(
        self, request: Request, account: Account, status: int = 200, **told: str
    ) -> HTTPResponse:
        return responses.page(
            request,
            "user.html",
            status,
            person=self._row(account),
            teams=self._door.teams,
            link_days=one_time_links.INVITATION_LASTS.days,
            **({"link": "", "said": "", "problem": ""} | told),
        )

    def _row(self, account: Account) -> dict[str, object]:
        """The values of an account that the templates show; never its hash."""
        return {
            "agent": account.agent,
            "teams": self._door.team_names(account.agent),
            "active": account.active,
            "way": _way(account),
        }


def _note(request: Request, agent_id: int, what: str) -> None:
    """Logs which supervisor changed which account, and how."""
    log.info("desk_account", agent=agent_id, by=request.ctx.agent.id, what=what)


def _way(account: Account) -> str:
    """The words for how a person logs in, if at all."""
    if not account.active:
        return say("desk_access.way.inactive")
    if account.oidc_subject is not None:
        return say("desk_access.way.oidc")
    if account.password_hash:
        return say("desk_access.way.password")
    return say("desk_access.way.never")
