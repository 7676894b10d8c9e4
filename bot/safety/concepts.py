"""What a message speaks of, in groups of words about one thing: heat, smell, a child, a threat.

Who smells gas may name it in twenty ways. The model (`bot.core.safety_net`) learns from the
examples which groups together are danger, so that other words of known groups are recognised.

Some words name danger in one sentence and nothing in the next ("wat gaat er gebeuren"). One of
those alone proves nothing: it counts beside another word that names danger, doubtful or not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

import yaml

from bot.dutch.date_patterns import MONTH
from bot.dutch.spelling import plain


class _Entry(NamedTuple):
    """The group that a word belongs to, and whether the word proves nothing alone."""

    group: int
    doubtful: bool


_PARTS: Final[Mapping[str, Mapping[str, str]]] = yaml.load(
    Path(__file__).with_name("groups.yml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader
)
NAMES: Final = tuple(name for part in _PARTS.values() for name in part)
#: Groups that name danger, and those with what it befalls; they stand in this order.
_NAMING: Final = frozenset(range(len(_PARTS["danger"])))
_TELLING: Final = frozenset(range(len(_PARTS["danger"]) + len(_PARTS["concerned"])))
#: An age at which nobody is grown up ("ik ben 12"); "van 8 tot 6" and "van 12 mei" are none.
_AGE: Final = re.compile(
    r"\b(?:ben|is|van|meisje|jongen|zoon|dochter) (?:pas |nog |maar |ook )*(?:[5-9]|1[0-7])\b"
    rf"(?! (?:\d|tot\b|t m\b|en met\b|uur\b|dagen\b|weken\b|km\b|euro\b|{MONTH}\b))"
)
_YOUNG: Final = _Entry(NAMES.index("young"), doubtful=False)


def _index() -> tuple[dict[str, list[_Entry]], dict[str, list[_Entry]], list[tuple[str, _Entry]]]:
    whole: dict[str, list[_Entry]] = {}
    begins: dict[str, list[_Entry]] = {}
    phrases: list[tuple[str, _Entry]] = []
    groups = (words for part in _PARTS.values() for words in part.values())
    for number, words in enumerate(groups):
        for written in words.split():
            word, entry = written.removesuffix("?"), _Entry(number, written.endswith("?"))
            if "_" in word:
                phrases.append((f" {word.replace('_', ' ')} ", entry))
            elif word.endswith("*"):
                begins.setdefault(word[:-1], []).append(entry)
            else:
                whole.setdefault(word, []).append(entry)
    return whole, begins, phrases


_WHOLE, _BEGINS, _PHRASES = _index()


def said(text: str) -> str:
    """A text as this module reads it: plain words, with a space between."""
    return re.sub(r"[^a-z0-9]+", " ", plain(text)).strip()


def groups_in(text: str) -> tuple[int, ...]:
    """The numbers of the groups (in `NAMES`) that a text has a word of, each once, in order."""
    words = said(text)
    padded = f" {words} "
    found = [_of_word(word) for word in set(words.split())]
    found += [(entry,) for phrase, entry in _PHRASES if phrase in padded]
    if _AGE.search(words):
        found.append((_YOUNG,))
    telling = sum(any(entry.group in _TELLING for entry in entries) for entries in found)
    counted = {
        entry.group for entries in found for entry in entries if telling > 1 or not entry.doubtful
    }
    return tuple(sorted(counted))


def names_danger(text: str) -> bool:
    """Whether a text has a word that names danger, or two that may."""
    return not _NAMING.isdisjoint(groups_in(text))


@lru_cache(4096)
def _of_word(word: str) -> tuple[_Entry, ...]:
    found = list(_WHOLE.get(word, ()))
    for end in range(2, len(word) + 1):
        found += _BEGINS.get(word[:end], ())
    return tuple(found)
