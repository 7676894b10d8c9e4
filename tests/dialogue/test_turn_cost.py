"""What a turn costs, counted and not timed: a gross regression fails here on any machine.

Processor time is measured by `make bench-turns`; the figures are in
docs/decisions/0091-predictions-from-one-view.md.
"""

from __future__ import annotations

import cProfile
import pstats
from collections import Counter
from collections.abc import Iterator

import pytest
from rasa.core.policies.rule_policy import RulePolicy
from rasa.core.processor import MessageProcessor
from rasa.shared.core.trackers import DialogueStateTracker

from bench.measuring.customers import messages
from bot.core import tracker_store
from tests.support.dialogue import Customer

pytestmark = pytest.mark.model


def talk(customer: Customer, count: int, skip: int = 0) -> None:
    """Goes on with the same conversation."""
    for text in messages(count)[skip:]:
        assert customer.say(text).owner == "bot", text


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[Counter[str]]:
    """How often Rasa's costly ways were gone, by name."""
    counts: Counter[str] = Counter()

    def count(where: object, name: str, as_what: str) -> None:
        done = getattr(where, name)

        def counting(*args: object, **kwargs: object) -> object:
            counts[as_what] += 1
            return done(*args, **kwargs)

        monkeypatch.setattr(where, name, counting)

    count(MessageProcessor, "_predict_next_with_tracker", "predictions")
    count(RulePolicy, "_is_rule_applicable", "rules tried one by one")
    count(DialogueStateTracker, "past_states", "states of the whole conversation")
    count(DialogueStateTracker, "travel_back_in_time", "copies by replay")
    count(tracker_store, "read_event", "events read")
    return counts


def test_what_the_turns_of_a_long_conversation_take(
    customer: Customer, counted: Counter[str]
) -> None:
    """Three predictions or so, and none of Rasa's ways that go through everything again."""
    turns = 40
    talk(customer, turns)
    assert counted["predictions"] / turns <= 3.2
    assert counted["events read"] / turns <= 180
    assert counted["rules tried one by one"] == 0
    assert counted["states of the whole conversation"] == 0
    assert counted["copies by replay"] == 0


def calls(customer: Customer, count: int, skip: int) -> float:
    """Function calls a turn in the process that answers; its database threads are not counted."""
    profile = cProfile.Profile()
    profile.enable()
    talk(customer, count, skip)
    profile.disable()
    return float(vars(pstats.Stats(profile))["total_calls"]) / (count - skip)


def test_a_turn_takes_no_more_calls_and_late_turns_as_many_as_early_ones(
    customer: Customer,
) -> None:
    """Once the window on the conversation is full (bot/core/checkpoint.py) nothing grows."""
    talk(customer, 24)
    early = calls(customer, 48, 24)
    late = calls(customer, 96, 72)
    assert early < 26_000
    assert late < 1.05 * early
