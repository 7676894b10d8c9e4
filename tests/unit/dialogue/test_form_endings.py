"""A form with all answers ends as the rule for these answers says."""

from __future__ import annotations

from typing import Any

import pytest

from bot.dialogue.form_endings import ANY_VALUE, OUTCOME, chosen, noted

DOMAIN: dict[str, Any] = {
    "slots": {OUTCOME: {"type": "categorical", "values": ["complete", "left"], "mappings": []}}
}
ENDINGS = {
    "f": [{"vegan": True}, {"vegan": False}, {"vegan": True, "size": "groot"}],
    "g": [{"name": ANY_VALUE}, {"name": None, "people": 3}],
}


@pytest.mark.parametrize(
    ("form", "slots", "outcome"),
    [
        ("f", {"vegan": True}, "complete 1"),
        ("f", {"vegan": False}, "complete 2"),
        ("f", {"vegan": True, "size": "Groot"}, "complete 3"),
        ("f", {}, "complete"),
        ("g", {"name": "Jan"}, "complete 1"),
        ("g", {"name": None, "people": 3.0}, "complete 2"),
        ("g", {"people": 4}, "complete"),
        ("other", {"vegan": True}, "complete"),
    ],
)
def test_the_ending_is_that_of_the_values(form: str, slots: dict[str, Any], outcome: str) -> None:
    """The one that asks most goes first; without one it is the usual end."""
    assert chosen(form, noted(DOMAIN, ENDINGS), slots) == outcome


def test_the_domain_lists_the_outcomes() -> None:
    """Rasa takes any other for unknown."""
    made = noted(DOMAIN, ENDINGS)
    assert made["slots"][OUTCOME]["values"][2:] == ["complete 1", "complete 2", "complete 3"]
    assert noted(made, ENDINGS) == made
    assert noted(DOMAIN, {}) == DOMAIN
