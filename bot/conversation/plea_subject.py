"""Finds what a plea for a person is about: "ik wil een mens spreken over mijn afspraak". Pure."""

from __future__ import annotations

import re
from typing import Final

#: Under this key a parsed message holds the intent that its plea is about.
PLEA_SUBJECT: Final = "plea_subject"
#: More of a message than this is not read.
_READ: Final = 2000
_SUBJECT: Final = re.compile(
    r"\b(?:over|vanwege|wegens|omtrent|betreffende|inzake|ivm|i\.v\.m\.|omdat|want|aangaande)\s+"
    r"(?P<subject>\w.*)",
    re.IGNORECASE | re.DOTALL,
)


def subject_of_plea(text: str) -> str:
    """The words that say what a plea is about, as they were typed; empty where there are none.

    Args:
        text: what the customer typed.
    """
    found = _SUBJECT.search(text[:_READ])
    return found["subject"].strip() if found else ""
