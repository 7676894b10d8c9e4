"""Finds which of some options words name: by place ("de tweede") or by a part ("de jas"). Pure.

A wrong guess could carry something out, so that words which may be two options, or none, choose
nothing; and no word less than an option's whole title says yes, no, or stop.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from bot.conversation.escape import normalise
from bot.messages import Option

#: Options that only their whole title chooses: a part of "Ja, stop het contract" is no yes.
_WHOLE: Final = re.compile(r"/(?:affirm|deny|medewerker|cancel_task|goodbye)\b")
_PERSON: Final = re.compile(r"/medewerker\b")
_ORDINALS: Final = (
    "eerste", "tweede", "derde", "vierde", "vijfde", "zesde", "zevende", "achtste", "negende",
    "tiende",
)  # fmt: skip
_LEAD: Final = (
    r"(?:(?:ja|dan|doe|neem|kies|graag|liever|maar|toch|ik (?:wil|kies|neem|bedoel)|geef(?: mij)?)"
    r"(?: (?:dan|graag|maar|toch|liever))* )*(?:de |het |die |dat |voor de |voor het )?"
)
_TAIL: Final = r"(?: (?:optie|keuze|graag|aub|svp|maar|dan|alstublieft|a u b|bedoel ik))*"
_PLACE: Final = re.compile(
    rf"{_LEAD}(?P<place>{'|'.join(_ORDINALS)}|laatste|onderste|bovenste"
    rf"|(?P<digits>[1-9]|10) ?(?:e|ste|de)){_TAIL}"
)
_PART: Final = re.compile(rf"{_LEAD}(?P<words>.+?){_TAIL}")
#: More words than this tell something else as well.
_MOST_WORDS: Final = 4
#: Letters from which the head of a compound names it ("tas" of "schoudertas"), and its begin.
_HEAD, _BEGIN = 3, 5
_EMPTY: Final = frozenset("de het een die dat van voor met en of in op te".split())


def by_place(said: str, options: Sequence[Option]) -> str | None:
    """The payload of the option that words point at: "de eerste", "doe maar de laatste".

    Args:
        said: the customer's words, normalised.
        options: as shown.
    """
    found = _PLACE.fullmatch(said)
    answers = [each for each in options if not _WHOLE.match(each.payload)]
    if found is None or len(answers) < 2:  # the first of one is no choice
        return None
    word = found["place"]
    if word in {"laatste", "onderste"}:
        return answers[-1].payload
    if word == "bovenste":
        return answers[0].payload
    place = int(found["digits"]) if found["digits"] else _ORDINALS.index(word) + 1
    if any(str(place) in re.findall(r"\d+", each.title) for each in answers):
        return None  # "de eerste" may be 1 December
    return answers[place - 1].payload if place <= len(answers) else None


def by_polite_title(said: str, options: Sequence[Option]) -> str | None:
    """The payload of an option for a person, by its title with polite words: "een mens graag".

    A yes, a no or a stop needs its title alone; a person is no choice to be careful with.

    Args:
        said: the customer's words, normalised.
        options: as shown.
    """
    found = _PART.fullmatch(said)
    words = re.sub(r"^een ", "", found["words"]) if found else ""
    titled = (each for each in options if _PERSON.match(each.payload))
    return next((each.payload for each in titled if normalise(each.title) == words), None)


def by_part(said: str, options: Sequence[Option]) -> str | None:
    """The payload of the one option whose title holds all these words: "de jas", "die tas graag".

    Args:
        said: the customer's words, normalised.
        options: as shown.
    """
    found = _PART.fullmatch(said)
    words = [each for each in found["words"].split() if each not in _EMPTY] if found else []
    telling = any(word.isdigit() or len(word) >= _HEAD for word in words)
    if not telling or len(words) > _MOST_WORDS:
        return None
    named = [
        each.payload
        for each in options
        if all(_is_in(word, normalise(each.title).split()) for word in words)
    ]
    return named[0] if len(named) == 1 and not _WHOLE.match(named[0]) else None


def has_digits(options: Sequence[Option]) -> bool:
    """Whether a title holds a digit, so that a typed one is a value rather than a place."""
    return any(char.isdigit() for option in options for char in option.title)


def _is_in(word: str, title: Sequence[str]) -> bool:
    """Whether a word is one of a title, or the head or the begin of a compound in it."""
    if word in title:
        return True
    if word.isdigit():
        return False
    return any(
        (len(word) >= _HEAD and each.endswith(word))
        or (len(word) >= _BEGIN and each.startswith(word))
        for each in title
    )
