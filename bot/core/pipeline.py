"""The spaCy pipeline that reads entities: an entity ruler for phrases, code for what has a grammar.

`build` makes it, `nlp.to_disk(folder)` keeps it, and `spacy.load(folder)` brings it back, in Rasa
(`SpacyNLP`, `bot.core.components.entities`) and outside. The factories are registered as an entry
point of this package; where the package is not installed, import this module first.

What is read stands in `doc._.found` (`bot.dutch.found.FoundEntity`, in order of the text, may
overlap) and, as far as spaCy's rule that entities do not overlap allows, in `doc.ents` with
`span._.value`.
"""

# No `from __future__ import annotations` here: spaCy checks the arguments of factories by their
# types, which then would be strings.
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any, Self, cast
from zoneinfo import ZoneInfo

import spacy
from spacy.attrs import LIKE_EMAIL, LIKE_NUM, LOWER
from spacy.lang.nl import Dutch
from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.util import filter_spans, registry
from spacy.vocab import Vocab, create_vocab

from bot import clock
from bot.core.dutch_tokens import lemma, words
from bot.dutch import readers
from bot.dutch.counted import pattern
from bot.dutch.extractors import Extractor
from bot.dutch.extractors import load as load_extractors
from bot.dutch.found import FoundEntity, settled
from bot.dutch.readers import Reader, Surroundings

#: A message in which one reader finds more than this is no message but noise.
MOST_FOUND = 30
#: Component of the pipeline that only fills in `token.lemma_`.
LEMMAS = "loket_lemmas"

# What is computed of each word: what patterns of an entity ruler ask for. spaCy's full set of
# twenty takes most of the time that reading a message takes.
_GETTERS = {
    name: getter
    for name, getter in cast(Any, create_vocab("nl", Dutch.Defaults)).lex_attr_getters.items()
    if name in {LOWER, LIKE_EMAIL, LIKE_NUM}
}

