"""The spaCy component that reads what has a grammar: dates, amounts, an assistant's own formats."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import islice
from zoneinfo import ZoneInfo

from spacy.tokens import Doc, Span
from spacy.util import filter_spans

from bot import clock
from bot.dutch import readers
from bot.dutch.counted import pattern
from bot.dutch.extractors import Extractor
from bot.dutch.found import FoundEntity, settled
from bot.dutch.readers import Reader, ReaderContext

#: A message in which one reader finds more than this is no message but noise.
MOST_FOUND = 30

if not Doc.has_extension("found"):
    Doc.set_extension("found", default=())
    #: Today's date for the customer; None: the real one.
    Doc.set_extension("today", default=None)
    Span.set_extension("value", default=None)


class EntityReader:
    """Reads a document with the general readers and the assistant's extractors.

    What the entity ruler found stands beside that.

    One component for all of them: a document's text is made anew each time it is asked for.
    """

    def __init__(
        self,
        own: Sequence[Extractor],
        timezone: str,
        counted: Sequence[str],
        values: Mapping[str, str],
    ) -> None:
        """Takes what `EntitySettings` holds, and the values of the ruler's phrases."""
        self._readers = (
            *(_exclusive(each.read) for each in own if each.exclusive),
            *readers.READERS.values(),
            *(each.read for each in own if not each.exclusive),
        )
        self._zone = ZoneInfo(timezone)
        self._counted = pattern(counted)
        self._values = values

    def __call__(self, doc: Doc) -> Doc:
        """Sets `doc._.found` and `doc.ents`."""
        text = doc.text
        today: date = doc._.today or clock.now().astimezone(self._zone).date()
        found = tuple(map(self._phrase, doc.ents))
        for reader in self._readers:
            fresh = islice(reader(text, ReaderContext(today, found, self._counted)), MOST_FOUND)
            found = (*found, *fresh)
        doc._.found = settled(text, found)
        spans = [span for each in doc._.found if (span := _span(doc, each)) is not None]
        doc.ents = tuple(filter_spans(spans))  # type: ignore[assignment] # says: exactly one
        return doc

    def _phrase(self, span: Span) -> FoundEntity:
        value = self._values.get(f"{span.label_}\t{span.text.lower()}", span.text)
        return FoundEntity(span.label_, value, span.start_char, span.end_char)


def _exclusive(read: Reader) -> Reader:
    """A reader whose characters nobody else may read."""

    def exclusively(text: str, around: ReaderContext) -> Iterator[FoundEntity]:
        return (replace(each, exclusive=True) for each in read(text, around))

    return exclusively


def _span(doc: Doc, found: FoundEntity) -> Span | None:
    span = doc.char_span(found.start, found.end, label=found.name, alignment_mode="expand")
    if span is not None:
        span._.value = found.value
    return span
