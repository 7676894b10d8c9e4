"""Tells by its grammar whether a Dutch message asks something, and whether it lacks a subject."""

from __future__ import annotations

import re
from typing import Final

_LEAD: Final = (
    r"(?:(?:en|maar|ook|nog|hoi|hallo|hey|dag|goede(?:morgen|middag|avond|ndag)|vraag|vraagje|even"
    r"|trouwens|oke|ok|ja|nee|dus|want|sorry|mevrouw|meneer|beste)[\s,:.!]+)*"
)
_INTERROGATIVE: Final = (
    r"(?:wie|wat|waar\w*|wanneer|wnr|waarom|hoe\w*|welke?|wiens"
    r"|(?:op|met|bij|voor|tot|vanaf|binnen|per|sinds|om|aan|na|onder|in|naar) "
    r"(?:wie|wat|waar|wanneer|hoe\w*|welke?))\b"
)
#: Verb and subject the other way round. "Ben niet thuis" leaves the subject out and asks nothing.
_VERB_FIRST: Final = (
    r"(?!dank|bedankt|wens|groet)[a-z]+ (?:jullie|u|ik|je|jij|we|wij|men|er|iemand|ze)\b"
    r"|(?:is|zijn|kan|mag|moet|kost|kosten|geldt|gelden|werkt|wordt|worden|gaat|komt|duurt|bestaat"
    r"|krijgt|zit|staat|klopt|hoort|valt) (?!niet\b|nog\b|al\b|ook\b|weer\b|steeds\b|kapot\b|stuk\b"
    r"|toch\b|wel\b|alleen\b|even\b)[a-z']+\b.{2}"
)
_ASKS: Final = re.compile(
    rf"^\W*{_LEAD}(?:{_INTERROGATIVE}|{_VERB_FIRST})", re.IGNORECASE | re.DOTALL
)

#: Words of a question that has no subject of its own: "kost dat iets", "hoe lang duurt het".
_ELLIPTIC: Final = frozenset(
    """aan al alles allemaal als betalen betaal bij dat daar daarvoor daarmee dan die dit doorgaans
    duren duurt eigenlijk een en er erbij ervoor extra gaat geld gratis ga gemiddeld heb hebben hebt
    het hier hiervoor hiermee hoe hoelang hoeveel hoger iets ik ineens is jullie kan kost kosten
    kosteloos krijg lang later maar meer me mee met mij mijn mogelijk moet nog nou nu ook om
    ongeveer online per precies snel te tijd tijdje toch u van verbonden voor vooraf verder waar
    wanneer want wat we weer wel welke werkt wie wij wordt zelf zijn zit zitten zo""".split()
)
_ABOUT: Final = frozenset(
    """betalen betaal duren duurt extra geld gratis hoelang kost kosten kosteloos lang snel
    werkt""".split()
)
_POINTS: Final = frozenset(
    "dat dit het er daar hier daarvoor hiervoor ervoor daarmee hiermee erbij die".split()
)
#: Longer questions have a subject of their own.
_LONGEST: Final = 8


def is_question(text: str) -> bool:
    """Whether a message asks something, with or without a question mark.

    Args:
        text: as it was typed.
    """
    return "?" in text or _ASKS.match(text) is not None


def is_elliptic(text: str) -> bool:
    """Whether a question has no subject of its own, so that it is about what is going on.

    Args:
        text: as it was typed: "kost dat iets?", "zitten daar kosten aan".
    """
    words = re.findall(r"\w+", text.casefold())
    told = set(words)
    return (
        len(words) <= _LONGEST
        and told <= _ELLIPTIC
        and not told.isdisjoint(_ABOUT)
        and not told.isdisjoint(_POINTS)
    )
