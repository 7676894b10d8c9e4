"""Tells whether words ask for just what a summary says: "zeg maar op" below "Ik zeg op". Pure.

What a task does may be to end something. Its customers then say "stop", "zeg op" and "beëindig" of
that, and not of the talk. Such words agree to the summary when they ask for it and hold nothing
else: every word is one that an answer was read from, or adds nothing. Of any other word the summary
is shown again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from bot.conversation.escape import normalise
from bot.dialogue import phrases
from bot.dialogue.questions import Question

#: What adds nothing to what is asked for.
_LIGHT: Final = frozenset(
    """ja jawel jazeker ok oke okay prima goed akkoord maar gewoon hem het t die dat deze dit mijn
    mn m n de er dan hoor aub svp graag nu wel even gerust verder door doorgaan ga doe""".split()
)
_YES: Final = re.compile(
    r"^(ja|jawel|jazeker|ok|oke|okay|prima|goed|akkoord|graag)\b|\bja$"
    r"|\b(ga (maar |gewoon )*|gewoon |maar )(door|verder)\b"
)
_ASKS_FOR: Final = re.compile(r"\b(maar|gewoon|graag)\b")
_DENIES: Final = re.compile(
    r"\b(niet|nie|niks|niets|geen|nooit|nee|neen|zonder|toch|tenzij|doorlopen|houden?)\b"
)
#: Longer words say more than the summary does.
_LONGEST: Final = 80


def asks_for_it(text: str, questions: Sequence[Question], values: Mapping[str, Any]) -> bool:
    """Whether words ask a task to do what it is about to do, whatever else they say.

    Args:
        text: as it was typed.
        questions: the task's.
        values: the answers, by slot.
    """
    said = normalise(text)
    if "?" in text or _DENIES.search(said) or not _does(said, questions, values):
        return False
    # "Beëindig maar" may mean the talk as well.
    ends = phrases.STOP.search(said) is not None
    return _YES.search(said) is not None or (not ends and _ASKS_FOR.search(said) is not None)


def agrees(text: str, questions: Sequence[Question], values: Mapping[str, Any]) -> bool:
    """Whether words ask a task to do what it is about to do, and say nothing else.

    Args:
        text: as it was typed.
        questions: the task's.
        values: the answers, by slot.
    """
    if len(text) > _LONGEST or not asks_for_it(text, questions, values):
        return False
    words = normalise(text).split()
    read = [each for each in questions if _reads(each, " ".join(words), values)]

    def is_read(at: int) -> bool:
        rest = " ".join([*words[:at], *words[at + 1 :]])
        return any(not _reads(each, rest, values) for each in read)

    return all(word in _LIGHT or is_read(at) for at, word in enumerate(words))


def _does(said: str, questions: Sequence[Question], values: Mapping[str, Any]) -> bool:
    return any(each.does and _reads(each, said, values) for each in questions)


def _reads(question: Question, said: str, values: Mapping[str, Any]) -> bool:
    if question.parse is None or question.free or question.any_words:
        return False
    value = values.get(question.slot)
    return value is not None and question.parse(said) == value
