"""Gives a message another meaning after the fact, so that rules answer it as usual."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from rasa_sdk.events import ActionExecuted, UserUttered

from bot.dialogue.message_reading import newest
from bot.dialogue.task import task_forms

Events = list[dict[str, Any]]
#: Messages of the customer within which words may go on from a task that ended.
_MOMENT: Final = 2


def reinterpreted_as(
    intent: str,
    event: Mapping[str, Any],
    channel: str | None,
    without: Collection[str] = (),
    **entities: Any,
) -> Events:
    """Events that make Rasa answer a message with another meaning.

    Args:
        intent: what it means after all.
        event: the message's event, as rasa-sdk's tracker has it.
        channel: name of the customer's channel.
        without: keys of the message that count no more, such as what a search found.
        **entities: values besides those in the message.
    """
    held = event.get("parse_data") or {}
    parsed = {key: value for key, value in held.items() if key not in without}
    parsed["intent"] = {"name": intent, "confidence": 1.0}
    given = [{"entity": name, "value": value} for name, value in entities.items()]
    parsed["entities"] = [*(parsed.get("entities") or []), *given]
    return [
        ActionExecuted("action_listen"),
        UserUttered(str(event.get("text") or ""), parsed, input_channel=channel),
    ]


def by_task(tracker: Any) -> Events | None:
    """Events that have a message taken by the task that ended a moment ago, which it goes on from.

    "Dat klopt niet, ik heb niks" behind "uw pas is verstuurd" is for the task that said so.

    Args:
        tracker: rasa-sdk's tracker.

    Returns:
        None when no task ended, or the message does not go on from it.
    """
    event, task = newest(tracker.events), str(tracker.get_slot("topic") or "")
    text = str(event.get("text") or "")
    if tracker.active_loop_name or text.startswith("/") or not _just_ended(tracker.events):
        return None
    form = next((each for each in task_forms() if each.task == task), None)
    if form is None or not form().goes_on(text):
        return None
    channel = tracker.get_latest_input_channel()
    return reinterpreted_as(task, event, channel, without=["knowledge"])


def _just_ended(events: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a task ended in one of the turns before the newest message."""
    messages = 0
    for event in reversed(events):
        messages += event.get("event") == "user"
        if messages > _MOMENT:
            return False
        if event.get("event") == "active_loop":
            return event.get("name") is None and messages > 0
    return False


def by_content(tracker: Any) -> Events | None:
    """Events that answer what stands behind a yes or no: "nee ik heb niets gehad".

    Args:
        tracker: rasa-sdk's tracker.

    Returns:
        None when nothing clear stands there, or a form is going on, which looks itself.
    """
    if (taken := by_task(tracker)) is not None:
        return taken
    message = tracker.latest_message or {}
    content = message.get("content") or {}
    meant = (message.get("intent") or {}).get("name")
    if tracker.active_loop_name or not content.get("name") or content["name"] == meant:
        return None
    channel = tracker.get_latest_input_channel()
    return reinterpreted_as(str(content["name"]), newest(tracker.events), channel)
