"""Reads fields from JSON that may hold anything. Pure; raises no errors."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

#: Longest id or address that is believed, in characters; Meta's are shorter.
_MAX_ID = 250
_MAX_TEXT = 65_536
#: Moments (seconds since 1970) outside this range are no timestamps: 2001 to 2100.
_TIMES = range(1_000_000_000, 4_102_444_800)


def objects(value: object) -> Iterator[Mapping[str, Any]]:
    """The JSON objects in a field that should be a list of them."""
    if isinstance(value, list):
        yield from (each for each in value if isinstance(each, dict))


def mapping(value: object) -> Mapping[str, Any]:
    """A field that should be a JSON object; an empty one if it is not."""
    return value if isinstance(value, dict) else {}


def text(value: object) -> str:
    """A field that should be a text, cut to a length that fits anywhere; empty if it is none."""
    return value[:_MAX_TEXT] if isinstance(value, str) else ""


def identifier(value: object) -> str:
    """A field that should be an id or an address; empty if it is none that can be believed."""
    usable = isinstance(value, str) and len(value) <= _MAX_ID and value.isprintable()
    return str(value).strip() if usable else ""


def moment(value: object) -> datetime | None:
    """A field that should be seconds since 1970, as a text; None if it is not."""
    if not isinstance(value, str | int) or isinstance(value, bool):
        return None
    seconds = str(value)
    if not re.fullmatch(r"[0-9]{10}", seconds) or int(seconds) not in _TIMES:
        return None
    return datetime.fromtimestamp(int(seconds), UTC)
