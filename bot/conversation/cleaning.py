"""Cleans what a customer typed, before it is understood; the original stays in the inbox."""

from __future__ import annotations

import re
import unicodedata

from bot.messages import MAX_UNDERSTOOD_CHARACTERS

#: Zero-width and direction marks, invisible and a way to hide words from a matcher; and U+FFFD,
#: which the store puts in the place of what no database can hold.
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad\ufffd]")


def clean(text: str) -> str:
    """Takes out control and invisible characters, makes spaces single, and cuts a long text.

    Args:
        text: anything; lone surrogates and NUL bytes included.

    Returns:
        At most `MAX_UNDERSTOOD_CHARACTERS` characters; empty when nothing visible is left.
    """
    visible = _INVISIBLE.sub("", text[: 4 * MAX_UNDERSTOOD_CHARACTERS])
    printable = "".join(
        " " if unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") else char for char in visible
    )
    return re.sub(r"\s+", " ", printable).strip()[:MAX_UNDERSTOOD_CHARACTERS].strip()
