"""Offers what else was asked for, once the first is answered or left: each by its name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rasa_sdk.events import SlotSet

from bot.dialogue import runtime
from bot.dialogue.buttons import Button, done, person
from bot.dialogue.replies import Replies

#: The slot with what is still open: the payload that asks for it, as the entity of that name holds
#: it; or a list of buttons, each as a title and a payload, where a task added to it.
SLOT = "second_request"
#: Responses that offer it; the button that asks for it comes first.
OFFERS = frozenset({"utter_second_request", "utter_second_request_left"})


def intent_of(payload: str) -> str:
    """The intent of a payload: `opening_hours` of `/opening_hours{"date": "2026-11-29"}`."""
    return payload.lstrip("/").partition("{")[0]


def pending(slots: Mapping[str, Any], topics: Mapping[str, Button]) -> tuple[Button, ...]:
    """The buttons that ask for the requests that are still open, in order.

    Args:
        slots: the tracker's.
        topics: the buttons that designers wrote, by intent; for others the topic's title serves.
    """
    held = slots.get(SLOT)
    if isinstance(held, list):
        return tuple(Button(title=str(e["title"]), payload=str(e["payload"])) for e in held)
    payload = str(held or "")
    name = intent_of(payload)
    title = topics[name]["title"] if name in topics else runtime.topics().of(name).title
    return (Button(title=title, payload=payload),) if payload and title else ()


def added(
    slots: Mapping[str, Any], wishes: Sequence[Button], topics: Mapping[str, Button]
) -> list[Button]:
    """The slot's value with further wishes, which go before what was asked about other things.

    Args:
        slots: the tracker's.
        wishes: the buttons that ask for them.
        topics: as of `pending`.
    """
    by_payload = {each["payload"]: each for each in (*wishes, *pending(slots, topics))}
    return [Button(title=e["title"], payload=e["payload"]) for e in by_payload.values()]


def is_answered(tracker: Any) -> bool:
    """Whether the newest message itself asks for what was still open."""
    message = tracker.latest_message or {}
    held = tracker.get_slot(SLOT)
    if isinstance(held, list):
        return False
    named = {str(item.get("entity")) for item in message.get("entities") or ()}
    asked = (message.get("intent") or {}).get("name")
    return SLOT not in named and asked == intent_of(str(held or ""))


def offer(tracker: Any, replies: Replies, response: str) -> list[dict[str, Any]] | None:
    """Offers the first open request, once; the others are offered after it.

    Args:
        tracker: rasa-sdk's tracker.
        replies: where it is said.
        response: one of `OFFERS`.

    Returns:
        Events that say that it was offered; None when there is nothing to offer.
    """
    open_ones = () if is_answered(tracker) else pending(tracker.slots, replies.topics)
    if not open_ones:
        return None
    first, *rest = open_ones
    replies.say(response, [first, done(), person()], topic_title=first["title"])
    return [SlotSet(SLOT, [dict(each) for each in rest] or None)]


def forget(tracker: Any) -> list[dict[str, Any]]:
    """Events after which nothing is open any more."""
    return [SlotSet(SLOT, None)] if tracker.get_slot(SLOT) else []
