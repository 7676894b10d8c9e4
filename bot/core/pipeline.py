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
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, cast

import spacy
from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import registry

from bot.core.dutch_tokens import lemma, words
from bot.core.entity_reader import EntityReader
from bot.core.forgetful_tokenizer import ForgetfulTokenizer
from bot.dutch import readers
from bot.dutch.extractors import load as load_extractors
from bot.dutch.found import FoundEntity

#: Component of the pipeline that only fills in `token.lemma_`.
LEMMAS = "loket_lemmas"


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


@registry.tokenizers("loket.ForgetfulTokenizer.v1")  # type: ignore[untyped-decorator] # no types
def make_tokenizer() -> Any:
    """The function with which spaCy makes the tokenizer."""

    def make(_: Language) -> ForgetfulTokenizer:
        return ForgetfulTokenizer()

    return make


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


def _patterns(phrases: Sequence[Phrase]) -> list[Mapping[str, object]]:
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
