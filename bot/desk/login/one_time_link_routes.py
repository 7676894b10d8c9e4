"""The pages behind one-time links: the first supervisor's, and an invitation."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.catalogue import say
from bot.desk.errors import DeskError
from bot.desk.login import (
    accounts,
    one_time_links,
    password_check,
    password_hashes,
    password_policy,
)
from bot.desk.login.auth import public
from bot.desk.login.sign_in import SignIn, field
from bot.errors import Rejected
from bot.store.desk import agents
from bot.store.desk.agents import Account

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


@dataclass(frozen=True, slots=True)
class _Typed:
    """The fields that were filled in, to show again; never the password."""

    name: str = ""
    login: str = ""
    problem: str = ""
    password_problem: str = ""


def add(routes: Blueprint, door: SignIn) -> None:
    """Adds `/setup/<token>` and `/invitation/<token>`."""
    pages = _Links(door)
    get, post = ("GET", "HEAD"), ("POST",)
    routes.add_route(public(pages.setup_page), "/setup/<token:str>", methods=get, name="setup")
    routes.add_route(public(pages.set_up), "/setup/<token:str>", methods=post, name="set_up")
    path = "/invitation/<token:str>"
    routes.add_route(public(pages.invitation_page), path, methods=get, name="invitation")
    routes.add_route(public(pages.accept), path, methods=post, name="accept")


class _Links:
    def __init__(self, door: SignIn) -> None:
        self._door = door
        self._access = door.access

    async def setup_page(self, request: Request, token: str) -> HTTPResponse:
        """The form for the first supervisor."""
        await self._check_setup(token)
        return self._setup_form(request, _Typed())

    async def set_up(self, request: Request, token: str) -> HTTPResponse:
        """Makes the first supervisor and lets them in."""
        await self._check_setup(token)
        self._door.checked(request)
        typed = _Typed(field(request, "name"), field(request, "login"))
        password = field(request, "password")
        try:
            user, name = accounts.usable_login(typed.login), accounts.usable_name(typed.name)
        except DeskError as error:
            typed = _Typed(typed.name, typed.login, problem=str(error))
            return self._setup_form(request, typed, 422)
        if (objection := password_policy.objection(password, user, name)) is not None:
            typed = _Typed(typed.name, typed.login, password_problem=objection)
            return self._setup_form(request, typed, 422)
        new_hash = await password_check.on_thread(partial(password_hashes.hashed, password))
        run, now = self._access.database.run, self._access.now()
        agent = await run(accounts.set_up, user, name, new_hash, now)
        if agent is None:
            raise Rejected(say("desk_access.link_over"), 410)
        return await self._door.let_in(request, agent.id, "/desk")

    async def invitation_page(self, request: Request, token: str) -> HTTPResponse:
        """The form with which somebody chooses a password."""
        return self._invitation_form(request, await self._invited(token))

    async def accept(self, request: Request, token: str) -> HTTPResponse:
        """Keeps the password, ends every other session of this person and lets them in."""
        account = await self._invited(token)
        self._door.checked(request)
        password, agent = field(request, "password"), account.agent
        if (objection := password_policy.objection(password, agent.login, agent.name)) is not None:
            return self._invitation_form(request, account, 422, objection)
        new_hash = await password_check.on_thread(partial(password_hashes.hashed, password))
        invitation = one_time_links.Invitation(agent.id, one_time_links.state_of(account))
        await self._access.database.run(_accept, invitation, new_hash)
        return await self._door.let_in(request, agent.id, "/desk")

    async def _check_setup(self, token: str) -> None:
        good = one_time_links.is_setup(self._access.settings.secret, token, self._access.now())
        if not good or await self._access.database.query(agents.exist):
            raise Rejected(say("desk_access.link_over"), 410)

    async def _invited(self, token: str) -> Account:
        access = self._access
        found = one_time_links.invitation(access.settings.secret, token, access.now())
        if found is None:
            raise Rejected(say("desk_access.invitation_over"), 410)
        return await access.database.query(_invited, found)

    def _setup_form(self, request: Request, typed: _Typed, status: int = 200) -> HTTPResponse:
        return self._door.form(
            request, "setup.html", status, typed=typed, least=password_policy.LEAST
        )

    def _invitation_form(
        self, request: Request, account: Account, status: int = 200, problem: str = ""
    ) -> HTTPResponse:
        return self._door.form(
            request,
            "invitation.html",
            status,
            invited=account.agent,
            problem=problem,
            least=password_policy.LEAST,
        )


def _accept(conn: Connection, invitation: one_time_links.Invitation, password_hash: str) -> None:
    agent_id = _invited(conn, invitation).agent.id  # the link may have been used just now
    accounts.set_password(conn, agent_id, password_hash)


def _invited(conn: Connection, invitation: one_time_links.Invitation) -> Account:
    over = Rejected(say("desk_access.invitation_over"), 410)
    try:
        account = agents.account(conn, invitation.agent_id)
    except LookupError as error:
        raise over from error
    if not account.active or one_time_links.state_of(account) != invitation.state:
        raise over
    return account
