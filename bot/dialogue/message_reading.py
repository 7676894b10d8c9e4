"""Reads from a tracker's events what the customer said, and what was said around it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.acts.acts import ACT, ActShares
from bot.dialogue import phrases
from bot.dialogue.buttons import Button
from bot.dialogue.turn_message import EarlierMessage, Entity, TurnMessage
from bot.knowledge.answering import asks_pages, task_at_hand

#: A guess below this confidence (0 to 1) is not worth offering.
NEAR = 0.12
#: Key in the metadata of a message that was noted while the customer waited for a person.
NOTED = "noted_while_waiting"
#: So many messages before a task may have told what it asks.
_EARLIER = 6


def read_message(tracker: Any, form: str) -> TurnMessage:
    """Reads the newest message.

    Args:
        tracker: rasa-sdk's tracker.
        form: name of the form that is running.
    """
    message: Mapping[str, Any] = tracker.latest_message or {}
    entities, others = _values(message)
    since = since_message(tracker.events)
    before = tracker.events[: len(tracker.events) - len(since)]
    started = any(_activates(event, form) for event in since)
    loops = [event.get("name") for event in before if event.get("event") == "active_loop"]
    left = loops[-1] if loops else None
    return TurnMessage(
        intent=_intent(message),
        confidence=float((message.get("intent") or {}).get("confidence") or 0.0),
        typed=_typed(message),
        entities=entities,
        started=started,
        resumed=any(
            event.get("event") == "action_execution_rejected" and event.get("name") == form
            for event in since
        ),
        left=left if started and left != form else None,
        renewed=_begins_session(before),
        told=_filled_before(since, form) if started else {},
        asks_pages=asks_pages(message.get("knowledge"), task_at_hand(form), running=bool(form)),
        earlier=_earlier(before, "" if started else form),
        others=others,
        acts=ActShares(message.get(ACT) or {}),
        near=_near(message),
    )


def _intent(message: Mapping[str, Any]) -> str | None:
    name = (message.get("intent") or {}).get("name")
    return None if name in (None, "nlu_fallback") else str(name)


def _near(message: Mapping[str, Any]) -> tuple[str, ...]:
    """The meanings that are likely enough to be offered, the likeliest first."""
    ranking = message.get("intent_ranking") or ()
    return tuple(
        str(each.get("name")) for each in ranking if float(each.get("confidence") or 0.0) >= NEAR
    )


def _earlier(before: Sequence[Mapping[str, Any]], form: str) -> tuple[EarlierMessage, ...]:
    """The messages before the newest one, back to the last task or session, newest first.

    Those that a task took are left to it, also while it goes on.

    Args:
        before: the events up to the newest message.
        form: name of the form that is running, whose messages are read too; empty: none is.
    """
    found: list[EarlierMessage] = []
    for event in reversed(before[:-1]):
        if event.get("event") == "active_loop":
            if not form or event.get("name") != form:
                return () if event.get("name") else tuple(found)
            form = ""
        if event.get("event") == "session_started" or len(found) == _EARLIER:
            break
        if event.get("event") == "user":
            message = {**(event.get("parse_data") or {}), "text": event.get("text")}
            entities, _ = _values(message)
            noted = bool((event.get("metadata") or {}).get(NOTED))
            found.append(EarlierMessage(_intent(message), _typed(message), entities, noted))
    return tuple(found)


def _filled_before(events: Sequence[Mapping[str, Any]], form: str) -> Mapping[str, Any]:
    """The slots that were set before a form started, with the last value of each."""
    starts = next(index for index, event in enumerate(events) if _activates(event, form))
    slots = (event for event in events[:starts] if event.get("event") == "slot")
    return {str(event.get("name")): event.get("value") for event in slots}


def _begins_session(events: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a session began between the message before the newest one and the newest."""
    earlier = events[:-1] if events and events[-1].get("event") == "user" else events
    kinds = [event.get("event") for event in earlier]
    since = kinds[len(kinds) - kinds[::-1].index("user") :] if "user" in kinds else []
    return "session_started" in since


def _typed(message: Mapping[str, Any]) -> str:
    """The customer's own words; empty for a tapped option."""
    text = str(message.get("text") or "")
    return "" if text.startswith("/") else text.strip()


def _values(message: Mapping[str, Any]) -> tuple[tuple[Entity, ...], tuple[Entity, ...]]:
    """The value of each name that counts, and further values in typed words, in order."""
    text = str(message.get("text") or "")
    tapped = text.startswith("/")
    chosen: dict[str, Entity] = {}
    others: list[Entity] = []
    for item in message.get("entities") or ():
        # Positions within a payload mean nothing.
        start, end = (0, 0) if tapped else (int(item.get("start") or 0), int(item.get("end") or 0))
        entity = Entity(str(item.get("entity")), item.get("value"), start, end)
        first = chosen.setdefault(entity.name, entity)
        if first is entity or tapped:
            continue
        if phrases.SLIP.search(text[first.end : start]):
            chosen[entity.name] = entity
            others.append(first)
        else:
            others.append(entity)
    return tuple(chosen.values()), tuple(sorted(others, key=lambda each: each.start))


def since_message(events: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    """The events since the customer's newest message; all of them when there is none."""
    for index in range(len(events) - 1, -1, -1):
        if events[index].get("event") == "user":
            return events[index + 1 :]
    return events


def newest(events: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """The event of the customer's newest message; empty when there is none."""
    return next((event for event in reversed(events) if event.get("event") == "user"), {})


def messages_before(
    events: Sequence[Mapping[str, Any]],
) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """The customer's message before the newest one, and the last thing the bot said to it.

    Returns:
        Their events; empty ones when there are none.
    """
    words: Mapping[str, Any] = {}
    said: Mapping[str, Any] = {}
    newest_seen = False
    for event in reversed(events):
        if event.get("event") == "user":
            if newest_seen:
                words = event
                break
            newest_seen = True
        elif event.get("event") == "bot" and newest_seen and not said:
            said = event
    return words, said


def said_before(events: Sequence[Mapping[str, Any]]) -> list[str]:
    """Names of the responses to the customer's message before the newest one, in order."""
    said: list[str] = []
    newest_seen = False
    for event in reversed(events):
        if event.get("event") == "user":
            if newest_seen:
                break
            newest_seen = True
        elif event.get("event") == "bot" and newest_seen:
            said.append(str((event.get("metadata") or {}).get("utter_action") or ""))
    return said[::-1]


def shown_before(events: Sequence[Mapping[str, Any]]) -> tuple[Button, ...]:
    """The options below what was said to the customer's message before the newest one."""
    newest = len(events) - len(since_message(events)) - 1
    found: list[Button] = []
    for event in reversed(events[: max(newest, 0)]):
        if event.get("event") == "user":
            break
        for each in (event.get("data") or {}).get("buttons") or ():
            title, payload = each.get("title") or "", each.get("payload") or ""
            found.append({"title": str(title), "payload": str(payload)})
    return tuple(found)


def _activates(event: Mapping[str, Any], form: str) -> bool:
    return event.get("event") == "active_loop" and event.get("name") == form
