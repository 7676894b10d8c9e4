"""Interprets a message to a form: as an answer, a correction, a digression, or otherwise. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from enum import Enum, auto
from typing import Any

from bot.dialogue.questions import CONFIRM, Answers, Question
from bot.dialogue.turn_message import CERTAIN, Entity, TurnMessage
from bot.topics import built_in
from bot.topics.topic import Kind
from bot.topics.topics import Topics

#: From this confidence on a sentence is about its own subject, even if a word in it could be an
#: answer ("bent u morgen open?" when asked for a day).
CLEAR = 0.6
#: Fewer words than this are hardly a question: "vrijdag middag aub".
SENTENCE = 4
_YES_NO = frozenset({"affirm", "deny"})


class Interpretation(Enum):
    """The ways in which a form takes a message."""

    #: One or more answers were given, or an earlier one was corrected.
    ANSWER = auto()
    #: The customer wants the question before.
    BACK = auto()
    #: The question is asked again: "try again" was tapped, or an answer has to be given anew.
    AGAIN = auto()
    #: The customer wants to leave the form.
    LEAVE = auto()
    #: The message is about another subject.
    NOT_OURS = auto()
    #: The message is no answer to the question.
    NOTHING = auto()


def interpret_first(message: TurnMessage, questions: Sequence[Question], answers: Answers) -> None:
    """Takes the message that starts a form: gives the answers that are already in it.

    Args:
        message: what the customer said.
        questions: those that apply now.
        answers: the answers so far; changed.
    """
    _by_entities(message, questions, None, answers, sure_only=False)
    for question in questions:
        if question.early and answers[question.slot] is None:
            _by_words(message, question, answers)


def interpret(
    message: TurnMessage,
    own: Collection[str],
    questions: Sequence[Question],
    question: Question,
    answers: Answers,
    topics: Topics,
) -> Interpretation:
    """Takes a message while a form runs; gives the answers in it.

    Args:
        message: what the customer said.
        own: the intents that start the form: to say one again is no other subject.
        questions: those that apply now.
        question: the one asked.
        answers: the answers so far; changed.
        topics: say which message is about another subject.
    """
    if edited := message.entity("edit"):
        answers.clear(str(edited.value), "confirmed")
        return Interpretation.AGAIN
    if question.keen and _by_words(message, question, answers):
        return Interpretation.ANSWER
    if message.wants_out:
        return Interpretation.LEAVE
    if message.wants_back:
        return Interpretation.BACK
    elsewhere = _is_elsewhere(message, own, question, topics)
    if _by_entities(message, questions, question, answers, sure_only=elsewhere):
        return Interpretation.ANSWER
    if elsewhere:
        return Interpretation.NOT_OURS
    if _is_answered(message, questions, question, answers):
        return Interpretation.ANSWER
    if message.intent in own and not message.typed:
        return Interpretation.AGAIN
    return _no_answer(message, own, topics)


def _is_answered(
    message: TurnMessage, questions: Sequence[Question], question: Question, answers: Answers
) -> bool:
    """Takes words or a meaning as an answer, or as a correction of an earlier one."""
    corrects = question.any_words and _by_correction(message, questions, question, answers)
    return (
        corrects
        or _by_words(message, question, answers)
        or _by_correction(message, questions, question, answers)
        or _by_meaning(message, question, answers)
    )


def is_remark(message: TurnMessage, topics: Topics) -> bool:
    """Whether a message is too little to be an answer: a greeting, or the name of a task."""
    named = topics.kind(message.intent) in {"task", "question", "digression"}
    return message.words < SENTENCE and named


def _no_answer(message: TurnMessage, own: Collection[str], topics: Topics) -> Interpretation:
    if message.wants_else:
        return Interpretation.LEAVE
    aside = _is_aside(message, own, topics)
    return Interpretation.NOT_OURS if aside else Interpretation.NOTHING


def _is_elsewhere(
    message: TurnMessage, own: Collection[str], question: Question, topics: Topics
) -> bool:
    """Whether the message clearly is about another subject than the form's."""
    kind = _kind(message, topics)
    if kind in {"ending", "sensitive"}:
        return message.intent == built_in.ESCAPE or message.confidence >= CLEAR
    if question.free:
        return message.intent == built_in.BOT_CHALLENGE and message.confidence >= CLEAR
    if kind == "answer" or message.intent in {*own, *question.intents}:
        return False
    if question.any_words and message.typed:
        # "Waar kan ik parkeren?" would be kept as an answer, however unknowing it sounds.
        return _is_no_answer_at_all(message, topics)
    if message.knows_not:
        return False
    return not message.typed or (message.confidence >= CLEAR and message.words >= SENTENCE)


