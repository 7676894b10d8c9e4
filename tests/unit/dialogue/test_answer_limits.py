"""The limits of an answer: what fits, and what is said when it does not."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bot.dialogue.answer_limits import Limits

TODAY = date(2026, 11, 29)


def limits(kind: str, least: Any = None, most: Any = None) -> Limits:
    """Of a slot that an entity of a kind fills, or of a number."""
    if kind == "number":
        slot = {"type": "float", "min_value": least, "max_value": most}
        return Limits.of({key: value for key, value in slot.items() if value is not None})
    mapping = {"type": "from_entity", "entity": kind, "min_value": least, "max_value": most}
    return Limits.of({"mappings": [{k: v for k, v in mapping.items() if v is not None}]})


@pytest.mark.parametrize(
    ("kind", "least", "most", "fits", "fails", "said"),
    [
        ("date", "today", None, "2026-11-29", "2026-11-28", "Noem een dag vanaf vandaag."),
        ("date", None, "yesterday", "1990-01-01", "2026-11-29", "Noem een dag tot en met gis"),
        (
            "date", 1, 5, "2026-12-04", "2026-12-05",
            "Noem een dag van morgen tot en met vrijdag 4 december.",
        ),
        ("date", "2026-12-01", None, "2026-12-01", "2026-11-30", "Noem een dag vanaf dinsdag 1"),
        ("time", "9:00", "17:00", "16:59", "17:01", "Noem een tijd van 9.00 uur tot en met 17.00"),
        ("amount", 5, None, 5, 4.99, "Noem een bedrag van € 5,00 of meer."),
        ("number", 1, 12, 12, 13, "Noem een getal van 1 tot en met 12."),
        ("number", 0, None, 0, -1, "Noem een getal van 0 of hoger."),
        ("number", None, 2.5, 2.5, 3, "Noem een getal van 2,5 of lager."),
    ],
)  # fmt: skip
def test_within_and_without(
    kind: str, least: Any, most: Any, fits: Any, fails: Any, said: str
) -> None:
    """Both ends belong to what fits; the sentence names them as customers read them."""
    found = limits(kind, least, most)
    assert found.unreadable() == ""
    assert found.allows(fits, TODAY)
    assert not found.allows(fails, TODAY)
    assert found.said(TODAY).startswith(said)


def test_without_limits_everything_fits() -> None:
    """And nothing is said of them."""
    for none in (Limits.of({}), limits("date")):
        assert none.said(TODAY) == ""
        assert none.values(TODAY) == {}
        assert none.allows("2020-01-01", TODAY)


def test_words_are_for_others_to_judge() -> None:
    """A slot may be filled by words beside a date."""
    assert limits("date", "today").allows("zo snel mogelijk", TODAY)


@pytest.mark.parametrize(
    ("kind", "least"),
    [("date", "soon"), ("date", True), ("time", 9), ("amount", "5"), ("number", "1")],
)
def test_a_limit_that_is_none_is_found(kind: str, least: Any) -> None:
    """It would let everything through."""
    assert limits(kind, least).unreadable() == "min_value"
