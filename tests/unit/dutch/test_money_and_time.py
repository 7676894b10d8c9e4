"""Amounts of money and times of the day as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dutch import amounts, times
from bot.dutch.counted import pattern


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("€12", [12.0]),
        ("€ 1.234,56", [1234.56]),
        ("EUR 12.50", [12.5]),
        ("12,50 euro", [12.5]),
        ("12,- ", [12.0]),
        ("1.250 euro", [1250.0]),
        ("vijf euro", [5.0]),
        ("vijftig euro vijftig", [50.0]),
        ("12 euro en 5 dagen", [12.0]),
        ("50 cent", [0.5]),
        ("twee tientjes", [20.0]),
        ("briefje van 50", [50.0]),
        ("van 85 euro naar 140 euro", [85.0, 140.0]),
        ("12,50", []),
        ("100234", []),
        ("3 dagen", []),
        ("procent", []),
        ("europa", []),
    ],
)
def test_amounts(text: str, expected: list[float]) -> None:
    """In euros; a bare number is no amount."""
    assert [span.value for span in amounts.find(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("half drie", [("14:30", "")]),
        ("om 3 uur", [("15:00", "")]),
        ("om 15:00", [("15:00", "")]),
        ("om 9", [("09:00", "")]),
        ("14u30", [("14:30", "")]),
        ("kwart over acht", [("08:15", "")]),
        ("kwart voor 5", [("16:45", "")]),
        ("vijf voor half vier", [("15:25", "")]),
        ("tussen 12 en 3", [("12:00", "from"), ("15:00", "to")]),
        ("tussen 9 en 1", [("09:00", "from"), ("13:00", "to")]),
        ("tussen 9:30 en 11 uur", [("09:30", "from"), ("11:00", "to")]),
        ("van 10 tot 12 uur", [("10:00", "from"), ("12:00", "to")]),
        ("10-12 uur", [("10:00", "from"), ("12:00", "to")]),
        ("na 5 uur", [("17:00", "from")]),
        ("na zessen", [("18:00", "from")]),
        ("tegen zessen", [("18:00", "to")]),
        ("rond drieën", [("15:00", "")]),
        ("voor tienen", [("10:00", "to")]),
        ("niet voor 10 uur", [("10:00", "from")]),
        ("niet eerder dan 10 uur", [("10:00", "from")]),
        ("niet na 5 uur", [("17:00", "to")]),
        ("niet later dan 17.00", [("17:00", "to")]),
        ("later dan 4 uur", [("16:00", "from")]),
        ("op zijn vroegst 9 uur", [("09:00", "from")]),
        ("om een uur of drie", [("15:00", "")]),
        ("een uur of half vier", [("15:30", "")]),
        ("over een uur of drie", []),
        ("duurt een uur of drie", []),
        ("10.30", [("10:30", "")]),
        ("voor 12 uur", [("12:00", "to")]),
        ("8 uur 's avonds", [("20:00", "")]),
        ("om 7 uur 's ochtends", [("07:00", "")]),
        ("over 2 uur", []),
        ("3 uur gewacht", []),
        ("binnen 24 uur", []),
        ("tussen 12 en 15 december", []),
        ("tussen 10 en 20 euro", []),
        ("na 5 dagen", []),
        ("om 3 redenen", []),
        ("25:00", []),
        ("half december", []),
        ("12-11-2026", []),
        ("1234 AB", []),
    ],
)
def test_times(text: str, expected: list[tuple[str, str]]) -> None:
    """On the 24-hour clock, with roles where it is the earliest or the latest."""
    found = [(span.value.at.isoformat("minutes"), span.value.role) for span in times.find(text)]
    assert found == expected


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("tussen 12 en 3", "middag"),
        ("tussen 9 en 12", "ochtend"),
        ("tussen 10 en 2", None),
        ("om 19:30", "avond"),
        ("half drie", "middag"),
        ("voor 12 uur", "ochtend"),
        ("voor 3 uur", None),
        ("niet voor 10 uur", None),
        ("vanaf 9 uur", None),
        ("na 6 uur", "avond"),
        ("om 1 of om 6 uur", None),
        ("hallo", None),
    ],
)
def test_the_part_of_the_day(text: str, part: str | None) -> None:
    """The one that holds most of the hours; none where they leave it open."""
    assert times.day_part(times.find(text)) == part


@given(st.text(max_size=80))
def test_never_fails(text: str) -> None:
    """Whatever is typed."""
    for span in (*amounts.find(text), *times.find(text)):
        assert 0 <= span.start < span.end <= len(text)
    times.day_part(times.find(text))


@pytest.mark.parametrize(
    ("text", "times_found"),
    [
        ("tussen 2 en 3 boeken", 0),
        ("van 2 tot 3 boeken", 0),
        ("tussen 2 en 3 uur boeken ophalen", 2),
        ("tussen 2 en 3", 2),
    ],
)
def test_what_is_counted_is_no_time(text: str, times_found: int) -> None:
    """A word for what the organisation counts, right behind the second number."""
    assert len(times.find(text, pattern(["boek"]))) == times_found
