"""The page on which an agent looks up conversations, open and closed ones."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final

from sanic.request import Request
from sanic.response import HTTPResponse

from bot.catalogue import say
from bot.desk.conversations.conversation_finder import (
    ConversationFinder,
    SearchQuery,
    SearchResult,
)
from bot.desk.conversations.desk_context import DeskContext
from bot.desk.login.auth import Access
from bot.desk.pages import responses, search_rows
from bot.desk.pages.search_rows import ResultRow
from bot.store.desk.agents import Agent

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


class SearchPage:
    """Makes the page.

    Args:
        access: store and time.
        desk: the desk's rules and organisation.
    """

    def __init__(self, access: Access, desk: DeskContext) -> None:
        self._access = access
        self._desk = desk
        self._finder = ConversationFinder(desk.visibility, desk.profiles)

    async def search(self, request: Request) -> HTTPResponse:
        """The form, and what it finds once something is asked; bad values count as none."""
        given = {name: request.args.get(name) or "" for name in _FIELDS}
        agent, now = request.ctx.agent, self._access.now()
        query = self._query(given)
        values: dict[str, Any] = {"problem": "", "result": None, "rows": ()}
        if query.since and query.until and query.since >= query.until:
            values["problem"] = say("desk_search.period_reversed")
        elif any(given.values()):
            result, rows = await self._access.database.query(self._results, query, agent, now)
            values |= {"result": result, "rows": rows}
        served = self._desk.visibility.may_read_team
        teams = [each for each in self._desk.organisation.teams if served(agent, each.id)]
        return responses.page(request, "search.html", given=given, teams=teams, **values)

    def _query(self, given: dict[str, str]) -> SearchQuery:
        teams = {team.id for team in self._desk.organisation.teams}
        until = self._day(given["until"])
        return SearchQuery(
            asked=given["q"],
            team=given["team"] if given["team"] in teams else "",
            state=_STATES.get(given["state"], ""),
            since=self._day(given["since"]),
            until=until + timedelta(days=1) if until else None,
        )

    def _day(self, typed: str) -> datetime | None:
        """The beginning of a day in the organisation's time zone."""
        try:
            found = date.fromisoformat(typed)
        except ValueError:
            return None
        if not _YEARS[0] <= found.year <= _YEARS[1]:
            return None
        return datetime.combine(found, time(), self._desk.organisation.timezone)

    def _results(
        self, conn: Connection, query: SearchQuery, agent: Agent, now: datetime
    ) -> tuple[SearchResult, tuple[ResultRow, ...]]:
        result = self._finder.find(conn, query, agent, now)
        return result, search_rows.rows(conn, self._desk, result.shown, query.asked, now)


_FIELDS: Final = ("q", "team", "state", "since", "until")
_STATES: Final[dict[str, Any]] = {"open": "open", "closed": "closed"}
#: Years of a period that make sense; others cannot be stored in every time zone.
_YEARS: Final = (2000, 9000)
