"""An intent with a rule and without an example is told while training."""

from __future__ import annotations

from typing import Any

from bot.core.unheard_intents import sentences

NLU = """\
version: "3.1"
nlu:
  - intent: wifi
    examples: |
      - is er wifi
"""
BUTTON = {"title": "Later", "payload": '/later{{"size": "large"}}'}
DOMAIN: dict[str, Any] = {
    "intents": ["greet", "parking", {"wifi": {"use_entities": []}}, "later", "by_code", "no_rule"],
    "responses": {"utter_topics": [{"text": "?", "buttons": [BUTTON]}]},
}
RULES = {"greet", "parking", "wifi", "later", "by_code"}


def test_an_intent_that_nobody_can_say_is_named() -> None:
    """Not one with an example, of every assistant, of a button, that code names, without a rule."""
    (said,) = sentences(DOMAIN, RULES, 'button("Iets", "by_code")', {"data/nlu/a.yml": NLU})
    assert "A rule answers the intent parking" in said
    assert "data/nlu/parking.yml" in said
