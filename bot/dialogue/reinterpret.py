"""Gives a message another meaning after the fact, so that rules answer it as usual."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from rasa_sdk.events import ActionExecuted, UserUttered

from bot.dialogue.message_reading import newest

Events = list[dict[str, Any]]


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


def by_content(tracker: Any) -> Events | None:
    """Events that answer what stands behind a yes or no: "nee ik heb niets gehad".

    Args:
        tracker: rasa-sdk's tracker.

    Returns:
        None when nothing clear stands there, or a form is going on, which looks itself.
    """
    message = tracker.latest_message or {}
    content = message.get("content") or {}
    meant = (message.get("intent") or {}).get("name")
    if tracker.active_loop_name or not content.get("name") or content["name"] == meant:
        return None
    channel = tracker.get_latest_input_channel()
    return reinterpreted_as(str(content["name"]), newest(tracker.events), channel)
