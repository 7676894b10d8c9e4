"""Reads what a customer corrects of a call-back request that is shown to be confirmed. Pure.

Below "Klopt dit?" any word that is a value corrects one: "kan het ook woensdag", "het is Jan de
Boor", "eindigt op 79". What is called wrong is no value ("de naam is fout, het is Joop"), what is
denied neither ("niet morgen maar woensdag"), and a new time keeps the day that was told, as a new
day keeps the time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Final

from bot.conversation.callback_reading import Told, as_name, moment_in, told
from bot.conversation.escape import normalise
from bot.dutch import clauses, dates, times

_WRONG: Final = re.compile(
    r"(?:(?:nee|ja|maar|alleen|klopt|de|het|mijn|die|dat|er) )*\w+ "
    r"(?:(?:is|was|klopt|klopte|dus|toch) )*"
    r"(?:niet|fout|verkeerd|onjuist|anders)(?: (?:goed|juist|hoor|helaas))*"
)
#: "Niet morgen maar woensdag", "Johan in plaats van Jan": only the other is so.
_DENIED: Final = re.compile(
    rf"(?:\bik ben )?{clauses.NOT_BUT}"
    rf"|\s+{clauses.IN_PLACE_OF}\s+[^,.;:!?\n]+",
    re.IGNORECASE,
)
_ENDS: Final = re.compile(
    r"\beindig\w* op (?P<one>\d{1,6})\b"
    r"|\blaatste \w*\s*(?:cijfers?)?\s*(?:is|zijn|moet\w*)(?: \w+)? (?P<other>\d{1,6})\b",
    re.IGNORECASE,
)
#: Words that stand around a moment that is wished for.
_AROUND: Final = frozenset(
    """aub best beter bel belt bellen dan dat de dit doe doen door er graag het hoor ik is ja jullie
    kan komt kunt liefst liever maar maak mag me mij moet nee nog of oh ook op schikt sorry svp t te
    toch u uit van verzetten voor wacht wel wil worden zet zijn ga bedoel bedoelde""".split()
)
_NAME_LEAD: Final = re.compile(
    r"^(?:(?:en|nee|neen|oh|sorry|oeps|wacht|maar|het|dat|moet|is|ik|ben|bedoel|heet|mijn|achternaam|naam"
    r"|zijn|wordt|geschreven|als|schrijf|je|spel)\s+)+",
    re.IGNORECASE,
)


def corrected(text: str, earlier: Told, today: date) -> Told:
    """What a message corrects of a request, and nothing where it corrects nothing.

    Args:
        text: what the customer typed.
        earlier: the request.
        today: the day it is for the organisation.
    """
    text = _asserted(text)
    given = told(text, today)
    if not given.contact and (ends := _ENDS.search(text)) and earlier.contact[-1:].isdigit():
        tail = ends["one"] or ends["other"]
        return replace(given, contact=_ending(earlier.contact, tail), question="", left="")
    if not given.moment:
        given = replace(given, moment=next(_moments(text, today), ""))
    if not given.name:
        given = replace(given, name=_name(given.left, earlier.name))
    return given


def with_day_or_time(moment: str, earlier: str, today: date) -> str:
    """A new moment with the day or the time of the one before, where it names the other alone.

    Args:
        moment: in the customer's words.
        earlier: the moment before it, as it is kept; or empty.
        today: the day it is for the organisation.
    """
    has_day, has_time = bool(dates.read(moment, today)), _has_time(moment)
    if has_day == has_time or not earlier:
        return moment
    shown = re.search(r"\(([^)]+)\)\s*$", earlier)
    bare = earlier[: shown.start()] if shown else earlier
    spans = dates.read(bare, today)
    if has_time:
        day = shown[1] if shown else " ".join(bare[each.start : each.end] for each in spans)
        return f"{day} {moment}".strip()
    for each in reversed(spans):
        bare = f"{bare[: each.start]} {bare[each.end :]}"
    time = " ".join(bare.split()).strip(" ,.;")
    return f"{moment} {time}" if _has_time(time) else moment


def _asserted(text: str) -> str:
    """A text without what it denies, and without the clauses that only call an answer wrong."""
    text = _DENIED.sub(" ", text)
    kept = (
        text[each.start : each.end]
        for each in clauses.cut(text)
        if _WRONG.fullmatch(normalise(each.text)) is None
    )
    return "".join(kept)


def _moments(text: str, today: date) -> Iterator[str]:
    """The moments in clauses that say nothing else: "kan het ook woensdag"."""
    for clause in clauses.cut(text):
        place = moment_in(clause.text, today)
        if place is None:
            continue
        beside = f"{clause.text[: place[0]]} {clause.text[place[1] :]}"
        if set(normalise(beside).split()) <= _AROUND:
            yield clause.text[slice(*place)]


def _name(left: str, earlier: str) -> str:
    """The name in what nothing else was read from: like the one before, or written as a name."""
    for part in left.split(", "):
        words = _NAME_LEAD.sub("", part)
        name = as_name(words)
        shares = not set(normalise(name).split()).isdisjoint(normalise(earlier).split())
        if name and (shares or any(word[:1].isupper() for word in words.split())):
            return name
    return ""


def _ending(number: str, tail: str) -> str:
    """A number with other last digits; spaces stay where they are."""
    kept = list(number)
    places = [at for at, char in enumerate(kept) if char.isdigit()][-len(tail) :]
    for at, digit in zip(places, tail, strict=True):
        kept[at] = digit
    return "".join(kept)


def _has_time(text: str) -> bool:
    return bool(times.find(text)) or dates.day_part(text) is not None
