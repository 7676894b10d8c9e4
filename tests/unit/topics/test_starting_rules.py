"""Which rules start a form, and by which intents, whatever the form's name."""

from __future__ import annotations

from typing import Any

from bot.topics.starting_rules import starting_intents

FORM = "table_form"


def starts(*intents: str, **more: Any) -> dict[str, Any]:
    """A rule that starts the form after one of these intents."""
    said = [{"intent": each} for each in intents]
    first = said[0] if len(said) == 1 else {"or": said}
    return {"rule": "x", "steps": [first, {"action": FORM}, {"active_loop": FORM}], **more}


def test_every_rule_that_starts_it_counts() -> None:
    """One intent or several, with something said in between or not; each once."""
    between = {
        "rule": "y",
        "steps": [
            {"intent": "book_terrace"},
            {"action": "utter_terrace"},
            {"action": FORM},
            {"active_loop": FORM},
        ],
    }
    rules = [starts("book_table"), starts("eat", "book_table"), between]
    assert starting_intents(rules) == {FORM: ("book_table", "eat", "book_terrace")}


def test_a_rule_that_comes_back_to_a_form_starts_none() -> None:
    """Rasa's documentation answers a question in between so; one within another form switches."""
    aside = starts("chitchat", condition=[{"active_loop": FORM}])
    assert starting_intents([aside]) == {}
    other = starts("book_table", condition=[{"active_loop": "other_form"}])
    assert starting_intents([other]) == {FORM: ("book_table",)}


def test_no_rule_is_too_odd_to_be_read() -> None:
    """Rasa complains about these."""
    odd = [{}, {"steps": None}, {"steps": ["x", {"action": FORM}, {"active_loop": FORM}]}]
    assert starting_intents(odd) == {}
