"""The disclosure: when Loket must say that it is an AI, and which version of the text it was.

Source: EU AI Act (Regulation (EU) 2024/1689) art. 50(1) and (5): people are told clearly and at the
latest at the first interaction. Loket repeats it after a person hands back and in long
conversations, because by then the first notice has scrolled away.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from typing import Final

from bot.messages import Notice, Outbound

#: Words by which a Dutch text tells that no human answers.
_MACHINE: Final = re.compile(
    r"\bAI\b|\bA\.I\.|kunstmatige intelligentie|artifici[eë]le intelligentie"
    r"|\b(chat|ro|spraak|praat)?bots?\b|\brobot|\bcomputer|geautomatiseerd"
    r"|(geen|niet met een) (echt )?(mens|persoon)",
    re.IGNORECASE,
)


#: Words that deny it: "niet met een AI-assistent", "geen robot".
_DENIED: Final = re.compile(
    r"\b(?:geen|niet|nooit)\b(?: \w+){0,3}? "
    r"(?:AI|A\.I|(?:chat|ro|spraak|praat)?bot|robot|computer)\b[\w-]*|\bniet geautomatiseerd\w*",
    re.IGNORECASE,
)
#: Fewer words than this are no sentence that tells anything.
_LEAST_WORDS: Final = 3


def tells(text: str) -> bool:
    """Whether a text says that an AI, and no human, answers; what denies it says the opposite."""
    if len(text.split()) < _LEAST_WORDS or _DENIED.search(text):
        return False
    return _MACHINE.search(text) is not None


def version_of(text: str) -> str:
    """A short name for exactly this text: the first 8 hexadecimal digits of its SHA-256."""
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def due(*, disclosed: bool, turns_since: int, every: int) -> bool:
    """Whether the next message of the bot needs a disclosure before it.

    Args:
        disclosed: whether it was said in this session, or since a person handed back.
        turns_since: turns of the bot since it was last said.
        every: how many turns one disclosure lasts.
    """
    return not disclosed or turns_since >= every


def is_disclosure(message: object) -> bool:
    """Whether a message is the notice that an AI is answering."""
    return isinstance(message, Notice) and message.notice == "disclosure"


def put_first(
    messages: Sequence[Outbound], notice: Notice, *, needed: bool
) -> tuple[Outbound, ...]:
    """Puts the disclosure before a turn's messages if it is needed, and takes out repetitions.

    Args:
        messages: what the bot says this turn.
        notice: the disclosure to use when the turn does not bring its own.
        needed: outcome of `due`.

    Returns:
        The messages; a disclosure comes first, is said once a turn, and carries a version.
    """
    # A disclosure without words says nothing.
    own = [message for message in messages if is_disclosure(message) and message.text.strip()]
    rest = tuple(message for message in messages if not is_disclosure(message))
    if not own and not needed:
        return rest
    said = own[0] if own else notice
    if isinstance(said, Notice) and not said.version:
        said = Notice(said.text, "disclosure", version_of(said.text))
    return (said, *rest)
