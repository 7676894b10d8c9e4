"""The moments of a conversation that policies look at: how it stood before each action.

The states in Rasa's form are made of a moment only when a policy asks for them, and once: memoised
stories look at the last five, rules at the last few.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import is_
from types import SimpleNamespace
from typing import Any, cast

from rasa.shared.core.constants import ACTIVE_LOOP, LOOP_NAME, PREVIOUS_ACTION, SLOTS, USER
from rasa.shared.core.domain import Domain, State, SubState
from rasa.shared.core.events import ActionExecuted, Event, UserUttered
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker, TrackerActiveLoop

from bot.core.slot_features import features_of


@dataclass(slots=True)
class Moment:
    """A conversation as it stood before one action, or as it stands at the end.

    Attributes:
        read: how many events went before it.
        message: the customer's last.
        by_text: whether the message's text decided what came next, as known at this moment.
        slots: features of the filled slots; shared, not to be changed.
        action: the last action; shared, not to be changed.
        loop: the active form.
        followup: the action that must come next.
        hidden: whether what came next is left out of what stories are compared with.
        shown_action: the last action that is not left out.
    """

    read: int
    message: UserUttered
    by_text: bool | None
    slots: SubState
    action: SubState
    loop: TrackerActiveLoop | None
    followup: str | None
    hidden: bool = False
    shown_action: SubState | None = None
    _state: State | None = field(default=None, repr=False)

    def state(self, domain: Domain) -> State:
        """`Domain.get_active_state` at this moment; shared, not to be changed."""
        if self._state is None:
            state: State = {}
            if user := self._user(domain):
                state[USER] = user
            if self.slots:
                state[SLOTS] = self.slots
            if self.action:
                state[PREVIOUS_ACTION] = self.action
            if self.loop:
                state[ACTIVE_LOOP] = {LOOP_NAME: self.loop.name}
            self._state = state
        return self._state

    def _user(self, domain: Domain) -> SubState | None:
        message, now = self.message, self.message.use_text_for_featurization
        message.use_text_for_featurization = self.by_text
        try:
            only = SimpleNamespace(
                latest_message=message, slots={}, latest_action=None, active_loop=None
            )
            state = domain.get_active_state(cast(DialogueStateTracker, only))
        finally:
            message.use_text_for_featurization = now
        return state.get(USER)


class Moments(DialogueStateTracker):
    """A replay of a conversation that can be continued, and taken back.

    Rasa's events are applied to it as to any tracker. It keeps no slots, only their features.
    """

    def __init__(self, slots: Sequence[Slot]) -> None:
        """Begins before all events.

        Args:
            slots: of the domain; their values do not matter.
        """
        self._features = features_of(slots)
        super().__init__("moments", ())
        self._past: list[Moment] = []
        self._replayed: list[Event] = []
        self._hidden, self._shown_action = False, cast("SubState | None", None)

    def _reset_slots(self) -> None:
        self._filled = self._features.initial

    def _set_slot(self, key: str, value: Any) -> None:
        self._filled = self._features.filled(self._filled, key, value)

    def all(self, applied: list[Event]) -> list[Moment]:
        """The moment before each action, and the one at the end.

        Args:
            applied: the events that hold; those of the last call with others added or taken back.
        """
        self._take_back(applied)
        for event in applied[len(self._replayed) :]:
            if isinstance(event, ActionExecuted):
                self._past.append(self._moment(hide=event.hide_rule_turn))
            self._replayed.append(event)
            event.apply_to(self)
        before = self._hidden, self._shown_action
        end = self._moment(hide=False)
        self._hidden, self._shown_action = before
        return [*self._past, end]

    def _take_back(self, applied: list[Event]) -> None:
        """Returns to the last moment up to which the events are still the same."""
        count = len(self._replayed)
        if count <= len(applied) and all(map(is_, self._replayed, applied)):
            return
        same = _same(self._replayed, applied)
        while self._past and self._past[-1].read > same:
            self._past.pop()
        if not self._past:
            self._reset()
            self._replayed, self._hidden, self._shown_action = [], False, None
            return
        moment = self._past.pop()
        del self._replayed[moment.read :]
        self.latest_message, self.latest_action = moment.message, cast(Any, moment.action)
        self.active_loop, self.followup_action = moment.loop, moment.followup
        self._filled = moment.slots
        before = self._past[-1] if self._past else None
        self._hidden = before.hidden if before else False
        self._shown_action = before.shown_action if before else None

    def _moment(self, *, hide: bool) -> Moment:
        """As it stands now.

        Args:
            hide: whether the action that comes next is one of a rule that no story knows.
        """
        # This is Domain.states_for_tracker_history on what to leave out, one step at a time.
        if not self._hidden:
            self._shown_action = cast(SubState, self.latest_action)
        if not self.followup_action and self.latest_action_name != self.active_loop_name:
            self._hidden = hide
        message = cast(UserUttered, self.latest_message)
        return Moment(
            len(self._replayed),
            message,
            message.use_text_for_featurization,
            self._filled,
            cast(SubState, self.latest_action),
            self.active_loop,
            self.followup_action,
            self._hidden,
            self._shown_action,
        )


def _same(one: list[Event], other: list[Event]) -> int:
    """How many events two conversations have in common at their beginning."""
    at = 0
    for mine, theirs in zip(one, other, strict=False):
        if mine is not theirs:
            break
        at += 1
    return at
