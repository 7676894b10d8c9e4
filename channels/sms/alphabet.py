"""The GSM 7-bit alphabet, and a text made to fit it where that costs the reader nothing.

One character outside the alphabet makes a whole message UCS-2, with 70 characters to a segment
instead of 160. Source: 3GPP TS 23.038, section 6.2.1.
"""

from __future__ import annotations

import unicodedata
from typing import Final

BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
#: Characters that follow an escape: two septets each.
EXTENDED: Final = frozenset("\f^{}\\[~]|€")

#: Signs of typography with a plain twin. The twin means the same.
_TWINS: Final = str.maketrans(
    {
        # Quotation marks, single and double, and primes.
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u00b4`", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"'),
        # Hyphens, dashes and the minus sign; bullets.
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"),
        **dict.fromkeys("\u2022\u00b7\u25aa", "-"),
        # Spaces of other widths, and characters without any.
        **dict.fromkeys("\u00a0\u2002\u2003\u2007\u2009\u202f\t", " "),
        **dict.fromkeys("\u200b\u2060\ufeff\u00ad", ""),
        # Ellipsis, arrow, multiplication sign, line and paragraph separators.
        "\u2026": "...",
        "\u2192": "->",
        "\u00d7": "x",
        "\u2028": "\n",
        "\u2029": "\n",
    }
)


def is_gsm(text: str) -> bool:
    """Whether the text can travel in GSM-7."""
    return all(character in BASIC or character in EXTENDED for character in text)


def simplified(text: str) -> str:
    """Brings a text into GSM-7 if nothing but typography and accents keeps it out of that.

    "Geïnteresseerd" without its dots still reads, and its message takes half the segments. A text
    with other signs, such as an emoji, stays as it is.
    """
    composed = unicodedata.normalize("NFC", text)
    plain = composed.translate(_TWINS)
    if not is_gsm(plain):
        plain = "".join(map(_without_accent, plain))
    return plain if is_gsm(plain) else composed


def _without_accent(character: str) -> str:
    if is_gsm(character):
        return character
    parts = unicodedata.normalize("NFD", character)
    return "".join(part for part in parts if not unicodedata.combining(part))
