"""Turns what the portal sends into messages and receipts. Pure.

Whatever cannot be used is ignored; nothing raises.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final, Literal

from bot.messages import Inbound
from channels.send_results import Receipt

CHANNEL: Final = "portal"
_ID: Final = re.compile(r"[\w.-]{1,64}", re.ASCII)
_STATUSES: Final[dict[str, Literal["sent", "delivered", "read", "failed"]]] = {
    "stored": "sent",
    "notified": "delivered",
    "opened": "read",
    "refused": "failed",
}


def update(body: bytes) -> tuple[tuple[Inbound, ...], tuple[Receipt, ...]]:
    """The customers' messages and the receipts of a request, in order."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        return (), ()
    events = data.get("events") if isinstance(data, dict) else None
    known = [each for each in events if isinstance(each, dict)] if isinstance(events, list) else []
    return tuple(_messages(known)), tuple(_receipts(known))


def _messages(events: list[dict[str, Any]]) -> Iterator[Inbound]:
    for event in events:
        sender, number, text = _id(event, "customer"), _id(event, "id"), event.get("text")
        if event.get("type") != "message" or not sender or not number:
            continue
        yield Inbound(
            channel=CHANNEL,
            sender=sender,
            message_id=number,
            text=text if isinstance(text, str) else "",
            payload=_id(event, "button") or None,
            sent_at=_moment(event.get("at")),
            attachment="document" if event.get("file") else None,
        )


def _receipts(events: list[dict[str, Any]]) -> Iterator[Receipt]:
    for event in events:
        status = _STATUSES.get(str(event.get("status")))
        if event.get("type") == "receipt" and status:
            where = _id(event, "message"), status, _id(event, "error"), _id(event, "reference")
            yield Receipt(CHANNEL, *where)


def _id(event: dict[str, Any], name: str) -> str:
    value = event.get(name)
    return value if isinstance(value, str) and _ID.fullmatch(value) else ""


def _moment(value: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
        return found.astimezone(UTC) if found and found.tzinfo else None
    except (ValueError, OverflowError):
        return None
