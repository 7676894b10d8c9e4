"""Numbers that nobody should send to a chat: the citizen service number (BSN) and bank accounts.

Loket asks for neither. A BSN may only be used where a law says so (art. 46 UAVG), and what was not
asked for need not be kept (art. 5(1)(c) AVG): `mask` takes both out of a text.
"""

from __future__ import annotations

import re
from typing import Literal

from stdnum import iban as iban_number
from stdnum.nl import bsn as bsn_number

from bot.dutch.span import Span, without_overlap

Kind = Literal["bsn", "iban"]
#: What stands in a text in the place of such a number.
PLACEHOLDERS: dict[Kind, str] = {"bsn": "[bsn]", "iban": "[rekeningnummer]"}

#: Length of an IBAN in the countries whose accounts Dutch customers use (ISO 13616 registry).
_LENGTHS = {
    "AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "EE": 20,
    "ES": 24, "FI": 18, "FR": 27, "GB": 22, "GR": 27, "HR": 21, "HU": 28, "IE": 22, "IT": 27,
    "LT": 20, "LU": 20, "LV": 21, "MT": 31, "NL": 18, "NO": 15, "PL": 28, "PT": 25, "RO": 24,
    "SE": 24, "SI": 19, "SK": 24, "TR": 26,
}  # fmt: skip
_COUNTRY = re.compile(rf"(?<![A-Za-z0-9])({'|'.join(_LENGTHS)})[ -]?\d[ -]?\d", re.IGNORECASE)
# A Dutch account with a slip in it still is somebody's account.
_DUTCH = re.compile(r"(?<![A-Za-z0-9])NL[ -]?\d\d[ -]?[A-Z]{4}(?:[ -]?\d){10}(?!\w)", re.IGNORECASE)
_BSN = re.compile(
    r"(?<![\w+.,-])(?:\d{9}|\d{3}([ .-])\d{3}\1\d{3}|\d{4}([ .-])\d{2}\2\d{3})(?![\w-])"
)
_BSN_LABEL = re.compile(
    r"\b(?:bsn|burger\s?service\s?n(?:umme|)r\.?|sofi\s?-?n(?:umme|)r\.?|sofi)\b"
    r"(?:\s?-?n(?:umme|)r\.?)?\W{0,3}(?:(?:is|van mij|:)\s*){0,2}$",
    re.IGNORECASE,
)
_LABELLED_BSN = re.compile(r"(?<![\w+.,-])\d(?:[ .-]?\d){7,8}(?![\w-])")
# Nine digits that are something else: one in eleven of them passes the check as well.
_OTHER_LABEL = re.compile(
    r"\b(?:klant|relatie|factuur|order|bestel|pakket|zending|track\w*|barcode|contract|ean|meter|tel\w*"
    r"|referentie|dossier|kenmerk|debiteur)\W?\w*\.?\W{0,3}(?:(?:is|nummer|nr|:)\W*){0,3}$",
    re.IGNORECASE,
)
_MAYBE = re.compile(r"\d|\[")
_PLACEHOLDER = re.compile(r"\[(?:bsn|rekeningnummer)\]")


def find(text: str) -> tuple[tuple[Kind, Span[str]], ...]:
    """The BSNs and IBANs in a text, by their check digits, shape or label.

    Returns:
        Kind and place of each, in order; the value is never the number but its placeholder. A
        placeholder that `mask` put into the text is found again.
    """
    if not _MAYBE.search(text):
        return ()
    places = [*_placeholders(text), *_ibans(text), *_bsns(text)]
    spans = without_overlap(Span(kind, start, end) for kind, start, end in places)
    return tuple(
        (span.value, Span(PLACEHOLDERS[span.value], span.start, span.end)) for span in spans
    )


def mask(text: str) -> str:
    """The text with a placeholder for each BSN and IBAN."""
    pieces, end = [], 0
    for _, span in find(text):
        pieces += [text[end : span.start], span.value]
        end = span.end
    return "".join([*pieces, text[end:]])


def _placeholders(text: str) -> list[tuple[Kind, int, int]]:
    kinds: dict[str, Kind] = {written: kind for kind, written in PLACEHOLDERS.items()}
    return [(kinds[m[0]], m.start(), m.end()) for m in _PLACEHOLDER.finditer(text)]


def _ibans(text: str) -> list[tuple[Kind, int, int]]:
    found: list[tuple[Kind, int, int]] = [
        ("iban", m.start(), m.end()) for m in _DUTCH.finditer(text)
    ]
    for start in _COUNTRY.finditer(text):
        end = _end_of(text, start.start(), _LENGTHS[start[1].upper()])
        if end and iban_number.is_valid(text[start.start() : end], check_country=False):
            found.append(("iban", start.start(), end))
    return found


def _end_of(text: str, start: int, length: int) -> int | None:
    """Where a number of so many letters and digits ends; None when it does not end there."""
    seen = 0
    for index in range(start, min(len(text), start + 2 * length)):
        char = text[index]
        if char.isascii() and char.isalnum():
            seen += 1
        elif char not in " -":
            return None
        if seen == length:
            after = text[index + 1 : index + 2]
            return None if after.isalnum() else index + 1
    return None


def _bsns(text: str) -> list[tuple[Kind, int, int]]:
    found: list[tuple[Kind, int, int]] = []
    for match in _BSN.finditer(text):
        before = text[max(0, match.start() - 40) : match.start()]
        if bsn_number.is_valid(match[0].replace(" ", "").replace("-", "").replace(".", "")) and (
            not _OTHER_LABEL.search(before)
        ):
            found.append(("bsn", match.start(), match.end()))
    labelled = (
        match
        for match in _LABELLED_BSN.finditer(text)
        if _BSN_LABEL.search(text[max(0, match.start() - 40) : match.start()])
    )
    return [*found, *(("bsn", match.start(), match.end()) for match in labelled)]
