"""Finds what a customer wants besides, of what a task does one at a time: "en ook de trui". Pure.

The answer that there is stays, and the other one gets a run of its own after it. To put it in the
place of the first would lose that in silence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from bot.conversation.escape import normalise
from bot.dialogue.commands import Also, Command
from bot.dialogue.other_subject import is_elsewhere
from bot.dialogue.questions import Question
from bot.dialogue.situation import Situation
from bot.dialogue.turn_message import TurnMessage
from bot.dutch import clauses
from bot.dutch.question_grammar import asks_indirectly, is_question

#: Adds to what there is. What replaces it has another word for that.
_ADDS: Final = re.compile(
    r"^(?:(?:ja+|ok|oke|oh?|nou|klopt|prima|goed|graag|doe|nee|maar|wacht|eigenlijk) )*"
    r"(?:en|ook|plus|samen met|daarnaast)\b|\b(?:ook|allebei|beide|erbij|daarnaast)\b"
)
_REPLACES: Final = re.compile(
    r"\b(?:niet|nie|geen|ipv|plaats|liever|toch|bedoel\w*|anders|verkeerd\w*|fout\w*|alleen)\b"
)
_JOINS: Final = re.compile(r"\s+(?:en|plus|&)\s+|\s*\+\s*", re.IGNORECASE)


def adds(text: str) -> bool:
    """Whether words add to what there is: "ook de trui", "en de trui graag".

    Args:
        text: as it was typed.
    """
    said = normalise(text)
    return _ADDS.search(said) is not None and _REPLACES.search(said) is None


def also(message: TurnMessage, now: Situation) -> tuple[Command, ...]:
    """What is wanted besides the answer to a question that takes one at a time.

    Args:
        message: what the customer said.
        now: where the task stands.
    """
    said = message.typed
    if not said or asks_indirectly(said) or _REPLACES.search(normalise(said)):
        return ()
    if message.intent not in now.own and is_question(said):
        return ()
    found: list[Command] = []
    for each in now.questions:
        if not (each.one_by_one and now.is_checked(each)):
            continue
        if each is now.claim and is_elsewhere(message, now):
            # "En waar is AB-123456?" in another task asks for that one.
            continue
        values, known = [*_values(message, each)], now.values[each.slot]
        if adds(said) or known in values:
            found += [Also(each.slot, value) for value in dict.fromkeys(values) if value != known]
    return tuple(found)


def _values(message: TurnMessage, question: Question) -> Iterator[Any]:
    """The answers to a question that stand in a message, each part of it read apart."""
    wanted = (question.slot, question.entity)
    yield from (each.value for each in (*message.entities, *message.others) if each.name in wanted)
    if question.parse is None or question.free or question.any_words:
        return
    parts = (part for each in clauses.cut(message.typed) for part in _JOINS.split(each.text))
    yield from (value for part in parts if (value := question.parse(part)) is not None)
