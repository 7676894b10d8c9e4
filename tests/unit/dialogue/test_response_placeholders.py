"""Placeholders without a value: a customer never reads one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.response_placeholders import GAP, filled, names, without_gaps


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("Wilt u buiten zitten, {name}?", "Wilt u buiten zitten?"),
        ("{name}, wilt u buiten zitten?", "Wilt u buiten zitten?"),
        ("Hallo {name}, welkom.", "Hallo, welkom."),
        ("Dag {name}!", "Dag!"),
        ("Verder waar we waren? ({name})", "Verder waar we waren?"),
        ("Uw tafel staat. Uw nummer is {name}.", "Uw tafel staat."),
        ("Uw nummer is {name}. Wat nu?", "Wat nu?"),
        ("Voor {name} personen?", "Voor personen?"),
        ("{name}\nOp feestdagen zijn wij dicht.", "Op feestdagen zijn wij dicht."),
        ("Eerst.\n\nDan {name}?", "Eerst.\n\nDan?"),
        ("{name}", ""),
    ],
)
def test_left_out(told: str, shown: str) -> None:
    """A sentence that would tell nothing goes; a question stays."""
    assert filled(told, {}) == shown
    assert filled(told, {"name": None}) == shown


def test_a_value_is_filled_in() -> None:
    """And nothing else changes, not even blanks."""
    assert filled("Voor  {people} personen , {name}.", {"people": 0, "name": "An"}) == (
        "Voor  0 personen , An."
    )


@given(st.lists(st.sampled_from(["a", "B", "{x}", " ", ", ", ". ", "? ", "(", ")", "\n", "’"])))
def test_no_placeholder_is_left(parts: list[str]) -> None:
    """Whatever the designer wrote around it."""
    shown = filled("".join(parts), {})
    assert GAP not in shown
    assert not names(shown)


@given(st.text())
def test_a_text_without_a_gap_is_left_alone(text: str) -> None:
    """Every other text of a designer's stays as it was written."""
    if GAP not in text:
        assert without_gaps(text) == text


def test_names_in_any_part() -> None:
    """Of a text, its buttons, or a value of Loket's own; not the JSON of a payload."""
    button = {"title": "{day}", "payload": '/inform{{"size": "{size}"}}'}
    told = [{"text": "{a} en {{b}}", "buttons": [button]}, {"custom": {"text": "{c}"}}]
    assert names(told) == {"a", "day", "size", "c"}
    assert names(None) == frozenset()
