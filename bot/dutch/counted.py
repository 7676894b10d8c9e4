"""Finds counted things: "de tweede afspraak" is no day, "tussen 2 en 3 boeken" no time."""

from __future__ import annotations

import re
from collections.abc import Sequence


def pattern(stems: Sequence[str]) -> re.Pattern[str] | None:
    """A pattern of a counted thing right behind a number; None when nothing is counted.

    Args:
        stems: how the words for them begin, such as `boek` for "boek" and "boeken".
    """
    words = "|".join(map(re.escape, stems))
    return re.compile(rf"\s*(?:{words})", re.IGNORECASE) if stems else None
