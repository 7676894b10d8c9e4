"""What Meta refuses in a message to send; limits in its wording.

Source: https://developers.facebook.com/documentation/business-messaging/whatsapp
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

_USER_ID = re.compile(r"[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}")
_PHONE = re.compile(r"\+?[0-9]{7,15}")
MESSAGE_KEYS = frozenset(
    {
        "messaging_product", "recipient_type", "to", "recipient", "type", "context",
        "biz_opaque_callback_data", "text", "interactive", "image", "document", "template",
    }
)  # fmt: skip


class Refusal(Exception):
    """Graph says no."""

    def __init__(self, status: int, code: int, details: str = "", **headers: str) -> None:
        super().__init__(details)
        self.status = status
        self.headers = headers
        self.body = {
            "error": {
                "message": f"(#{code}) {details}",
                "type": "OAuthException",
                "code": code,
                "error_data": {"messaging_product": "whatsapp", "details": details},
                "fbtrace_id": "Az8or2yhqkZfEZ-_4Qn_Bam",
            }
        }


def units(text: str) -> int:
    """Characters as Meta counts them: UTF-16 code units."""
    return len(text.encode("utf-16-le")) // 2


def recipient_of(data: dict[str, Any]) -> str:
    if "to" in data:
        to = string(data, "to", 1, 20)
        if not _PHONE.fullmatch(to):
            raise Refusal(400, 100, "The parameter to must be a phone number")
        return to
    if "recipient" not in data:
        raise Refusal(400, 100, "The parameter to or recipient is required.")
    recipient = string(data, "recipient", 1, 140)
    if not _USER_ID.fullmatch(recipient):
        raise Refusal(400, 100, "The parameter recipient must be a user id")
    return recipient


def content(data: dict[str, Any]) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    kind = data.get("type")
    inner = data.get(kind) if isinstance(kind, str) else None
    if not isinstance(inner, dict):
        raise Refusal(400, 131008, f"Required parameter {kind} is missing")
    if kind == "text":
        return string(inner, "body", 1, 4096), (), ()
    if kind == "template":
        string(_object(inner, "language"), "code", 2, 10)
        return string(inner, "name", 1, 512), (), ()
    if kind in ("image", "document"):
        if "id" in inner:
            string(inner, "id", 5, 40)
        elif not string(inner, "link", 9, 2000).startswith("https://"):
            raise Refusal(400, 131009, "The link must be https")
        if kind == "image" and "filename" in inner:
            raise Refusal(400, 100, "Unexpected key filename")
        return string(inner, "caption", 0, 1024) if "caption" in inner else "", (), ()
    return _interactive(inner)


def _interactive(inner: dict[str, Any]) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    kind, action = inner.get("type"), _object(inner, "action")
    if kind == "button":
        text = string(_object(inner, "body"), "text", 1, 1024)
        replies = [_object(button, "reply") for button in _count(action, "buttons", 3)]
        titles = [string(reply, "title", 1, 20) for reply in replies]
        callbacks = [string(reply, "id", 1, 256) for reply in replies]
        _unique(titles, "Duplicated title: buttons")
    elif kind == "list":
        text = string(_object(inner, "body"), "text", 1, 4096)
        string(action, "button", 1, 20)
        sections = _count(action, "sections", 10)
        rows = [row for section in sections for row in _count(section, "rows", 10)]
        if len(rows) > 10:
            raise Refusal(400, 131009, "Total row count exceed max allowed count: 10")
        if len(sections) > 1 and not all("title" in section for section in sections):
            raise Refusal(400, 131009, "Section title is required")
        titles = [string(row, "title", 1, 24) for row in rows]
        callbacks = [string(row, "id", 1, 200) for row in rows]
        for row in rows:
            string(row, "description", 0, 72)
    else:
        raise Refusal(400, 131009, f"Unknown interactive type {kind}")
    _unique(callbacks, "Duplicated id")
    return text, tuple(titles), tuple(callbacks)


def _object(data: Any, key: str) -> dict[str, Any]:
    value = data.get(key) if isinstance(data, dict) else None
    if not isinstance(value, dict):
        raise Refusal(400, 131008, f"Required parameter {key} is missing")
    return value


def string(data: dict[str, Any], key: str, least: int, most: int) -> str:
    value = data.get(key, "")
    if (
        not isinstance(value, str)
        or not least <= units(value) <= most
        or (least and not value.strip())
    ):
        raise Refusal(400, 131009, f"{key} length invalid. Min length: {least}, Max length: {most}")
    return value


def _count(data: dict[str, Any], key: str, most: int) -> list[Any]:
    value = data.get(key)
    if not isinstance(value, list) or not 1 <= len(value) <= most:
        raise Refusal(
            400, 131009, f"Invalid {key} count. Min allowed {key}: 1, Max allowed: {most}"
        )
    return value


def _unique(values: Iterable[str], details: str) -> None:
    seen = list(values)
    if len(set(seen)) < len(seen):
        raise Refusal(400, 131009, details)
