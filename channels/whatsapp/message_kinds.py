"""Tells by its kind whether a message of Meta's is one, or an act of the customer. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from channels import kind_names
from channels.whatsapp.json_access import mapping

#: Kinds of what Meta has no form for. What it is stands in a field `type` within, sometimes.
#: Source: https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages/unsupported
_FORMLESS: Final = frozenset({"unsupported", "unknown"})
#: Kinds of answers to a question of ours, in a field `type` within.
_ANSWERS: Final = frozenset({"interactive"})
#: What customers do beside what `kind_names.is_act` knows by its words: opening the chat, and
#: letting us call.
_ACTS: Final = frozenset({"request_welcome", "call_permission_reply"})
#: Kinds of what customers write, those of which Meta passes on no more than the name among them.
_WRITTEN: Final = frozenset(
    "text button interactive button_reply list_reply nfm_reply audio image video document sticker"
    " location contacts order product list gif link_preview poll_creation group_invite hsm"
    " media_placeholder errors unsupported unknown".split()
)


def is_act(message: Mapping[str, Any]) -> bool:
    """Whether this tells what a customer did, rather than what they wrote."""
    name, inner = _named(message)
    if name in _WRITTEN:
        return False
    # What names another message within itself is done to that one.
    about_another = any(key.endswith("message_id") for key in inner)
    return name in _ACTS or kind_names.is_act(name) or about_another


def strange(message: Mapping[str, Any]) -> str:
    """The name of a kind that nobody here knows, fit for a log; empty when it is known."""
    name, _ = _named(message)
    if name in _WRITTEN or name in _ACTS or kind_names.is_act(name):
        return ""
    return kind_names.loggable(name)


def _named(message: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    """The name of a message's kind, the nearest there is, and what it holds."""
    name = message.get("type")
    if not isinstance(name, str):
        return "", {}
    inner = mapping(message.get(name))
    within = inner.get("type")
    if name in _FORMLESS and isinstance(within, str):
        return within, {}
    if name in _ANSWERS and isinstance(within, str):
        return within, mapping(inner.get(within))
    return name, inner
