"""The index finds the rules that Rasa finds by trying them all."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rasa.core.policies.rule_policy import RULES, RULES_FOR_LOOP_UNHAPPY_PATH
from rasa.shared.core.constants import SHOULD_NOT_BE_SET
from rasa.shared.core.domain import State

from bot.core.policies.rule_index import RuleIndex
from tests.support.policy_trial import CONTENT, Trained, train

#: What a customer may say, the bot may do and a slot may hold, of which no rule knows.
STRANGE: dict[str, dict[str, Any]] = {
    "user": {"intent": "unheard_of"},
    "prev_action": {"action_name": "action_unheard_of"},
    "active_loop": {"name": "other_form"},
    "slots": {"unheard_of": (1.0,)},
}


@pytest.fixture(scope="module", params=CONTENT)
def content(request: pytest.FixtureRequest, tmp_path_factory: Any) -> Trained:
    """What the policies learn of an assistant's stories and rules."""
    return train(CONTENT[request.param], Path(tmp_path_factory.mktemp("learned")))


def conversation(key: str) -> list[State]:
    """The states of a conversation that goes like a rule."""
    states: list[State] = [
        {
            part: {
                name: tuple(value) if isinstance(value, list) else value
                for name, value in held.items()
                if value != SHOULD_NOT_BE_SET
            }
            for part, held in state.items()
        }
        for state in json.loads(key)
    ]
    return [{part: held for part, held in state.items() if held} for state in states]


def variants(key: str) -> Iterator[list[State]]:
    """Conversations like a rule, and almost like it: one thing more, less or other."""
    states = conversation(key)
    yield states
    yield states[1:] or states
    yield [{}, *states]
    yield [{"prev_action": {"action_name": "action_listen"}}, *states]
    for at, (asked, held) in enumerate(zip(json.loads(key), states, strict=True)):
        for part in {*asked, *held, *STRANGE}:
            for name in {*asked.get(part, {}), *STRANGE.get(part, {})}:
                other = copy.deepcopy(states)
                if name in held.get(part, {}):
                    del other[at][part][name]
                    yield other
                    other = copy.deepcopy(states)
                strange = STRANGE.get(part, {}).get(name, (0.25, 0.75))
                other[at].setdefault(part, {})[name] = strange
                yield other
                if asked.get(part, {}).get(name) == SHOULD_NOT_BE_SET:
                    other = copy.deepcopy(states)
                    other[at].setdefault(part, {})[name] = SHOULD_NOT_BE_SET
                    yield other


@pytest.mark.parametrize("kind", [RULES, RULES_FOR_LOOP_UNHAPPY_PATH])
def test_the_same_rules_are_found(content: Trained, kind: str) -> None:
    """For conversations that go like each rule, and such as differ from it in one thing."""
    (policy, _), tried = content.theirs, 0
    lookup = policy.lookup[kind]  # type: ignore[attr-defined]
    index = RuleIndex(lookup)
    for key in lookup:
        for states in variants(key):
            theirs = policy._get_possible_keys(lookup, states)  # type: ignore[attr-defined]
            ours = [rule.key for rule in index.fitting(states[::-1][: index.longest])]
            assert sorted(ours) == sorted(theirs), states
            tried += 1
    assert tried > 5 * len(lookup) > 0
