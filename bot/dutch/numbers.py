"""Reads numbers, in digits or in words: "3", "12,5", "drie", "vijfentwintig", "anderhalf".

"Een paar" and "een stuk of wat" are no numbers: who needs one has to ask again. Nor is "een" before
another word, which is an article, unless that word is a unit ("een persoon").
"""

from __future__ import annotations

import re
from typing import Final

_TO_TWELVE: Final = (
    "nul", "een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien", "elf",
    "twaalf",
)  # fmt: skip
_TEENS: Final = ("dertien", "veertien", "vijftien", "zestien", "zeventien", "achttien", "negentien")
_TENS: Final = (
    "twintig", "dertig", "veertig", "vijftig", "zestig", "zeventig", "tachtig", "negentig",
)  # fmt: skip


def _words() -> dict[str, float]:
    found: dict[str, float] = dict(zip((*_TO_TWELVE, *_TEENS), range(20), strict=True))
    for tens, name in zip(range(20, 100, 10), _TENS, strict=True):
        found[name] = tens
        for unit, word in enumerate(_TO_TWELVE[1:10], start=1):
            joined = "ën" if word.endswith("e") else "en"
            found[f"{word}{joined}{name}"] = found[f"{word}en{name}"] = tens + unit
    below = dict(found)
    for hundreds, word in enumerate(("", *_TO_TWELVE[2:10]), start=1):
        found[f"{word}honderd"] = hundreds * 100
        found |= {f"{word}honderd{rest}": hundreds * 100 + n for rest, n in below.items() if n}
    return found | {
        "één": 1, "duizend": 1000, "anderhalf": 1.5, "anderhalve": 1.5,
        "tweeënhalf": 2.5, "tweeeneenhalf": 2.5, "drieënhalf": 3.5, "vierenhalf": 4.5,
    }  # fmt: skip


#: Numbers by their word, in lower case; "een" may also be an article.
WORDS: Final[dict[str, float]] = _words()
#: "Met z'n drieën", "met ons vieren": how many people there are.
_TOGETHER: Final = {
    "tweeën": 2, "tweeen": 2, "drieën": 3, "drieen": 3, "vieren": 4, "vijven": 5, "zessen": 6,
    "zevenen": 7, "achten": 8, "negenen": 9, "tienen": 10, "elven": 11, "twaalven": 12,
}  # fmt: skip
_WITH: Final = frozenset({"zijn", "z'n", "zn", "ons", "hun", "jullie", "m'n", "mijn"})
_UNITS: Final = re.compile(
    r"(persoon|man|mens|stuks?(?! of)|keer|maal|kind|volwassene|dag|week|maand|jaar|uur|minuut|"
    r"kilo|liter|procent|euro)\b"
)
_TOKEN: Final = re.compile(
    r"-?\d{1,3}(?:\.\d{3})+(?:,\d+)?(?!\d)|-?\d+(?:[.,]\d+)?|[^\W\d_]+(?:['’][^\W\d_]+)?"
)
_THOUSANDS: Final = re.compile(r"\.(?=\d{3}(?!\d))")
_HALF: Final = re.compile(r"\s+en\s+een\s+half(ve|e)?\b", re.IGNORECASE)


def find(text: str) -> tuple[float, ...]:
    """The numbers in a text, in order.

    Args:
        text: a customer's words.
    """
    found: list[float] = []
    before, end = "", 0
    for token in _TOKEN.finditer(text):
        if token.start() < end:
            continue
        word = token[0].casefold().replace("’", "'")
        value = _value(word, before, text[token.end() :])
        before = word
        if value is None:
            continue
        half = _HALF.match(text, token.end())
        end = half.end() if half else 0
        found.append(value + 0.5 if half else value)
    return tuple(found)


def parse(text: str) -> float | None:
    """The one number in a text; None when there is none, or more than one."""
    found = find(text)
    return found[0] if len(found) == 1 else None


def _value(word: str, before: str, after: str) -> float | None:
    if any(char.isdecimal() for char in word):
        return float(_THOUSANDS.sub("", word).replace(",", "."))
    if word == "een":
        rest = after.strip(" .,!?").casefold()
        return 1.0 if not rest or _UNITS.match(rest) else None
    if before in _WITH and word in _TOGETHER:
        return float(_TOGETHER[word])
    value = WORDS.get(word)
    return None if value is None else float(value)
