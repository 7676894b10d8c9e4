"""The actions that hand a conversation over to a person, or offer to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from rasa_sdk import Action
from rasa_sdk.events import ActiveLoop, SlotSet

from bot.conversation.plea_subject import PLEA_SUBJECT
from bot.dialogue import paused_tasks, runtime
from bot.dialogue.replies import Replies
from bot.dialogue.task import Events
from bot.messages import HandOver, Reason, encode


class ActionHandover(Action):
    """Hands the conversation over and says so; the worker says what to expect."""

    def name(self) -> str:
        """Name of the action in rules."""
        return "action_handover"

    async def run(self, dispatcher: Any, tracker: Any, domain: Mapping[str, Any]) -> Events:
        """Ends any form, kept for a customer who comes back; the worker changes the owner."""
        replies = Replies(dispatcher, domain)
        replies.say("utter_handover")
        replies.send(encode(HandOver(_reason(tracker), _topic(tracker))))
        paused = paused_tasks.read(tracker.get_slot(paused_tasks.SLOT))
        if form := tracker.active_loop_name:
            task = paused_tasks.PausedTask.of(str(form), tracker.slots, runtime.topics().proofs)
            paused = paused_tasks.pushed(paused, task)
        return [
            ActiveLoop(None),
            *(SlotSet(name, None) for name in _RESET),
            SlotSet(paused_tasks.SLOT, paused_tasks.stored(paused)),
        ]


_RESET = (
    "requested_slot", "handover_reason", "offered_reason", "resume_asked", "second_request",
)  # fmt: skip


def _topic(tracker: Any) -> str:
    """What the plea says that it is about, else what the conversation was about; may be empty."""
    said = str((tracker.latest_message or {}).get(PLEA_SUBJECT) or "")
    if runtime.topics().kind(said) in {"task", "question"} and said in runtime.topics().labels:
        return said
    return str(tracker.get_slot("topic") or "")


def _reason(tracker: Any) -> Reason:
    """The reason that a safeguard or form gave, else that for which a person was offered.

    Without either: the intent, where it is one by itself (`complaint`).
    """
    given, offered = tracker.get_slot("handover_reason"), tracker.get_slot("offered_reason")
    chosen = offered if given in (None, "asked") and offered else given
    said = ((tracker.latest_message or {}).get("intent") or {}).get("name")
    known: tuple[Reason, ...] = get_args(Reason)
    return next((reason for reason in known if reason == (chosen or said)), "asked")


class ActionSensitiveMatter(Action):
    """Offers a person after a word of debts, illness, death or fraud; what was going on stops."""

    def name(self) -> str:
        """Name of the action in rules."""
        return "action_sensitive_matter"

    async def run(self, dispatcher: Any, tracker: Any, domain: Mapping[str, Any]) -> Events:
        """Offers a person."""
        Replies(dispatcher, domain).say("utter_sensitive_matter")
        return [
            ActiveLoop(None),
            SlotSet("requested_slot", None),
            SlotSet("topic", "sensitive_matter"),
            SlotSet("offered_reason", "sensitive"),
        ]
