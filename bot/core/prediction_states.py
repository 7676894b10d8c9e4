"""The states in Rasa's form that policies compare with what they learned.

Rasa's featurizers make them of the whole conversation for every policy. Here they are made of the
last few moments.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rasa.shared.core.constants import (
    ACTION_UNLIKELY_INTENT_NAME,
    ACTIVE_LOOP,
    LOOP_NAME,
    PREVIOUS_ACTION,
    RULE_ONLY_LOOPS,
    RULE_ONLY_SLOTS,
    SLOTS,
    USER,
)
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.trackers import is_prev_action_listen_in_state
from rasa.shared.nlu.constants import ACTION_NAME, ENTITIES, INTENT, TEXT

from bot.core.moments import Moment


def story_states(
    moments: Sequence[Moment],
    domain: Domain,
    rule_only_data: Mapping[str, Any] | None,
    count: int | None = None,
) -> list[State]:
    """The last states without what only rules know, as stories see a conversation.

    Args:
        moments: of a conversation, oldest first.
        domain: the model's.
        rule_only_data: slots and forms that only rules know.
        count: how many states at most; all when None.

    Returns:
        States, oldest first. Their parts are shared and not to be changed.
    """
    told = [moment for moment in moments if not moment.hidden]
    first = 0 if count is None else _first(told, count)
    states: list[State] = []
    # What the customer said is taken over from the state before, up to a moment of listening.
    for moment in told[_with_own_message(told, first, domain) :]:
        states.append(_told(moment, domain, rule_only_data, states[-1] if states else None))
    return states[len(states) - (len(told) - first) :]


def without_unlikely(states: Sequence[State]) -> list[State]:
    """The states without those after Rasa's own action on an unexpected intent."""
    return [state for state in states if not _unlikely(state.get(PREVIOUS_ACTION))]


def as_heard(state: State, *, last: bool, by_text: bool = False) -> State:
    """A state with either the intent or the text of what the customer said.

    Args:
        state: not changed.
        last: whether it is the conversation's last.
        by_text: whether to take the text of the last message and not its intent.
    """
    user = state.get(USER)
    if not user:
        return state
    heard = dict(user)
    if last and is_prev_action_listen_in_state(state):
        for part in (INTENT, ENTITIES) if by_text else (TEXT,):
            if heard.get(part):
                del heard[part]
    if heard.get(INTENT) and heard.get(TEXT):
        del heard[TEXT]
    return {**state, USER: heard}


def _first(told: Sequence[Moment], count: int) -> int:
    """Where the last states begin."""
    for at in range(len(told) - 1, -1, -1):
        if not _unlikely(told[at].shown_action or told[at].action):
            count -= 1
        if not count:
            return at
    return 0


def _with_own_message(told: Sequence[Moment], at: int, domain: Domain) -> int:
    while at > 0 and not is_prev_action_listen_in_state(told[at].state(domain)):
        at -= 1
    return at


def _told(
    moment: Moment,
    domain: Domain,
    rule_only_data: Mapping[str, Any] | None,
    before: State | None,
) -> State:
    """One step of `Domain.states_for_tracker_history`."""
    state = dict(moment.state(domain))
    if rule_only_data:
        slots = state.get(SLOTS)
        if slots and (rules_only := slots.keys() & set(rule_only_data.get(RULE_ONLY_SLOTS) or ())):
            state[SLOTS] = {name: slots[name] for name in slots if name not in rules_only}
        loops = rule_only_data.get(RULE_ONLY_LOOPS)
        if loops and state.get(ACTIVE_LOOP, {}).get(LOOP_NAME) in loops:
            del state[ACTIVE_LOOP]
    if before is not None and not is_prev_action_listen_in_state(state):
        if before.get(USER):
            state[USER] = before[USER]
        else:
            state.pop(USER, None)
    if moment.shown_action:
        state[PREVIOUS_ACTION] = moment.shown_action
    return {kind: part for kind, part in state.items() if part}


def _unlikely(action: Mapping[str, Any] | None) -> bool:
    return action is not None and action.get(ACTION_NAME) == ACTION_UNLIKELY_INTENT_NAME
