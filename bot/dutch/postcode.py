"""Reads Dutch postcodes and house numbers.

A postcode is four digits, the first not zero, and two letters; SA, SD and SS are never issued
(Kadaster, Basisregistratie Adressen en Gebouwen).
"""

from __future__ import annotations

import re

from bot.dutch.span import TextSpan, without_overlap

# Two letters after four digits are also how "2025 de" and "1000 kw" look. With a space in between
# and in small letters only a pair that is no everyday word or unit counts, unless the word
# "postcode" or a house number stands next to it.
_EVERYDAY = frozenset(
    "al an as bv cm de di dl do eh ei en er et ff ga gr ha he ho ik in is ja je ka kg km kw la lo"
    " lt ma me mm mn mt na nu of om op pa po re ok se te tv uw va vd vr we wo za ze zn zo".split()
)
_POSTCODE = re.compile(r"(?<![\w-])([1-9]\d{3})(\s{0,2})([a-z])\s?([a-z])(?![a-z])", re.IGNORECASE)
_DIGITS = re.compile(r"(?<![\w-])[1-9]\d{3}(?![\w-])")
_LETTERS = re.compile(r"(?<![\w-])[a-z]{2}(?![\w-])", re.IGNORECASE)
#: Pairs that are a sound or an abbreviation where a part of a postcode is looked for.
_NO_LETTERS = frozenset("eh hm uh oh ah pc nr".split())
#: More words than this correct no part.
_PART = 5
_LABEL = re.compile(r"postcode\W*(?:is|:|=)?\W*$|\bpc\W*$", re.IGNORECASE)
#: Characters before a postcode in which the word for it can stand.
_BEFORE = 40
_NUMBER = (
    r"\d{1,5}(?:\s?-\s?(?:\d{1,4}|[a-z]{1,4})|\s?[a-z](?![a-z])|\s(?:bis|hs|huis|zwart|rood))?"
)
_AFTER_POSTCODE = re.compile(
    r"\s*+(?:[,;/-]\s*+)?(?:huis\s*+)?(?:(?:nummer|num|nmr|nr|no)\b\.?\s*+)?(?:[:=]\s*+)?"
    rf"({_NUMBER})(?![\d-])",
    re.IGNORECASE,
)
_LABELLED_NUMBER = re.compile(
    rf"\bhuis\s?(?:nummer|num|nmr|nr)\.?\s*+(?:(?:is|:|=)\s*+)?({_NUMBER})(?![\d-])",
    re.IGNORECASE,
)
_STREET_NUMBER = re.compile(
    r"(?:straat|str\.|laan|weg|plein|kade|dijk|gracht|singel|hof|steeg|pad|dreef|park)"
    rf"\s++({_NUMBER})(?![\d-])",
    re.IGNORECASE,
)
# Five digits in a row are some other number rather than a house.
_BARE_NUMBER = re.compile(
    rf"\s*+(?!\d{{5}})(?:(?:nummer|nr|no)\.?\s*+)?({_NUMBER})\s*+(?:[.!]\s*+)?", re.IGNORECASE
)


def find(text: str) -> tuple[TextSpan[str], ...]:
    """The postcodes in a text, each as `1234 AB`."""
    spans = []
    first, last = len(text) - len(text.lstrip()), len(text.rstrip())
    for match in _POSTCODE.finditer(text):
        digits, gap, letters = match[1], match[2], match[3] + match[4]
        if letters.upper() in {"SA", "SD", "SS"}:
            continue
        doubtful = bool(gap) and letters.islower() and letters in _EVERYDAY
        split = match.end(3) != match.start(4)
        if doubtful or split:
            labelled = _LABEL.search(text, max(0, match.start() - _BEFORE), match.start())
            followed = _AFTER_POSTCODE.match(text, match.end()) or match.end() >= last
            if not (labelled or (match.start() <= first and followed)):
                continue
        spans.append(TextSpan(f"{digits} {letters.upper()}", match.start(), match.end()))
    return tuple(spans)


def parse(text: str) -> str | None:
    """The first postcode in a text as `1234 AB`, or None."""
    spans = find(text)
    return spans[0].value if spans else None


def amend(before: str, text: str) -> str | None:
    """A postcode with the letters or the digits in words that correct it; None without these.

    Args:
        before: the postcode as it was given, `1234 BA`.
        text: such as "sorry, AB natuurlijk", "nee 1243".
    """
    digits, _, letters = before.partition(" ")
    if len(text.split()) > _PART:
        return None
    if found := _DIGITS.search(text):
        return f"{found[0]} {letters}"
    for found in _LETTERS.finditer(text):
        if found[0].lower() not in _NO_LETTERS and (
            found[0].isupper() or found[0] not in _EVERYDAY
        ):
            return parse(f"{digits}{found[0].upper()}")
    return None


def find_house_numbers(text: str) -> tuple[TextSpan[str], ...]:
    """House numbers: after a postcode, after the word, after a street, or a message of its own.

    Values are compact and upper case: `12`, `12A`, `12-3`.
    """
    matches = [
        match for span in find(text) if (match := _AFTER_POSTCODE.match(text, span.end)) is not None
    ]
    matches += [*_LABELLED_NUMBER.finditer(text), *_STREET_NUMBER.finditer(text)]
    if not matches and (bare := _BARE_NUMBER.fullmatch(text)) is not None:
        matches.append(bare)
    return without_overlap(
        TextSpan(re.sub(r"\s+", "", match[1]).upper(), match.start(1), match.end(1))
        for match in matches
    )


def parse_house_number(text: str) -> str | None:
    """The first house number in a text, or None."""
    spans = find_house_numbers(text)
    return spans[0].value if spans else None
