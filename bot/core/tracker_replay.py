"""A tracker that works out what policies look at once, instead of again for each prediction.

Rasa's policies ask for the states of the whole conversation at each of a turn's three predictions,
once for memoised stories and up to twice for rules, and Rasa goes through all events each time; a
copy for every action goes through them once more. Here what was worked out is kept. What came since
is added to it, and what Rasa takes back (as a form that goes on does) is taken off again.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable
from dataclasses import replace
from itertools import islice
from typing import Any, cast

from rasa.shared.core.domain import Domain, State
from rasa.shared.core.events import (
    ActionExecuted,
    ActionReverted,
    Event,
    FollowupAction,
    Restarted,
    SessionStarted,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity

from bot.conversation.loop_detection import LoopTurn
from bot.core.applied_events import AppliedEvents
from bot.core.moments import Moment, Moments
from bot.core.prediction_states import story_states
from bot.core.tracker_turns import TurnReader


class ReplayingTracker(DialogueStateTracker):
    """A tracker for the length of one turn; its events are the recent part of a conversation."""

    def __init__(
        self, sender_id: str, slots: Iterable[Slot] | None, *args: Any, **kwargs: Any
    ) -> None:
        """An empty tracker.

        Args:
            sender_id: the conversation.
            slots: `Domain.slots`; any slot goes when None.
            *args: see the parent class.
            **kwargs: see the parent class.
        """
        defined = slots if slots is None or isinstance(slots, list) else list(slots)
        super().__init__(sender_id, defined if defined is None else (), *args, **kwargs)
        if defined is not None:
            self.slots = {slot.name: _twin(slot) for slot in defined}
            self._reset_slots()
        self._defined = defined
        self.forget()

    def forget(self) -> None:
        """Has everything worked out anew that was worked out of the events."""
        self._applied = AppliedEvents(
            self._undo, self._first_loop_execution_or_unhappy_path,
            self._undo_till_previous_loop_execution,
        )  # fmt: skip
        self._told: list[dict[str, Any]] = []
        self._moments: Moments | None = None
        self._turns: TurnReader | None = None
        self._seen: tuple[int, list[Moment]] = (-1, [])

    def _undo(self, event: Event, applied: list[Event]) -> None:
        if isinstance(event, UserUtteranceReverted):  # a listening goes before each message
            self._undo_till_previous(UserUttered, applied)
        self._undo_till_previous(ActionExecuted, applied)

    def applied_events(self) -> list[Event]:
        """The events that were not taken back (see the parent class)."""
        return list(self._applied.read(self.events))

    def current_state(
        self, event_verbosity: EventVerbosity = EventVerbosity.NONE
    ) -> dict[str, Any]:
        """The conversation as actions are told it (see the parent class)."""
        state: dict[str, Any] = super().current_state(
            EventVerbosity.NONE if event_verbosity is EventVerbosity.ALL else event_verbosity
        )
        if event_verbosity is EventVerbosity.ALL:  # each of a turn's actions is told all of them
            if len(self._told) > len(self.events):
                self._told = []
            new = islice(self.events, len(self._told), None)
            self._told += [event.as_dict() for event in new]
            state["events"] = [dict(event) for event in self._told]
        return state

    def moments(self) -> list[Moment] | None:
        """The moment before each action and the one at the end, oldest first.

        Not to be changed. None for a tracker without defined slots, of which Rasa's own methods
        know more.
        """
        if self._defined is None:
            return None
        if self._moments is None:
            self._moments = Moments(self._defined)
        if self._seen[0] != len(self.events):  # each of a prediction's policies asks
            moments = self._moments.all(self._applied.read(self.events))
            self._seen = len(self.events), moments
        return self._seen[1]

    def turns(self, told: Collection[str]) -> tuple[LoopTurn, ...]:
        """The turns since the session began or the last hand-over, oldest first.

        Args:
            told: slots that say what a question was about (`bot.topics.topic.Topic.told`).
        """
        if self._turns is None or self._turns.told is not told:
            self._turns = TurnReader(told)
        return self._turns.turns(self.events)

    def past_states(
        self,
        domain: Domain,
        omit_unset_slots: bool = False,  # noqa: FBT001, FBT002 - Rasa's own parameters
        ignore_rule_only_turns: bool = False,  # noqa: FBT001, FBT002 - as above
        rule_only_data: dict[str, Any] | None = None,
    ) -> list[State]:
        """The states so far (see the parent class); the caller may change them."""
        moments = None if omit_unset_slots else self.moments()
        if moments is None:
            return cast(
                list[State],
                super().past_states(
                    domain, omit_unset_slots, ignore_rule_only_turns, rule_only_data
                ),
            )
        states = (
            story_states(moments, domain, rule_only_data)
            if ignore_rule_only_turns
            else [moment.state(domain) for moment in moments]
        )
        return [{kind: dict(part) for kind, part in state.items()} for state in states]

    def copy(self) -> DialogueStateTracker:
        """A duplicate (see the parent class), made of what the tracker holds now."""
        known, followup = self._followup()
        if not known:
            return super().copy()
        twin = object.__new__(type(self))
        twin.__dict__.update(self.__dict__)
        twin.slots = {name: _twin(slot) for name, slot in self.slots.items()}
        twin.events = deque(self.events, self.events.maxlen)
        twin.active_loop = replace(self.active_loop) if self.active_loop else None
        twin.followup_action = followup
        # As in a tracker that Rasa makes of the events of another.
        twin.model_id = twin.assistant_id = twin.sender_source = None
        twin.forget()
        twin.__dict__.update(_told=list(self._told))
        return twin

    def _followup(self) -> tuple[bool, str | None]:
        """Whether it is plain which action the events say must follow, and that action.

        Before an action runs that had to follow, Rasa forgets that without an event. A tracker made
        of the events still knows, and so do the actions that are given it.
        """
        if self.followup_action is not None:
            return True, self.followup_action
        for event in reversed(self.events):
            if isinstance(event, FollowupAction):
                return True, event.action_name
            if isinstance(event, (ActionExecuted, UserUttered)):
                return True, None
            if isinstance(
                event, (Restarted, SessionStarted, ActionReverted, UserUtteranceReverted)
            ):
                break
        return False, None


def _twin(slot: Slot) -> Slot:
    """What `copy.copy` makes of a slot, in a tenth of the time."""
    twin = object.__new__(type(slot))
    twin.__dict__.update(slot.__dict__)
    return twin
