"""The action at the start of a session: first of all it says that this is an AI assistant."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from rasa_sdk import Action
from rasa_sdk.events import ActionExecuted, ActiveLoop, SessionStarted, SlotSet

from bot.conversation.slot_carryover import carried, is_forgotten
from bot.dialogue import paused_tasks, runtime
from bot.dialogue.message_reading import newest
from bot.dialogue.replies import Replies
from bot.dialogue.task import Events


class ActionSessionStart(Action):
    """Says the disclosure and takes up what was going on."""

    def name(self) -> str:
        """Name of the action, which Rasa prescribes."""
        return "action_session_start"

    async def run(self, dispatcher: Any, tracker: Any, domain: Mapping[str, Any]) -> Events:
        """Carries slots and the running form over into the new session.

        No form goes on after a person has settled the conversation (the worker then asks for a
        fresh start), and nothing at all after the time set by LOKET_MEMORY_DAYS.
        """
        Replies(dispatcher, domain).say("utter_disclosure")
        began = tracker.get_slot("session_started_metadata") or {}
        fresh = bool(began.get("fresh"))
        loop = None if fresh else tracker.active_loop_name
        paused = not fresh and bool(tracker.get_slot(paused_tasks.SLOT))
        fleeting = runtime.topics().fleeting
        kept = carried(tracker.slots, fleeting, running=loop is not None or paused)
        if stack := paused_tasks.read(kept.get(paused_tasks.SLOT)):
            # What was set aside knows no more of who is asking than the session does.
            kept[paused_tasks.SLOT] = paused_tasks.stored(paused_tasks.forgetting(stack, fleeting))
        if _is_long_ago(newest(tracker.events).get("timestamp")):
            loop, kept = None, {}
        return [
            SessionStarted(),
            *([ActiveLoop(loop)] if loop else []),
            *(SlotSet(name, value) for name, value in kept.items()),
            ActionExecuted("action_listen"),
        ]


def _is_long_ago(timestamp: float | None) -> bool:
    """Whether the customer last wrote longer ago than is remembered."""
    if timestamp is None:
        return False
    keep = timedelta(days=runtime.settings().memory_days)
    last = datetime.fromtimestamp(timestamp, UTC)
    return is_forgotten(last, runtime.now().astimezone(UTC), keep)
