"""The supervisors' pages about canned answers: all of them, and one with its earlier wordings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, get_args

import structlog
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.catalogue import say
from bot.desk import dutch_labels
from bot.desk.conversations import canned_wording, placeholders
from bot.desk.conversations.desk_context import DeskContext
from bot.desk.errors import DeskError, Unusable
from bot.desk.login.auth import PREFIX, ROW, Access, Handler, add_for_supervisors
from bot.desk.login.sign_in import field
from bot.desk.pages import responses
from bot.store.desk import canned_answers
from bot.store.desk.canned_answers import CannedAnswer, Kind, Version, Wording

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

log = structlog.get_logger(__name__)

_ALL = f"{PREFIX}/antwoorden"
_EMPTY = {"kind": "answer", "title": "", "word": "", "text": "", "teams": ()}


def add(routes: Blueprint, access: Access, desk: DeskContext) -> None:
    """Adds the routes at `/antwoorden` and below."""
    pages = _CannedAnswerPages(access, desk)
    one = f"/antwoorden/<number:{ROW}>"
    gets: dict[str, tuple[str, Handler]] = {
        "canned_answers": ("/antwoorden", pages.everything),
        "canned_answer": (one, pages.one),
    }
    posts: dict[str, tuple[str, Handler]] = {
        "add_canned_answer": ("/antwoorden", pages.add),
        "edit_canned_answer": (one, pages.edit),
        "retire_canned_answer": (f"{one}/retire", pages.retire),
        "restore_canned_answer": (f"{one}/restore", pages.restore),
        "bring_back_canned_answer": (f"{one}/version/<version:{ROW}>", pages.bring_back),
    }
    add_for_supervisors(routes, gets, posts)


class _CannedAnswerPages:
    def __init__(self, access: Access, desk: DeskContext) -> None:
        self._access = access
        self._organisation = desk.organisation
        self._teams = {team.id: team.name for team in desk.organisation.teams}

    async def everything(self, request: Request) -> HTTPResponse:
        """The page with all of them, and a form for a new one."""
        return await self._list(request)

    async def add(self, request: Request) -> HTTPResponse:
        """Keeps a new one."""
        try:
            of = canned_wording.kind(field(request, "kind"))
            said = self._wording(request, of)
            by, now = request.ctx.agent, self._access.now()
            number = await self._access.database.run(canned_wording.add, of, said, by, now)
        except DeskError as error:
            typed = {"kind": field(request, "kind") or "answer", **self._typed(request)}
            return await self._list(request, error.status, problem=str(error), typed=typed)
        return self._done(request, number, "added")

    async def one(self, request: Request, number: str) -> HTTPResponse:
        """The page of one, with its wordings."""
        return await self._one(request, int(number))

    async def edit(self, request: Request, number: str) -> HTTPResponse:
        """Gives one other words."""
        before = await self._access.database.query(canned_wording.find, int(number))
        try:
            said = self._wording(request, before.kind)
            by, now = request.ctx.agent, self._access.now()
            await self._access.database.run(canned_wording.change, before.id, said, by, now)
        except DeskError as error:
            return await self._refused(request, before.id, error, self._typed(request))
        return self._done(request, before.id, "edited")

    async def retire(self, request: Request, number: str) -> HTTPResponse:
        """Takes one out of use."""
        now = self._access.now()
        return await self._act(
            request, number, "retired", lambda c, n: canned_wording.retire(c, n, now)
        )

    async def restore(self, request: Request, number: str) -> HTTPResponse:
        """Puts one into use again."""
        return await self._act(request, number, "restored", canned_wording.restore)

    async def bring_back(self, request: Request, number: str, version: str) -> HTTPResponse:
        """Has one say again what it said before."""
        by, now = request.ctx.agent, self._access.now()
        return await self._act(
            request,
            number,
            "brought_back",
            lambda c, n: canned_wording.bring_back(c, n, int(version), by, now),
        )

    async def _act(
        self, request: Request, number: str, what: str, act: Callable[[Connection, int], None]
    ) -> HTTPResponse:
        try:
            await self._access.database.run(act, int(number))
        except Unusable as error:
            return await self._refused(request, int(number), error, None)
        return self._done(request, int(number), what)

    @staticmethod
    def _done(request: Request, number: int, what: str) -> HTTPResponse:
        log.info("desk_canned_answer", answer=number, by=request.ctx.agent.id, what=what)
        return responses.redirect(f"{_ALL}/{number}?gedaan={what}")

    def _typed(self, request: Request) -> dict[str, Any]:
        words = {name: field(request, name) for name in ("title", "word", "text")}
        return {**words, "teams": self._ticked(request)}

    def _ticked(self, request: Request) -> tuple[str, ...]:
        given = request.form.getlist("team", []) if request.form else []
        return tuple(team for team in self._teams if team in given)

    def _wording(self, request: Request, of: Kind) -> Wording:
        typed, some = self._typed(request), field(request, "which") == "some"
        if some and not typed["teams"]:
            raise Unusable(say("desk_access.users.no_team"))
        teams: Sequence[str] = typed["teams"] if some else ()
        return canned_wording.wording(
            typed["title"], typed["word"], typed["text"], teams, of, self._organisation
        )

    async def _list(
        self,
        request: Request,
        status: int = 200,
        *,
        problem: str = "",
        typed: dict[str, Any] | None = None,
    ) -> HTTPResponse:
        found = await self._access.database.query(canned_answers.all_)
        return responses.page(
            request,
            "answers.html",
            status,
            lists=[
                (of, [self._row(each) for each in found if each.kind == of])
                for of in get_args(Kind)
            ],
            typed=typed or _EMPTY,
            problem=problem,
            **self._form(),
        )

    async def _one(
        self,
        request: Request,
        number: int,
        status: int = 200,
        *,
        problem: str = "",
        typed: dict[str, Any] | None = None,
    ) -> HTTPResponse:
        def read(conn: Connection) -> tuple[CannedAnswer, tuple[Version, ...]]:
            return canned_wording.find(conn, number), canned_answers.versions(conn, number)

        found, versions = await self._access.database.query(read)
        said = found.now
        shown = {"title": said.title, "word": said.word or "", "text": said.text}
        return responses.page(
            request,
            "answer.html",
            status,
            answer=self._row(found),
            typed={"kind": found.kind, **(typed or {**shown, "teams": said.teams})},
            versions=[self._version(each) for each in versions],
            said=say("desk_answers.saved") if request.args.get("gedaan") and not problem else "",
            problem=problem,
            **self._form(),
        )

    async def _refused(
        self, request: Request, number: int, error: DeskError, typed: dict[str, Any] | None
    ) -> HTTPResponse:
        return await self._one(request, number, error.status, problem=str(error), typed=typed)

    def _form(self) -> dict[str, Any]:
        known = placeholders.known(self._organisation)
        return {"teams": self._teams, "placeholders": [f"{{{name}}}" for name in known]}

    def _row(self, answer: CannedAnswer) -> dict[str, Any]:
        return {
            "id": answer.id,
            "title": answer.now.title,
            "word": answer.now.word,
            "teams": self._team_names(answer.now.teams),
            "used": answer.retired_at is None,
        }

    def _version(self, version: Version) -> dict[str, Any]:
        zone = self._organisation.timezone
        at = dutch_labels.moment(version.at, self._access.now(), zone)
        return {
            "id": version.id,
            "title": version.said.title,
            "word": version.said.word,
            "text": version.said.text,
            "teams": self._team_names(version.said.teams),
            "by": version.by or say("desk_answers.by_file"),
            "at": at,
        }

    def _team_names(self, teams: Sequence[str]) -> str:
        named = ", ".join(self._teams.get(team, team) for team in teams)
        return named or say("desk_user.all_teams")
