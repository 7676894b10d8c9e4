"""Finds what stands beside a question, or beyond a task, in one message. Pure.

"Middag. Kost dat nog wat extra?" answers and asks: the question is answered first, and the answer
is not lost. "4 weken, maar pas vanaf 20 december" answers, and wants what the task has no question
for: that is said, rather than left out in silence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from bot.acts.acts import ActShares
from bot.dialogue import phrases
from bot.dialogue.situation import Situation
from bot.dialogue.turn_message import Entity, TurnMessage
from bot.dutch import clauses
from bot.dutch.question_grammar import is_elliptic, is_open_question, is_question

#: More words than this beside a question are part of its story: "ik ben vrijdag jarig".
_ANSWER: Final = 5


def values_beside(message: TurnMessage) -> TurnMessage | None:
    """The part of a message that answers, beside the part that asks.

    Returns:
        The message with those words and their values alone; None when it does not do both.
    """
    found = clauses.cut(message.typed)
    asking = [each for each in found if is_question(each.said)]
    rest = [each for each in found if each not in asking]
    told = " ".join(each.text for each in rest)
    if not asking or not told or len(told.split()) > _ANSWER:
        return None

    def stands(entity: Entity) -> bool:
        return any(each.start <= entity.start and entity.end <= each.end for each in rest)

    # What the whole message was taken for is the question's meaning.
    part = _part(message, told, stands)
    return replace(part, intent=None, asks_pages=False, acts=ActShares())


def without_open_questions(message: TurnMessage) -> TurnMessage:
    """A message without the clauses that ask with a question word: what stands in them is asked.

    "Dat weet ik nog niet, wat kost de avond" does not choose the evening. The rest keeps its place.
    """
    found = clauses.cut(message.typed)
    asking = [each for each in found if is_open_question(each.said)]
    if not asking:
        return message
    told = list(message.typed)
    for each in asking:
        told[each.start : each.end] = " " * (each.end - each.start)

    def stands(entity: Entity) -> bool:
        return not any(each.start < entity.end and entity.start < each.end for each in asking)

    return _part(message, "".join(told).rstrip(), stands)


def behind(message: TurnMessage, start: int) -> TurnMessage:
    """The part of a message from some character on; it keeps its place."""
    rest = " " * start + message.typed[start:]
    return _part(message, rest, lambda entity: entity.start >= start)


def _part(message: TurnMessage, typed: str, stands: Callable[[Entity], bool]) -> TurnMessage:
    """A message of some of its words, with the values that stand in them."""
    return replace(
        message,
        typed=typed,
        entities=tuple(filter(stands, message.entities)),
        others=tuple(filter(stands, message.others)),
    )


def asks_aside(message: TurnMessage) -> bool:
    """Whether a message that answers also asks what has no subject of its own: "kost dat iets?"."""
    said = [each.said for each in clauses.cut(message.typed)]
    return len(said) > 1 and any(is_elliptic(each) and is_question(each) for each in said)


def unserved(message: TurnMessage, now: Situation) -> Iterator[str]:
    """The words that want a task to hold from a day, where no question of it takes a day.

    Args:
        message: what the customer said.
        now: where the task stands.
    """
    if message.is_question:
        return
    for entity in (*message.entities, *message.others):
        if entity.name != "date" or entity.end <= entity.start:
            continue
        if any(entity.name in (each.slot, each.entity) for each in now.questions):
            continue
        # The word that leads a day may be a part of it: "vanaf 20 december".
        leads = phrases.EFFECTIVE.finditer(message.typed, 0, entity.end)
        if lead := next((each for each in leads if each.end() >= entity.start), None):
            yield message.typed[lead.start() : entity.end].strip()
