"""What `loket chat --json` tells about a turn, as plain data. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from bot.messages import Media, Notice, Outbound, Quote, kind, options_of
from bot.records.conversation import Conversation
from bot.records.handover_record import Handover
from bot.store.worker.turn_trace import TurnTrace

_ADDRESS: Final = re.compile(r"https?://[^\s<>\"]+")
#: Intents told of which the message may be one.
_LIKELY: Final = 3


def reply(message: Outbound) -> dict[str, Any]:
    """A message to the customer: its words, options and links, and the source of a quote."""
    told: dict[str, Any] = {
        "kind": kind(message),
        "text": message.text,
        "options": [
            {"title": option.title, "payload": option.payload} for option in options_of(message)
        ],
        "links": _links(message),
    }
    if isinstance(message, Quote):
        told |= {"passage": message.passage, "title": message.title, "source": message.url}
        told |= {"date": message.date.isoformat() if message.date else None, "note": message.note}
    elif isinstance(message, Media):
        told |= {"media_type": message.media_type}
    elif isinstance(message, Notice):
        told |= {"notice": message.notice}
    return told


def _links(message: Outbound) -> list[str]:
    found = [each.rstrip(".,;:!?)'") for each in _ADDRESS.findall(message.text)]
    own = [message.url] if isinstance(message, Quote | Media) else []
    return list(dict.fromkeys([*found, *own]))


def understood(intent: str | None, parsed: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """What a message was understood as; None when nobody looked, as while a person has the talk.

    Args:
        intent: as the turn took it; None: not understood.
        parsed: Rasa's parse data.
    """
    if parsed is None:
        return {"intent": intent, "confidence": None} if intent else None
    return {
        "intent": intent,
        "confidence": _rounded(parsed.get("intent") or {}),
        "ranking": [
            {"intent": each.get("name"), "confidence": _rounded(each)}
            for each in (parsed.get("intent_ranking") or ())[:_LIKELY]
        ],
        "entities": [
            {"entity": each.get("entity"), "value": each.get("value")}
            for each in parsed.get("entities") or ()
        ],
    }


def _rounded(intent: Mapping[str, Any]) -> float:
    return round(float(intent.get("confidence") or 0.0), 4)


def state(
    conversation: Conversation | None, heard: TurnTrace, waiting: Handover | None
) -> dict[str, Any]:
    """How a conversation stands: who owns it, which form runs, and what a person is told.

    Args:
        conversation: the conversation; None: nobody has written yet.
        heard: how the tracker stands.
        waiting: the open hand-over, or None.
    """
    owner = conversation.owner if conversation else "bot"
    told: dict[str, Any] = {
        "owner": owner,
        "closed": owner == "closed",
        "form": heard.form,
        "asks": heard.asks,
    }
    if waiting is not None:
        told["handover"] = {
            "reason": waiting.reason,
            "topic": waiting.topic,
            "team": waiting.team,
            "urgent": waiting.urgent,
            "summary": dict(waiting.summary),
        }
    return told
