"""Tells whether a task knows already what a message asks: it was run, and only tells.

"Waar blijft hij nou" behind "uw pas is onderweg" is about that one. What is known of it goes
before pages that are only near, and nothing has to be asked for it.
"""

from __future__ import annotations

from typing import Final

from rasa.shared.core.trackers import DialogueStateTracker

from bot.dialogue.carried_out import told_only
from bot.dialogue.form_endings import OUTCOME
from bot.dialogue.questions import CONFIRM

#: From this confidence on a message is about the task that it was taken for.
_CLEAR: Final = 0.6


def is_known(tracker: DialogueStateTracker) -> bool:
    """Whether the newest message asks once more for a task that only tells, and did.

    Args:
        tracker: the conversation so far, with the message.
    """
    message = tracker.latest_message
    if message is None or tracker.active_loop_name:
        return False
    intent = message.intent or {}
    same = intent.get("name") == tracker.get_slot("topic")
    sure = float(intent.get("confidence") or 0.0) >= _CLEAR
    return same and sure and told_only({n: tracker.get_slot(n) for n in (OUTCOME, CONFIRM.slot)})