if not Doc.has_extension("found"):
    Doc.set_extension("found", default=())
    #: Today's date for the customer; None: the real one.
    Doc.set_extension("today", default=None)
    Span.set_extension("value", default=None)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that stand for a value, whatever their capitals.

    Attributes:
        entity: the kind of entity.
        words: how customers write it.
        value: what it means; the words themselves where nothing else is known.
    """

    entity: str
    words: str
    value: str


@dataclass(frozen=True, slots=True)
class EntitySettings:
    """The settings of the pipeline, which differ between organisations.

    Attributes:
        timezone: "tomorrow" is counted from today there.
        extractors: readers of the organisation's own formats (`bot.dutch.extractors.load`).
        counted: how the words begin for what it counts (`bot.dutch.counted`).
        phrases: words of the organisation's own, from lookup tables and synonyms.
    """

    timezone: str = "Europe/Amsterdam"
    extractors: Sequence[str | Mapping[str, Any]] = ()
    counted: tuple[str, ...] = ()
    phrases: tuple[Phrase, ...] = field(default=())


class ForgetfulTokenizer:
    """Splits a text into Dutch words, in a document with a vocabulary of its own.

    spaCy keeps every word that it ever saw in the vocabulary its documents share. Here that lives
    as long as the document: what a customer wrote does not stay in the process, and a worker that
    runs for months does not grow. A new vocabulary takes 15 microseconds.
    """

    def __init__(self, labels: Iterable[str] = ()) -> None:
        """Takes the strings that components put on documents."""
        self.labels = list(labels)

    def __call__(self, text: str) -> Doc:
        """A document of the text; its words together are the text."""
        vocabulary = Vocab(lex_attr_getters=_GETTERS, strings=self.labels)
        pieces: list[str] = []
        spaces: list[bool] = []
        end = 0
        for word, start in words(text):
            # One space belongs to the word before it; more of them are a token, as spaCy has it.
            gap = text[end:start]
            if gap and pieces and gap[0] == " ":
                spaces[-1], gap = True, gap[1:]
            if gap:
                pieces.append(gap)
                spaces.append(False)
            pieces.append(word)
            spaces.append(False)
            end = start + len(word)
        if (rest := text[end:]) and pieces and rest[0] == " ":
            spaces[-1], rest = True, rest[1:]
        if rest:
            pieces.append(rest)
            spaces.append(False)
        return Doc(vocabulary, words=pieces, spaces=spaces)

    def to_bytes(self, **_: Any) -> bytes:
        """The labels."""
        return json.dumps(self.labels).encode()

    def from_bytes(self, data: bytes, **_: Any) -> Self:
        """Takes the labels back."""
        self.labels = list(json.loads(data))
        return self

    def to_disk(self, path: str | Path, **_: Any) -> None:
        """Writes the labels."""
        Path(path).write_bytes(self.to_bytes())

    def from_disk(self, path: str | Path, **_: Any) -> Self:
        """Reads the labels."""
        return self.from_bytes(Path(path).read_bytes())


@registry.tokenizers("loket.ForgetfulTokenizer.v1")  # type: ignore[untyped-decorator] # no types
def make_tokenizer() -> Any:
    """The function with which spaCy makes the tokenizer."""

    def make(_: Language) -> ForgetfulTokenizer:
        return ForgetfulTokenizer()

    return make


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
            fresh = islice(reader(text, Surroundings(today, found, self._counted)), MOST_FOUND)
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

    def exclusively(text: str, around: Surroundings) -> Iterator[FoundEntity]:
        return (replace(each, exclusive=True) for each in read(text, around))

    return exclusively


def _span(doc: Doc, found: FoundEntity) -> Span | None:
    span = doc.char_span(found.start, found.end, label=found.name, alignment_mode="expand")
    if span is not None:
        span._.value = found.value
    return span


@Language.factory(
    "loket_entities",
    default_config={
        "extractors": [],
        "timezone": "Europe/Amsterdam",
        "counted": [],
        "values": {},
    },
)
def make_reader(
    nlp: Language,  # noqa: ARG001 - spaCy prescribes it
    name: str,  # noqa: ARG001 - the same
    extractors: Sequence[Any],
    timezone: str,
    counted: Sequence[str],
    values: Mapping[str, str],
) -> EntityReader:
    """Makes the component `loket_entities`.

    Raises:
        ConfigurationError: an extractor cannot be loaded.
    """
    return EntityReader(load_extractors(extractors), timezone, counted, values)


@Language.component(LEMMAS)
def set_lemmas(doc: Doc) -> Doc:
    """The component `loket_lemmas`."""
    for token in doc:
        token.lemma_ = lemma(token.text)
    return doc


def build(settings: EntitySettings) -> Language:
    """Makes the pipeline.

    Args:
        settings: what differs between organisations.

    Raises:
        ConfigurationError: an extractor cannot be loaded.
    """
    nlp = spacy.blank(
        "nl",
        config={"nlp": {"tokenizer": {"@tokenizers": "loket.ForgetfulTokenizer.v1"}}},
    )
    nlp.add_pipe(LEMMAS)
    ruler: Any = nlp.add_pipe("entity_ruler", config={"phrase_matcher_attr": "LOWER"})
    ruler.add_patterns(_patterns(settings.phrases))
    values = {f"{each.entity}\t{each.words.lower()}": each.value for each in settings.phrases}
    nlp.add_pipe(
        "loket_entities",
        config={
            "extractors": list(settings.extractors),
            "timezone": settings.timezone,
            "counted": list(settings.counted),
            "values": values,
        },
    )
    own = (name for each in load_extractors(settings.extractors) for name in each.entities)
    labels = {*readers.NAMES, *own, *(phrase.entity for phrase in settings.phrases)}
    cast(ForgetfulTokenizer, nlp.tokenizer).labels = sorted(labels)
    return nlp


def load(folder: str | Path, *, lemmas: bool = False) -> Language:
    """Brings a pipeline back that was kept with `nlp.to_disk(folder)`.

    Args:
        folder: where it was kept.
        lemmas: whether to fill in lemmas too, which reads a table of 213,000 words at first use.

    Raises:
        OSError: there is no pipeline in that folder.
    """
    return spacy.load(folder, exclude=[] if lemmas else [LEMMAS])


def read(nlp: Language, text: str, today: date | None = None) -> tuple[FoundEntity, ...]:
    """The entities of a text, in order.

    Args:
        nlp: a pipeline made by `build`.
        text: what a customer wrote.
        today: today's date for the customer; None: the real one.
    """
    doc = nlp.make_doc(text)
    doc._.today = today
    found: tuple[FoundEntity, ...] = nlp(doc)._.found
    return found


def _patterns(phrases: Sequence[Phrase]) -> list[dict[str, Any]]:
    """The ruler's patterns: an e-mail address by spaCy's own word shape, and the phrases."""
    return [
        {"label": "email", "pattern": [{"LIKE_EMAIL": True}]},
        *(
            {
                "label": phrase.entity,
                "pattern": [{"LOWER": word.lower()} for word, _ in words(phrase.words)],
            }
            for phrase in phrases
            if phrase.words.strip()
        ),
    ]
