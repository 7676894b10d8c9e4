"""From when a customer wants to be called: a time at which somebody works, or at once."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.callback_due import due
from bot.conversation.callback_moment import CallingHours
from bot.conversation.opening_hours import OpenHours, OpeningHours

ZONE = ZoneInfo("Europe/Amsterdam")
HOURS = OpeningHours(dict.fromkeys(range(5), OpenHours(time(9), time(18))))
#: A Monday, half past ten.
NOW = datetime(2026, 11, 2, 10, 30, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("morgen", "3 09:00"),
        ("morgen na 14 uur", "3 14:00"),
        ("morgen na 14 uur (di 3 nov)", "3 14:00"),
        ("vrijdagmiddag", "6 12:00"),
        ("donderdag voor 12 uur", "5 09:00"),
        ("vandaag", "2 10:30"),
        ("na 14 uur", "2 14:00"),
        ("om 10 uur", "3 10:00"),
        ("vandaag om 10 uur", None),
        ("zo snel mogelijk", None),
        ("", None),
    ],
)
def test_the_first_time_that_fits(moment: str, expected: str | None) -> None:
    """The first of the named days; without any the next on which somebody works."""
    found = due(moment, CallingHours(NOW, HOURS))
    assert (found and f"{found.day} {found:%H:%M}") == expected


@given(
    day=st.sampled_from(["", "vandaag", "morgen", "vrijdag", "zaterdag", "volgende week dinsdag"]),
    part=st.sampled_from(["", "in de ochtend", "in de middag", "in de avond"]),
    hour=st.integers(0, 23),
    minute=st.integers(0, 59),
)
def test_never_when_nobody_works_and_never_in_the_past(
    day: str, part: str, hour: int, minute: int
) -> None:
    """Whatever was asked for, at whatever time."""
    now = NOW.replace(hour=hour, minute=minute)
    found = due(f"{day} {part}", CallingHours(now, HOURS))
    if found is not None:
        worked = HOURS.on(found.date())
        assert found >= now
        assert worked is not None
        assert worked.opens <= found.time() < worked.closes
