"""Forms of YAML alone: what they are given, and why one would stand still before a customer."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bot.core.assistant_tasks import OwnCode
from bot.core.form_rules import FormTask
from bot.core.generated_content import MadeContent, difference, make
from bot.dialogue.slot_mappings import READS

FROM_TEXT = [{"type": "from_text"}]
SUBMIT = {
    "rule": "Submit form",
    "condition": [{"active_loop": "table_form"}],
    "steps": [{"action": "table_form"}, {"active_loop": None}, {"action": "utter_submit"}],
}


def problems(made: MadeContent) -> list[str]:
    """Those of forms; these domains hold none of the texts that Loket's own actions say."""
    return [each for each in made.problems if not each.startswith("bot/dialogue/")]


def domain(**sections: Any) -> dict[str, Any]:
    return {
        "slots": {"people": {"type": "text", "mappings": FROM_TEXT}},
        "forms": {"table_form": {"required_slots": ["people"]}},
        "responses": {"utter_ask_people": [{"text": "Met hoeveel?"}]},
        **sections,
    }


def test_a_form_gets_the_engines_actions_and_notes() -> None:
    """And its slots are read by the engine, not by Rasa; what the designer wrote is kept."""
    made = make(domain(), OwnCode(), [SUBMIT])
    assert problems(made) == []
    assert made.forms == {"table_form"}
    added = difference(domain(), made.domain)
    assert {"validate_table_form", "action_ask_table_form_people"} <= set(added["actions"])
    assert {"people": {"influence_conversation": False}} in added["entities"]
    assert "responses" not in added
    assert "form_outcome" in added["slots"]
    assert added["slots"]["people"]["mappings"] == [{"type": "custom", READS: FROM_TEXT}]
    assert {rule["rule"].partition(" ")[2] for rule in made.rules} == {
        "is not possible, as was said",
        "is left by the customer",
        "goes to a person",
    }


def test_made_twice_is_made_once() -> None:
    """A domain that Rasa has kept may be read again."""
    once = make(domain(), OwnCode(), [SUBMIT]).domain
    assert make(once, OwnCode(), [SUBMIT]).domain == once


@pytest.mark.parametrize(
    "code",
    [
        OwnCode(actions=("validate_table_form",)),
        OwnCode((FormTask("table", "table_form"),), ("validate_table_form",)),
    ],
    ids=["rasa-sdk's own class", "a task"],
)
def test_a_form_with_a_class_is_left_to_it(code: OwnCode) -> None:
    """Rasa fills its slots as before."""
    made = make(domain(), code, [SUBMIT])
    assert made.domain["slots"]["people"] == domain()["slots"]["people"]
    assert made.domain["responses"] == domain()["responses"]


@pytest.mark.parametrize(
    ("sections", "rules", "own", "told"),
    [
        ({"responses": {}}, [SUBMIT], (), "Add the response utter_ask_people"),
        ({"slots": {}}, [SUBMIT], (), "no mapping in domain.yml"),
        (
            {"slots": {"people": {"mappings": [{"type": "custom"}]}}},
            [SUBMIT],
            (),
            "no mapping in domain.yml",
        ),
        ({}, [], (), "no rule says what follows when table_form has all answers"),
        ({}, [SUBMIT], ("action_ask_people",), "needs a class validate_table_form"),
    ],
    ids=["no question", "no slot", "no mapping", "no submit rule", "half in Python"],
)
def test_what_would_stand_still_is_told(
    sections: dict[str, Any], rules: list[Any], own: tuple[str, ...], told: str
) -> None:
    """One sentence, with the way out."""
    (problem,) = problems(make(domain(**sections), OwnCode(actions=own), rules))
    assert told in problem


@pytest.mark.parametrize(
    ("mapping", "told"),
    [
        ({"type": "from_entity", "entity": "date", "min_value": "soon"}, "Of a date it is `today`"),
        ({"type": "from_entity", "entity": "colour", "max_value": 3}, "a limit that nothing keeps"),
    ],
)
def test_a_limit_that_nothing_keeps_is_told(mapping: dict[str, Any], told: str) -> None:
    """It would let every answer through."""
    slots = {"people": {"type": "text", "mappings": [mapping]}}
    (problem,) = problems(make(domain(slots=slots), OwnCode(), [SUBMIT]))
    assert told in problem


def test_a_day_of_yaml_is_kept_as_text() -> None:
    """YAML reads a date where a designer writes one, and what an action gets is JSON."""
    mapping = {"type": "from_entity", "entity": "date", "max_value": date(2026, 12, 31)}
    made = make(
        domain(slots={"people": {"type": "text", "mappings": [mapping]}}), OwnCode(), [SUBMIT]
    )
    kept = made.domain["slots"]["people"]["mappings"][0][READS][0]
    assert kept["max_value"] == "2026-12-31"
    assert problems(made) == []


def test_an_action_of_the_tasks_name_needs_no_submit_rule() -> None:
    """As for every task: `action_table` follows on all answers."""
    made = make(domain(), OwnCode(actions=("action_table",)), [])
    assert problems(made) == []
    assert "table has all answers" in {rule["rule"] for rule in made.rules}
