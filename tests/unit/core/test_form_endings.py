"""How forms end by the values of slots is read from rules, and what no rule is for is told."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, SlotSet
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader

from bot.core.content_lines import ContentLines
from bot.core.form_endings import problems, read
from bot.core.importer import with_outcomes
from bot.dialogue.form_endings import ANY_VALUE

DOMAIN: dict[str, Any] = {
    "slots": {
        "vegan": {"type": "bool"},
        "size": {"type": "categorical", "values": ["klein", "groot"]},
        "name": {"type": "text"},
    },
    "forms": {"f": {"required_slots": ["vegan", "size", "name"]}},
}
LINES = ContentLines("", {"data/rules.yml": "rules:\n  - rule: yes\n    steps: []\n"})


def rule(name: str, *asked: Any, condition: Any = (), then: str = "utter_done") -> dict[str, Any]:
    """A rule for the end of the form."""
    return {
        "rule": name,
        "condition": [{"active_loop": "f"}, *condition],
        "steps": [
            {"action": "f"},
            {"active_loop": None},
            {"slot_was_set": [{"requested_slot": None}, *asked]},
            {"action": then},
            {"slot_was_set": [{"later": 1}]},
        ],
    }


def test_slots_may_stand_in_the_condition_or_at_the_end() -> None:
    """What comes after something was said belongs to the rule itself."""
    condition = [{"slot_was_set": [{"vegan": True}]}]
    rules = [rule("yes", condition=condition), rule("no", {"vegan": False}), rule("named", "name")]
    found = read([*rules, rule("else")], {"f"})
    assert found.by_form == {"f": [{"vegan": True}, {"vegan": False}, {"name": ANY_VALUE}]}
    assert found.by_rule["no"] == ("f", "complete 2")
    assert found.plain == {"f"}


@pytest.mark.parametrize(
    ("rules", "left"),
    [
        ([rule("yes", {"vegan": True}), rule("no", {"vegan": False})], ""),
        ([rule("yes", {"vegan": True})], "when vegan is false"),
        ([rule("yes", {"vegan": True}), rule("else")], ""),
        ([rule("yes", {"size": "klein"})], "when size is groot"),
        ([rule("yes", {"name": "Jan"})], "when name is something else"),
        ([rule("yes", "name")], ""),
        (
            [rule("yes", {"vegan": True, "size": "klein"}), rule("no", {"vegan": False})],
            "when vegan is true and size is groot",
        ),
        ([rule("yes", {"vegen": True})], "there is no slot of that name"),
    ],
)
def test_values_that_no_rule_is_for(rules: list[Any], left: str) -> None:
    """The form would end in silence; it is told with the line of its first rule."""
    found = list(problems(DOMAIN, read(rules, {"f"}), LINES))
    assert len(found) == bool(left)
    for problem in found:
        assert left in problem
        assert problem.startswith("data/rules.yml line 2: ")


def test_rasa_learns_the_outcome_in_place_of_the_slots() -> None:
    """So every rule of a form sets the same slots, as Rasa wants it."""
    written = rule("yes", condition=[{"slot_was_set": [{"vegan": True}]}])
    domain = {"slots": {name: {"type": "any"} for name in ("vegan", "later", "requested_slot")}}
    held = {
        name: {**slot, "mappings": [{"type": "custom"}]} for name, slot in domain["slots"].items()
    }
    reader = YAMLStoryReader(
        Domain.from_dict({"slots": held, "forms": {"f": {"required_slots": []}}})
    )
    (step,) = reader.read_from_parsed_yaml({"rules": [written]})
    events = with_outcomes(step.events, {"f"}, "f", "complete 1")
    assert {e.key: e.value for e in events if isinstance(e, SlotSet)} == {
        "requested_slot": None,
        "form_outcome": "complete 1",
        "later": 1,
    }
    said = [event.action_name for event in events if isinstance(event, ActionExecuted)]
    assert said[-2:] == ["f", "utter_done"]
