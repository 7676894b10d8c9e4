"""Finds the person that a customer does not want: a negation that is bound to the person's word.

"Geen medewerker", "niet met een mens", "zonder mens" and "een medewerker hoeft niet" are one
notion: a negation, a word for a person, and between the two nothing but articles, adjectives and
verbs of talking. The sentence decides what it means: with a wish, or with nothing else, no person
is wanted; with a word of lacking ("ik krijg geen medewerker", "kan ik niet met een mens praten")
one is missed. Pure.
"""

from __future__ import annotations

import re
from typing import Final

from bot.conversation.escape_words import ANYONE, TALK, is_person

#: Dialects write "gin", "gien" and "nie".
_NOT_A: Final = frozenset("geen gin gien gen gene geene genen geenen geeneen".split())
_WITHOUT: Final = "zonder"
_NOT: Final = frozenset("niet nie nait niks".split())
_NOBODY: Final = frozenset("niemand".split())
#: What may stand between a negation and its person, either side first.
_BETWEEN: Final = frozenset(
    """een n de het echte echt levende levend andere ander enkele enkel gewone menselijke zon soort
    uw jullie je van met naar door via aan bij per se perse meteen direct nu hier meer nog ook te
    praten spreken bellen chatten contact hebben verbonden doorverbonden gebeld geholpen worden
    overleggen verder gaan lijn""".split()
)
#: One of these binds "niet" to the person.
_TOWARDS: Final = frozenset("met naar door via aan bij".split())
_AFTER: Final = frozenset(
    """is was hoeft hoef hoeven ik heb voor mij me hier echt nu hoor nog eigenlijk helemaal wil wou
    dat die daar ook dan liever toch spreken bellen te""".split()
)
#: Goes with the person that is left out.
_TRAILING: Final = frozenset(
    """te praten spreken bellen chatten contact hebben worden verbonden doorverbonden gebeld
    geholpen nodig meer aan de lijn telefoon""".split()
)
_WANTS: Final = re.compile(
    r"\b(wil(?! (je|jij|u|jullie)\b)|willen|wilde|wou|wens|wenst|h?oef|hoeft|hoefde|hoeven|"
    r"liever|zoek|vraag|vroeg|behoefte|nodig|zonder|voorkeur)\b"
)
#: What makes "een medewerker ... niet" a refusal; "een medewerker is niet aardig" is none.
_REFUSED: Final = re.compile(r"\b(nodig|h?oeft|h?oef|hoeven|liever|(wil|wou|heb) ik)\b")
_LACKS: Final = re.compile(
    r"\b(waarom|krijg\w*|kreeg|komt?|kwam|kan|kon|kunt?|kun|kunnen|mag|nooit|helaas|is|zijn|was|waren|"
    r"heb|had|heeft|nog|zie|zag|vind|vond|bereik\w*|word|werd)\b"
)
#: Behind "geen medewerker": it is missed, not refused.
_LACKED: Final = re.compile(
    r"(te|beschikbaar|aanwezig|bereikbaar|vrij|die|dat|gekregen|gezien|gesproken|gehoord|thuis)\b"
)
_MANY: Final = frozenset("mensen personen".split())


def without_declined(clause: str) -> tuple[str, bool]:
    """A clause without the persons that it says are not wanted, and whether there were any.

    Args:
        clause: normalised words between two marks (`bot.conversation.escape.normalise`).
    """
    words = clause.split()
    for place, word in enumerate(words):
        if word in _NOBODY and _WANTS.search(clause) and TALK.search(clause):
            return _left_out(words, place, place), True
        if not is_person(word) or word in _MANY or (word in ANYONE and not TALK.search(clause)):
            continue
        before, after = _negation_before(words, place), _negation_after(words, place)
        if before is not None and _is_declined(words, before, place):
            return _left_out(words, before, place), True
        if after is not None and _REFUSED.search(" ".join(words[place:])):
            return _left_out(words, place, after), True
    return clause, False


def _negation_before(words: list[str], place: int) -> int | None:
    at = place - 1
    while at >= 0 and words[at] in _BETWEEN:
        at -= 1
    if at < 0:
        return None
    if words[at] in _NOT:  # "dit werkt niet, medewerker" often comes without its comma
        between = set(words[at + 1 : place])
        bound = between & _TOWARDS or ("hoef" in " ".join(words[:at]) and between)
        return at if bound else None
    return at if words[at] in _NOT_A or words[at] == _WITHOUT else None


def _negation_after(words: list[str], place: int) -> int | None:
    at = place + 1
    while at < len(words) and words[at] in _AFTER:
        at += 1
    return at if at < len(words) and words[at] in _NOT else None


def _is_declined(words: list[str], negation: int, person: int) -> bool:
    """Whether the sentence around a negated person refuses one, and does not miss one."""
    clause = " ".join(words)
    if "waarom" in words[:negation]:
        return False
    if _WANTS.search(clause):
        return True
    lacks = _LACKS.search(" ".join(words[:negation])) or _LACKED.match(
        " ".join(words[person + 1 :])
    )
    return lacks is None


def _left_out(words: list[str], start: int, end: int) -> str:
    end += 1
    while end < len(words) and words[end] in _TRAILING:
        end += 1
    return " ".join([*words[:start], *words[end:]])
