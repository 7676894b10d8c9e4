"""Finds, in Rasa's tracker, what the task at hand said of itself that answers a question."""

from __future__ import annotations

from itertools import islice
from typing import Final

from rasa.shared.core.trackers import DialogueStateTracker

from bot.dialogue import runtime
from bot.dialogue.account import Known, account, known
from bot.dialogue.asking import SHOWN
from bot.dialogue.form_endings import COMPLETE, OUTCOME
from bot.dialogue.questions import CONFIRM

#: Events looked at: more than the turns since a summary or an outcome hold.
_RECENT: Final = 200


def known_of_task(tracker: DialogueStateTracker) -> Known | None:
    """The answer to the newest message from the summary or the outcome of the task at hand.

    Args:
        tracker: the conversation so far, with the question.

    Returns:
        None when neither stands, or it does not hold the answer.
    """
    names = ("requested_slot", SHOWN, OUTCOME, CONFIRM.slot)
    slots = {name: tracker.slots[name].value for name in names if name in tracker.slots}
    if not slots.get(SHOWN) and slots.get(OUTCOME) != COMPLETE:
        return None
    recent = [event.as_dict() for event in islice(reversed(tracker.events), _RECENT)]
    task = str(tracker.get_slot("topic") or "")
    told = account(slots, recent[::-1], runtime.topics().of(task))
    text = tracker.latest_message.text if tracker.latest_message else None
    return known(text or "", told) if told else None
