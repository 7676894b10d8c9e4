"""The rules and entries of the domain that are made for tasks; what a designer wrote goes first."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.form_rules import (
    BOOKKEEPING,
    FormTask,
    additions,
    rules,
    with_additions,
)
from bot.dialogue.domain_names import names_in

TASK = FormTask("lend_book", "lend_book_form", ("title", "days"), ("card_noted",))
OUTCOMES = {
    "complete": ["action_lend_book", "action_anything_else"],
    "stopped": ["action_anything_else"],
    "left": ["action_cancel_task"],
    "handover": ["action_handover"],
}


def domain(**sections: Any) -> dict[str, Any]:
    return {"intents": ["lend_book"], "actions": ["action_lend_book"], **sections}


def outcome(rule: Any) -> str | None:
    """How the form ends in a rule; None where it begins."""
    held = next(step["slot_was_set"] for step in rule["steps"] if "slot_was_set" in step)
    return next(each["form_outcome"] for each in held if "form_outcome" in each)


def test_a_form_begins_by_its_intent_and_ends_in_four_ways() -> None:
    """Each way has its own actions, in order, and a name that says which task it is of."""
    begins, *ends = rules([TASK], domain(), [])
    assert begins["steps"][:3] == [
        {"intent": "lend_book"},
        {"action": "lend_book_form"},
        {"active_loop": "lend_book_form"},
    ]
    then = {
        outcome(rule): [step["action"] for step in rule["steps"] if "action" in step][1:]
        for rule in ends
    }
    assert then == OUTCOMES
    assert all(rule["rule"].startswith("lend_book ") for rule in [begins, *ends])


def test_a_task_without_an_action_has_no_rule_for_all_answers() -> None:
    """A complaint ends with a person."""
    made = rules([TASK], domain(actions=[]), [])
    assert {outcome(rule) for rule in made} == {None, "stopped", "left", "handover"}


@pytest.mark.parametrize("place", range(5))
def test_a_rule_of_the_same_name_takes_a_made_ones_place(place: int) -> None:
    """Whatever the designer does in it; the others stay."""
    made = rules([TASK], domain(), [])
    own = {"rule": made[place]["rule"], "steps": [{"intent": "x"}, {"action": "y"}]}
    assert rules([TASK], domain(), [own]) == [rule for rule in made if rule != made[place]]


@pytest.mark.parametrize(
    ("steps", "left_out"),
    [
        (
            [
                {"intent": "lend_book"},
                {"action": "lend_book_form"},
                {"active_loop": "lend_book_form"},
            ],
            "lend_book begins",
        ),
        (
            [{"action": "lend_book_form"}, {"active_loop": None}, {"action": "utter_submit"}],
            "lend_book has all answers",
        ),
        (
            [
                {"action": "lend_book_form"},
                {"active_loop": None},
                {"slot_was_set": [{"requested_slot": None}, {"form_outcome": "stopped"}]},
                {"action": "utter_sorry"},
            ],
            None,
        ),
        (
            [{"intent": "other"}, {"action": "other_form"}, {"active_loop": "other_form"}],
            None,
        ),
    ],
    ids=["starts it", "submits it", "another outcome", "another form"],
)
def test_a_rule_that_does_the_same_under_another_name(
    steps: list[dict[str, Any]], left_out: str | None
) -> None:
    """Rasa's documentation names its rules as it likes: two of one kind would contradict."""
    made = {rule["rule"] for rule in rules([TASK], domain(), [])}
    kept = {rule["rule"] for rule in rules([TASK], domain(), [{"rule": "mine", "steps": steps}])}
    assert made - kept == ({left_out} if left_out else set())


def test_what_the_domain_lacks_is_listed() -> None:
    """Intent, answers as slot and as entity, form, actions, and the engine's own notes."""
    added = additions([TASK], {}, ["action_lend_book", "validate_lend_book_form"])
    assert added["intents"] == ["lend_book"]
    assert names_in(added["entities"]) == ("days", "title", "none_of_these")
    assert set(added["slots"]) == {*BOOKKEEPING, "title", "days", "card_noted"}
    assert all(held["mappings"] == [{"type": "custom"}] for held in added["slots"].values())
    assert added["forms"] == {"lend_book_form": {"required_slots": []}}
    assert {"action_lend_book", "validate_lend_book_form", "action_handover"} <= set(
        added["actions"]
    )


def test_without_tasks_nothing_is_added_but_actions() -> None:
    """An assistant of rules alone keeps the domain it has."""
    assert additions([], {}, ["action_hello"]) == {"actions": ["action_hello"]}


NAMES = st.sampled_from(["lend_book", "title", "days", "lend_book_form", "topic", "x"])


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "intents": st.lists(NAMES | NAMES.map(lambda name: {name: {"use_entities": []}})),
            "entities": st.lists(NAMES),
            "slots": st.dictionaries(NAMES, st.just({"type": "text"})),
            "forms": st.dictionaries(NAMES, st.just({"required_slots": ["x"]})),
            "actions": st.lists(NAMES),
        },
    )
)
def test_what_is_written_stays_as_it_is(written: dict[str, Any]) -> None:
    """Nothing is replaced, nothing is listed twice, and a second time nothing is missing."""
    added = additions([TASK], written, ["action_lend_book"])
    whole = with_additions(written, added)
    for section, held in written.items():
        if isinstance(held, dict):
            assert {name: whole[section][name] for name in held} == held
        else:
            assert whole[section][: len(held)] == held
            extra = names_in(whole[section][len(held) :])
            assert len(extra) == len(set(extra))
            assert not set(extra) & set(names_in(held))
    assert additions([TASK], whole, ["action_lend_book"]) == {}
