"""Reads the answers and corrections in a message to a task: by name, value, words or meaning. Pure.

`bot.dialogue.understanding` decides whether a message is about the task at all.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from bot.dialogue import corrections, objections, own_words
from bot.dialogue.beside_question import unserved, values_beside
from bot.dialogue.commands import Answer, Beyond, Command, Correct, Refuse, Repeat
from bot.dialogue.entity_answers import by_entities, slots_of
from bot.dialogue.questions import CONFIRM, Question
from bot.dialogue.situation import Situation
from bot.dialogue.turn_message import EarlierMessage, TurnMessage
from bot.dutch.question_grammar import asks_indirectly, is_question

Commands = tuple[Command, ...]
_YES_NO = frozenset({"affirm", "deny"})


def answers_in(message: TurnMessage, now: Situation) -> Commands:
    """What a message answers or corrects, by names, values, words or meaning; empty: nothing."""
    named = corrections.named_values(message, now)
    values = by_entities(message, now, now.asked, slots_of(named))
    if named or values:
        return (*named, *values)
    if wrong := corrections.asked_again(message, now):
        return (*wrong, Repeat())
    if not objections.objects(message, now):
        return _by_answer(message, now)
    # "Nee, ik bedoel vrijdag" corrects; a question in it is no answer, nor a mere no.
    found = () if now.asked.any_words or message.is_question else _by_answer(message, now)
    return () if found == (Refuse(),) else found


def first_answers(message: TurnMessage, now: Situation) -> Commands:
    """The answers that are already in the message that starts a task."""
    named = corrections.named_values(message, now)
    given = [*named, *by_entities(message, now, None, slots_of(named))]
    for question in now.questions:
        if not question.early or now.values.get(question.slot) is not None:
            continue
        if question.slot not in slots_of(given) and (found := by_words(message, question, now)):
            given.append(found)
    beyond = (Beyond(words) for words in unserved(message, now))
    return (*beyond, *given, *_told_before(message, now, slots_of(given)))


def _told_before(message: TurnMessage, now: Situation, known: frozenset[str]) -> Commands:
    """What messages before this one told already, so that it is not asked again.

    What proves an identity is kept elsewhere.
    """
    unknown = [each for each in now.unanswered if each.slot not in known]
    return told_earlier(message.earlier, unknown, now)


def told_earlier(
    messages: Sequence[EarlierMessage], questions: Collection[Question], now: Situation
) -> Commands:
    """The answers to questions in messages before this one, the newest first.

    Only of those that asked for a task, gave data or reported something: the day of "bent u vrijdag
    open?" is no answer to another question.

    Args:
        messages: those to look in.
        questions: those without an answer.
        now: where the task stands.
    """
    found: dict[str, Command] = {}
    for earlier in messages:
        tells = now.topics.kind(earlier.intent) in {"answer", "task"}
        if not tells and is_question(earlier.typed):
            continue
        for question in questions:
            if question.slot in found or question.any_words or question.free:
                continue
            names = (question.slot, question.entity)
            entity = next((each for each in earlier.entities if each.name in names), None)
            value = entity.value if entity else None
            if value is None and question.early and question.parse and earlier.told:
                value = question.parse(earlier.told)
            if value is not None:
                found[question.slot] = Answer(question.slot, value)
    return tuple(found.values())


def values_of_question(message: TurnMessage, now: Situation) -> Commands:
    """The values beside a question that was answered: "middag" of "middag. Kost dat iets?"."""
    beside = values_beside(message)
    found = answers_in(beside, now) if beside is not None else ()
    values = (each for each in found if isinstance(each, Answer | Correct))
    return tuple(each for each in values if each.value is not None and each.slot != CONFIRM.slot)


def _by_answer(message: TurnMessage, now: Situation) -> Commands:
    """Takes words or a meaning as an answer, or as a correction of an earlier one."""
    asked = now.asked
    if asked.any_words and (corrected := corrections.called(message, now)):
        return corrected
    if (word := by_words(message, asked, now)) is not None:
        return (word,)
    if corrected := corrections.called(message, now) or corrections.amended(message, now):
        return corrected
    meant = _by_meaning(message, now)
    return (meant,) if meant else ()


def _by_meaning(message: TurnMessage, now: Situation) -> Command | None:
    value = now.asked.intents.get(message.intent or "")
    # "Ik weet het niet" and "misschien" are near to a no, and are none; "klopt dat wel?" is no yes.
    if value is None or (message.intent in _YES_NO and message.doubts):
        return None
    if message.intent == "affirm" and message.attaches:
        return None
    if now.asked is CONFIRM:
        # Of typed words only a plain yes counts, whatever the classifier thinks of them.
        return Refuse() if value == "no" else None
    return Answer(now.asked.slot, value)


def by_words(message: TurnMessage, question: Question, now: Situation) -> Command | None:
    """Takes words as an answer to a question, first those that deny nothing; None: no answer."""
    if question is CONFIRM or not message.typed:
        return None
    if own_words.takes(question):
        none = own_words.is_no_answer(message)
        return None if none else Answer(question.slot, message.typed)
    if asks_indirectly(message.typed):
        return None
    value = question.parse(message.asserted) if question.parse else None
    if value is None and question.parse:
        value = question.parse(message.typed)
    return None if value is None else corrections.given(question, value, now)
