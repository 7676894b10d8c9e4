"""Carry-over: which slots a new session gets from the last, and for how long. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

#: Bookkeeping slots, never carried over: a new session is asked for a rating of its own.
_OF_THE_SESSION: Final = frozenset(
    """verification_attempts refusals form_outcome rating_asked ratings_given handover_reason
    offered_reason refused_pairs resume_asked second_request session_started_metadata""".split()
)
#: Slots of a task that runs; without one they would only colour the next hand-over.
_OF_THE_TASK: Final = frozenset(
    "topic requested_slot checked_slots confirmed paused_tasks declined_options".split()
)


def is_forgotten(last_heard: datetime | None, now: datetime, keep: timedelta) -> bool:
    """Whether a conversation has been silent for so long that nothing of it is used any more.

    Args:
        last_heard: when the customer wrote before this, or None: never.
        now: the present.
        keep: how long data is kept in mind.
    """
    return last_heard is not None and now - last_heard > keep


def carried(
    slots: Mapping[str, Any], fleeting: Collection[str], *, running: bool
) -> dict[str, Any]:
    """The slots that a new session begins with.

    Args:
        slots: as the last session left them.
        fleeting: slots of the assistant that do not survive a pause, such as the proof of an
            identity: it may be somebody else now.
        running: whether its task goes on.
    """
    dropped = _OF_THE_SESSION.union(fleeting, () if running else _OF_THE_TASK)
    kept = {name: value for name, value in slots.items() if value is not None}
    kept = {name: value for name, value in kept.items() if name not in dropped}
    if kept.get("checked_slots"):
        kept["checked_slots"] = [name for name in kept["checked_slots"] if name not in dropped]
    return kept
