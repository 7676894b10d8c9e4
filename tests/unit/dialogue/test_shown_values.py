"""The value of a slot as a customer reads it, and as a button sends it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bot.dialogue.shown_values import kind_of, marked, shown, unmarked

TODAY = date(2026, 11, 29)


@pytest.mark.parametrize(
    ("value", "kind", "said"),
    [
        ("2026-12-04", "date", "vrijdag 4 december"),
        ("2026-12-04", "text", "vrijdag 4 december"),
        ("2027-12-04", "any", "zaterdag 4 december 2027"),
        ("2026-13-04", "date", "2026-13-04"),
        ("14:30", "time", "14.30 uur"),
        ("14:30", "text", "14:30"),
        (12.5, "amount", "€ 12,50"),
        (1234, "amount", "€ 1.234,00"),
        (2026, "float", "2026"),
        (2.5, "float", "2,5"),
        (3.0, "float", "3"),
        (True, "bool", "ja"),
        (False, "any", "nee"),
        ("een stille hoek", "text", "een stille hoek"),
    ],
)
def test_a_value_in_words(value: Any, kind: str, said: str) -> None:
    """A day of another year with the year; what is of no kind as it is."""
    assert shown(value, kind, TODAY) == said


def test_what_a_slot_holds() -> None:
    """By the entity that fills it, also where the form reads its mappings."""
    mapping = {"type": "from_entity", "entity": "amount"}
    assert kind_of({"type": "float", "mappings": [mapping]}) == "amount"
    assert (
        kind_of({"type": "float", "mappings": [{"type": "custom", "reads": [mapping]}]}) == "amount"
    )
    assert kind_of({"type": "bool", "mappings": [{"type": "from_text"}]}) == "bool"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Op {t} uur.", "Op 14.30 uur."),
        ("Om {t}.", "Om 14.30 uur."),
        ("{t} uurtje", "14.30 uur uurtje"),
        ("€ {a}, {a} euro.", "€ 12,50, € 12,50."),
    ],
)
def test_a_word_that_the_value_has_is_not_said_twice(text: str, said: str) -> None:
    """Designers wrote `{time} uur` before the value had it."""
    marks = marked("ta")
    told = text.format(**marks)
    assert unmarked(told, {"t": "14.30 uur", "a": "€ 12,50"}, {}, "text") == said


def test_what_is_sent_stays_as_it_is_kept() -> None:
    """And so does any field that no customer reads."""
    mark = marked("d")["d"]
    told = {
        "text": f"Op {mark}",
        "buttons": [{"title": mark, "payload": f'/x{{"d": "{mark}"}}'}],
        "custom": {"date": mark, "text": mark},
    }
    assert unmarked(told, {"d": "vrijdag"}, {"d": "2026-12-04"}) == {
        "text": "Op vrijdag",
        "buttons": [{"title": "vrijdag", "payload": '/x{"d": "2026-12-04"}'}],
        "custom": {"date": "2026-12-04", "text": "vrijdag"},
    }
