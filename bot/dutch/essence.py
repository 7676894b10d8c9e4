"""Reduces a message to what it asks: without letter formulas, and without what it says it is not.

"Geachte heer/mevrouw, ... Met vriendelijke groet, J. Jansen" says nothing in its first and last
line, and "ik wil niet opzeggen, ik wil alleen weten wat het kost" is no wish to end anything: the
words of what is denied count against the message's meaning when they are compared with examples.
"""

from __future__ import annotations

import re
from typing import Final

from bot.dutch.clauses import contrasted
from bot.dutch.question_grammar import is_question
from bot.dutch.span import TextSpan

#: A longer message is not searched for clauses.
LONGEST: Final = 800
#: Fewer letters than this ask nothing.
_SHORTEST: Final = 5
#: A question of so few words has no subject without what stands before it.
_FEW: Final = 2

_SALUTATION: Final = re.compile(
    r"\s*(?:onderwerp\s*:[^\n.]{0,80}[.\n]\s*)?"
    r"(?:(?:zeer )?geachte|beste|l\.?s\.?|hooggeachte|waarde|dag|goede(?:morgen|middag|navond|ndag)"
    r"|hallo|hoi|hey|hee)\b"
    r"(?:[ /]+(?:heer|heren|mevrouw|meneer|mevr|mw|dhr|dames|en|of|allemaal|team|klantenservice|"
    r"medewerker|lezer|daar))*\s*[,.!:\n-]+\s*",
    re.IGNORECASE,
)
_CLOSING: Final = re.compile(
    r"[\s,.!-]*\b(?:met (?:de )?(?:vriendelijke|hartelijke|beste)? ?groet(?:en|jes)?"
    r"|hoogachtend|m\.?v\.?g\.?|vriendelijke groet(?:en)?|(?:hartelijke )?groet(?:en|jes)"
    r"|groet(?=,| \w+\W*$|\W*$)|bij voorbaat (?:hartelijk )?dank|(?:alvast )?(?:hartelijk )?dank"
    r" (?:bij voorbaat|alvast)|in afwachting van uw (?:antwoord|reactie|bericht)"
    r"|ik (?:hoor|verneem|lees) graag(?: van (?:u|jullie))?)\b.{0,60}$",
    re.IGNORECASE | re.DOTALL,
)
#: Thanks or agreement before what is asked: "Dank u wel. Moet ik dan nog iets betalen?".
_THANKS: Final = re.compile(
    r"\W*(?:(?:ok[eé]?|okay|top|fijn|wat fijn|mooi|prima|super|helder|duidelijk|geweldig|aha|ah|oh"
    r"|dank\w*(?: (?:u|je))?(?: wel)?|bedankt|thanks|thnx|hartelijk)\b[\s,.!]*)+",
    re.IGNORECASE,
)
_NOT: Final = r"(?:niet|nie|ni|geen|gin|niks|niets|nooit)"
#: Says what the customer does not want, mean or ask.
_DENIES_WISH: Final = re.compile(
    rf"^\W*(?:(?:nee+|sorry|hallo|maar|want|en|ja)\W+)*(?:ik|we|wij)\s+"
    rf"(?:wil|wilde|wou|willen|hoef|hoeven|ga|bedoel|bedoelde|vraag|vroeg|zoek|zocht)\b(?:\s+\w+){{0,3}}?"
    rf"\s+{_NOT}\b"
    rf"|^\W*(?:(?:nee+|sorry|maar)\W+)*(?:ik|we|wij)\s+heb(?:ben)?\s+{_NOT}\s.*\bnodig\b",
    re.IGNORECASE,
)
#: Says what it is not, and expects what it is.
_DENIES_FACT: Final = re.compile(
    rf"^\W*(?:(?:nee+|sorry)\W+)*(?:{_NOT}\b|(?:het|dit|dat|dit keer) (?:is|was|gaat|betreft)"
    rf"(?: \w+)? {_NOT}\b)|^\W*(?:mijn|de|het) \w+ (?:is|was) {_NOT}\b",
    re.IGNORECASE,
)
_BUT: Final = re.compile(
    r"^\W*(?:maar|alleen|wel|gewoon|juist|slechts|enkel)\b"
    r"|^\W*(?:ik|we|het|dit|dat)(?: \w+)? (?:alleen|gewoon|wel|juist|slechts|enkel)\b",
    re.IGNORECASE,
)
#: Says that something is not so, before what the customer does want to know.
_STATES: Final = re.compile(rf"^(?:\W*\w+){{1,6}}\W+{_NOT}\b", re.IGNORECASE)
_ASKS: Final = re.compile(
    r"^\W*(?:maar )?ik (?:wil|wou|wilde|zou) (?:graag |even |wel |alleen |gewoon )*"
    r"(?:weten|horen)\b",
    re.IGNORECASE,
)
_LEAD: Final = re.compile(r"^\W*(?:(?:maar|want|omdat|hoor)\b\W*)+", re.IGNORECASE)


def essence(text: str) -> TextSpan[str] | None:
    """What a message asks, when words around that can be left out.

    Args:
        text: what the customer wrote.

    Returns:
        The remaining words, with the place of the whole message; None when nothing can be left
        out, or when nothing would remain.
    """
    if len(text) > LONGEST:
        return None
    words = _beside_denied(_behind_thanks(_body(text))).strip()
    if words == text.strip() or sum(char.isalpha() for char in words) < _SHORTEST:
        return None
    return TextSpan(words, 0, len(text))


def _body(text: str) -> str:
    """A letter without its first and last words."""
    body = _CLOSING.sub("", text)
    found = _SALUTATION.match(body)
    return body[found.end() :] if found else body


def _behind_thanks(text: str) -> str:
    """A question without the thanks in front of it."""
    found = _THANKS.match(text)
    rest = text[found.end() :] if found else ""
    return rest if is_question(rest) and len(rest.split()) > _FEW else text


def _beside_denied(text: str) -> str:
    """A text without the clauses that say what is not wanted, if another says what is."""
    found = contrasted(text)
    said = [index for index, (words, _) in enumerate(found) if any(map(str.isalpha, words))]
    kept = []
    for place, index in enumerate(said):
        words = found[index][0]
        after = found[said[place + 1]][0] if place + 1 < len(said) else ""
        if not _denies(words, after):
            kept.append(index)
    if not kept or len(kept) == len(said) or not _says_more(found, kept):
        return text
    joined = "".join("".join(found[index]) for index in kept)
    return _LEAD.sub("", joined)


def _denies(words: str, after: str) -> bool:
    """Whether a clause says what is not wanted or meant, given the clause behind it."""
    if _DENIES_WISH.search(words) or (_DENIES_FACT.search(words) and _BUT.search(after)):
        return True
    return bool(_STATES.search(words) and _ASKS.search(after))


def _says_more(clauses: list[tuple[str, str]], kept: list[int]) -> bool:
    words = " ".join(_LEAD.sub("", clauses[index][0]) for index in kept)
    return sum(char.isalpha() for char in words) >= _SHORTEST
