"""Splits a message with two requests: "waar is mijn boek en hoe laat zijn jullie open"."""

from __future__ import annotations

import re

from bot.dutch.span import TextSpan

#: More parts than this are a story, not a list of requests.
MOST_PARTS = 4
#: A longer message is a story as well.
LONGEST = 400
#: Fewer letters than this are no request ("en nu").
SHORTEST = 8

_AND = r"(?:en|maar ook|alsook|daarnaast|verder|ook nog|tevens)"
#: How a request begins: with a question word, a verb, a wish.
_BEGINS = re.compile(
    r"(?:(?:en|ook|nog|dan|o ja|oja|trouwens|verder|daarnaast|tevens|even|ff|graag)\s+)*"
    r"(?:hoe\w*|wat|waar\w*|wanneer|wnr|waneer|welke?|wie|kan|kun|kunt|kunnen|kunde|mag|mogen|is|ist"
    r"|zijn|heb|hebben|heeft|bent|ben|krijg|moet|moeten|wil|wilt|wou|zou|zouden|doe|geef|stuur"
    r"|verander|wijzig|ik (?:wil|wou|zou|moet|heb|kan|ben|krijg|zoek|vraag)|mijn|mn|me|m'n|het"
    r"|graag|tot hoe|op welke|per wanneer|sinds|een vraag)\b",
    re.IGNORECASE,
)
# Between sentences, before a new line, and at "en" where what follows begins as a request does.
_BORDER = re.compile(
    rf"(?P<end>[.?!;]+\s+|\n+)|(?:,\s*|\s+)(?={_AND}\s)|,\s+(?=(?:hoe|wat|waar|wanneer|kan|mag)\b)",
    re.IGNORECASE,
)
# "hoe krijg ik dat terug": it speaks of what was said before, so that it is one request with it.
_POINTS_BACK = re.compile(
    r"\b(?:dat|dit|hem|daarvoor|daarvan|daarmee)\b(?!\s+(?:ik|we|jullie|u|mijn|mn|het|de)\b)"
    r"|\bhet\b(?=\s*(?:$|[?.!]|een\b|niet|ook|nog|dan|weer|later|eerder|terug|op\b))",
    re.IGNORECASE,
)
# "de jaarnota, wanneer komt die", "waar blijft hij": its subject stands before it. "Hoe laat zijn
# ze open" may be asked of the organisation, and "die monteur" names its own.
_BACK = (
    r"(?:hoe \w+|hoe|wat|waar\w*|wanneer|wnr|waarom)\s+\w+\s+(?:hij|ie|(?:die|deze)"
    r"(?=\s*(?:$|[?.!,]|(?:nou|nu|dan|weer|eigenlijk|precies|ongeveer|aan|binnen|op)\b)))\b"
)
_SUBJECT_BACK = re.compile(_BACK, re.IGNORECASE)
#: The same with its subject: "en de jaarnota, wanneer komt die" begins as a request does.
_SUBJECT_FIRST = re.compile(rf"(?:\w+\s+){{1,3}}?\w+,\s+{_BACK}", re.IGNORECASE)
_CLAUSE = re.compile(r"[^.?!;\n]*")
_LINK = re.compile(rf"^(?:{_AND}|o ja|oja|trouwens)[\s,]+", re.IGNORECASE)


def split(text: str) -> tuple[TextSpan[str], ...]:
    """The parts of a message that may be requests of their own.

    Args:
        text: what the customer wrote.

    Returns:
        Two to `MOST_PARTS` parts with their places, in order; none when it is one request, which
        costs next to nothing to see. "Een paspoort en een rijbewijs" is one: what follows on "en"
        has to begin as a request does.
    """
    if len(text) > LONGEST:
        return ()
    parts: list[tuple[int, int]] = []
    start = 0
    for border in _BORDER.finditer(text):
        rest = _rest(text, border.end())
        begins = _BEGINS.match(rest) or _SUBJECT_FIRST.match(rest)
        if border["end"] is None and not begins:
            continue
        clause = _CLAUSE.match(rest)
        if clause and (_POINTS_BACK.search(clause[0]) or _SUBJECT_BACK.match(clause[0])):
            continue
        parts.append((start, border.start() + len((border["end"] or "").rstrip())))
        start = border.end()
    if not parts:
        return ()
    parts.append((start, len(text)))
    spans = [span for begin, end in parts if (span := _part(text, begin, end)) is not None]
    return tuple(spans) if 2 <= len(spans) <= MOST_PARTS else ()


def _rest(text: str, start: int) -> str:
    rest = text[start:].lstrip()
    return _LINK.sub("", rest)


def _part(text: str, begin: int, end: int) -> TextSpan[str] | None:
    """The part without the link in front of it; None when it is too short to ask anything."""
    words = text[begin:end]
    begin += len(words) - len(words.lstrip())
    words = words.strip()
    if link := _LINK.match(words):
        begin += link.end()
        words = words[link.end() :]
    if sum(char.isalpha() for char in words) < SHORTEST:
        return None
    return TextSpan(words, begin, begin + len(words))


#: A number of some kind with the letters that belong to it: "AB-123456", "1234 CD", "51 333".
_NUMBER = re.compile(r"(?:\b[A-Za-z]{1,4}[-\s]?)?\d(?:[\d.\-]|\s(?=\d)){2,}(?:\s?[A-Za-z]{2}\b)?")
#: An answer before what is really said: "nee ik heb niets gehad", "ok maar wat kost dat dan".
_ANSWER = re.compile(
    r"\W*(?:(?:nee|neen|ja|jawel|ok|oke|oké|dank (?:u|je)(?: wel)?|dankjewel|bedankt|prima|goed"
    r"|mooi)\b\W*)+(?:maar\s+|want\s+|en\s+)?",
    re.IGNORECASE,
)
#: Fewer words than this say nothing beside an answer or a number.
_FEWEST = 2


def around_numbers(text: str) -> TextSpan[str] | None:
    """The words of a message around its numbers: "verplaats naar vrijdag" of one with an order.

    Args:
        text: what the customer wrote.

    Returns:
        None when there is no number, or too little beside it.
    """
    if len(text) > LONGEST or not _NUMBER.search(text):
        return None
    words = re.sub(r"\s+", " ", _NUMBER.sub(" ", text)).strip(" ,.;:-")
    enough = len(re.findall(r"[^\W\d_]{2,}", words)) >= _FEWEST
    return TextSpan(words, 0, len(text)) if enough else None


def behind_answer(text: str) -> TextSpan[str] | None:
    """What is said behind a yes, a no or a thank you; None when that is nothing, or next to it.

    Args:
        text: what the customer wrote.
    """
    answer = _ANSWER.match(text)
    if answer is None or len(text) > LONGEST:
        return None
    words = text[answer.end() :].strip()
    return TextSpan(words, answer.end(), len(text)) if len(words.split()) > _FEWEST else None
