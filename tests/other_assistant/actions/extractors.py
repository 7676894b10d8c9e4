"""Reads the numbers of library cards: ten digits that begin with 27.

`config.yml` names it under the component `EntityRecognizer`; what an extractor must have stands in
`bot.dutch.extractors.Extractor`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.dutch.found import FoundEntity
from bot.dutch.readers import ReaderContext

_CARD = re.compile(r"(?<!\d)27(?:[ .-]?\d){8}(?![ .-]?\d)")


class LibraryCards:
    """Reads `2700001234`, also in groups: `27 0000 1234`."""

    entities: tuple[str, ...] = ("library_card",)
    exclusive: bool = True

    def read(self, text: str, around: ReaderContext) -> Iterator[FoundEntity]:
        """The numbers in a text, as digits alone."""
        for match in _CARD.finditer(text):
            digits = re.sub(r"\D", "", match[0])
            yield FoundEntity("library_card", digits, match.start(), match.end())
