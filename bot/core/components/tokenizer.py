"""Words of a Dutch sentence, by spaCy's rules for Dutch."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message
from spacy.lang.nl import Dutch
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
class _Rules:
    """How a word is told from the signs around it.

    Not spaCy's own tokenizer, which keeps every word it ever saw: for a process that runs for
    months that is memory without end, and it outlives the erasure of what customers wrote.
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
        """What is left between the signs: as it is, by the list of exceptions, or cut within."""
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
def _dutch() -> _Rules:
    # It knows "'s", "m'n", "o.a." and the like.
    rules = Dutch.Defaults
    exceptions: Mapping[str, list[dict[int, str]]] = rules.tokenizer_exceptions or {}
    return _Rules(
        {text: tuple(part[ORTH] for part in parts) for text, parts in exceptions.items()},
        rules.url_match or (lambda _: None),
        compile_prefix_regex(rules.prefixes or ()).search,
        compile_suffix_regex(rules.suffixes or ()).search,
        compile_infix_regex(rules.infixes or ()).finditer,
    )


def _is_plain(chunk: str) -> bool:
    return len(chunk) <= LONGEST_WORD and not _MANY_SIGNS.search(chunk)


def _tokens(text: str) -> Iterator[Token]:
    for found in _CHUNK.finditer(text):
        chunk, start = found[0], found.start()
        for piece in _dutch().pieces(chunk) if _is_plain(chunk) else (chunk,):
            yield Token(piece, start, lemma=piece.lower())
            start += len(piece)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class DutchTokenizer(Tokenizer):
    """Splits a message into tokens by spaCy's Dutch rules, without a model and without memory.

    Any Rasa component that wants tokens can follow it. What is too long to be a word, or has more
    than a few signs in a row, is one token.
    """

    @staticmethod
    def supported_languages() -> list[str] | None:
        """Only Dutch."""
        return ["nl"]

    @staticmethod
    def required_packages() -> list[str]:
        """Python packages that must be there."""
        return ["spacy"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Defaults, as of every Rasa tokenizer."""
        return {
            "intent_tokenization_flag": False,
            "intent_split_symbol": "_",
            "token_pattern": None,
            "prefix_separator_symbol": None,
        }

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """The tokens of one attribute of a message; white space is none."""
        text = message.get(attribute)
        # Rasa wants at least one token for a text that is not empty.
        tokens = list(_tokens(text)) or [Token(text, 0)]
        split: list[Token] = self._apply_token_pattern(tokens)
        return split
