"""Grounding: checks word by word that a passage supports what is said about it. Pure."""

from __future__ import annotations

import re
from typing import Final

from bot.dutch.spelling import plain
from bot.knowledge.blocks import sentences_of
from bot.knowledge.vocabulary import stem, words_of

_NUMBER: Final = re.compile(r"\d+(?:[.,:]\d+)*")
_NEGATION: Final = re.compile(
    r"\b(?:niet|geen|nooit|nergens|niemand|niets|zonder|behalve|tenzij|onmogelijk|noch|nee)\b"
)
#: Words that limit or promise: they may not be added.
_STRONG: Final = frozenset(
    """altijd alleen direct elk elke gegarandeerd gratis hoogstens maximaal minstens minimaal meteen
    moet moeten mag mogen nooit onbeperkt overal pas slechts tot uiterlijk
    verplicht vooraf""".split()
)
_NUMBER_WORDS: Final = frozenset(
    """een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien
    twintig dertig veertig vijftig honderd duizend half halve dubbel eerste tweede derde
    keer""".split()
)
_ADDRESS: Final = re.compile(r"https?://|www\.|\S+@\S+|\b[a-z0-9-]+\.[a-z]{2,}\b")
#: Words of an answer that say nothing themselves.
_FREE: Final = frozenset(
    map(stem, "antwoord dus hierbij hiervoor daarbij klopt zeker wanneer".split())
)


def is_supported(said: str, passage: str) -> bool:
    """Whether each sentence of an answer says no more than the passage, and not the opposite.

    Its words that carry meaning, numbers and number words, strong words and addresses must
    stand in the passage; a sentence that denies must lean on one that does, and the other way
    round.

    Args:
        said: the answer in other words.
        passage: the words that it must be true to.
    """
    sentences = [said[start:end] for start, end in sentences_of(said)]
    return bool(sentences) and all(_holds(sentence, passage) for sentence in sentences)


def _holds(sentence: str, passage: str) -> bool:
    words, source = plain(sentence), plain(passage)
    if set(_NUMBER.findall(words)) - set(_NUMBER.findall(source)):
        return False
    if set(_ADDRESS.findall(words)) - set(_ADDRESS.findall(source)):
        return False
    source_words = set(re.findall(r"[a-z]+", source))
    for kind in (_STRONG, _NUMBER_WORDS - {"een"}):
        if (set(re.findall(r"[a-z]+", words)) & kind) - source_words:
            return False
    known = {stem(word) for word in words_of(passage)} | _FREE
    meant = [word for word in words_of(sentence) if not word.isdigit()]
    if not all(_is_known(stem(word), known) for word in meant):
        return False
    return _denies_alike(sentence, passage, meant)


def _is_known(base: str, known: set[str]) -> bool:
    return base in known or any(
        len(base) > 4 and len(other) > 4 and (base.startswith(other) or other.startswith(base))
        for other in known
    )


def _denies_alike(sentence: str, passage: str, meant: list[str]) -> bool:
    """Whether the source sentence nearest in words denies exactly as the sentence does."""
    sources = [passage[start:end] for line in _lines(passage) for start, end in line]
    stems = {stem(word) for word in meant}
    if not stems:
        return False
    shared = [len(stems & {stem(word) for word in words_of(source)}) for source in sources]
    best = max(shared)
    nearest = [source for source, count in zip(sources, shared, strict=True) if count == best]
    denied = _denials(sentence)
    return best > 0 and any(_denials(source) == denied for source in nearest)


def _lines(passage: str) -> list[list[tuple[int, int]]]:
    found, start = [], 0
    for line in passage.split("\n"):
        found.append([(start + a, start + b) for a, b in sentences_of(line)])
        start += len(line) + 1
    return found


def _denials(text: str) -> bool:
    return _NEGATION.search(plain(text)) is not None
