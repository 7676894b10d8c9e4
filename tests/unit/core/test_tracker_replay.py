"""The tracker that keeps its replay gives Rasa's policies what Rasa's own tracker gives."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    Event,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot.core.tracker_replay import ReplayingTracker

DOMAIN = Domain.from_yaml(
    """
    version: "3.1"
    intents: [ask, inform, stop]
    entities: [number]
    slots:
      number: {type: text, influence_conversation: true, mappings: [{type: custom}]}
      topic: {type: categorical, values: [a, b], mappings: [{type: custom}]}
      quiet: {type: any, mappings: [{type: custom}]}
    forms:
      number_form: {required_slots: [number]}
    responses:
      utter_a: [{text: a}]
      utter_b: [{text: b}]
    """
)
RULE_ONLY = {"rule_only_slots": ["topic"], "rule_only_loops": ["number_form"]}

#: What may happen next in a conversation.
STEPS: tuple[Callable[[random.Random], list[Event]], ...] = (
    lambda chance: [
        ActionExecuted("action_listen"),
        UserUttered("iets", {"name": chance.choice(["ask", "inform", "stop"])}),
    ],
    lambda chance: [ActionExecuted(chance.choice(["utter_a", "utter_b"]))],
    lambda _: [ActionExecuted("utter_a", hide_rule_turn=True)],
    lambda chance: [SlotSet("number", chance.choice(["1", None]))],
    lambda chance: [SlotSet("topic", chance.choice(["a", "b"])), SlotSet("quiet", {"x": 1})],
    lambda _: [ActionExecuted("number_form"), ActiveLoop("number_form")],
    lambda _: [ActionExecuted("number_form")],
    lambda _: [ActionExecutionRejected("number_form")],
    lambda _: [ActiveLoop(None)],
    lambda _: [UserUtteranceReverted()],
    lambda _: [ActionExecuted("action_session_start"), SessionStarted()],
    lambda _: [Restarted()],
)


@pytest.mark.parametrize("seed", range(20))
def test_the_states_are_those_of_rasa_at_every_step(seed: int) -> None:
    """Whatever happens: forms that go on, words taken back, new sessions, hidden rules."""
    chance = random.Random(seed)
    ours = ReplayingTracker("x", DOMAIN.slots)
    theirs = DialogueStateTracker("x", DOMAIN.slots)
    weights = [6, 4, 2, 2, 2, 2, 4, 1, 1, 0.3, 0.2, 0.1]
    for _ in range(60):
        for event in chance.choices(STEPS, weights)[0](chance):
            ours.update(event)
            theirs.update(event)
        for modes in ({}, {"ignore_rule_only_turns": True, "rule_only_data": RULE_ONLY}):
            states = ours.past_states(DOMAIN, **modes)
            assert states == theirs.past_states(DOMAIN, **modes)
            for state in states:  # policies change what they are given
                for part in state.values():
                    part.clear()


def test_a_copy_has_a_past_of_its_own() -> None:
    """Forms work on copies: what is tried there must not show in the conversation."""
    tracker = ReplayingTracker("x", DOMAIN.slots)
    tracker.update(ActionExecuted("action_listen"))
    before = tracker.past_states(DOMAIN)
    copy = tracker.copy()
    copy.update(ActionExecuted("utter_a"))
    assert tracker.past_states(DOMAIN) == before
    assert copy.past_states(DOMAIN) != before
