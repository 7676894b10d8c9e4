"""Dates are read as people write them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dutch import dates
from bot.dutch.calendar import MONTHS, WEEKDAYS
from bot.dutch.counted import pattern

#: A Monday.
TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("vandaag", "2026-11-23"),
        ("morgen", "2026-11-24"),
        ("Overmorgen graag", "2026-11-25"),
        ("gisteren", "2026-11-22"),
        ("eergisteren besteld", "2026-11-21"),
        ("vanavond na zessen", "2026-11-23"),
        ("morgenochtend", "2026-11-24"),
        ("overmorgen in de avond", "2026-11-25"),
        ("dinsdag", "2026-11-24"),
        ("maandag", "2026-11-30"),
        ("doe maar vrijdag", "2026-11-27"),
        ("dinsdagmiddag", "2026-11-24"),
        ("aanstaande woesdag", "2026-11-25"),
        ("komende vrijdg", "2026-11-27"),
        ("deze donderdag", "2026-11-26"),
        ("afgelopen maandag", "2026-11-16"),
        ("vorige week dinsdag", "2026-11-17"),
        ("volgende week vrijdag", "2026-12-04"),
        ("vrijdag volgende week", "2026-12-04"),
        ("vrijdag over een week", "2026-12-04"),
        ("over twee weken op woensdag", "2026-12-09"),
        ("op vr", "2026-11-27"),
        ("vr", "2026-11-27"),
        ("volgende week do", "2026-12-03"),
        ("over 3 dagen", "2026-11-26"),
        ("over een week", "2026-11-30"),
        ("over twee weken", "2026-12-07"),
        ("over een maand", "2026-12-23"),
        ("2 weken geleden", "2026-11-09"),
        ("29-11", "2026-11-29"),
        ("29/11/2026", "2026-11-29"),
        ("1-2-27", "2027-02-01"),
        ("3.12.2026", "2026-12-03"),
        ("2026-12-24", "2026-12-24"),
        ("1 dec", "2026-12-01"),
        ("1 december aub", "2026-12-01"),
        ("5 jan.", "2027-01-05"),
        ("12 november 2026", "2026-11-12"),
        ("vijf december", "2026-12-05"),
        ("graag vrijdag 4 december", "2026-12-04"),
        ("dinsdag 8-12", "2026-12-08"),
        ("vr 11 dec", "2026-12-11"),
        ("vrijdag de 4e", "2026-12-04"),
        ("woensdag de tweede", "2026-12-02"),
        ("vijftiende december", "2026-12-15"),
        ("20 nov", "2026-11-20"),
        ("2 maart", "2027-03-02"),
        ("de 15e", "2026-12-15"),
        ("de 30ste", "2026-11-30"),
        ("de eerste", "2026-12-01"),
        ("niet dinsdag maar vrijdag", "2026-11-27"),
        ("nee, ik bedoel donderdag", "2026-11-26"),
        ("29 februari", "2028-02-29"),
        ("31-02", None),
        ("32-13", None),
        ("goedemorgen", None),
        ("goede morgen", None),
        ("elke morgen", None),
        ("'s morgens graag", None),
        ("zo snel mogelijk", None),
        ("ik wil dat ma het aanneemt", None),
        ("de eerste keer", None),
        ("1234 AB", None),
        ("PP-100234", None),
        ("12,50 euro", None),
        ("volgende week", None),
        ("volgende vrijdag", None),
        ("eind van de maand", None),
        ("dit weekend", None),
        ("woensdag 2 december", "2026-12-02"),
        ("woensdag 3 december", None),
        ("vrijdag 31 november", None),
        ("nu", None),
        ("", None),
    ],
)
def test_parse(text: str, expected: str | None) -> None:
    """What a person would understand, or nothing."""
    found = dates.parse(text, TODAY)
    assert (found.isoformat() if found else None) == expected


def test_find_all() -> None:
    """Each date is found once, in order, with its place in the text."""
    text = "van vrijdag naar 2 december of volgende week donderdag"
    spans = dates.find(text, TODAY)
    assert [span.value.isoformat() for span in spans] == ["2026-11-27", "2026-12-02", "2026-12-03"]
    assert text[spans[1].start : spans[1].end] == "2 december"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("waar is de 2e boeking", []),
        ("waar is de tweede  Boek", []),
        ("de 2e", ["2026-12-02"]),
        ("kan de 2e niet eerder", ["2026-12-02"]),
        ("2 december boeking", ["2026-12-02"]),
        ("vrijdag boeken", ["2026-11-27"]),
    ],
)
def test_what_is_counted_is_no_day(text: str, expected: list[str]) -> None:
    """A rank before a word for what the organisation counts; other dates are left alone."""
    found = dates.find(text, TODAY, pattern(["boek"]))
    assert [span.value.isoformat() for span in found] == expected


def test_nothing_is_counted_unless_it_is_declared() -> None:
    """Then the rank is a day of the month."""
    assert pattern([]) is None
    assert len(dates.find("waar is de 2e boeking", TODAY, pattern([]))) == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("niet donderdag maar vrijdag", ["2026-11-27"]),
        ("nee niet vrijdag maar zaterdag", ["2026-11-28"]),
        ("pakket kan niet op woensdag, liever zaterdag", ["2026-11-28"]),
        ("ik ben morgen niet thuis", []),
        ("ik ben niet thuis op woensdag", []),
        ("vrijdag ben ik er helaas niet", []),
        ("morgen kan niet, donderdag wel", ["2026-11-26"]),
        ("zaterdag ben ik weg, maandag ben ik er wel", ["2026-11-30"]),
        ("vrijdag ipv donderdag", ["2026-11-27"]),
        ("verzetten van donderdag naar vrijdag", ["2026-11-27"]),
        ("woensdag en donderdag niet thuis, vrijdag wel", ["2026-11-27"]),
        ("van woensdag tot vrijdag ben ik weg", []),
        ("niet op woensdag of donderdag maar op vrijdag", ["2026-11-27"]),
        ("zijn jullie zaterdag niet open", ["2026-11-28"]),
        ("donderdag of vrijdag", ["2026-11-26", "2026-11-27"]),
        ("kan het vrijdag niet eerder", ["2026-11-27"]),
        ("nee, vrijdag", ["2026-11-27"]),
        ("vrijdag, niet te vroeg", ["2026-11-27"]),
        ("vrijdag niet in de ochtend", ["2026-11-27"]),
        ("nee geen vrijdag, zaterdag", ["2026-11-28"]),
        ("kan het niet vrijdag", ["2026-11-27"]),
        ("vrijdag werk ik, zaterdag graag", ["2026-11-28"]),
        ("morgen heb ik geen tijd, overmorgen wel", ["2026-11-25"]),
        ("ik ben dinsdag de hele dag weg", []),
        ("niet meer op vrijdag maar zaterdag", ["2026-11-28"]),
    ],
)
def test_wanted(text: str, expected: list[str]) -> None:
    """A day that is refused is not the day that is asked for."""
    assert [span.value.isoformat() for span in dates.wanted(text, TODAY)] == expected


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("in de ochtend", "ochtend"),
        ("'s ochtends", "ochtend"),
        ("morgenochtend", "ochtend"),
        ("voor 12 uur", "ochtend"),
        ("in de voormiddag", "ochtend"),
        ("dinsdagmiddag", "middag"),
        ("'s middags", "middag"),
        ("in de namiddag", "middag"),
        ("vanavond", "avond"),
        ("s avonds graag", "avond"),
        ("na 18 uur", "avond"),
        ("na 18:00", "avond"),
        ("na zessen", "avond"),
        ("na de lunch", "middag"),
        ("voor de middag", "ochtend"),
        ("in de ogtend", "ochtend"),
        ("in de midag", "middag"),
        ("'s ochtends of 's avonds", None),
        ("ochtend of middag", None),
        ("fijne avond nog", None),
        ("niet in de ochtend maar in de middag", "middag"),
        ("liever niet 's avonds", None),
        ("goedemiddag", None),
        ("goede avond, ik heb een vraag", None),
        ("morgen", None),
        ("na 17-11", None),
    ],
)
def test_day_part(text: str, part: str | None) -> None:
    """A part of the day is heard, a greeting is not one."""
    assert dates.day_part(text) == part


@given(st.text(max_size=80), st.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_never_fails(text: str, today: date) -> None:
    """No text and no day make it fail, and every span lies within the text."""
    for span in dates.find(text, today):
        assert 0 <= span.start < span.end <= len(text)
    assert set(dates.wanted(text, today)) <= set(dates.find(text, today))
    dates.day_part(text)


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(0, 300))
def test_written_date_comes_back(today: date, ahead: int) -> None:
    """A coming day, written without its year, is the day that was meant."""
    meant = date.fromordinal(today.toordinal() + ahead)
    assert dates.parse(f"{meant.day} {MONTHS[meant.month - 1]}", today) == meant


@given(st.integers(0, 27), st.dates(date(2026, 1, 1), date(2030, 1, 1)))
def test_a_weekday_with_its_number_is_that_day(ahead: int, today: date) -> None:
    """Of this month or the next; "8 uur" behind it is a time."""
    day = today + timedelta(days=ahead)
    said = f"{WEEKDAYS[day.weekday()]} {day.day}"
    for text in (said, f"klopt dat wel, {said}?", f"{said} graag"):
        (found,) = dates.find(text, today)
        assert found.value == day
    (timed,) = dates.find(f"{said} uur", today)
    assert timed.value == today + timedelta(days=(ahead - 1) % 7 + 1)
