"""The figures of a period: by days of the organisation, medians, and the cases behind each."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.conversations import period_figures
from bot.desk.conversations.period_figures import LONGEST, Measure, PageVotes, Period
from bot.desk.errors import Unusable
from bot.desk.pages.period_pages import _safe
from bot.store.conversation.quote_votes import QuoteVote
from bot.store.desk.handled_cases import HandledCase
from tests.support.desk import NOW, ORGANISATION

MINUTE = timedelta(minutes=1)
TODAY = date(2026, 11, 2)


def case(
    agent: int | None = 1, took: int = 10, first: int | None = 2, score: int | None = None
) -> HandledCase:
    """A case that was taken after a minute, answered after `first` and over after `took` more."""
    waited, had = (None, None) if agent is None else (MINUTE, took * MINUTE)
    return HandledCase(
        "c" * 32, "webchat", "algemeen", "", "asked", agent, f"Agent {agent}" if agent else "", NOW,
        None if first is None else NOW + first * MINUTE, NOW + (1 + took) * MINUTE, "closed", score,
        None, waited, had,
    )  # fmt: skip


def test_a_period_is_of_whole_days() -> None:
    """By the organisation's clock; the last week when nobody chose."""
    assert period_figures.period("", "", TODAY) == Period(date(2026, 10, 27), TODAY)
    since, until = period_figures.period("2026-11-01", "2026-11-02", TODAY).bounds(ORGANISATION)
    assert since.astimezone(UTC) == datetime(2026, 10, 31, 23, tzinfo=UTC)
    assert until - since == timedelta(days=2)


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("gisteren", ""),
        ("2026-01-01", "2026-11-02"),
        ("", "0001-01-01"),
    ],
)
def test_a_period_that_is_none(first: str, last: str) -> None:
    """Told with what fits."""
    with pytest.raises(Unusable, match=str(LONGEST)):
        period_figures.period(first, last, TODAY)


@pytest.mark.parametrize("last", ["2026-11-02", "2026-01-01"])
def test_a_period_the_wrong_way_round(last: str) -> None:
    """By a day or by a year: told as what it is."""
    with pytest.raises(Unusable, match="Draai de dagen om"):
        period_figures.period("2026-11-03", last, TODAY)


def test_cases_with_votes_on_quotes() -> None:
    """Where most did not help stands first; without votes it stands not at all."""
    cases = [replace(case(), yes=yes, no=no) for yes, no in ((1, 0), (0, 0), (0, 2), (3, 2))]
    found = period_figures.figures(cases)
    assert (found.yes, found.no) == (4, 4)
    votes = [(each.yes, each.no) for each in period_figures.chosen(cases, "votes")]
    assert votes == [(0, 2), (3, 2), (1, 0)]


def test_the_figures_of_cases() -> None:
    """What nobody answered or took counts for no length; a long one spoils no median."""
    cases = [case(took=5, score=5), case(2, 9, score=1), case(2, 600), case(None, first=None)]
    found = period_figures.figures(cases)
    assert (found.handled, found.scores, found.low, found.score) == (4, 2, 1, 3)
    assert (found.first_response, found.waiting, found.handling) == (2 * MINUTE, MINUTE, 9 * MINUTE)
    by = period_figures.by_agent(cases)
    assert {name: each.handled for (_, name), each in by.items()} == {"Agent 1": 1, "Agent 2": 2}
    empty = period_figures.figures([])
    assert (empty.handled, empty.first_response, empty.score) == (0, None, None)


CASES = st.lists(
    st.builds(
        case,
        st.sampled_from([None, 1, 2]),
        st.integers(0, 999),
        st.none() | st.integers(0, 99),
        st.none() | st.integers(1, 5),
    ),
    max_size=20,
)


@given(CASES)
def test_each_tile_opens_its_cases(cases: list[HandledCase]) -> None:
    """As many as it counts, and none besides."""
    found = period_figures.figures(cases)
    counts: dict[Measure, int] = {
        "handled": found.handled, "score": found.scores, "low": found.low,
    }  # fmt: skip
    for of, count in counts.items():
        assert len(period_figures.chosen(cases, of)) == count
    for of in ("first_response", "waiting", "handling"):
        lengths = [period_figures.length(each, of) for each in period_figures.chosen(cases, of)]
        assert None not in lengths
        assert lengths == sorted(lengths, reverse=True)  # type: ignore[type-var]


@given(st.text(max_size=20))
def test_no_cell_is_a_formula(text: str) -> None:
    """Whatever somebody is called."""
    (cell,) = _safe([text])
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert cell.endswith(text)


def test_votes_are_counted_by_page() -> None:
    """Wherever in it was quoted, by its last title; what helped least comes first."""
    said = [
        QuoteVote("Kosten", "/kennis/kosten#:~:text=een", helpful=True),
        QuoteVote("Retour, nieuw", "/kennis/retour#:~:text=een", helpful=False),
        QuoteVote("Retour", "/kennis/retour#:~:text=twee", helpful=True),
        QuoteVote("Retour", "/kennis/retour", helpful=False),
    ]
    assert period_figures.by_page(said) == (
        PageVotes("Retour, nieuw", "/kennis/retour", 1, 2),
        PageVotes("Kosten", "/kennis/kosten", 1, 0),
    )
    assert period_figures.by_page([]) == ()
