"""What a message speaks of, in groups of words about one thing: heat, smell, a child, a threat.

Who smells gas may name it in twenty ways. The model (`bot.core.safety_net`) learns from the
examples which groups together are danger, so that other words of known groups are recognised.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final

import yaml

from bot.dutch.spelling import plain

_GROUPS: Final[Mapping[str, str]] = yaml.load(
    Path(__file__).with_name("groups.yml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader
)
NAMES: Final = tuple(_GROUPS)
#: An age at which nobody is grown up: "ik ben 12".
_AGE: Final = re.compile(
    r"\b(?:ben|is|van|meisje|jongen|zoon|dochter) (?:pas |nog |maar |ook )*(?:[5-9]|1[0-7])\b"
)
_YOUNG: Final = NAMES.index("young")


def _index() -> tuple[dict[str, list[int]], dict[str, list[int]], list[tuple[str, int]]]:
    whole: dict[str, list[int]] = {}
    begins: dict[str, list[int]] = {}
    phrases: list[tuple[str, int]] = []
    for number, words in enumerate(_GROUPS.values()):
        for word in words.split():
            if "_" in word:
                phrases.append((f" {word.replace('_', ' ')} ", number))
            elif word.endswith("*"):
                begins.setdefault(word[:-1], []).append(number)
            else:
                whole.setdefault(word, []).append(number)
    return whole, begins, phrases


_WHOLE, _BEGINS, _PHRASES = _index()


def said(text: str) -> str:
    """A text as this module reads it: plain words, with a space between."""
    return re.sub(r"[^a-z0-9]+", " ", plain(text)).strip()


def groups_in(text: str) -> tuple[int, ...]:
    """The numbers of the groups (in `NAMES`) that a text has a word of, each once, in order."""
    words = said(text)
    found = {number for word in set(words.split()) for number in _of_word(word)}
    padded = f" {words} "
    found.update(number for phrase, number in _PHRASES if phrase in padded)
    if _AGE.search(words):
        found.add(_YOUNG)
    return tuple(sorted(found))


@lru_cache(4096)
def _of_word(word: str) -> tuple[int, ...]:
    found = list(_WHOLE.get(word, ()))
    for end in range(2, len(word) + 1):
        found += _BEGINS.get(word[:end], ())
    return tuple(found)
