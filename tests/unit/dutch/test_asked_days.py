"""What customers answer to "op welke dag": one day, or the days of which they have to choose."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.dutch import dates

#: A Tuesday and a Saturday.
TUESDAY, SATURDAY = date(2026, 12, 1), date(2026, 12, 5)


def read(text: str, today: date = TUESDAY) -> list[set[date]]:
    """The days of each answer in a text."""
    return [set(span.value) for span in dates.read(text, today)]


def days(said: str) -> set[date]:
    """The days of `12-02 12-05..12-07`, in 2026 where there is no year."""
    found: set[date] = set()
    for each in said.split():
        first, _, last = each.partition("..")
        begin, end = (_day(part) for part in (first, last or first))
        found |= {begin + timedelta(days=ahead) for ahead in range((end - begin).days + 1)}
    return found


def _day(said: str) -> date:
    return date.fromisoformat(said if len(said) > 5 else f"2026-{said}")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("vandaag over een week", "12-08"),
        ("morgen over twee weken", "12-16"),
        ("over 10 dagen", "12-11"),
        ("eerste maandag van december", "12-07"),
        ("de laatste vrijdag van de maand", "12-25"),
        ("de tweede dinsdag van januari", "2027-01-12"),
        ("eerste maandag van de maand", "12-07"),
        ("woensdag 2 december", "12-02"),
        ("donderdag de 3e", "12-03"),
        ("morgen, woensdag 2 december", "12-02"),
        ("volgende week woensdag 9 december", "12-09"),
        ("di middag", "12-08"),
        ("vr 's ochtends", "12-04"),
        ("volgende week, liefst donderdag", "12-10"),
        ("het liefst volgende week dinsdag tussen 9 en 12", "12-08"),
        ("morgen niet maar overmorgen wel", "12-03"),
        ("niet morgen maar overmorgen wel", "12-03"),
        ("de 14e", "12-14"),
        ("op de 14", "12-14"),
        ("14-12", "12-14"),
        ("14/12", "12-14"),
        ("veertien december", "12-14"),
        ("de veertiende", "12-14"),
        ("de 3e van volgende maand", "2027-01-03"),
        ("overmorgenochtend", "12-03"),
        ("vrijdagavond", "12-04"),
        ("over drie weken op dinsdag", "12-22"),
        ("dinsdag over drie weken", "12-29"),
        ("zaterdag over 14 dagen", "12-19"),
        ("a.s. woensdag", "12-02"),
        ("woensdag a.s.", "12-02"),
        ("eerstvolgende donderdag", "12-03"),
        ("tweede kerstdag", "12-26"),
        ("met sinterklaas", "12-05"),
        ("met oud en nieuw", "12-31"),
        ("tweede paasdag", "2027-03-29"),
        ("hemelvaartsdag", "2027-05-06"),
        ("de dag na kerst", "12-27"),
        ("de dag voor kerst", "12-24"),
        ("de maandag na kerst", "12-28"),
        ("de vrijdag voor kerst", "12-18"),
        ("woensdga", "12-02"),
        ("vrijdgmiddag", "12-04"),
        ("4 desember", "12-04"),
        ("verzetten van donderdag naar vrijdag", "12-04"),
        ("doe maar 4 december ipv 3 december", "12-04"),
        ("voor morgen", "12-02"),
    ],
)
def test_one_day(text: str, expected: str) -> None:
    """The words leave one day."""
    assert read(text) == [days(expected)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("woensdag 3 december", "12-02..12-03"),
        ("wo 3 dec", "12-02..12-03"),
        ("wo 3-12", "12-02..12-03"),
        ("vrijdag de 3e", "12-03..12-04"),
        ("3 december (woensdag)", "12-02..12-03"),
        ("de 3e, een woensdag", "12-02..12-03"),
        ("morgen 3 december", "12-02..12-03"),
        ("volgende week woensdag 10 december", "12-09..12-10"),
        ("volgende vrijdag", "12-04 12-11"),
        ("dinsdag 1 december 2027", "2027-11-30 2027-12-01"),
        ("volgend weekend", "12-05..12-06 12-12..12-13"),
    ],
)
def test_in_doubt(text: str, expected: str) -> None:
    """Weekday and date contradict each other, or the words have two meanings: both are meant."""
    assert read(text) == [days(expected)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("maandag of dinsdag", "12-07..12-08"),
        ("ma of di", "12-07..12-08"),
        ("donderdag, anders vrijdag", "12-03..12-04"),
        ("dinsdagmiddag of woensdagochtend", "12-02 12-08"),
        ("12 of 13 december", "12-12..12-13"),
        ("12, 13 of 14 december", "12-12..12-14"),
        ("12-14 december", "12-12..12-14"),
        ("de 12e of 13e", "12-12..12-13"),
        ("zaterdag 5 december of maandag 7 december", "12-05 12-07"),
        ("volgende week op dinsdag of woensdag", "12-08..12-09"),
        ("dinsdag of woensdag volgende week", "12-08..12-09"),
        ("overmorgen of een dag later", "12-03..12-04"),
        ("het komt woensdag, kan het een dag later", "12-02..12-03"),
        ("tussen dinsdag en donderdag", "12-08..12-10"),
        ("van dinsdag tot en met donderdag", "12-08..12-10"),
        ("di-do", "12-08..12-10"),
        ("van 4 t/m 8 december", "12-04..12-08"),
        ("tussen kerst en oud en nieuw", "12-25..12-31"),
        ("na het weekend", "12-07..12-13"),
        ("voor het weekend", "12-02..12-04"),
        ("vanaf woensdag", "12-02..12-08"),
        ("na dinsdag", "12-09..12-15"),
        ("uiterlijk vrijdag", "12-02..12-04"),
        ("voor vrijdag", "12-02..12-04"),
        ("niet voor vrijdag", "12-04..12-10"),
        ("niet eerder dan donderdag", "12-03..12-09"),
        ("na de kerstdagen", "12-27..2027-01-02"),
        ("rond 10 december", "12-09..12-11"),
        ("over een dag of tien", "12-10..12-12"),
        ("over een week of twee", "12-13..12-17"),
        ("over een paar dagen", "12-03..12-05"),
        ("over anderhalve week", "12-11..12-12"),
        ("volgende week een keer", "12-07..12-13"),
        ("van de week", "12-01..12-06"),
        ("eind van de week", "12-03..12-04"),
        ("begin volgende week", "12-07..12-08"),
        ("half december", "12-13..12-17"),
        ("eind van de maand", "12-27..12-31"),
        ("begin januari", "2027-01-01..2027-01-05"),
        ("komend weekend", "12-05..12-06"),
        ("met kerst", "12-25..12-26"),
        ("doordeweeks", "12-02..12-04 12-07..12-08"),
        ("week 50", "12-07..12-13"),
        ("in de week van 7 december", "12-07..12-13"),
    ],
)
def test_several_days(text: str, expected: str) -> None:
    """A range, a choice or a period stands for all of its days, never for the first."""
    assert read(text) == [days(expected)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("elke dag behalve maandag", "12-02..12-06 12-08"),
        ("alle dagen behalve maandag en dinsdag", "12-02..12-06"),
        ("elke dag behalve woensdag, donderdag en vrijdag", "12-05..12-08"),
        ("elke dag op vrijdag na", "12-02..12-03 12-05..12-08"),
        ("volgende week behalve maandag", "12-08..12-13"),
        ("morgen niet", "12-03..12-08"),
        ("liever niet op vrijdag", "12-02..12-03 12-05..12-08"),
        ("geen maandag en geen dinsdag", "12-02..12-06"),
        ("maandag en dinsdag kan ik niet", "12-02..12-06"),
        ("van woensdag tot vrijdag ben ik weg", "12-05..12-08"),
        ("tot vrijdag ben ik weg", "12-05..12-08"),
        ("ik ben volgende week op vakantie", "12-02..12-06"),
    ],
)
def test_days_that_do_not_suit(text: str, expected: str) -> None:
    """The days of the coming week that are left; not the one that was named."""
    assert read(text) == [days(expected)]


@pytest.mark.parametrize(
    "text",
    [
        "zo snel mogelijk", "liefst zo laat mogelijk", "een dag later", "31 november",
        "vrijdag 31 november", "fijn weekend", "fijne vrijdag", "zalig Pasen", "ik doe het zo",
        "dat moet ma even doen", "de eerste keer", "vandaag niet", "waar komt dat vandaan",
        "ik maak me zorgen", "dat mogen jullie weten",
    ],
)  # fmt: skip
def test_no_day(text: str) -> None:
    """Nothing in it says which day: it is asked again."""
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("eind van de week", "12-05..12-06 12-10..12-11"),
        ("dit weekend", "12-05..12-06"),
        ("komend weekend", "12-12..12-13"),
        ("volgend weekend", "12-12..12-13"),
        ("in het weekend", "12-05..12-06 12-12..12-13"),
        ("na het weekend", "12-07..12-13"),
        ("voor het weekend", "12-06..12-11"),
        ("volgende maandag", "12-07"),
    ],
)
def test_on_a_saturday(text: str, expected: str) -> None:
    """What is past of a week is not offered; where the next one may be meant, it is."""
    assert read(text, SATURDAY) == [days(expected)]


@pytest.mark.parametrize(
    ("text", "shift"),
    [
        ("een dag later", 1), ("kan het 2 dagen later", 2), ("een week later", 7),
        ("de dag erna", 1), ("een dagje eerder", -1), ("de volgende dag", 1),
        ("een dag later dan beloofd", None), ("later", None), ("3 weken geleden", None),
    ],
)  # fmt: skip
def test_a_day_later(text: str, shift: int | None) -> None:
    """A distance from a day that the form knows; not what already happened."""
    found = dates.shift(text)
    assert (found.value.days if found else None) == shift


@pytest.mark.parametrize(
    ("text", "doubted"),
    [
        ("woensdag 3 december na 14 uur", ["woensdag 3 december"]),
        ("volgende vrijdag", ["volgende vrijdag"]),
        ("dinsdag of donderdag", []),
        ("met kerst", []),
        ("morgen", []),
    ],
)
def test_what_is_in_doubt(text: str, doubted: list[str]) -> None:
    """Only a day that is said in a way that means two; not a choice, of which either is right."""
    found = dates.in_doubt(text, TUESDAY)
    assert [text[span.start : span.end] for span in found] == doubted


@pytest.mark.parametrize(
    ("words", "expected"),
    [("woensdag", True), ("woensdga", True), ("vrijdagmiddag", True), ("wo", True),
     ("woensdag 2 december", False), ("morgen", False)],
)  # fmt: skip
def test_a_weekday_alone(words: str, expected: bool) -> None:
    """It fits any week, so that days that were offered tell which."""
    assert dates.is_weekday(words) is expected
