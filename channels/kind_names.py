"""Names of kinds of messages, as providers give them: what may be logged, and what is an act.

A customer *writes* a message, and gets an answer; what they *do* to one that is there already (pin
it, withdraw it, vote in a poll, put a heart below it) asks for none. A name that nobody here knows
is that of a message, unless its words say otherwise: an answer too many can be read over, a message
without any answer cannot.
"""

from __future__ import annotations

import re
from typing import Final

#: Longest name that is taken for one, in characters.
_LONGEST: Final = 40
_NAME: Final = re.compile(rf"[A-Za-z][A-Za-z0-9_]{{0,{_LONGEST - 1}}}", re.ASCII)
#: The words of a name: `poll_update`, `pollUpdate`.
_WORD: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
#: Words for what is done to something that is there.
_ACTS: Final = frozenset(
    "add added delete deleted done edit edited expire expired keep pin pinned react reaction"
    " remove removed response revoke revoked seen unkeep unpin update updated vote voted".split()
)


def loggable(name: object) -> str:
    """A kind's name as it may stand in a log: it comes from outside, and could hold anything.

    Args:
        name: what the provider gave.

    Returns:
        The name when it is a short identifier, else `unnamed`.
    """
    return name if isinstance(name, str) and _NAME.fullmatch(name) else "unnamed"


def is_act(name: object) -> bool:
    """Whether a kind's name is that of something done to a message, rather than of a message."""
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        return False
    return any(word.lower() in _ACTS for word in _WORD.findall(name))
