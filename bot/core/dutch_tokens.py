"""Splits a Dutch sentence into words by spaCy's rules for Dutch, and looks up their lemmas."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

from spacy.lang.nl import Dutch
from spacy.lookups import Table, load_lookups
from spacy.symbols import ORTH
from spacy.util import compile_infix_regex, compile_prefix_regex, compile_suffix_regex

#: A longer run of characters without white space is no word but a joke, a key or an attack. The
#: rules peel signs off one by one, so their work grows with the square of its length.
LONGEST_WORD = 64
#: More signs in a row than this (an emoji may be made of seven) are one token.
MOST_SIGNS = 8

_CHUNK = re.compile(r"\S+")
_MANY_SIGNS = re.compile(rf"[^\w\s]{{{MOST_SIGNS + 1}}}")


@dataclass(frozen=True, slots=True)
class TokenRules:
    """The rules by which a word is told from the signs around it.

    Not spaCy's own tokenizer object, which keeps every word it ever saw, in its cache and in its
    vocabulary: for a process that runs for months that is memory without end, and it outlives the
    erasure of what customers wrote.
    """

    exceptions: Mapping[str, tuple[str, ...]]
    is_address: Callable[[str], Any]
    before: Callable[[str], re.Match[str] | None]
    after: Callable[[str], re.Match[str] | None]
    within: Callable[[str], Iterator[re.Match[str]]]

    def pieces(self, chunk: str) -> Iterator[str]:
        """The words and signs of a text without white space; together they are that text."""
        endings: list[str] = []
        while chunk and chunk not in self.exceptions:
            if (start := self.before(chunk)) and start.end():
                yield chunk[: start.end()]
                chunk = chunk[start.end() :]
            elif (end := self.after(chunk)) and end.start() < len(chunk):
                endings.append(chunk[end.start() :])
                chunk = chunk[: end.start()]
            else:
                break
        yield from self._core(chunk)
        yield from reversed(endings)

    def _core(self, chunk: str) -> Iterator[str]:
        """Splits the rest between the signs: whole, by the list of exceptions, or cut within."""
        if chunk in self.exceptions:
            yield from self.exceptions[chunk]
        elif self.is_address(chunk):
            yield chunk
        else:
            cuts = {0, len(chunk)}
            for sign in self.within(chunk):
                cuts |= set(sign.span()) if sign.start() else set()
            yield from (chunk[start:end] for start, end in pairwise(sorted(cuts)))


@lru_cache(maxsize=1)
def rules() -> TokenRules:
    """SpaCy's rules for Dutch: they know "'s", "m'n", "o.a." and the like."""
    defaults = Dutch.Defaults
    exceptions: Mapping[str, list[dict[int, str]]] = defaults.tokenizer_exceptions or {}
    return TokenRules(
        {text: tuple(part[ORTH] for part in parts) for text, parts in exceptions.items()},
        defaults.url_match or (lambda _: None),
        compile_prefix_regex(defaults.prefixes or ()).search,
        compile_suffix_regex(defaults.suffixes or ()).search,
        compile_infix_regex(defaults.infixes or ()).finditer,
    )


def words(text: str) -> Iterator[tuple[str, int]]:
    """The words and signs of a text, each with the index of its first character; no white space.

    What is too long to be a word, or has more than a few signs in a row, is one word, so that the
    work is linear in the length of the text.
    """
    for found in _CHUNK.finditer(text):
        chunk, start = found[0], found.start()
        plain = len(chunk) <= LONGEST_WORD and not _MANY_SIGNS.search(chunk)
        for piece in rules().pieces(chunk) if plain else (chunk,):
            yield piece, start
            start += len(piece)


@lru_cache(maxsize=1)
def _lemmas() -> Table:
    # From the package spacy-lookups-data: 213,000 forms, 0.7 s and 40 MB, read at first use.
    return load_lookups("nl", tables=["lemma_lookup"]).get_table("lemma_lookup")


def lemma(word: str) -> str:
    """The form under which a dictionary has a word: `boek` for `Boeken`, `gaan` for `ging`.

    A word that the table does not have (a name, a slip, or a lemma already) comes back in lower
    case. Nothing is remembered of what is asked.
    """
    lowered = word.lower()
    return str(_lemmas().get(lowered, lowered))
