"""Offers the second of two requests in one message, once the first is answered or left."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa_sdk.events import SlotSet

from bot.dialogue import runtime
from bot.dialogue.buttons import Button, done, person
from bot.dialogue.replies import Replies

#: The slot with the payload that asks for it; the entity of that name fills it.
SLOT = "second_request"
#: Responses that offer it; the button that asks for it comes first.
OFFERS = frozenset({"utter_second_request", "utter_second_request_left"})


def intent_of(payload: str) -> str:
    """The intent of a payload: `opening_hours` of `/opening_hours{"date": "2026-11-29"}`."""
    return payload.lstrip("/").partition("{")[0]


def pending(slots: Mapping[str, Any], topics: Mapping[str, Button]) -> Button | None:
    """The button that asks for the request that is still open, or None.

    Args:
        slots: the tracker's.
        topics: the buttons that designers wrote, by intent; for others the topic's title serves.
    """
    payload = str(slots.get(SLOT) or "")
    name = intent_of(payload)
    title = topics[name]["title"] if name in topics else runtime.topics().of(name).title
    return {"title": title, "payload": payload} if payload and title else None


def is_answered(tracker: Any) -> bool:
    """Whether the newest message itself asks for what was still open."""
    message = tracker.latest_message or {}
    named = {str(item.get("entity")) for item in message.get("entities") or ()}
    asked = (message.get("intent") or {}).get("name")
    return SLOT not in named and asked == intent_of(str(tracker.get_slot(SLOT) or ""))


def offer(tracker: Any, replies: Replies, response: str) -> list[dict[str, Any]] | None:
    """Offers the open request, once.

    Args:
        tracker: rasa-sdk's tracker.
        replies: where it is said.
        response: one of `OFFERS`.

    Returns:
        Events that say that it was offered; None when there is nothing to offer.
    """
    button = None if is_answered(tracker) else pending(tracker.slots, replies.topics)
    if button is None:
        return None
    replies.say(response, [button, done(), person()], topic_title=button["title"])
    return forget(tracker)


def forget(tracker: Any) -> list[dict[str, Any]]:
    """Events after which nothing is open any more."""
    return [SlotSet(SLOT, None)] if tracker.get_slot(SLOT) else []
