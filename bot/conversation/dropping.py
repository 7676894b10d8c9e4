"""Words that drop what is going on and say nothing else: "laat maar", "stop hier maar mee". Pure.

A task is dropped in the same words as the wait for a person; what stands here holds for both.
"""

from __future__ import annotations

import re
from typing import Final

_FILLER: Final = (
    r"(?:nee|neen|nou|hm+|ah|oh?|of|ja|ok|oke|okay|pf+|ach|weet je|wat|goed|maar|dan|sorry|even|"
    r"och|joh|wacht|eigenlijk|jammer|en|nu|anders|dus|weer|hoor|bah|tja)"
)
#: What may stand before such words and says nothing, each word with a space behind it.
LEAD: Final = rf"(?:{_FILLER} )*"
#: What may stand behind them, each word with a space before it.
POLITE: Final = (
    r"(?: (?:hoor|dan|joh|aub|svp|dank\w*|u|je|wel|bedankt|meer|graag|voor|nu|toch|sorry|even|"
    r"allemaal|weer|het|zo|de|moeite|mij|me|hiermee|ermee|maar|ook|verder|echt|al|a))*"
)
#: "Laat maar", with what may be let.
LET: Final = (
    r"la+o?t(?: (?:het|dat|dit|hem|die|t|er|ut|dan|nu|toch|ook|gewoon|verder))*"
    r" (?:maar|zitten|zo)(?: (?:zitten|zo|rusten|achterwege))?"
)
_STOP: Final = (
    r"(?:(?:ik|we|wij) )?(?:wil |ga |willen )?"
    r"(?:stop|stoppen|kap|kappen|hou|houd|annuleer|annuleren|cancel)"
    r"(?: (?:er|hier|daar|hiermee|ermee|dit|dan|nu|maar|even|gewoon|mee|op|aub))*(?: met \w+en)?"
)
#: Drops what is going on, and is complete: with more words behind it, it says something else.
DROP: Final = (
    rf"(?:{_STOP}|{LET}|vergeet (?:het|t|dat|dit)(?: (?:dan|maar))*"
    r"|doe(?: (?:het|dat|t|er|dan|maar|toch))* nie?t?"
    r"|(?:toch|dan)(?: (?:maar|dan|toch|liever))? nie?t?(?: meer)?)"
)
_FILLERS: Final = re.compile(rf"(?:{_FILLER}(?: |$))*")
_DROPS: Final = re.compile(rf"{LEAD}{DROP}{POLITE}")


def says_nothing(clause: str) -> bool:
    """Whether a clause holds nothing but fillers: "nee hoor", "ok".

    Args:
        clause: as `bot.conversation.escape.normalise` writes it.
    """
    return _FILLERS.fullmatch(clause) is not None


def drops(clause: str) -> bool:
    """Whether a clause drops what is going on and says nothing else.

    Args:
        clause: as `bot.conversation.escape.normalise` writes it.
    """
    return _DROPS.fullmatch(clause) is not None
