"""An intent that no rule answers is told while training."""

from __future__ import annotations

from typing import Any

from bot.core.unanswered_intents import sentences

DOMAIN: dict[str, Any] = {
    "intents": ["greet", "parking", {"wifi": {"use_entities": []}}, "soon", "terrace"],
    "slots": {"day": {"mappings": [{"type": "from_intent", "intent": ["soon"], "value": "now"}]}},
    "forms": {"table_form": {"required_slots": ["day"]}},
}


def test_each_intent_without_a_rule_is_named() -> None:
    """Not one that answers a question, that every assistant has, or that code names."""
    found = list(sentences(DOMAIN, {"book"}, {"wifi"}, 'intents={"terrace": "yes"}'))
    assert ["parking" in found[0], "wifi" in found[1], len(found)] == [True, True, 2]
    assert "No rule and no story answers the intent parking" in found[0]
    assert "within a form" in found[1]


def test_a_story_is_enough_without_forms() -> None:
    """Nothing interrupts it."""
    assert not list(sentences({"intents": ["wifi"]}, set(), {"wifi"}, ""))
