"""Reads from Meta's JSON that a customer goes on under another id. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from channels.whatsapp.json_access import identifier, mapping, text

_CHANGED_NUMBER = "user_changed_number"
_CHANGED_ID = "user_changed_user_id"
#: Words of a system message about a new id: "... changed from NL.1349 to NL.2481".
_CHANGED_FROM = re.compile(r"changed from ([A-Z]{2}(?:\.ENT)?\.\w+) to \S+\s*$")


@dataclass(frozen=True, slots=True)
class Move:
    """The change of a customer's id, because the phone number changed.

    Attributes:
        old: the ids they may be known by, the surest first.
        new: the id from now on.
        phone: the new phone number, or empty when Meta does not give it.
    """

    old: tuple[str, ...]
    new: str
    phone: str = ""


def of_system(message: Mapping[str, Any]) -> list[Move]:
    """The change that a system message tells of, if any."""
    system = mapping(message.get("system"))
    if system.get("type") not in (_CHANGED_NUMBER, _CHANGED_ID, "customer_changed_number"):
        return []
    phone = identifier(system.get("wa_id")) or identifier(system.get("new_wa_id"))
    said = _CHANGED_FROM.search(text(system.get("body")))
    old = (
        identifier(system.get("previous_user_id")),
        said[1] if said else "",
        identifier(message.get("from_user_id")),
        identifier(message.get("from")),
    )
    return _move(old, identifier(system.get("user_id")) or phone, phone)


def of_update(change: Mapping[str, Any]) -> list[Move]:
    """The change that an event `user_id_update` tells of, if any."""
    user = mapping(change.get("user_id"))
    phone = identifier(change.get("wa_id"))
    return _move((identifier(user.get("previous")),), identifier(user.get("current")), phone)


def _move(old: Sequence[str], new: str, phone: str) -> list[Move]:
    known = tuple(dict.fromkeys(each for each in old if each and each != new))
    return [Move(known, new, phone)] if known and new else []
