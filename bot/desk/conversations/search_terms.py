"""Reads what an agent types into the desk's search field. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import accumulate, pairwise
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
#: Sizes of the groups in which people write a number, but for the last: 06 1234 5678, 020 123 4567.
_GROUPED: Final = ((2,), (3,), (4,), (2, 4), (3, 3), (2, 2, 2, 2), (3, 3, 2), (3, 2, 2))
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
    """A number in the ways in which gateways, Loket's own forms and customers write it."""
    read, form = phonenumbers.parse(number), phonenumbers.PhoneNumberFormat
    formats = (form.NATIONAL, form.INTERNATIONAL, form.E164)
    shown = [words(str(phonenumbers.format_number(read, each))) for each in formats]
    national = "".join(shown[0])
    abroad = [str(read.country_code), national.removeprefix("0")]
    grouped = [_groups(national, sizes) for sizes in _GROUPED]
    spelled = (
        *shown,
        [national],
        [f"00{''.join(abroad)}"],
        abroad,
        *grouped,
        *([abroad[0], each[0].removeprefix("0"), *each[1:]] for each in grouped),
        words(written),
    )
    return Term(tuple(dict.fromkeys(map(tuple, spelled))))


def _groups(digits: str, sizes: Sequence[int]) -> list[str]:
    """Digits in groups of these sizes, the last one with what is left."""
    ends = list(accumulate(sizes))
    return [digits[begin:end] for begin, end in pairwise([0, *ends, len(digits)])]
