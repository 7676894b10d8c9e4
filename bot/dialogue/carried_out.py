"""Tells whether a task was carried out a moment ago, so that dropping it comes too late. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from bot.dialogue.form_endings import OUTCOME
from bot.dialogue.questions import CONFIRM

#: Messages of the customer within which "toch maar niet" is about the task that was carried out.
_MOMENT: Final = 2


def just_carried_out(slots: Mapping[str, Any], events: Sequence[Mapping[str, Any]]) -> bool:
    """Whether one of the last messages before the newest was the yes that carried a task out.

    Args:
        slots: the conversation's.
        events: Rasa's, oldest first, the newest message among them.
    """
    if slots.get(OUTCOME) != "complete" or slots.get(CONFIRM.slot) != "yes":
        return False
    messages = 0
    for event in reversed(events):
        if event.get("event") == "user":
            messages += 1
        if messages > _MOMENT:
            return False
        if (event.get("event"), event.get("name")) == ("slot", OUTCOME):
            return event.get("value") == "complete" and messages > 0
    return False