def _kind(message: TurnMessage, topics: Topics) -> Kind:
    """The kind of what a message is about; a typed score is a number that answers something."""
    if message.intent == built_in.RATE and message.typed:
        return "answer"
    return topics.kind(message.intent)


def _is_no_answer_at_all(message: TurnMessage, topics: Topics) -> bool:
    """Whether words are about another subject where any words would be an answer.

    A subject that Loket knows, that is: of what it does not know nobody can say that it is no
    answer. A word or two must name the subject beyond doubt.
    """
    if message.intent in {None, built_in.OUT_OF_SCOPE}:
        return False
    if message.words >= SENTENCE:
        return message.confidence >= CLEAR
    digits = any(char.isdigit() for char in message.typed)
    return is_remark(message, topics) and message.confidence >= CERTAIN and not digits


def _is_aside(message: TurnMessage, own: Collection[str], topics: Topics) -> bool:
    """Whether a message without an answer is about something else; digits look like a try."""
    if message.intent in own or any(char.isdigit() for char in message.typed):
        return False
    kind = _kind(message, topics)
    if kind == "task":
        # "Opzeggen" is; "wat kost dat?" is a question about the task at hand.
        other = not message.asks and not message.knows_not
        return other and message.confidence >= CERTAIN
    return kind != "answer" and message.intent != built_in.OUT_OF_SCOPE


def _by_meaning(message: TurnMessage, question: Question, answers: Answers) -> bool:
    value = question.intents.get(message.intent or "")
    # "Ik weet het niet" and "misschien" are near to a no, and are none; "klopt dat wel?" is no yes.
    if value is None or (message.intent in _YES_NO and message.doubts):
        return False
    if message.intent == "affirm" and message.attaches:
        return False
    answers.give(question.slot, value)
    return True


def _by_correction(
    message: TurnMessage, questions: Sequence[Question], asked: Question, answers: Answers
) -> bool:
    """Takes "nee, 13" or "nee de trui" as a correction of a question already answered.

    To a summary a value alone is one ("vrijdag", "ja doe maar vrijdag"), when one question takes
    it: the summary that follows shows what became of it. Where any words are an answer, a
    correction has to call itself one ("ik bedoel 13"; "nee" may begin an answer).
    """
    words = message.correction
    if asked.any_words and not message.corrects:
        return False
    if asked is CONFIRM and not words and message.intent != "deny":
        words = message.typed
    if not words or "?" in message.typed:
        return False
    taken = {
        each.slot: value
        for each in questions
        if answers.is_checked(each.slot) and each is not CONFIRM
        # Anything would be a correction of the others.
        and each.parse is not None and not (each.free or each.any_words)
        and (value := each.parse(words)) is not None and value != answers[each.slot]
    }  # fmt: skip
    if not message.correction and len(taken) > 1:
        return False
    for slot, value in taken.items():
        answers.give(slot, value)
        answers.clear(CONFIRM.slot)
    return bool(taken)


def _by_words(message: TurnMessage, question: Question, answers: Answers) -> bool:
    if question.any_words and question.parse is None:
        value: Any = message.typed or None
    else:
        value = question.parse(message.typed) if question.parse and message.typed else None
    if value is None:
        return False
    answers.give(question.slot, value)
    return True


def _by_entities(
    message: TurnMessage,
    questions: Sequence[Question],
    asked: Question | None,
    answers: Answers,
    *,
    sure_only: bool,
) -> bool:
    """Gives the message's entities to the questions they answer; True when one was new.

    The question asked comes first: digits that answer it are not another number as well.
    """
    taken: list[Entity] = []
    found = False
    for entity, question in _pairs(message, questions, asked, answers):
        if (sure_only and not question.sure) or any(entity.overlaps(other) for other in taken):
            continue
        taken.append(entity)
        if question == asked or answers[question.slot] != entity.value:
            answers.give(question.slot, entity.value)
            answers.clear("confirmed")
            found = True
    return found


def _pairs(
    message: TurnMessage, questions: Sequence[Question], asked: Question | None, answers: Answers
) -> Iterator[tuple[Entity, Question]]:
    """Entities with the question each one answers, the one asked first.

    Of several questions for one kind of entity it is the one asked, else the first without an
    answer, else the last (two postcodes: the customer's own, and another one).
    """
    pairs = []
    for entity in message.entities:
        fitting = [q for q in questions if entity.name in (q.slot, q.entity)]
        if not fitting:
            continue
        open_ones = [q for q in fitting if answers[q.slot] is None]
        chosen = asked if asked in fitting else (open_ones or fitting[-1:])[0]
        if chosen is not None:
            pairs.append((entity, chosen))
    yield from sorted(pairs, key=lambda pair: (pair[1] != asked, not pair[1].sure))
