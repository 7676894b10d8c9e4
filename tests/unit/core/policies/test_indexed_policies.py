"""Policies with an index predict what Rasa's own predict: action, confidence, name and events."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActionReverted,
    ActiveLoop,
    AllSlotsReset,
    BotUttered,
    ConversationPaused,
    Event,
    FollowupAction,
    LoopInterrupted,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.slots import Slot

from bot.core.policies.indexed_rules import IndexedRules
from tests.support.policy_trial import CONTENT, Trained, Trial, train

LISTEN = "action_listen"


@pytest.fixture(scope="module", params=CONTENT)
def content(request: pytest.FixtureRequest, tmp_path_factory: Any) -> Trained:
    """What the policies learn of an assistant's stories and rules."""
    return train(CONTENT[request.param], tmp_path_factory.mktemp("learned"))


def test_every_story_and_rule_is_predicted_alike(content: Trained) -> None:
    """At every event of it, not only where an action comes."""
    assert len(content.scripts) > 10
    for script in content.scripts:
        trial = Trial(content)
        for event in script:
            trial.add([event])
            trial.compare()
        trial.compare_copies()


def test_of_equally_long_rules_the_same_one_is_taken(tmp_path: Path) -> None:
    """Rasa takes the first in a set of texts, which nobody can tell in advance."""
    learned = train(CONTENT["every shape of a rule"], tmp_path)
    (rules, _) = learned.ours
    assert isinstance(rules, IndexedRules)
    trial = Trial(learned)
    trial.add([SlotSet("note", "x"), SlotSet("many", ["x"])])
    trial.add([ActionExecuted(LISTEN), UserUttered("iets anders", {"name": "inform"})])
    actions = ("utter_c", "utter_d")
    keys = [key for key, action in rules.lookup["rules"].items() if action in actions]
    assert len({len(key) for key in keys if "inform" in key and "prev" in key}) == 1
    trial.compare()


# ---------------------------------------------------------------- random conversations


def say(trial: Trial, content: Trained, one: int, other: int) -> None:
    """A customer says something; most often what some story or rule begins with."""
    if trial.theirs.latest_action_name != LISTEN:
        trial.add([ActionExecuted(LISTEN)])
    entities = [
        {"entity": name, "value": "1"}
        for at, name in enumerate(sorted(content.domain.entities))
        if other >> at & 1 and other % 3 == 0
    ]
    intent = content.domain.intents[one % len(content.domain.intents)]
    trial.add([UserUttered("/x" if other % 5 == 0 else "iets", {"name": intent, "confidence": 0.7},
                           entities)])  # fmt: skip


def follow(trial: Trial, content: Trained, one: int, other: int) -> None:
    """The bot does what is predicted, as in a turn, until it listens."""
    for step in range(5):
        prediction = trial.compare()
        if trial.theirs.followup_action and other % 2:  # as Rasa forgets it before the action runs
            trial.theirs.clear_followup_action()
            trial.ours.clear_followup_action()
        trial.compare_copies()
        action = content.domain.action_names_or_texts[prediction.max_confidence_index]
        if action in content.domain.form_names and (one + step) % 4 == 0:
            trial.add([ActionExecutionRejected(action)])
            continue
        hidden = prediction.hide_rule_turn
        trial.add([*prediction.events, ActionExecuted(action, hide_rule_turn=hidden)])
        if action in content.domain.form_names:
            trial.add(asked(content, action) if (other + step) % 3 else ended(content, other))
        if action == LISTEN:
            return


def asked(content: Trained, form: str) -> list[Event]:
    """A form begins, or goes on, and asks for something."""
    return [ActiveLoop(form), SlotSet("requested_slot", next(iter(content.domain.slots)).name)]


def ended(content: Trained, how: int) -> list[Event]:
    """A form ends, in one of the ways in which it can."""
    outcomes = [slot for slot in content.domain.slots if slot.name == "form_outcome"]
    told = [SlotSet(slot.name, value(slot, how)) for slot in outcomes]
    return [*told, ActiveLoop(None), SlotSet("requested_slot", None)]


