"""Numbers that nobody should send to a chat: citizen service number (BSN), bank account, card.

Loket asks for none of them; a person at the desk may ask for one
(`bot.store.identity.private_number_requests`). A BSN may only be used where a law says so (art. 46
UAVG), a payment card's number is nobody's business but the bank's, and what was not asked for need
not be kept (art. 5(1)(c) AVG): `mask` takes them out of a text.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Literal

from stdnum import iban as iban_number
from stdnum import luhn
from stdnum.nl import bsn as bsn_number

from bot.dutch.span import TextSpan, without_overlap

Kind = Literal["bsn", "iban", "card"]
#: What stands in a text in the place of such a number.
PLACEHOLDERS: dict[Kind, str] = {
    "bsn": "[bsn]",
    "iban": "[rekeningnummer]",
    "card": "[kaartnummer]",
}

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
# Lengths and first digits of the cards in use here: Visa, Mastercard, Maestro, American Express.
_CARD = re.compile(
    r"(?<![\w+.,-])(?:(?:4\d{3}|5[1-5]\d\d|2[2-7]\d\d|6[37]\d\d)(?:[ -]?\d{4}){3}"
    r"|3[47]\d\d[ -]?\d{6}[ -]?\d{5})(?![\w-])"
)
_MAYBE = re.compile(r"\d|\[")
_PLACEHOLDER = re.compile(r"\[(?:bsn|rekeningnummer|kaartnummer)\]")


def find(text: str) -> tuple[tuple[Kind, TextSpan[str]], ...]:
    """The BSNs, IBANs and cards in a text, by their check digits, shape or label.

    Returns:
        Kind and place of each, in order; the value is never the number but its placeholder. A
        placeholder that `mask` put into the text is found again.
    """
    if not _MAYBE.search(text):
        return ()
    places = [*_placeholders(text), *_ibans(text), *_cards(text), *_bsns(text)]
    spans = without_overlap(TextSpan(kind, start, end) for kind, start, end in places)
    return tuple(
        (span.value, TextSpan(PLACEHOLDERS[span.value], span.start, span.end)) for span in spans
    )


def mask(text: str) -> str:
    """The text with a placeholder for each number."""
    pieces, end = [], 0
    for _, span in find(text):
        pieces += [text[end : span.start], span.value]
        end = span.end
    return "".join([*pieces, text[end:]])


def mask_but_first(text: str, kinds: Collection[Kind]) -> tuple[str, Kind | None]:
    """The text with placeholders, but for one number that was asked for.

    Args:
        text: what was typed.
        kinds: kinds of which one was asked for; the first number of such a kind stays.

    Returns:
        The text, and the kind of the number that stayed; None: none of them was there.
    """
    raw = [(kind, span) for kind, span in find(text) if text[span.start : span.end] != span.value]
    stays = next(((kind, span) for kind, span in raw if kind in kinds), None)
    if stays is None:
        return mask(text), None
    kind, span = stays
    return mask(text[: span.start]) + text[span.start : span.end] + mask(text[span.end :]), kind


def mask_split(before: str, text: str) -> tuple[str, str] | None:
    """Masks an account or card that a customer sent in two messages ("NL91 ABNA", "0417164300").

    Not a BSN: nine digits in a row come about too easily.

    Args:
        before: the message before it, already masked.
        text: the newest message, already masked.

    Returns:
        Both messages with the number taken out; None when no number spans the two.
    """
    joint = f"{before} {text}"
    for kind, span in find(joint):
        if kind != "bsn" and span.start < len(before) and span.end > len(before) + 1:
            return before[: span.start] + span.value, span.value + joint[span.end :]
    return None


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


def _cards(text: str) -> list[tuple[Kind, int, int]]:
    return [
        ("card", m.start(), m.end())
        for m in _CARD.finditer(text)
        if luhn.is_valid(re.sub(r"[ -]", "", m[0]))
        and not _OTHER_LABEL.search(text[max(0, m.start() - 40) : m.start()])
    ]


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
