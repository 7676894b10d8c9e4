"""Finds in what was just said the fact that a question asks for once more. Pure.

"Tot wanneer heb ik de tijd?" behind "Lever het uiterlijk zondag 31 januari in" has its answer above
it: that sentence is said again, and nothing is made up. A question that names something else than
was spoken of ("hoe laat gaat de trein") asks no such thing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from bot.dutch import clauses
from bot.knowledge.vocabulary import stem, words_of

_DAYS: Final = "maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag|vandaag|morgen"
_MONTHS: Final = (
    "januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december"
)
#: What a question asks for, and what a sentence must hold to say it, the best first.
_KINDS: Final = tuple(
    (re.compile(asks, re.IGNORECASE), tuple(re.compile(one, re.IGNORECASE) for one in holds))
    for asks, *holds in (
        (
            r"\bhoe ?laat\b|\bwelke? tijd|\btijdstip\b|\btussen welke\b",
            r"\b\d{1,2}[.:]\d{2}\b",
            r"\b\d{1,2} uur\b",
        ),
        (
            r"\b(?:(?:tot|voor) (?:wanneer|welke dag)|hoe ?lang (?:heb|mag|kan)|hoeveel dagen heb)",
            rf"\b(?:uiterlijk|tot en met|tot|vóór)\b[^.]*\b(?:{_DAYS}|{_MONTHS})\b",
        ),
        (
            r"\b(?:wanneer|welke? (?:dag|datum)|hoeveel dagen|hoe ?lang (?:heb|mag|kan|duurt))\b",
            rf"\b(?:{_DAYS})\b|\b\d{{1,2}} (?:{_MONTHS})\b",
            r"\b\w+ (?:werk)?(?:dagen|weken)\b",
        ),
        (
            (
                r"\b(?:hoeveel (?:kost|betaal|moet|euro|geld|is|krijg)|wat kost|welk bedrag"
                r"|hoe duur|wat (?:moet|ga|zal)\b[^?]*\bbetal\w*|wat betaal)\b"
            ),
            r"€",
            r"\bgratis\b",
        ),
        (
            r"\b(?:kost|kosten)\b(?! (?:niks|niets)\b)",
            r"\bkost\w*\b[^.]*€|€[^.]*\bkosten\b|\bbetaalt u €",
        ),
    )
)
#: Words of such a question that name no subject, in their stems.
_LIGHT: Final = frozenset(
    stem(word)
    for word in """af afgeven alweer bedrag begin beginnen betaald betalen binnen breng brengen
    dag dagen datum duren duurt euro extra ff gebeuren geven hallo hoelaat hoelang hoeveel hoi
    houden iets inleveren kom komen komt kost kosten laat lang lever leveren mn nee nou ok oke
    okee ongeveer precies terug tijd tijdstip trouwens uiterlijk uur wnr zichtbaar zien
    ziet zn""".split()
)
_SENTENCE: Final = re.compile(r"(?<=[.!?])\s+(?=[A-Z‘“€])|\n+")


def told_again(question: str, said: Iterable[str], *, about: bool = False) -> str | None:
    """The sentence that answers a question, of those that were just said; None: there is none.

    Args:
        question: as it was typed.
        said: the texts of the turn before it.
        about: whether it is known to be about what was said, whatever words it has for it.
    """
    told = [*sentences(said)]
    for clause in clauses.parts(question):
        for holds in (holds for asks, holds in _KINDS if asks.search(clause)):
            if (best := _best(clause, told, holds, about=about)) is not None:
                return best
    return None


def asks_fact(question: str) -> bool:
    """Whether a question asks for a day, a time or an amount.

    Args:
        question: as it was typed.
    """
    return any(asks.search(question) for asks, _ in _KINDS)


def in_short(question: str, told: str) -> str:
    """The sentence of an answer that is nearest to a question, else the one that tells most.

    Args:
        question: as it was typed.
        told: the answer.

    Returns:
        Empty when the answer tells nothing, but asks itself: "Goed. Wat is uw vraag?".
    """
    if told.rstrip().endswith("?"):
        return ""
    if fact := told_again(question, [told]):
        return fact
    own = {stem(word) for word in words_of(question)} - _LIGHT

    def fit(sentence: str) -> tuple[int, int]:
        return len(own & {stem(word) for word in words_of(sentence)}), len(sentence)

    return max(sentences([told]), key=fit, default="")


def _best(
    clause: str, told: list[str], holds: tuple[re.Pattern[str], ...], *, about: bool
) -> str | None:
    """The sentence that shares most with a question and says what it asks for."""
    own = {stem(word) for word in words_of(clause) if len(word) > 1} - _LIGHT
    spoken = {stem(word) for each in told for word in words_of(each)}
    if not (about or own <= spoken):
        return None

    def fit(sentence: str) -> tuple[int, int]:
        shared = len(own & {stem(word) for word in words_of(sentence)})
        place = -next(at for at, each in enumerate(holds) if each.search(sentence))
        return shared, place

    fitting = [each for each in told if any(one.search(each) for one in holds)]
    return max(fitting, key=fit, default=None)


def sentences(texts: Iterable[str]) -> Iterator[str]:
    """The sentences that tell something; questions do not."""
    for text in texts:
        for sentence in _SENTENCE.split(text):
            if (told := sentence.strip()) and not told.endswith(("?", ":")):
                yield told