def value(slot: Slot, which: int) -> Any:
    """Something that a slot may hold."""
    allowed = list(getattr(slot, "values", None) or [True, "1", ["a"], 0.5, False])
    return [*allowed, None][which % (len(allowed) + 1)]


def fill(trial: Trial, content: Trained, one: int, other: int) -> None:
    """A slot is filled."""
    slot = content.domain.slots[one % len(content.domain.slots)]
    trial.add([SlotSet(slot.name, value(slot, other))])


def act(trial: Trial, content: Trained, one: int, other: int) -> None:
    """The bot does something that nobody predicted."""
    actions = content.domain.action_names_or_texts
    trial.add([ActionExecuted(actions[one % len(actions)], hide_rule_turn=bool(other % 2))])


def change_form(trial: Trial, content: Trained, one: int, other: int) -> None:
    """A form begins or ends without its action."""
    forms = [*content.domain.form_names, None]
    trial.add([ActiveLoop(forms[one % len(forms)])])


def happen(trial: Trial, content: Trained, one: int, other: int) -> None:
    """Something that is rare."""
    actions = content.domain.action_names_or_texts
    rare: list[list[Event]] = [
        [UserUtteranceReverted()],
        [ActionReverted()],
        [FollowupAction(actions[other % len(actions)])],
        [ActionExecutionRejected(trial.theirs.active_loop_name or LISTEN)],
        [LoopInterrupted(True)],
        [BotUttered("Ja?")],
        [AllSlotsReset()],
        [ConversationPaused()],
        [ActionExecuted("action_session_start"), SessionStarted()],
        [Restarted()],
    ]
    trial.add(rare[one % len(rare)])


_WEIGHED: list[Callable[[Trial, Trained, int, int], None]] = [
    *([say] * 5), *([follow] * 6), fill, fill, act, change_form, happen,
]  # fmt: skip
STEPS = st.lists(
    st.tuples(st.sampled_from(_WEIGHED), st.integers(0, 200), st.integers(0, 63)),
    min_size=1,
    max_size=40,
)
WALKS = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def walk(content: Trained, steps: list[Any]) -> None:
    """A random conversation; compared after each step."""
    trial = Trial(content)
    for step, one, other in steps:
        step(trial, content, one, other)
        trial.compare()
    trial.compare_copies()


@settings(WALKS, max_examples=30)
@given(steps=STEPS)
def test_random_conversations_are_predicted_alike(content: Trained, steps: list[Any]) -> None:
    """A short form of what follows."""
    walk(content, steps)


@pytest.mark.slow
@pytest.mark.timeout(1800)
@settings(WALKS, max_examples=150)
@given(steps=STEPS)
def test_many_random_conversations_are_predicted_alike(content: Trained, steps: list[Any]) -> None:
    """Whatever happens: forms, refusals, words taken back, sessions, slots, hidden turns."""
    walk(content, steps)


@pytest.mark.long
@pytest.mark.timeout(3600)
@settings(WALKS, max_examples=4000)
@given(steps=STEPS)
def test_thousands_of_conversations_are_predicted_alike(content: Trained, steps: list[Any]) -> None:
    """The same at length (`make fuzz`); the seeds of a run differ from those of the next."""
    walk(content, steps)


def test_what_is_said_within_a_form_is_predicted_alike(content: Trained) -> None:
    """A form refuses, something else follows, and the form goes on or does not."""
    for form in content.domain.form_names:
        for intent in content.domain.intents:
            trial = Trial(content)
            trial.add([ActionExecuted(LISTEN), UserUttered("x", {"name": "x"})])
            trial.add([ActionExecuted(form), ActiveLoop(form)])
            trial.add([ActionExecuted(LISTEN), UserUttered("x", {"name": intent})])
            trial.add([ActionExecutionRejected(form)])
            for _ in range(3):
                prediction = trial.compare()
                if prediction.max_confidence < 1:
                    break
                action = content.domain.action_names_or_texts[prediction.max_confidence_index]
                trial.add([*prediction.events, ActionExecuted(action)])
                if action in (LISTEN, form):
                    break
            if trial.theirs.latest_action_name != LISTEN:
                trial.add([ActionExecuted(LISTEN)])
            trial.add([UserUttered("x", {"name": "inform"})])
            trial.compare()
