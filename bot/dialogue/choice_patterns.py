"""Finds by patterns which choice a customer's own words name."""

from __future__ import annotations

import re
from collections.abc import Iterable


def says(pattern: str, text: str) -> bool:
    """Whether a pattern occurs in a text, whatever its capitals."""
    return re.search(pattern, text, re.IGNORECASE) is not None


def first(patterns: Iterable[tuple[str, str]], text: str) -> str | None:
    """The name of the first pattern that occurs in a text, or None.

    Args:
        patterns: names and patterns, most telling first.
        text: what the customer wrote.
    """
    return next((name for name, pattern in patterns if says(pattern, text)), None)
