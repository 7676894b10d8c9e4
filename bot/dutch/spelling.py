"""Brings words as people type them on a phone back to plain words.

Only for comparing and classifying: what the customer wrote is kept and shown as it was.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

# Plain words and how chat Dutch, Flemish too, writes them. Only what means one thing everywhere.
_SPELLINGS = {
    "alstublieft": "ajb alsjeblieft asjeblieft aub pls plz",
    "bedankt": "thanks thnx thx tnx",
    "bedrag": "bedr",
    "beetje": "btje",
    "ben": "bn",
    "creditcard": "cc",
    "dat": "da",
    "dat is": "das",
    "dus": "dsv",
    "echt": "egt",
    "er": "dr",
    "even": "eff effe effen efkes ff ffkes",
    "gewoon": "gwn",
    "goed": "gd goe",
    "heb": "hb hbe",
    "heb ik": "hebbik hebk",
    "het is": "tis",
    "hoe laat": "hoela",
    "iemand": "iemd",
    "iets": "iet",
    "ik ga": "kga",
    "ik heb": "khb kheb",
    "ik snap": "ksnap",
    "ik weet": "kweet",
    "ik wil": "kwil",
    "in ieder geval": "iig",
    "in plaats van": "ipv",
    "in verband met": "ivm",
    "is goed": "sgoed",
    "kan ik": "kank",
    "met betrekking tot": "mbt",
    "met vriendelijke groet": "mvg",
    "mijn": "m'n mn",
    "misschien": "msch mss",
    "niet": "ni nie",
    "niets": "niks",
    "nog steeds": "nogsteeds",
    "nummer": "nmr nr num",
    "ok": "oke okee",
    "omdat": "omda",
    "overmorgen": "ovm",
    "ter attentie van": "tav",
    "van de": "vd",
    "volgens": "vlgs",
    "volgens mij": "vgm",
    "vrijdag": "vrdg",
    "waarom": "wrm wrom",
    "wachtwoord": "pw pww ww wwoord",
    "wanneer": "waneer wanner wneer wnr",
    "wat": "wa",
    "wat voor": "watvoor",
    "week": "weekje",
    "zijn": "z'n zn",
    "zo snel mogelijk": "zsm",
}


def spellings(declared: Mapping[str, str]) -> dict[str, str]:
    """Short and misspelt words, each with what it stands for.

    Args:
        declared: plain words, each with how it is written too, separated by spaces.
    """
    return {
        str(short): str(word) for word, shorts in declared.items() for short in str(shorts).split()
    }


#: A short or misspelt word and what stands for it.
ABBREVIATIONS = spellings(_SPELLINGS)

_POSTCODE = re.compile(r"\b[1-9]\d{3}\s?[a-z]{2}\b")
_REPEATED = re.compile(r"([a-z])\1{2,}")
_MARKS = re.compile(r"[!?.]{2,}")
_WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?")
_DIGITS = re.compile(r"\d")


def plain(text: str, own: Mapping[str, str] | None = None) -> str:
    """A text in plain words: no capitals or accents, abbreviations written out, `heeeel` as `heel`.

    What comes out is plain: it stays as it is when it goes in again.

    Args:
        text: as it was typed.
        own: what `spellings` makes of the words that only this organisation has.
    """
    known = own or {}

    def written_out(word: re.Match[str]) -> str:
        return known.get(word[0]) or ABBREVIATIONS.get(word[0], word[0])

    folded = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    folded = _REPEATED.sub(r"\1\1", _MARKS.sub(lambda marks: marks[0][0], folded))
    return " ".join(_WORD.sub(written_out, folded).split())


def without_numbers(text: str) -> str:
    """Text whose digits all read `0`, so that one number teaches as much as another."""
    return _DIGITS.sub("0", _POSTCODE.sub("0000 xx", text))
