"""The intents that start a form stand with it in the domain."""

from __future__ import annotations

import io

from rasa.shared.core.domain import Domain
from ruamel.yaml import YAML

from bot.dialogue.starting_intents import STARTED_BY, noted, of_form

FORM = "table_form"
RULE = {
    "rule": "x",
    "steps": [{"intent": "book_table"}, {"action": FORM}, {"active_loop": FORM}],
}


def test_they_are_kept_in_the_domain() -> None:
    """Where every action finds them, and Rasa's schema allows it; noting them twice is once."""
    topic = {"type": "any", "mappings": [{"type": "custom"}]}
    domain = {"slots": {"topic": topic}, "intents": ["table"]}
    assert of_form(FORM, domain) == ("table",), "named after its intent, for want of a rule"
    made = noted(domain, [RULE], [FORM])
    assert of_form(FORM, made) == ("book_table",)
    assert noted(made, [RULE], [FORM]) == made
    assert of_form("other_form", made) == ()
    assert made["slots"]["topic"]["mappings"][0]["type"] == "custom"
    assert STARTED_BY not in str(noted(domain, [], [FORM]))


def test_rasa_takes_the_domain() -> None:
    """Its own commands read it anew, against a schema."""
    topic = {"type": "any", "mappings": [{"type": "custom"}]}
    domain = {
        "version": "3.1",
        "intents": ["book_table"],
        "slots": {"topic": topic},
        "forms": {FORM: {"required_slots": []}},
    }
    made = noted(domain, [RULE], [FORM])
    text = io.StringIO()
    YAML(typ="safe").dump(made, text)
    held = Domain.from_yaml(text.getvalue()).as_dict()
    assert of_form(FORM, held) == ("book_table",)
