"""Reads the calls of Chatwoot's webhook, and tells genuine ones from others. Pure."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.desk.external.chatwoot.fields import is_number, mapping

#: How far the clock of Chatwoot's machine may differ, in seconds; an older call is a replay.
FRESH: Final = 300


@dataclass(frozen=True, slots=True)
class Call:
    """What a call is about.

    Attributes:
        conversation: Chatwoot's number of the conversation.
        message: whether a message is what changed.
    """

    conversation: str
    message: bool


def genuine(secret: str, body: bytes, timestamp: str, signature: str, now: datetime) -> bool:
    """Whether Chatwoot itself signed this call, lately.

    https://github.com/chatwoot/chatwoot/pull/13892: HMAC-SHA256 over `<timestamp>.<body>`.

    Args:
        secret: of the inbox's webhook.
        body: as it came.
        timestamp: header `X-Chatwoot-Timestamp`, seconds since 1970.
        signature: header `X-Chatwoot-Signature`, `sha256=<hex digits>`.
        now: the present, aware.
    """
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 12):
        return False
    signed = f"{timestamp}.".encode() + body
    wanted = "sha256=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    right = hmac.compare_digest(wanted.encode(), signature.encode("utf-8", "replace"))
    return right and abs(now.timestamp() - int(timestamp)) <= FRESH


def read(body: bytes) -> Call | None:
    """What a call is about; None: about no conversation, or unreadable."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        return None
    payload = mapping(data)
    event = str(payload.get("event", ""))
    inner = mapping(payload.get("conversation"))
    number = payload.get("id") if event.startswith("conversation_") else inner.get("id")
    return Call(str(number), event.startswith("message_")) if is_number(number) else None
