"""Figures of a period: how soon people answered, how long it took, the scores. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import mean, median
from typing import Final, Literal, get_args

from bot.catalogue import say
from bot.desk.errors import Unusable
from bot.organisation import Organisation
from bot.store.conversation.quote_votes import QuoteVote
from bot.store.desk.handled_cases import HandledCase

#: Most days of a period, and the days of one that nobody chose.
LONGEST: Final = 92
_USUAL: Final = 7
#: A score of this or less is a low one.
LOW: Final = 2

#: What a tile is about. `handled`: all cases; `low`: those with a low score; `votes`: those with
#: votes on quotes; the others by length.
Measure = Literal["handled", "first_response", "waiting", "handling", "score", "low", "votes"]


@dataclass(frozen=True, slots=True)
class Period:
    """Days of the organisation's calendar.

    Attributes:
        first: the first day.
        last: the last day, which belongs to it.
    """

    first: date
    last: date

    def bounds(self, organisation: Organisation) -> tuple[datetime, datetime]:
        """The moments at which it begins and is over."""
        zone, after = organisation.timezone, self.last + timedelta(days=1)
        return datetime.combine(self.first, time(), zone), datetime.combine(after, time(), zone)


def period(first: str, last: str, today: date) -> Period:
    """The period between two typed days (ISO 8601); the last week when none was typed.

    Raises:
        Unusable: it is no day, the days are in the wrong order, or too far apart.
    """
    try:
        until = date.fromisoformat(last) if last else today
        since = date.fromisoformat(first) if first else until - timedelta(days=_USUAL - 1)
    except (ValueError, OverflowError) as error:
        raise Unusable(say("desk.refused.period", days=LONGEST)) from error
    if until < since:
        raise Unusable(say("desk_search.period_reversed"))
    if until - since >= timedelta(days=LONGEST):
        raise Unusable(say("desk.refused.period", days=LONGEST))
    return Period(since, until)


def measure(typed: str) -> Measure:
    """The measure of this name; all cases for words that are none."""
    known: tuple[Measure, ...] = get_args(Measure)
    return next((each for each in known if each == typed), "handled")


def length(case: HandledCase, of: Measure) -> timedelta | None:
    """How long a case took by one measure; None where it has none.

    `first_response`: from the hand-over to a person's first answer. `waiting`: in a queue, all
    times together. `handling`: with people, all of them together.
    """
    if of == "first_response":
        return None if case.first_reply_at is None else case.first_reply_at - case.created_at
    if of == "waiting":
        return case.waited
    return case.had if of == "handling" else None


@dataclass(frozen=True, slots=True)
class CaseFigures:
    """The figures of some cases. Lengths are medians: one case that was forgotten spoils no mean.

    Attributes:
        handled: how many there are.
        first_response: until a person first answered, or None.
        waiting: in a queue, or None.
        handling: with people, or None.
        score: mean of the scores, or None.
        scores: how many scores there are.
        low: how many of them are low.
        yes: how many quotes helped, by the customers' votes.
        no: how many did not.
    """

    handled: int
    first_response: timedelta | None
    waiting: timedelta | None
    handling: timedelta | None
    score: float | None
    scores: int
    low: int
    yes: int
    no: int


def figures(cases: Sequence[HandledCase]) -> CaseFigures:
    """The figures of cases."""
    scores = [case.score for case in cases if case.score is not None]
    return CaseFigures(
        handled=len(cases),
        first_response=_median(length(case, "first_response") for case in cases),
        waiting=_median(length(case, "waiting") for case in cases),
        handling=_median(length(case, "handling") for case in cases),
        score=mean(scores) if scores else None,
        scores=len(scores),
        low=sum(score <= LOW for score in scores),
        yes=sum(case.yes for case in cases),
        no=sum(case.no for case in cases),
    )


def by_agent(cases: Iterable[HandledCase]) -> Mapping[tuple[int, str], CaseFigures]:
    """The figures of each agent: by id and name, in order of names; what nobody had is left out."""
    found: defaultdict[tuple[int, str], list[HandledCase]] = defaultdict(list)
    for case in cases:
        if case.agent_id is not None:
            found[case.agent_id, case.agent].append(case)
    order = sorted(found, key=lambda who: (who[1].casefold(), who[0]))
    return {who: figures(found[who]) for who in order}


@dataclass(frozen=True, slots=True)
class PageVotes:
    """What customers said of the passages of one page.

    Attributes:
        title: of the page, as it was called last.
        url: its address, without a place in the page.
        yes: how many passages helped.
        no: how many did not.
    """

    title: str
    url: str
    yes: int
    no: int


def by_page(votes: Iterable[QuoteVote]) -> tuple[PageVotes, ...]:
    """What was said of each page, the page that helped least often first.

    Args:
        votes: the latest first.
    """
    found: defaultdict[str, list[QuoteVote]] = defaultdict(list)
    for vote in votes:
        found[vote.url.partition("#")[0]].append(vote)
    pages = [
        PageVotes(said[0].title, url, yes, len(said) - yes)
        for url, said in found.items()
        for yes in (sum(each.helpful for each in said),)
    ]
    return tuple(sorted(pages, key=lambda page: (-page.no, page.yes, page.title.casefold())))


def chosen(cases: Iterable[HandledCase], of: Measure) -> tuple[HandledCase, ...]:
    """The cases behind a tile: the longest first, the lowest scores first, or the latest first.

    Of those with votes on quotes, where most did not help first.
    """
    if of == "handled":
        return tuple(cases)
    if of == "votes":
        voted = [case for case in cases if case.yes or case.no]
        return tuple(sorted(voted, key=lambda case: (-case.no, case.yes)))
    if of in ("score", "low"):
        most = LOW if of == "low" else 5
        scored = [case for case in cases if case.score is not None and case.score <= most]
        return tuple(sorted(scored, key=lambda case: case.score or 0))
    timed = [(took, case) for case in cases if (took := length(case, of)) is not None]
    return tuple(case for _, case in sorted(timed, key=lambda pair: pair[0], reverse=True))


def _median(lengths: Iterable[timedelta | None]) -> timedelta | None:
    known = [each.total_seconds() for each in lengths if each is not None]
    return timedelta(seconds=median(known)) if known else None
