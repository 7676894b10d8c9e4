"""The page on which an agent looks up conversations, open and closed ones."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final

from sanic.request import Request
from sanic.response import HTTPResponse

from bot.catalogue import say
from bot.desk import dutch_labels
from bot.desk.conversations import search_terms
from bot.desk.conversations.conversation_finder import (
    ConversationFinder,
    FoundConversation,
    SearchQuery,
    SearchResult,
)
from bot.desk.conversations.desk_context import DeskContext
from bot.desk.conversations.locked_conversation import name_of
from bot.desk.login.auth import Access
from bot.desk.pages import responses
from bot.store.conversation import addresses
from bot.store.desk.agents import Agent

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

#: Characters of a message that are shown, around the first word that was looked for.
_BEFORE, _SHOWN = 50, 170
_WORD: Final = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class TextPiece:
    """A stretch of a message; `marked` when it is what was looked for."""

    text: str
    marked: bool


@dataclass(frozen=True, slots=True)
class ResultRow:
    """A conversation that was found.

    Attributes:
        id: the conversation's.
        who: the customer's name at the desk.
        channel: the channel's name.
        topic: what it is about.
        team: name of the team, or empty.
        standing: whether it waits, who has it, or when it was closed.
        at: when what was found was said (ISO 8601, UTC).
        moment: the same in words.
        pieces: the message in which it was found; empty where it was found otherwise.
    """

    id: str
    who: str
    channel: str
    topic: str
    team: str
    standing: str
    at: str
    moment: str
    pieces: tuple[TextPiece, ...]


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
        looked_for = search_terms.terms(query.asked)
        words = {spelled[-1] for term in looked_for for spelled in term.spellings}
        return result, tuple(self._row(conn, each, words, now) for each in result.shown)

    def _row(
        self, conn: Connection, found: FoundConversation, words: set[str], now: datetime
    ) -> ResultRow:
        organisation, talk = self._desk.organisation, found.conversation
        channel, handover = self._desk.profiles[talk.channel], found.handover
        known = (talk.address, addresses.latest(conn, talk.channel, talk.address))
        label = organisation.labels.get(handover.topic, "") if handover else ""
        return ResultRow(
            id=talk.id,
            who=dutch_labels.customer(channel, *known),
            channel=channel.label,
            topic=label or say("desk.no_topic"),
            team=organisation.team(handover.team).name if handover else "",
            standing=self._standing(conn, found, now),
            at=found.at.isoformat(),
            moment=dutch_labels.moment(found.at, now, organisation.timezone),
            pieces=pieces(found.text, words),
        )

    def _standing(self, conn: Connection, found: FoundConversation, now: datetime) -> str:
        handover = found.handover
        if handover is None:
            return say("desk_search.bot")
        if handover.closed_at is not None:
            zone = self._desk.organisation.timezone
            moment = dutch_labels.moment(handover.closed_at, now, zone)
            return say("desk_search.closed_on", moment=moment)
        if handover.taken_at is None:
            return say("desk_search.waits")
        name = name_of(conn, handover.agent_id) or say("desk_search.colleague")
        return say("desk_search.with", name=name)


_FIELDS: Final = ("q", "team", "state", "since", "until")
_STATES: Final[dict[str, Any]] = {"open": "open", "closed": "closed"}
#: Years of a period that make sense; others cannot be stored in every time zone.
_YEARS: Final = (2000, 9000)


def pieces(text: str, words: set[str]) -> tuple[TextPiece, ...]:
    """A message cut short around the first word that was looked for, with those words marked.

    Args:
        text: the message.
        words: beginnings of words, as `search_terms.words` gives them.
    """
    line = " ".join(text.split())
    marks = [
        match.span()
        for match in _WORD.finditer(line)
        if any("".join(search_terms.words(match[0])).startswith(word) for word in words)
    ]
    first = marks[0][0] if marks else 0
    start = line.rfind(" ", 0, max(0, first - _BEFORE)) + 1 if first > _BEFORE else 0
    end = min(len(line), start + _SHOWN)
    found, place = [TextPiece("… ", False)] if start else [], start
    for begin, finish in marks:
        if finish > end:
            break
        found += [TextPiece(line[place:begin], False), TextPiece(line[begin:finish], True)]
        place = finish
    found.append(TextPiece(line[place:end] + ("…" if end < len(line) else ""), False))
    return tuple(each for each in found if each.text)
