"""Reads values of JSON that may be of any form. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def mapping(value: Any) -> Mapping[str, Any]:
    """An object; an empty one in place of anything else."""
    return value if isinstance(value, dict) else {}


def objects(value: Any) -> Iterator[Mapping[str, Any]]:
    """The objects in a list; none in anything else."""
    yield from (each for each in value if isinstance(each, dict)) if isinstance(value, list) else ()


def text(value: Any) -> str:
    """A text without spaces around it; empty in place of anything else."""
    return value.strip() if isinstance(value, str) else ""


def is_number(value: Any) -> bool:
    """Whether this is a number that a row may have."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**63
