"""The intents that start a form stand with it in the domain."""

from __future__ import annotations

from bot.dialogue.starting_intents import STARTED_BY, noted, of_form

FORM = "table_form"
RULE = {
    "rule": "x",
    "steps": [{"intent": "book_table"}, {"action": FORM}, {"active_loop": FORM}],
}


def test_they_are_kept_with_the_form_in_the_domain() -> None:
    """Where every action finds them; noting them twice changes nothing."""
    domain = {"forms": {FORM: {"required_slots": ["people"]}}, "intents": ["table"]}
    assert of_form(FORM, domain) == ("table",), "named after its intent, for want of a rule"
    made = noted(domain, [RULE], [FORM])
    assert made["forms"][FORM] == {"required_slots": ["people"], STARTED_BY: ["book_table"]}
    assert of_form(FORM, made) == ("book_table",)
    assert noted(made, [RULE], [FORM]) == made
    assert of_form("other_form", made) == ()
