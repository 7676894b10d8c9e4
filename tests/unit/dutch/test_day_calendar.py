"""For any day and any way of saying it the reading is what the calendar says."""

from __future__ import annotations

from calendar import Calendar
from datetime import date, timedelta

from dateutil.easter import easter
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.dutch import dates, day_reading, holidays
from bot.dutch.calendar import MONTHS, WEEKDAYS
from bot.dutch.mistyped import mended

TODAYS = st.dates(date(2020, 1, 1), date(2040, 1, 1))
NAMES = st.sampled_from(WEEKDAYS)
RANKS = ("eerste", "tweede", "derde", "vierde")
#: Ways of saying which coming day suits, with the name of a weekday in place of `{}`.
WAYS = (
    "{}", "{}middag", "komende {}", "volgende {}", "{} over een week", "volgende week {}",
    "vanaf {}", "na {}", "voor {}", "uiterlijk {}", "niet voor {}", "rond {}", "morgen, {}",
    "elke dag behalve {}", "liever niet op {}", "tussen {} en zaterdag", "{} of dinsdag",
    "de {} na kerst", "eerste {} van maart", "laatste {} van de maand",
    "eind van de week", "begin volgende week", "dit weekend", "komend weekend", "volgend weekend",
    "na het weekend", "voor het weekend", "van de week", "volgende week een keer", "doordeweeks",
    "over een dag of tien", "over een paar dagen", "half maart", "eind van de maand", "begin mei",
    "met kerst", "met Pasen", "de 30e", "de 3e van volgende maand", "week 9", "de 12e of 13e",
    "vandaag over een week", "overmorgen of een dag later",
)  # fmt: skip


def read(text: str, today: date) -> tuple[date, ...]:
    """The days of the one answer in a text."""
    (span,) = dates.read(text, today)
    return span.value


@given(TODAYS, NAMES, st.sampled_from(WAYS))
def test_never_a_day_of_the_past(today: date, name: str, way: str) -> None:
    """Whatever day it is: what is offered for a day to come is to come."""
    for span in dates.read(way.format(name), today):
        assert min(span.value) >= today
        assert len(set(span.value)) == len(span.value) <= day_reading.MOST_DAYS


@given(TODAYS, st.integers(0, 290), NAMES)
def test_weekday_and_date(today: date, ahead: int, name: str) -> None:
    """One day where they agree; else the date, and the nearest such weekday that is to come."""
    meant = today + timedelta(days=ahead)
    found = read(f"{name} {meant.day} {MONTHS[meant.month - 1]}", today)
    if WEEKDAYS[meant.weekday()] == name:
        assert found == (meant,)
        return
    assert found[0] == meant
    assert WEEKDAYS[found[1].weekday()] == name
    assert abs((found[1] - meant).days) <= (3 if ahead > 2 else 6)


@given(TODAYS, NAMES, NAMES)
def test_a_range_has_every_day_between(today: date, first: str, last: str) -> None:
    """From the first to come to the next of the other name, each once."""
    assume(first != last)
    found = sorted(read(f"tussen {first} en {last}", today))
    assert today < found[0] <= today + timedelta(days=7)
    assert [WEEKDAYS[found[0].weekday()], WEEKDAYS[found[-1].weekday()]] == [first, last]
    assert (found[-1] - found[0]).days == len(found) - 1 < 7


@given(TODAYS, st.sets(NAMES, min_size=1, max_size=6))
def test_an_exclusion_leaves_the_others(today: date, names: set[str]) -> None:
    """Of the coming week all days but those."""
    found = read(f"elke dag behalve {' en '.join(sorted(names))}", today)
    assert {WEEKDAYS[day.weekday()] for day in found} == set(WEEKDAYS) - names
    assert len(found) == 7 - len(names)


@given(TODAYS, NAMES, st.integers(2, 12))
def test_weeks_ahead(today: date, name: str, weeks: int) -> None:
    """That weekday of the week so many weeks ahead."""
    found = read(f"over {weeks} weken op {name}", today)
    ahead = today + timedelta(weeks=weeks)
    assert [day.isocalendar() for day in found] == [
        (*ahead.isocalendar()[:2], WEEKDAYS.index(name) + 1)
    ]


@given(TODAYS, NAMES, st.integers(0, 3), st.integers(1, 12))
def test_weekday_of_a_month(today: date, name: str, rank: int, month: int) -> None:
    """The coming one, by the calendar of the month."""

    def of_year(year: int) -> date:
        days = Calendar().itermonthdates(year, month)
        of_name = [d for d in days if d.month == month and WEEKDAYS[d.weekday()] == name]
        return of_name[rank]

    coming = next(day for year in (0, 1) if (day := of_year(today.year + year)) >= today)
    assert read(f"{RANKS[rank]} {name} van {MONTHS[month - 1]}", today) == (coming,)


@given(st.integers(1900, 2200))
def test_easter(year: int) -> None:
    """As dateutil computes it by another method."""
    assert holidays.easter(year) == easter(year)


@given(NAMES, st.data())
def test_a_slip_of_the_finger_changes_nothing(name: str, data: st.DataObject) -> None:
    """A letter too few, too many, another, or two that changed places; behind the first letter."""
    place = data.draw(st.integers(1, len(name) - 2))
    letter = data.draw(st.sampled_from("abcdefghijklmnopqrstuvwxyz"))
    typed = data.draw(
        st.sampled_from(
            (
                name[:place] + name[place + 1 :],
                name[:place] + letter + name[place:],
                name[:place] + letter + name[place + 1 :],
                name[:place] + name[place + 1] + name[place] + name[place + 2 :],
            )
        )
    )
    today = date(2026, 12, 1)
    (span,) = dates.read(f"doe maar {typed} graag", today)
    assert span.value == dates.read(name, today)[0].value
    assert (span.start, span.end) == (9, 9 + len(typed))


@given(st.text(max_size=60))
def test_places_lie_within_the_text(text: str) -> None:
    """Mending keeps track of where everything stood, whatever is typed."""
    right = mended(text)
    for start in range(len(right.text)):
        begin, end = right.origin(start, start + 1)
        assert 0 <= begin <= end <= len(text)


@given(st.text(max_size=80), TODAYS)
def test_never_fails(text: str, today: date) -> None:
    """No text and no day make it fail, and what is read is there."""
    for span in (*dates.read(text, today), *dates.in_doubt(text, today)):
        assert 0 <= span.start < span.end <= len(text)
        assert span.value


@given(st.lists(TODAYS, min_size=1, unique=True), st.integers(-62, 62))
def test_a_value_holds_days(held: list[date], shift: int) -> None:
    """What is written as a value comes back; anything else is none."""
    assert day_reading.days_in(day_reading.written(held)) == tuple(held)
    distance = timedelta(days=shift)
    assert day_reading.shift_in(day_reading.written_shift(distance)) == distance
    assert day_reading.days_in("morgen") == day_reading.days_in("[2026-02-31]") == ()
