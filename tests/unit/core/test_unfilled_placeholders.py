"""Placeholders that nothing can fill are told before a customer meets them."""

from __future__ import annotations

from typing import Any

from bot.core.form_rules import FormTask
from bot.core.unfilled_placeholders import problems

RULES = [{"rule": "greet", "steps": [{"intent": "greet"}, {"action": "utter_greet"}]}]
FORM = FormTask("table", "table_form", ("people",))


def domain(**responses: str) -> dict[str, Any]:
    held = {name: [{"text": text}] for name, text in responses.items()}
    return {"slots": {"people": {}}, "responses": held}


def test_a_name_that_is_no_slot() -> None:
    """In what a rule says and in a form's question, each once, with the way out."""
    made = domain(
        utter_greet="Hallo {nmae}, met {people}!",
        utter_ask_people="Met hoeveel, {wie}?",
        utter_refusal_people="Dat kan niet op {dag}.",
    )
    found = list(problems(made, [FORM], [*RULES, *RULES]))
    assert [each.partition(" ")[0] for each in found] == [
        "utter_greet",
        "utter_ask_people",
        "utter_refusal_people",
    ]
    assert "{nmae}" in found[0]
    assert "add the slot nmae" in found[0]


def test_what_code_says_may_have_any_name() -> None:
    """The code gives it values."""
    assert not list(problems(domain(utter_number="Uw nummer is {number}."), [FORM], RULES))
