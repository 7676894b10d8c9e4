"""The supervisors' page with the figures of a period and the cases behind them, also as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlencode

from sanic.request import Request
from sanic.response import HTTPResponse

from bot.catalogue import say
from bot.desk import dutch_labels
from bot.desk.conversations import period_figures
from bot.desk.conversations.desk_context import DeskContext
from bot.desk.conversations.period_figures import CaseFigures, Measure, PageVotes, Period
from bot.desk.errors import Unusable
from bot.desk.login.auth import Access
from bot.desk.pages import responses
from bot.store.conversation import quote_votes
from bot.store.desk import agents, handled_cases
from bot.store.desk.handled_cases import HandledCase

#: Most cases, and votes on quotes, that figures count, and that a page lists.
MOST: Final = 20_000
LISTED: Final = 200
#: Figures of people, and those that are of everybody's cases alone: the assistant quotes.
_OF_PEOPLE: Final[tuple[Measure, ...]] = (
    "handled", "first_response", "waiting", "handling", "score", "low",
)  # fmt: skip
_TILES: Final[tuple[Measure, ...]] = (*_OF_PEOPLE, "votes")
_COLUMNS: Final = (
    "conversation", "channel", "team", "topic", "reason", "agent", "outcome", "handed_over",
    "closed", "first_response", "waiting", "handling", "score", "votes_yes", "votes_no",
    "resolution",
)  # fmt: skip
#: A cell that begins so is a formula: https://owasp.org/www-community/attacks/CSV_Injection.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure, with the address of the cases behind it."""

    label: str
    value: str
    link: str
    current: bool


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case as the page lists it."""

    id: str
    topic: str
    team: str
    agent: str
    closed: str
    first_response: str
    waiting: str
    handling: str
    score: str
    votes: str
    resolution: str


class PeriodPages:
    """Makes the page with the figures of a period.

    Args:
        access: store and time.
        desk: the desk's rules.
    """

    def __init__(self, access: Access, desk: DeskContext) -> None:
        self._access = access
        self._organisation = desk.organisation

    async def period(self, request: Request) -> HTTPResponse:
        """The page: `van` and `tot` are days, `medewerker` an agent's id, `wat` a tile.

        A period that cannot be shown leaves the form as it was typed, with what is wrong with it.
        """
        agent_id, wanted = _agent_id(request), period_figures.measure(request.args.get("wat") or "")
        everyone = await self._access.database.query(agents.everyone)
        form: dict[str, Any] = {
            "agent_id": agent_id,
            "people": [(each.agent.id, each.agent.name) for each in everyone],
        }
        try:
            period = self._period(request)
        except Unusable as error:
            form |= {name: request.args.get(name) or "" for name in ("van", "tot")}
            return responses.page(request, "period.html", error.status, problem=str(error), **form)
        cases = await self._cases(period, agent_id)
        shown = period_figures.chosen(cases, wanted)
        query = {"van": period.first.isoformat(), "tot": period.last.isoformat()}
        people = {"medewerker": str(agent_id)} if agent_id is not None else {}
        return responses.page(
            request,
            "period.html",
            problem="",
            van=query["van"],
            tot=query["tot"],
            **form,
            tiles=_tiles(
                period_figures.figures(cases),
                _TILES if agent_id is None else _OF_PEOPLE,
                query | people,
                wanted,
            ),
            measures=[say(f"desk_page.period_{each}") for each in _OF_PEOPLE],
            agents=[
                (name, f"?{urlencode({**query, 'medewerker': number})}", _of_person(found))
                for (number, name), found in period_figures.by_agent(cases).items()
            ],
            cases=[self._row(case) for case in shown[:LISTED]],
            title=say(f"desk_page.period_{wanted}"),
            total=len(shown),
            pages=(pages := await self._pages(period) if agent_id is None else ()),
            helped=sum(each.yes for each in pages),
            unhelpful=sum(each.no for each in pages),
            csv=f"/desk/overzicht/periode.csv?{urlencode(query | people)}",
        )

    async def period_csv(self, request: Request) -> HTTPResponse:
        """The cases of a period as a table; without what anybody wrote."""
        period = self._period(request)
        cases = await self._cases(period, _agent_id(request))
        name = f"gesprekken-{period.first}-{period.last}.csv"
        return HTTPResponse(
            self._table(cases),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    def _period(self, request: Request) -> Period:
        given = request.args.get
        today = self._organisation.local(self._access.now()).date()
        return period_figures.period(given("van") or "", given("tot") or "", today)

    async def _cases(self, period: Period, agent_id: int | None) -> Sequence[HandledCase]:
        bounds = period.bounds(self._organisation)
        found: Sequence[HandledCase] = await self._access.database.query(
            handled_cases.between, *bounds, agent_id, MOST
        )
        return found

    async def _pages(self, period: Period) -> tuple[PageVotes, ...]:
        bounds = period.bounds(self._organisation)
        return period_figures.by_page(
            await self._access.database.query(quote_votes.between, *bounds, MOST)
        )

    def _row(self, case: HandledCase) -> CaseRow:
        now, zone = self._access.now(), self._organisation.timezone
        return CaseRow(
            id=case.conversation_id,
            topic=self._organisation.labels.get(case.topic, "") or say("desk.no_topic"),
            team=self._organisation.team(case.team).name,
            agent=case.agent or "–",
            closed=dutch_labels.moment(case.closed_at, now, zone),
            first_response=_lasted(period_figures.length(case, "first_response")),
            waiting=_lasted(period_figures.length(case, "waiting")),
            handling=_lasted(period_figures.length(case, "handling")),
            score="–" if case.score is None else str(case.score),
            votes=_votes(case.yes, case.no),
            resolution=dutch_labels.resolution(case.resolution) or "–",
        )

    def _table(self, cases: Sequence[HandledCase]) -> bytes:
        out = io.StringIO()
        table = csv.writer(out, delimiter=";")
        table.writerow([say(f"desk_page.csv_{each}") for each in _COLUMNS])
        table.writerows(map(_safe, self._lines(cases)))
        # With the mark by which spreadsheets know UTF-8.
        return b"\xef\xbb\xbf" + out.getvalue().encode()

    def _lines(self, cases: Sequence[HandledCase]) -> Iterator[list[str]]:
        local = self._organisation.local
        for case in cases:
            lengths = (
                period_figures.length(case, each)
                for each in ("first_response", "waiting", "handling")
            )
            yield [
                case.conversation_id,
                case.channel,
                self._organisation.team(case.team).name,
                self._organisation.labels.get(case.topic, ""),
                dutch_labels.reason(case.reason),
                case.agent,
                say(f"desk_page.outcome_{case.outcome}"),
                f"{local(case.created_at):%Y-%m-%d %H:%M}",
                f"{local(case.closed_at):%Y-%m-%d %H:%M}",
                *("" if each is None else str(round(each.total_seconds())) for each in lengths),
                "" if case.score is None else str(case.score),
                str(case.yes),
                str(case.no),
                dutch_labels.resolution(case.resolution),
            ]


def _agent_id(request: Request) -> int | None:
    who = request.args.get("medewerker") or ""
    return int(who) if who.isascii() and who.isdecimal() and len(who) < 19 else None


def _safe(cells: Sequence[str]) -> list[str]:
    """Cells that no spreadsheet takes for formulas."""
    return [f"'{each}" if each.startswith(_FORMULA) else each for each in cells]


def _tiles(
    found: CaseFigures, shown: Sequence[Measure], query: dict[str, str], wanted: Measure
) -> list[Tile]:
    values = _values(found)
    return [
        Tile(
            say(f"desk_page.period_{each}"),
            values[each],
            f"?{urlencode({**query, 'wat': each})}#cases",
            each == wanted,
        )
        for each in shown
    ]


def _of_person(found: CaseFigures) -> list[str]:
    values = _values(found)
    return [values[each] for each in _OF_PEOPLE]


def _values(found: CaseFigures) -> dict[Measure, str]:
    score = "–" if found.score is None else dutch_labels.decimal(found.score)
    return {
        "handled": str(found.handled),
        "first_response": _lasted(found.first_response),
        "waiting": _lasted(found.waiting),
        "handling": _lasted(found.handling),
        "score": score,
        "low": str(found.low),
        "votes": _votes(found.yes, found.no),
    }


def _votes(yes: int, no: int) -> str:
    return say("desk_page.period_voted", yes=yes, no=no) if yes or no else "–"


def _lasted(span: timedelta | None) -> str:
    return "–" if span is None else dutch_labels.lasted(span)
