"""Reads a message's bytes as its gateway says they are to be read. Pure.

A gateway gives a message's coding (3GPP TS 23.038: 0 the default alphabet, 1 data, 2 UCS-2) and the
name of the charset that the bytes are in.
"""

from __future__ import annotations

import codecs
import re
from typing import Final

#: Longest name of a charset, in characters.
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,39}", re.ASCII)
#: What gateways call UTF-16 without characters beyond the first 65,536.
_UCS_2: Final = re.compile(r"(ISO-10646-)?UCS-?2(BE)?", re.IGNORECASE)
#: Python's own ways to write text as bytes, which are nobody's charset.
#: Source: https://docs.python.org/3/library/codecs.html#python-specific-encodings
_PYTHONS: Final = frozenset(
    "idna mbcs oem punycode raw_unicode_escape undefined unicode_escape".split()
)
#: Names that gateways give to data, which is in no charset.
_DATA: Final = frozenset(("8-bit", "8bit", "binary"))
#: Kinds of information in a message's header (3GPP TS 23.040, section 9.2.3.24) by which it is for
#: a program and not for a reader: a port, or the SIM card.
_PORTS: Final = frozenset((0x04, 0x05))
_SIM: Final = range(0x70, 0x80)
_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")


def is_text(coding: str, charset: str, header: bytes) -> bool:
    """Whether a message is for people to read.

    Args:
        coding: `0`, `1` or `2`; empty when the gateway does not say.
        charset: name of the charset, or empty.
        header: the message's user data header (UDH), its length first; empty for none.
    """
    if coding == "1" or (not coding and charset.lower() in _DATA):
        return False
    return not any(kind in _PORTS or kind in _SIM for kind in _kinds(header))


def read(message: bytes, charset: str, coding: str) -> str:
    """The text of a message.

    The charset that is named counts, if Python knows it as one; else the coding. Bytes that cannot
    be in it are not guessed at one by one: the whole is read as UTF-8 where it is that, which
    nothing else is by accident, and otherwise each of them becomes U+FFFD.

    Args:
        message: its bytes.
        charset: name of the charset, or empty.
        coding: as `is_text` takes it.
    """
    named = _codec(charset, message) or ("utf-16-be" if coding == "2" else "")
    tried: tuple[str, ...] = (named, "utf-8") if named else ("utf-8", "cp1252")
    if named and b"-".decode(named, "replace") != "-":
        tried = (named,)  # as unlike UTF-8 as UTF-16 is: what fits both was meant as the first
    for codec in tried:
        try:
            return _sound(message.decode(codec))
        except ValueError:
            continue
    return _sound(message.decode(named or "cp1252", "replace"))


def _codec(charset: str, message: bytes) -> str:
    """Python's name for a charset; empty when it knows none that is called so."""
    if _UCS_2.fullmatch(charset):
        return "utf-16-be"
    try:
        codec = codecs.lookup(charset).name if _NAME.fullmatch(charset) else ""
        # Also asks whether it is about text at all: "hex" and "zip" are codecs too.
        b"-".decode(codec or "utf-8", "replace")
    except (LookupError, ValueError):
        return ""
    if codec.replace("-", "_") in _PYTHONS:
        return ""
    if codec in ("utf-16", "utf-32") and not message.startswith(_marks(codec)):
        return f"{codec}-be"  # without a mark, the order of networks
    return codec


def _marks(codec: str) -> tuple[bytes, bytes]:
    if codec == "utf-16":
        return codecs.BOM_UTF16_BE, codecs.BOM_UTF16_LE
    return codecs.BOM_UTF32_BE, codecs.BOM_UTF32_LE


def _sound(text: str) -> str:
    """The text without halves of characters, which some codecs let through."""
    return _SURROGATE.sub("\ufffd", text)


def _kinds(header: bytes) -> list[int]:
    """The kinds of information in a header; what is no header has none."""
    found, at, end = [], 1, 1 + (header[0] if header else 0)
    while at + 1 < min(end, len(header)):
        found.append(header[at])
        at += 2 + header[at + 1]
    return found
