"""Rules that a policy learned, found by what the last state of a conversation holds."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rasa.shared.core.constants import PREVIOUS_ACTION, SHOULD_NOT_BE_SET, USER
from rasa.shared.core.domain import State
from rasa.shared.core.trackers import get_active_loop_name
from rasa.shared.nlu.constants import ACTION_NAME, INTENT


@dataclass(frozen=True, slots=True)
class _Step:
    """What a rule asks of one state.

    Attributes:
        starts: whether it is the beginning of a conversation.
        equal: values that must be the same, each with the part of the state it is in.
        unset: what must not be there.
    """

    starts: bool
    equal: tuple[tuple[str, str, Any], ...]
    unset: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, state: State) -> _Step:
        """What a state of a rule, as it was stored, asks for."""
        equal: list[tuple[str, str, Any]] = []
        unset: list[tuple[str, str]] = []
        for part, asked in state.items():
            for name, stored in asked.items():
                value = tuple(stored) if isinstance(stored, list) else stored  # as JSON stores them
                if value == SHOULD_NOT_BE_SET:
                    unset.append((part, name))
                elif value:
                    equal.append((part, name, value))
        return cls(not state.get(PREVIOUS_ACTION), tuple(equal), tuple(unset))

    def fits(self, state: State) -> bool:
        """Whether a conversation's state is as asked: `RulePolicy._is_rule_applicable`."""
        starts = not state.get(PREVIOUS_ACTION)
        if self.starts or starts:
            return self.starts and starts
        for part, name, value in self.equal:
            if state.get(part, {}).get(name) != value:
                return False
        for part, name in self.unset:
            found = state.get(part, {}).get(name)
            if found and found != SHOULD_NOT_BE_SET:
                return False
        return True


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that was learned.

    Attributes:
        key: its states as they are stored.
        action: what comes next.
        steps: what it asks of the states, the last state first.
        in_loop: whether it is about the inside of a form.
    """

    key: str
    action: str
    steps: tuple[_Step, ...]
    in_loop: bool

    @classmethod
    def of(cls, key: str, action: str) -> Rule:
        """Reads a rule in its stored form."""
        states = json.loads(key)
        steps = tuple(_Step.of(state) for state in reversed(states))
        return cls(key, action, steps, get_active_loop_name(states[-1]) is not None)

    def fits(self, states: Sequence[State]) -> bool:
        """Whether a conversation ends like this rule.

        Args:
            states: the last of a conversation, the last first; all of them, or as many as the
                longest rule has.
        """
        return all(
            step.fits(state) for step, state in zip(self.steps, states, strict=False)
        )  # fmt: skip


class RuleIndex:
    """Rules by the last action and the intent that they ask for.

    Attributes:
        longest: how many states the longest rule has.
    """

    def __init__(self, lookup: Mapping[str, str]) -> None:
        """Builds the index.

        Args:
            lookup: actions by the states that lead to them, as RulePolicy stores them.
        """
        rules = [Rule.of(key, action) for key, action in lookup.items()]
        self.longest = max((len(rule.steps) for rule in rules), default=0)
        self._rules: dict[tuple[str | None, str | None], list[Rule]] = defaultdict(list)
        for rule in rules:
            asked = {(part, name): value for part, name, value in rule.steps[0].equal}
            action = None if rule.steps[0].starts else asked.get((PREVIOUS_ACTION, ACTION_NAME))
            intent = None if rule.steps[0].starts else asked.get((USER, INTENT))
            self._rules[action, intent].append(rule)
        self._rules.default_factory = None

    def fitting(self, states: Sequence[State]) -> Iterator[Rule]:
        """The rules that a conversation ends like, in no order.

        Args:
            states: its last `longest` states, the last first.
        """
        action = states[0].get(PREVIOUS_ACTION, {}).get(ACTION_NAME)
        intent = states[0].get(USER, {}).get(INTENT)
        for place in {(action, intent), (action, None), (None, intent), (None, None)}:
            for rule in self._rules.get(place, ()):
                if rule.fits(states):
                    yield rule
