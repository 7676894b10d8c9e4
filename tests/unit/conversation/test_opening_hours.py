"""When people work, and how that is said."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from bot.conversation.opening_hours import (
    OpenHours,
    OpeningHours,
    is_open,
    next_opening,
    say_day,
    say_hours,
    say_moment,
    say_week,
)

DAY = OpenHours(time(9), time(17, 30))
HOURS = OpeningHours(
    {**dict.fromkeys(range(5), DAY), 5: OpenHours(time(10), time(16))},
    {date(2026, 12, 25): "Eerste Kerstdag", date(2026, 12, 26): "Tweede Kerstdag"},
)
THURSDAY = date(2026, 12, 24)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """A local time."""
    return datetime.combine(day, time(hour, minute), ZoneInfo("Europe/Amsterdam"))


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (at(THURSDAY, 8, 59), False),
        (at(THURSDAY, 9), True),
        (at(THURSDAY, 17, 29), True),
        (at(THURSDAY, 17, 30), False),
        (at(date(2026, 12, 25), 12), False),
        (at(date(2026, 12, 27), 12), False),
    ],
)
def test_open_from_the_first_minute_to_the_last(moment: datetime, expected: bool) -> None:
    """The closing time itself is closed, holidays and Sundays too."""
    assert is_open(moment, HOURS) is expected


def test_the_next_opening_skips_what_is_closed() -> None:
    """Over Christmas it is Monday; in the early morning it is today."""
    assert next_opening(at(THURSDAY, 18), HOURS) == at(date(2026, 12, 28), 9)
    assert next_opening(at(THURSDAY, 7), HOURS) == at(THURSDAY, 9)
    assert next_opening(at(THURSDAY, 7), OpeningHours({})) is None


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 12, 23), "gisteren"),
        (THURSDAY, "vandaag"),
        (date(2026, 12, 25), "morgen"),
        (date(2027, 1, 2), "zaterdag 2 januari"),
        (date(2028, 1, 2), "zondag 2 januari 2028"),
    ],
)
def test_days_are_said_as_people_do(day: date, said: str) -> None:
    """The year only when it is far."""
    assert say_day(day, THURSDAY) == said


def test_moments_and_hours() -> None:
    """Times with a dot, the way Dutch writes them."""
    assert say_moment(at(date(2026, 12, 25), 9), at(THURSDAY, 18)) == "morgen om 9.00 uur"
    assert say_hours(THURSDAY, THURSDAY, HOURS) == "Vandaag zijn wij open van 9.00 tot 17.30 uur."
    closed = say_hours(date(2026, 12, 25), THURSDAY, HOURS)
    assert closed == "Morgen zijn wij gesloten (Eerste Kerstdag)."


def test_equal_days_are_one_line() -> None:
    """Seven lines would be too many to read."""
    assert say_week(HOURS).splitlines() == [
        "Maandag tot en met vrijdag: 9.00 tot 17.30 uur",
        "Zaterdag: 10.00 tot 16.00 uur",
        "Zondag: gesloten",
    ]


def test_hours_that_end_before_they_begin_are_refused() -> None:
    """A slip in the file is found when it is read."""
    with pytest.raises(ValueError, match="end before they begin"):
        OpenHours(time(17), time(9))
