"""Finds which questions of a task the values in a message answer. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from bot.dialogue import corrections, open_days
from bot.dialogue.commands import Answer, Choose, Command, Correct
from bot.dialogue.questions import Question
from bot.dialogue.situation import Situation
from bot.dialogue.turn_message import Entity, TurnMessage


def by_entities(
    message: TurnMessage,
    now: Situation,
    asked: Question | None,
    known: frozenset[str],
    *,
    sure_only: bool = False,
) -> list[Command]:
    """Gives the message's entities to the questions they answer, where they say something new.

    The question asked comes first: digits that answer it are not another number as well.

    Args:
        message: what the customer said.
        now: where the task stands.
        asked: the question asked; None for the message that starts the task.
        known: slots that the message already answers by naming them.
        sure_only: whether only entities that can hardly mean something else count.
    """
    taken: list[Entity] = []
    found: list[Command] = []
    for entity, question in _pairs(message, now, asked):
        if (sure_only and not question.sure) or any(entity.overlaps(other) for other in taken):
            continue
        taken.append(entity)
        if question.slot in known:
            continue
        if now.values.get(question.slot) == entity.value:
            # "Nee, vrijdag is zwemles, doe donderdag": the other one is new.
            other = (each for each in message.others if each.name == entity.name)
            entity = next(other, entity)  # noqa: PLW2901 - the one that counts
        if open_days.DATE in (question.entity, question.slot):
            days = now.days if question == asked else ()
            entity = _one_day(message, entity, now.values.get(question.slot), days)  # noqa: PLW2901
        if question == asked or now.values.get(question.slot) != entity.value:
            value = corrections.given(question, entity.value, now)
            tapped = not message.typed and isinstance(value, Answer)
            found.append(Choose(question.slot, entity.value) if tapped else value)
    return found


def _one_day(
    message: TurnMessage, entity: Entity, current: Any, offered: Collection[date]
) -> Entity:
    """A date with those behind it, of which one is meant, and counted from the day that is known.

    Args:
        message: what the customer said.
        entity: the first date that counts.
        current: the day that is the answer so far, or None.
        offered: the days to choose from that the customer was just shown.
    """
    if not message.typed:
        return entity
    behind = [each for each in message.others if each.name == entity.name and each != entity]
    values = [each.value for each in behind if each.start >= entity.end and each.value != current]
    words, behind_it = message.typed[entity.start : entity.end], message.typed[entity.end :]
    own = open_days.as_offered(words, entity.value, offered)
    own = open_days.following(words, behind_it, own, current)
    value = open_days.merged([own, *values]) if values else open_days.moved(own, current)
    return replace(entity, value=value)


def _pairs(
    message: TurnMessage, now: Situation, asked: Question | None
) -> Iterator[tuple[Entity, Question]]:
    """Entities with the question each one answers, the one asked first.

    Of several questions for one kind of entity it is the one asked, else the first without an
    answer, else the last (two postcodes: the customer's own, and another one).
    """
    pairs = []
    for entity in message.entities:
        fitting = [q for q in now.questions if entity.name in (q.slot, q.entity)]
        if not fitting:
            continue
        open_ones = [q for q in fitting if now.values.get(q.slot) is None]
        chosen = asked if asked in fitting else (open_ones or fitting[-1:])[0]
        if chosen is not None:
            pairs.append((entity, chosen))
    yield from sorted(pairs, key=lambda pair: (pair[1] != asked, not pair[1].sure))


def slots_of(commands: Sequence[Command]) -> frozenset[str]:
    """The slots to which commands give a value."""
    return frozenset(each.slot for each in commands if isinstance(each, Answer | Correct | Choose))
