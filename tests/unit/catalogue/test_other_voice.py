"""The second assistant says "je" wherever its customers read: every text can be overridden."""

from __future__ import annotations

import re
from pathlib import Path

from bot import catalogue

OTHER = Path(__file__).parents[2] / "other_assistant"
#: What agents and the people who run Loket read; these are "u" everywhere.
_NOT_CUSTOMERS = ("desk", "terminal.")
_FORMAL = re.compile(r"\b(u|uw)\b", re.IGNORECASE)


def test_no_text_that_a_customer_reads_is_formal() -> None:
    """Neither a sentence of the catalogue nor one of a channel."""
    held = catalogue.load(OTHER)
    formal = {
        entry.key: entry.text
        for entry in held.entries.values()
        if not entry.key.startswith(_NOT_CUSTOMERS) and _FORMAL.search(entry.text)
    }
    assert not formal
