"""Reads the numbers that this organisation gives out: `BV-1001`.

`config.yml` names it under the component `EntityRecognizer`; what an extractor must have stands in
`bot.dutch.extractors.Extractor`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.dutch.found import Found
from bot.dutch.readers import Surroundings


@dataclass(frozen=True)
class ReferenceNumbers:
    """Letters and at least four digits, however they are typed: `BV-1001`, `bv 1001`.

    Attributes:
        prefix: the letters in front.
        entities: see `Extractor`.
        exclusive: see `Extractor`.
    """

    prefix: str
    entities: tuple[str, ...] = field(default=("reference_number",), init=False)
    exclusive: bool = field(default=True, init=False)

    def __post_init__(self) -> None:
        if not self.prefix.isalpha():
            raise ValueError("the prefix is one or more letters")

    def read(self, text: str, around: Surroundings) -> Iterator[Found]:
        """The numbers in a text, in their normal form."""
        pattern = rf"(?<![a-z0-9]){self.prefix}[\s._:#-]{{0,3}}(\d{{4,}})(?!\d)"
        for match in re.finditer(pattern, text, re.IGNORECASE):
            value = f"{self.prefix}-{match[1]}"
            yield Found("reference_number", value, match.start(), match.end())
