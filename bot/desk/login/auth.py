"""Guards the desk's routes: each under `/desk` is either `signed_in` or, on purpose, `public`.

A handler that is neither stops the process at its start (`seal`), so none can be forgotten.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, Final
from urllib.parse import urlencode

from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.catalogue import say
from bot.desk.errors import DeskError
from bot.desk.login import cookies, csrf, sessions
from bot.desk.login.cookies import Cookie
from bot.desk.pages import responses
from bot.errors import Rejected
from bot.settings import Settings
from bot.store.desk import agents
from bot.store.desk.agents import Agent, Role
from bot.store.desk.desk_sessions import DeskSession
from bot.store.sql.database import Database

PREFIX: Final = "/desk"
LOGIN: Final = f"{PREFIX}/login"
#: A row's number in a path. Longer ones fit no database, which fails on them; Sanic's `int` takes
#: them, and negative ones too.
ROW: Final = "[0-9]{1,18}"
_SAFE: Final = ("GET", "HEAD")
_MARK: Final = "desk_access"

Handler = Callable[..., Coroutine[Any, Any, HTTPResponse | None]]


@dataclass(frozen=True, slots=True)
class Access:
    """The store, settings and clock by which a request's agent is known; `app.ctx.access` holds it.

    Attributes:
        database: the store.
        settings: all of them.
        now: the present, aware.
    """

    database: Database
    settings: Settings
    now: Callable[[], datetime]

    @property
    def cookie(self) -> Cookie:
        """The cookie with the session's token."""
        return cookies.named("loket_desk", self.settings.public_url)


def access_of(request: Request) -> Access:
    """The access of the app that serves a request."""
    access: Access = request.app.ctx.access
    return access


def signed_in(role: Role | None = None) -> Callable[[Handler], Handler]:
    """Lets a handler serve only people who are signed in; `request.ctx` gets `agent` and `csrf`.

    Not signed in: a page is sent to the log-in page and back, a script gets 401 as JSON. The wrong
    role: 403. A method other than GET and HEAD must carry the session's token, else 403. A
    `Rejected` or `DeskError` that the handler raises is answered in the form that the client wants.

    Args:
        role: `supervisor` for an act that only supervisors may do; None for everybody.
    """

    def decorate(handler: Handler) -> Handler:
        @wraps(handler)
        async def guarded(request: Request, *args: Any, **kwargs: Any) -> HTTPResponse | None:
            try:
                session = await _session(request)
                if session is None:
                    return _sign_in_first(request)
                request.ctx.agent, request.ctx.csrf = session.agent, session.csrf
                if role == "supervisor" and session.agent.role != "supervisor":
                    raise Rejected(say("desk_access.supervisors_only"), 403)
                if request.method not in _SAFE:
                    require_csrf(request)
                return await handler(request, *args, **kwargs)
            except (Rejected, DeskError) as error:
                return _refused(request, error)

        setattr(guarded, _MARK, role or "agent")
        return guarded

    return decorate


def add_for_supervisors(
    routes: Blueprint,
    gets: Mapping[str, tuple[str, Handler]],
    posts: Mapping[str, tuple[str, Handler]],
) -> None:
    """Adds routes for supervisors alone.

    Args:
        routes: where they go.
        gets: path and handler of each page, by the route's name.
        posts: the same of each act.
    """
    only = signed_in("supervisor")
    for name, (path, handler) in gets.items():
        routes.add_route(only(handler), path, methods=("GET", "HEAD"), name=name)
    for name, (path, handler) in posts.items():
        routes.add_route(only(handler), path, methods=("POST",), name=name)


def public(handler: Handler) -> Handler:
    """Marks a handler under `/desk` that serves anybody: the log-in page and static files."""

    @wraps(handler)
    async def open_to_all(request: Request, *args: Any, **kwargs: Any) -> HTTPResponse | None:
        try:
            return await handler(request, *args, **kwargs)
        except Rejected as error:
            return _refused(request, error)

    setattr(open_to_all, _MARK, "public")
    return open_to_all


def require_csrf(request: Request) -> None:
    """Refuses a request that does not come from a page of this session.

    `signed_in` does this already for every method but GET and HEAD.

    Raises:
        Rejected: 403.
    """
    csrf.check(request, request.ctx.csrf, access_of(request).settings)


async def still_signed_in(request: Request) -> Agent | None:
    """The agent of a request that lasts, such as an event stream, as he or she is now.

    Ask every half minute or so: it notes that the person is at the desk, and answers None after a
    log-out, a change of password or deactivation. It does not make the log-in last longer: an open
    page is no use of it.
    """
    access = access_of(request)
    now = access.now()
    session = await access.database.query(sessions.find, token(request), now)
    if session is None:
        return None
    await access.database.run(agents.seen, session.agent.id, now)
    return session.agent


def token(request: Request) -> str:
    """The token that the browser brought, good or not; empty when none."""
    return str(request.cookies.get(access_of(request).cookie.name, ""))


def seal(app: Sanic[Any, Any]) -> None:
    """Checks that every route under `/desk` is `signed_in` or `public`. Call it after the last one.

    Raises:
        RuntimeError: a handler is neither `signed_in` nor `public`.
    """
    for route in app.router.routes:
        path = f"/{route.path}"
        if under_desk(path) and required_role(route.handler) is None:
            raise RuntimeError(f"{path} must be signed_in(...) or public")


def under_desk(path: str) -> bool:
    """Whether a path belongs to the desk."""
    return path == PREFIX or path.startswith(f"{PREFIX}/")


def required_role(handler: object) -> str | None:
    """The access that a handler asks for: `public`, `agent` or `supervisor`; None: neither mark."""
    mark: str | None = getattr(handler, _MARK, None)
    return mark


async def _session(request: Request) -> DeskSession | None:
    access = access_of(request)
    now = access.now()
    session = await access.database.query(sessions.find, token(request), now)
    # A stream that a forgotten page opens again and again is no use of the log-in.
    if session is not None and not _streams(request) and sessions.stale(session, now):
        await access.database.run(sessions.touch, session, now)
    return session


def _streams(request: Request) -> bool:
    return "text/event-stream" in request.headers.get("accept", "")


def _sign_in_first(request: Request) -> HTTPResponse:
    if not responses.wants_page(request):
        return responses.data({"error": say("desk_access.not_signed_in")}, 401)
    # A form's act is not done by itself after the log-in: the person sees the desk first.
    wanted = f"{request.path}?{request.query_string}".rstrip("?")
    after = wanted if request.method == "GET" else PREFIX
    return responses.redirect(f"{LOGIN}?{urlencode({'next': after})}")


def _refused(request: Request, error: Rejected | DeskError) -> HTTPResponse:
    response = responses.refusal(request, error.status, str(error))
    if isinstance(error, Rejected) and error.retry_after is not None:
        response.headers["Retry-After"] = str(round(error.retry_after))
    return response
