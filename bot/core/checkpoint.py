"""Checkpoints: a conversation's state, from which a tracker is rebuilt without a full replay.

Rasa rebuilds a tracker by replaying every event, so that a turn costs more the longer a
conversation lasts. A checkpoint holds what replaying would have led to: slots and the active form.
Two are kept; the older one is where a tracker is rebuilt from, and when the newer one has seen
enough turns it takes over. A tracker so always holds at least `KEEP_TURNS` whole turns, and at most
twice as many.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace
from typing import Any

from rasa.shared.core.constants import (
    ACTION_LISTEN_NAME,
    ACTION_SESSION_START_NAME,
    REQUESTED_SLOT,
)
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    Event,
    SessionStarted,
    SlotSet,
)
from rasa.shared.core.trackers import DialogueStateTracker

#: Turns a rebuilt tracker holds at least. Loop detection looks back ten turns at most by default,
#: and memoisation five.
KEEP_TURNS = 12


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A conversation's state at the end of a turn.

    Attributes:
        seq: number of the last event before it.
        slots: values of the slots that differ from their initial value.
        loop: name of the active form, or None.
    """

    seq: int = 0
    slots: dict[str, Any] | None = None
    loop: str | None = None

    def events(self) -> list[Event]:
        """Events that lead an empty tracker to this state; none for the very beginning."""
        if self.slots is None:
            return []
        return [
            ActionExecuted(ACTION_SESSION_START_NAME),
            SessionStarted(),
            *([ActiveLoop(self.loop)] if self.loop else []),
            *(SlotSet(name, value) for name, value in self.slots.items()),
            ActionExecuted(ACTION_LISTEN_NAME),
        ]


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a stored tracker: what is kept besides its events.

    Attributes:
        base: where the tracker is rebuilt from.
        following: the checkpoint that becomes the base next.
        turns: turns of the customer since `following`.
        slots: the filled slots as they are now, for a summary made without the assistant.
        mark: random and new with every turn, so that no two heads are equal.
    """

    base: Checkpoint = Checkpoint()
    following: Checkpoint = Checkpoint()
    turns: int = 0
    slots: dict[str, Any] = field(default_factory=dict)
    mark: str = ""

    def advance(self, tracker: DialogueStateTracker, seq: int, new_turns: int) -> Head:
        """The head after a turn.

        Args:
            tracker: the conversation as it stands now.
            seq: number of its last event.
            new_turns: messages of the customer since the last call.
        """
        turns = self.turns + new_turns
        filled = {name: value for name, value in tracker.current_slot_values().items() if value}
        mark = secrets.token_hex(8)
        if turns < KEEP_TURNS:
            return replace(self, turns=turns, slots=filled, mark=mark)
        return Head(self.following, checkpoint(tracker, seq), 0, filled, mark)

    def to_json(self) -> dict[str, Any]:
        """The head as plain data, for JSON."""
        return {
            "base": _plain(self.base),
            "following": _plain(self.following),
            "turns": self.turns,
            "slots": self.slots,
            "mark": self.mark,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Head:
        """Reads a head that `to_json` made."""
        return cls(
            Checkpoint(**data["base"]),
            Checkpoint(**data["following"]),
            data["turns"],
            data.get("slots", {}),
            data.get("mark", ""),
        )


def checkpoint(tracker: DialogueStateTracker, seq: int) -> Checkpoint:
    """The state of a conversation between two turns."""
    slots = {
        name: slot.value
        for name, slot in tracker.slots.items()
        if slot.value != slot.initial_value or name == REQUESTED_SLOT
    }
    return Checkpoint(seq, slots, tracker.active_loop_name)


def _plain(checkpoint: Checkpoint) -> dict[str, Any]:
    return {"seq": checkpoint.seq, "slots": checkpoint.slots, "loop": checkpoint.loop}
