"""Which intents start a form, whatever its name."""

from __future__ import annotations

from typing import Any

from bot.dialogue.starting_intents import STARTED_BY, in_rules, noted, of_form

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
    assert in_rules(rules) == {FORM: ("book_table", "eat", "book_terrace")}


def test_a_rule_that_comes_back_to_a_form_starts_none() -> None:
    """Rasa's documentation answers a question in between so; one within another form switches."""
    aside = starts("chitchat", condition=[{"active_loop": FORM}])
    assert in_rules([aside]) == {}
    other = starts("book_table", condition=[{"active_loop": "other_form"}])
    assert in_rules([other]) == {FORM: ("book_table",)}


def test_no_rule_is_too_odd_to_be_read() -> None:
    """Rasa complains about these."""
    odd = [{}, {"steps": None}, {"steps": ["x", {"action": FORM}, {"active_loop": FORM}]}]
    assert in_rules(odd) == {}


def test_they_are_kept_with_the_form_in_the_domain() -> None:
    """Where every action finds them; noting them twice changes nothing."""
    domain = {"forms": {FORM: {"required_slots": ["people"]}}, "intents": ["table"]}
    assert of_form(FORM, domain) == ("table",), "named after its intent, for want of a rule"
    made = noted(domain, [starts("book_table")], [FORM])
    assert made["forms"][FORM] == {"required_slots": ["people"], STARTED_BY: ["book_table"]}
    assert of_form(FORM, made) == ("book_table",)
    assert noted(made, [starts("book_table")], [FORM]) == made
    assert of_form("other_form", made) == ()
