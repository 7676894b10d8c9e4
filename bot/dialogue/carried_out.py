"""Tells whether a task was carried out a moment ago, so that dropping it comes too late. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from bot.dialogue.form_endings import COMPLETE, OUTCOME
from bot.dialogue.questions import CONFIRM

#: Messages of the customer within which "toch maar niet" is about the task that was carried out.
_MOMENT: Final = 2


def just_carried_out(slots: Mapping[str, Any], events: Sequence[Mapping[str, Any]]) -> bool:
    """Whether one of the last messages before the newest was the yes that carried a task out.

    Args:
        slots: the conversation's.
        events: Rasa's, oldest first, the newest message among them.
    """
    return outcome_place(slots, events, _MOMENT) is not None


def told_only(slots: Mapping[str, Any]) -> bool:
    """Whether the newest task told what was asked, and changed nothing.

    Args:
        slots: the conversation's.
    """
    told = str(slots.get(OUTCOME) or "").startswith(COMPLETE)
    return told and slots.get(CONFIRM.slot) is None


def outcome_place(
    slots: Mapping[str, Any], events: Sequence[Mapping[str, Any]], within: int
) -> int | None:
    """The place of the event with which a task that was agreed to was carried out.

    Args:
        slots: the conversation's.
        events: Rasa's, oldest first, the newest message among them.
        within: so many messages of the customer may have come since.

    Returns:
        None when the newest task was not carried out, or longer ago.
    """
    if slots.get(OUTCOME) != "complete" or slots.get(CONFIRM.slot) != "yes":
        return None
    messages = 0
    for at in range(len(events) - 1, -1, -1):
        event = events[at]
        messages += event.get("event") == "user"
        if messages > within:
            return None
        if (event.get("event"), event.get("name")) == ("slot", OUTCOME):
            return at if event.get("value") == "complete" and messages > 0 else None
    return None
