"""Reduces Dutch words for a search: no endings, compounds in parts, typing errors mended.

Small and without a model: it need not be right about grammar, only the same for a question and for
the page that answers it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.dutch.spelling import plain

_WORD: Final = re.compile(r"[a-z0-9]+")
#: Words that every question has and no page is about.
STOP_WORDS: Final = frozenset(
    """aan al alle alleen als ander andere bij binnen daar dan dat de deze die dit doe doen door dus
    een eens eigenlijk elk elke en er even ga gaan gaat geen geeft graag had heb hebben hebt heeft
    hem het hier hij hoe ik in ineens is ja je jij jou jouw jullie kan kun kunnen kunt maar maken me
    mee meer men mij mijn moet moeten mag mogen na naar nee niet nog nou nu of om omdat ook op over
    per precies s se soms steeds te ten ter toch toe tot tussen u uit uw van vanaf vind
    voor vragen vraag waar waarom waaraan waarmee wanneer want waren was wat we weer wel welk welke
    werd weten wie wij wil willen word worden wordt zal ze zei zelf zich zij zijn zo
    zou zonder""".split()
)
_ENDINGS: Final = ("heden", "heid", "ingen", "ing", "eren", "tjes", "tje", "pje", "jes", "je",
                   "en", "es", "er", "e", "s")  # fmt: skip
_LEAST_STEM: Final = 3
#: Shortest part of a compound; shorter ones are found in every word.
_LEAST_PART: Final = 4
_BINDING: Final = ("", "s", "e", "en")
#: Typing errors that are mended: from so many letters on, so many errors.
_ERRORS: Final = ((9, 2), (5, 1))


@lru_cache(maxsize=4096)
def stem(word: str) -> str:
    """A word without its endings, long vowels single: `stuurt` and `sturen` are both `stur`."""
    if word.isdigit():
        return word
    base = word[2:] if word.startswith("ge") and len(word) > 6 and word[-1] in "dt" else word
    for ending in _ENDINGS:
        if base.endswith(ending) and len(base) - len(ending) >= _LEAST_STEM:
            base = base[: -len(ending)]
            break
    else:
        if base.endswith("t") and len(base) > _LEAST_STEM and base[-2] not in "aeioucs":
            base = base[:-1]
    base = re.sub(r"(aa|ee|oo|uu)", lambda pair: pair[0][0], base)
    base = re.sub(r"([bdfgklmnprstvz])\1$", r"\1", base)
    return base[:-1] + {"v": "f", "z": "s", "d": "t"}.get(base[-1], base[-1]) if base else word


def words_of(text: str, ignored: Collection[str] = ()) -> list[str]:
    """The words that carry meaning, plain and in order.

    Args:
        text: a page's words, or a question.
        ignored: further words that every question may have and no page is about.
    """
    words = _WORD.findall(plain(text))
    return [word for word in words if word not in STOP_WORDS and word not in ignored]


@dataclass(frozen=True, slots=True)
class OwnWords:
    """Words of the organisation whose pages are searched.

    Attributes:
        same: groups of words with one meaning.
        ignored: words that every question may have and no page is about, such as its name.
        spellings: how its words are written too (`bot.dutch.spelling.spellings`).
    """

    same: tuple[tuple[str, ...], ...] = ()
    ignored: frozenset[str] = frozenset()
    spellings: Mapping[str, str] = field(default_factory=dict)

    def plain(self, text: str) -> str:
        """A text in plain words."""
        return plain(text, self.spellings)


class Vocabulary:
    """The stems that occur in the pages: what a word can be brought back to."""

    def __init__(
        self,
        texts: Iterable[str],
        own: OwnWords | None = None,
    ) -> None:
        """Collects the stems of the pages.

        Args:
            texts: what the pages say.
            own: words of the organisation.
        """
        own = own or OwnWords()
        self._ignored = own.ignored
        self.stems = frozenset(stem(word) for text in texts for word in self.words_of(text))
        self._list = sorted(stem for stem in self.stems if len(stem) >= _LEAST_PART)
        self._meanings: dict[str, set[str]] = {}
        for number, group in enumerate(own.same):
            for phrase in group:
                for word in self.words_of(phrase)[:1]:
                    self._meanings.setdefault(stem(word), set()).add(f"={number}")

    def words_of(self, text: str) -> list[str]:
        """The words of a text that carry meaning here, plain and in order."""
        return words_of(text, self._ignored)

    def terms(self, text: str, *, mend: bool = False) -> list[str]:
        """The search terms of a text: the stem of each word, its parts, and its synonyms.

        Args:
            text: a page's words, or a question.
            mend: whether an unknown word may be a known one with a typing error.
        """
        return [term for word in self.words_of(text) for term in self.of_word(word, mend=mend)]

    def of_word(self, word: str, *, mend: bool = False) -> tuple[str, ...]:
        """The terms of one word, itself first (mended if need be); never empty."""
        base = stem(word)
        if mend and base not in self.stems and not self._parts(base):
            base = self._mended(word, base)
        terms = [base, *self._parts(base)]
        meant = [name for term in terms for name in sorted(self._meanings.get(term, ()))]
        return tuple(dict.fromkeys([*terms, *meant]))

    def _mended(self, word: str, base: str) -> str:
        if word.isdigit():
            return base
        allowed = next((errors for length, errors in _ERRORS if len(word) >= length), 0)
        if not allowed:
            return base
        best = process.extractOne(base, self._list, scorer=OSA.distance, score_cutoff=allowed)
        return str(best[0]) if best and best[0][0] == base[0] else base

    def _parts(self, base: str) -> tuple[str, ...]:
        """The parts of a compound, when each of them is a known word."""
        return next(self._splits(base), ())

    def _splits(self, base: str) -> Iterator[tuple[str, ...]]:
        for cut in range(len(base) - _LEAST_PART + 1, _LEAST_PART - 2, -1):
            head, tail = base[:cut], stem(base[cut:])
            if len(base[cut:]) < _LEAST_PART - 1 or tail not in self.stems:
                continue
            for binding in _BINDING:
                trimmed = stem(head.removesuffix(binding) if binding else head)
                if len(trimmed) >= _LEAST_PART - 1 and trimmed in self.stems and trimmed != base:
                    yield trimmed, tail
                    break
