"""The names of days and months, and a date written in full."""

from __future__ import annotations

from datetime import date

#: Monday first, as `date.weekday()` counts.
WEEKDAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
#: January first.
MONTHS = (
    "januari", "februari", "maart", "april", "mei", "juni",
    "juli", "augustus", "september", "oktober", "november", "december",
)  # fmt: skip


def full_date(day: date) -> str:
    """A date written in full, such as `3 augustus 2026`."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
