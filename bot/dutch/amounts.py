"""Reads amounts of money: "€ 12,50", "12 euro 50", "een tientje", "50 cent"."""

from __future__ import annotations

import re

from bot.dutch import numbers
from bot.dutch.span import TextSpan, without_overlap

#: Words for numbers that stand before a word for money.
_NAMED = (
    "een", "één", "anderhalve", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen",
    "tien", "elf", "twaalf", "vijftien", "twintig", "vijfentwintig", "dertig", "veertig",
    "vijftig", "zestig", "zeventig", "tachtig", "negentig", "honderd", "tweehonderd",
    "vijfhonderd", "duizend",
)  # fmt: skip
_WORDS = {word: numbers.WORDS[word] for word in _NAMED}
_WORD = "|".join(sorted(_WORDS, key=len, reverse=True))
# Whole euros with dots for thousands or without; cents behind a comma or, as on a screen, a dot.
_NUMBER = r"(?:\d{1,3}(?:\.\d{3})+(?!\d)|\d{1,7})(?:,(?:\d{1,2}(?!\d)|-{1,2})|\.\d{2}(?![\d.]))?"
_EDGE = r"(?<![\w.,-])"
_EURO = r"(?:euro'?s?|eur|€|euri|eurootjes?|piek|ekkies?)(?!\w)"
_MONEY = re.compile(r"€|eur|,-|tientje|briefje|cent|piek|ekkie", re.IGNORECASE)
_PATTERNS = (
    # "12 euro 50", "12 euro en 5 cent"
    re.compile(
        rf"{_EDGE}(?P<n>\d{{1,6}}|(?:{_WORD}))\s?{_EURO}\s*(?:en\s+)?(?P<cents>\d{{2}})(?:\s?cent)?"
        r"(?![\w.,:-]\S|\d)(?!\s?(?:uur|keer|dagen|stuks|x|maanden|weken|euro))",
        re.IGNORECASE,
    ),
    # "€ 12,50", "EUR 12"
    re.compile(rf"(?:€|(?<!\w)(?<!\d )euro?)\s?(?P<n>{_NUMBER})(?![\w])", re.IGNORECASE),
    # "12,50 euro", "vijf euro", "12,-"
    re.compile(rf"{_EDGE}(?P<n>{_NUMBER})\s?{_EURO}", re.IGNORECASE),
    re.compile(rf"\b(?P<n>{_WORD})\s+{_EURO}", re.IGNORECASE),
    re.compile(rf"{_EDGE}(?P<n>\d{{1,6}},-{{1,2}})(?!\w)"),
    # "een tientje", "drie tientjes", "briefje van 50"
    re.compile(rf"(?:\b(?P<n>{_WORD}|\d{{1,2}})\s+)?\b(?P<ten>tientjes?)\b", re.IGNORECASE),
    re.compile(r"\bbriefje van (?P<n>5|10|20|50|100)\b", re.IGNORECASE),
    # "50 cent"
    re.compile(rf"{_EDGE}(?P<cent>\d{{1,2}}|(?:{_WORD}))\s?cent(?:en|jes)?\b", re.IGNORECASE),
)


def find(text: str) -> tuple[TextSpan[float], ...]:
    """The amounts in a text, in euros.

    A number without a sign, word or unit of money is none: it may be anything.
    """
    if not _MONEY.search(text):
        return ()
    return without_overlap(
        TextSpan(_euros(match), match.start(), match.end())
        for pattern in _PATTERNS
        for match in pattern.finditer(text)
    )


def parse(text: str) -> float | None:
    """The first amount in a text in euros, or None."""
    spans = find(text)
    return spans[0].value if spans else None


def _euros(match: re.Match[str]) -> float:
    parts = match.groupdict()
    if parts.get("cent"):
        return round(_number(parts["cent"]) / 100, 2)
    whole = _number(parts.get("n") or "een")
    if parts.get("ten"):
        return float(whole * 10)
    return round(whole + int(parts.get("cents") or 0) / 100, 2)


def _number(word: str) -> float:
    lowered = word.lower()
    if lowered in _WORDS:
        return float(_WORDS[lowered])
    plain = re.sub(r",-+$", "", lowered)
    if "," in plain:
        return float(plain.replace(".", "").replace(",", "."))
    if re.fullmatch(r"\d+\.\d{2}", plain):
        return float(plain)
    return float(plain.replace(".", ""))
