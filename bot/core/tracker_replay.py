"""A tracker that works out the states policies look at once, instead of again for each prediction.

Rasa's policies ask for the states of the whole conversation at each of a turn's three predictions,
once for memoised stories and up to twice for rules, and Rasa replays all events each time: a third
of what a turn cost. Here the replay is kept. What came since is added to it; only when Rasa takes
events back (as a form that goes on does) is it done again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from operator import is_
from typing import Any

from rasa.shared.core.domain import Domain, State
from rasa.shared.core.events import ActionExecuted, Event
from rasa.shared.core.trackers import DialogueStateTracker


@dataclass(frozen=True, slots=True)
class _Moment:
    """A conversation as it stood before one action.

    What `Domain.states_for_tracker_history` reads of a tracker, and the state it would derive.

    Attributes:
        state: `Domain.get_active_state`, not to be changed.
        followup_action: as in the tracker.
        latest_action: as in the tracker.
        latest_action_name: as in the tracker.
        active_loop_name: as in the tracker.
    """

    state: State
    followup_action: str | None
    latest_action: dict[str, str] | None
    latest_action_name: str | None
    active_loop_name: str | None


class _Replay:
    """The moments of a list of events, kept so that they can be continued."""

    def __init__(self, tracker: DialogueStateTracker, domain: Domain, *, omit_unset: bool) -> None:
        self._domain = domain
        self._omit_unset = omit_unset
        self._tracker = tracker.init_copy()
        self._events: list[Event] = []
        self._moments: list[tuple[_Moment, bool]] = []

    def reaches(self, events: list[Event]) -> bool:
        """Whether these events begin with those replayed so far."""
        count = len(self._events)
        return count <= len(events) and all(map(is_, self._events, events))

    def advance(self, events: list[Event]) -> Iterator[tuple[_Moment, bool]]:
        """The moment before each action with whether that is hidden, and the one at the end."""
        for event in events[len(self._events) :]:
            if isinstance(event, ActionExecuted):
                self._moments.append((self._moment(), event.hide_rule_turn))
            self._tracker.update(event)
            self._events.append(event)
        yield from self._moments
        yield self._moment(), False

    def _moment(self) -> _Moment:
        now = self._tracker
        return _Moment(
            self._domain.get_active_state(now, omit_unset_slots=self._omit_unset),
            now.followup_action,
            now.latest_action,
            now.latest_action_name,
            now.active_loop_name,
        )


@dataclass(frozen=True, slots=True)
class _Moments:
    """Stands in for a tracker where a domain asks for its past."""

    moments: Iterator[tuple[_Moment, bool]]

    def generate_all_prior_trackers(self) -> Iterator[tuple[_Moment, bool]]:
        """Yields as Rasa's tracker does, with moments in place of trackers."""
        return self.moments


class _Knowing(Domain):
    """Stands in for a domain: applies Rasa's rules for states to moments whose state is known."""

    def __init__(self) -> None:
        """Needs nothing of a domain but its methods."""

    def get_active_state(
        self,
        tracker: DialogueStateTracker,
        omit_unset_slots: bool = False,  # noqa: ARG002, FBT001, FBT002 - Rasa's own; known already
    ) -> State:
        """The state of a moment; the caller may change it."""
        return {kind: dict(part) for kind, part in tracker.state.items()}


_KNOWING = _Knowing()


class ReplayingTracker(DialogueStateTracker):
    """A tracker for the length of one turn; its events are the recent part of a conversation."""

    def applied_events(self) -> list[Event]:
        """The events that were not taken back (see the parent class)."""
        # Worked out eight times a turn, and different only when there is a new event.
        known: tuple[int, list[Event]] = self.__dict__.get("_applied", (-1, []))
        if known[0] != len(self.events):
            known = self.__dict__["_applied"] = (len(self.events), super().applied_events())
        return list(known[1])

    def past_states(
        self,
        domain: Domain,
        omit_unset_slots: bool = False,  # noqa: FBT001, FBT002 - Rasa's own parameters
        ignore_rule_only_turns: bool = False,  # noqa: FBT001, FBT002 - as above
        rule_only_data: dict[str, Any] | None = None,
    ) -> list[State]:
        """The states so far (see the parent class); the caller may change them."""
        applied = self.applied_events()
        replays: dict[bool, _Replay] = self.__dict__.setdefault("_replays", {})
        replay = replays.get(omit_unset_slots)
        if replay is None or not replay.reaches(applied):
            replay = replays[omit_unset_slots] = _Replay(self, domain, omit_unset=omit_unset_slots)
        states = _KNOWING.states_for_tracker_history(
            _Moments(replay.advance(applied)),
            omit_unset_slots=omit_unset_slots,
            ignore_rule_only_turns=ignore_rule_only_turns,
            rule_only_data=rule_only_data,
        )
        return [{kind: dict(part) for kind, part in state.items()} for state in states]
