"""Reads what an agent types into the desk's search field. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

import phonenumbers

from bot.dutch import phones
from bot.store.history.conversation_search import Term

#: Most terms of a question that are looked for; a sentence has its rarest words anywhere.
MOST_TERMS: Final = 8
#: Longest question that is read.
MOST_CHARACTERS: Final = 200
#: Where numbers of a kind like AB1234 change from letters to digits or back.
_SEAM: Final = re.compile(r"(?<=[a-z])(?=\d)|(?<=\d)(?=[a-z])")
_WORD: Final = re.compile(r"[^\W_]+")


def terms(asked: str) -> tuple[Term, ...]:
    """What a question looks for; nothing when it has no letter or digit.

    A telephone number is one term, however it is written. So is what stands together without a
    space (AB-1234, a@b.nl): it is found with and without what stands between its parts.

    Args:
        asked: what was typed.
    """
    asked = asked[:MOST_CHARACTERS]
    found: list[Term] = []
    end = 0
    for number in phones.find(asked):
        found += _plain(asked[end : number.start])
        found.append(_phone(number.value, asked[number.start : number.end]))
        end = number.end
    found += _plain(asked[end:])
    return tuple(dict.fromkeys(found))[:MOST_TERMS]


def numbers(asked: str) -> tuple[str, ...]:
    """The telephone numbers in a question, as E.164."""
    return tuple(each.value for each in phones.find(asked[:MOST_CHARACTERS]))


def words(text: str) -> list[str]:
    """The words of a text as the databases' indexes have them: plain letters and digits."""
    bare = "".join(
        each
        for each in unicodedata.normalize("NFKD", text.lower())
        if not unicodedata.combining(each)
    )
    return _WORD.findall(bare)


def _plain(text: str) -> list[Term]:
    return [_term(parts) for each in text.split() if (parts := words(each))]


def _term(parts: Sequence[str]) -> Term:
    cut = [piece for part in parts for piece in _SEAM.split(part)]
    return Term(tuple(dict.fromkeys((tuple(parts), ("".join(parts),), tuple(cut)))))


def _phone(number: str, written: str) -> Term:
    read = phonenumbers.parse(number)
    national = phonenumbers.national_significant_number(read)
    prefixed = f"0{national}" if number.startswith("+31") else national
    spelled = (number.removeprefix("+"),), (f"00{number[1:]}",), (prefixed,)
    return Term(tuple(dict.fromkeys((*spelled, tuple(words(written))))))
