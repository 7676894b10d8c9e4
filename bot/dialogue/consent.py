"""Tells a plain yes from one with something attached. Pure.

What a task carries out needs a plain yes to the summary that was shown last. Words are a plain yes
when they say yes and nothing else: every word has to be known to do so, because nobody can list
what people attach to a yes ("ja, maar eerst ...", "ja bijna", "ja doe maar niet"). Of words that
are not known here the summary is asked about again, which costs a tap and carries out nothing.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING, Final

from bot.conversation.escape import normalise

if TYPE_CHECKING:
    from bot.dialogue.questions import Prompt
    from bot.dialogue.turn_message import TurnMessage

_IT: Final = "(?:dat|dit|het|alles|zo)"
_RIGHT: Final = "(?:goed|juist|correct|prima|akkoord|oke|ok|in orde|helemaal goed|helemaal juist)"
#: What says yes, as `normalise` writes it.
_YES: Final = (
    "ja+h?",
    "jo+a?",
    "jaja",
    "jep",
    "jup",
    "yep",
    "yes+",
    "jazeker",
    "zeker",
    "zeker weten",
    "jawel",
    "inderdaad",
    "natuurlijk",
    "uiteraard",
    "tuurlijk",
    "absoluut",
    "oke+",
    "ok",
    "okay",
    "oki",
    "top",
    "perfect",
    "uitstekend",
    f"(?:helemaal )?(?:klopt|kloppen)(?: {_IT})?(?: helemaal)?",
    f"(?:{_IT}|(?:de|het|mijn) \\w+) (?:klopt|kloppen)(?: zo| allemaal| helemaal)?",
    f"(?:{_IT} )?(?:is |lijkt me |vind ik )?{_RIGHT}(?: zo)?",
    "vooruit(?: maar)?",
    "eens",
    "bevestig(?:d)?",
    "ik bevestig(?: het| dit| dat)?",
    "ik ga akkoord",
    "ga akkoord",
    "graag",
    "(?:ja )?doe (?:dat |het |zo |dit |dan |toch )*(?:maar|zo)",
    "doen",
    "dat mag",
    "ga (?:je|uw) gang",
    "ga (?:maar |gewoon |dan )*(?:door|verder)(?: maar)?",
    "doe (?:maar |het )*gewoon(?: maar)?",
    "gewoon doen(?: maar)?",
    "voer (?:het |dit |dat )?(?:maar )?(?:uit|door)",
    "regel (?:het |dit |dat )?maar",
    "laten we dat doen",
)
#: What may stand beside it and adds nothing.
_POLITE: Final = (
    "hoor",
    "aub",
    "svp",
    "a u b",
    "alstublieft",
    "alsjeblieft",
    "dank (?:u|je)(?: wel)?",
    "dankuwel",
    "dankjewel",
    "bedankt",
    "mevrouw",
    "meneer",
    "mooi",
    "fijn",
    "super",
    "h+m+",
    "eh+",
    "uh+",
    "nou(?: ja)?",
    "ach",
    "dan(?: maar)?",
    # Alone it may mean what is to end: "gewoon verder" below "Ik zeg uw les op".
    "(?:maar |gewoon )*(?:door|verder|doorgaan|verdergaan)(?: (?:gaan|maar))?",
)
_PLAIN: Final = re.compile(rf"(?:(?:{'|'.join((*_YES, *_POLITE))})(?: |$))+")
_SAYS_YES: Final = re.compile(rf"(?:^| )(?:{'|'.join(_YES)})(?: |$)")
#: Praise alone says yes to a question; with thanks it may as well say that all is done.
_PRAISE_AND_THANKS: Final = re.compile(
    r"(?=.*\b(?:be)?dank)(?:(?:top|perfect|uitstekend|mooi|fijn|super|(?:be)?dank\w*|u|je|wel|hoor)"
    r"(?: |$))+"
)
_THUMB: Final = re.compile("[\U0001f44d\U0001f44c\u2705]")
#: Marks of a question, and pictures that say something else than yes or thanks.
_ASKS: Final = re.compile(r"[?¿]")
_SIGNS: Final = re.compile(
    "[\U0001f44d\U0001f44c\u2705\U0001f64f\U0001f600-\U0001f60f\U0001f642\U0001f44b\u263a\ufe0f\u200d"
    "\U0001f3fb-\U0001f3ff]"
)
#: More of a yes is not read; a longer message says more than that.
_LONGEST: Final = 80


def is_plain_yes(text: str) -> bool:
    """Whether words say yes and nothing else.

    Args:
        text: what the customer typed.
    """
    if len(text) > _LONGEST or _ASKS.search(text):
        return False
    words = normalise(text)
    if re.search(r"[^\w\s.,;:!'’`´\"()-]", _SIGNS.sub("", text)):
        return False
    if not words:
        return _THUMB.search(text) is not None
    if _PRAISE_AND_THANKS.fullmatch(words):
        return False
    return _PLAIN.fullmatch(words) is not None and _SAYS_YES.search(words) is not None


def plain_answer(text: str) -> str | None:
    """`yes` for a plain yes, `no` for a thumb down; None for any other words."""
    if is_plain_yes(text):
        return "yes"
    return "no" if re.match("\\s*[\U0001f44e\u274c]", text) else None


def consents(message: TurnMessage) -> bool:
    """Whether a message is a plain yes: a tapped one, or words that say it and nothing else."""
    if not message.typed:
        return message.intent == "affirm"
    return is_plain_yes(message.typed)


def digest(summary: Prompt) -> str:
    """A short name for exactly this summary, which tells nothing of what stands in it.

    Args:
        summary: the question whether everything is right.
    """
    shown = json.dumps([summary.response, dict(summary.values)], sort_keys=True, default=str)
    return hashlib.sha256(shown.encode()).hexdigest()[:16]
