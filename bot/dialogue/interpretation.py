"""How a form takes a message: as an answer, a correction, a digression, or something else. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum, auto

from bot.dialogue.questions import Answers, Question
from bot.dialogue.turn_message import Entity, TurnMessage

#: Answered by rules, after which the form asks on.
DIGRESSIONS = frozenset(
    """ask_knowledge opening_hours login_help capabilities bot_challenge greet thank
    transcript_request continue_elsewhere back_to_bot out_of_scope rate""".split()
)
#: Answered by rules that end the form.
ENDINGS = frozenset({"medewerker", "goodbye", "sensitive_matter"})
#: Have a form of their own, which takes the place of the running one.
TASKS = frozenset(
    """track_order change_delivery return_item invoice_payment change_subscription
    submit_meter_reading complaint""".split()
)
#: From this confidence on a sentence is about its own subject, even if a word in it could be an
#: answer ("bent u morgen open?" when asked for a day).
CLEAR = 0.6
#: From this confidence on a word or two name another task.
CERTAIN = 0.9
#: Fewer words than this are hardly a question: "vrijdag middag aub".
SENTENCE = 4


class Interpretation(Enum):
    """What a form makes of a message."""

    #: One or more answers were given, or an earlier one was corrected.
    ANSWER = auto()
    #: The question before, please.
    BACK = auto()
    #: The question once more: "try again" was tapped, or an answer has to be given anew.
    AGAIN = auto()
    #: The customer wants out.
    LEAVE = auto()
    #: Another subject.
    NOT_OURS = auto()
    #: No answer to the question.
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
    task: str,
    questions: Sequence[Question],
    question: Question,
    answers: Answers,
) -> Interpretation:
    """Takes a message while a form runs; gives the answers in it.

    Args:
        message: what the customer said.
        task: the form's own intent.
        questions: those that apply now.
        question: the one asked.
        answers: the answers so far; changed.
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
    elsewhere = _is_elsewhere(message, task, question)
    if _by_entities(message, questions, question, answers, sure_only=elsewhere):
        return Interpretation.ANSWER
    if elsewhere:
        return Interpretation.NOT_OURS
    if _by_words(message, question, answers) or _by_correction(message, questions, answers):
        return Interpretation.ANSWER
    if _by_meaning(message, question, answers):
        return Interpretation.ANSWER
    if message.intent == task and not message.typed:
        return Interpretation.AGAIN
    return _no_answer(message, task)


def is_remark(message: TurnMessage) -> bool:
    """Whether a message is too little to be told: a greeting, or the name of a task."""
    return message.words < SENTENCE and message.intent in DIGRESSIONS | TASKS


def _no_answer(message: TurnMessage, task: str) -> Interpretation:
    if message.wants_else:
        return Interpretation.LEAVE
    return Interpretation.NOT_OURS if _is_aside(message, task) else Interpretation.NOTHING


def _is_elsewhere(message: TurnMessage, task: str, question: Question) -> bool:
    """Whether the message clearly is about another subject than the form's."""
    if message.intent in ENDINGS:
        return message.intent == "medewerker" or message.confidence >= CLEAR
    if question.free:
        return message.intent == "bot_challenge" and message.confidence >= CLEAR
    if message.intent not in DIGRESSIONS | (TASKS - {task}) or message.knows_not:
        return False
    return not message.typed or (message.confidence >= CLEAR and message.words >= SENTENCE)


def _is_aside(message: TurnMessage, task: str) -> bool:
    """Whether a message without an answer is about something else; digits look like a try."""
    if any(char.isdigit() for char in message.typed):
        return False
    if message.intent in TASKS - {task}:
        # "Retour" is; "wat kost dat?" is a question about the task at hand.
        return message.confidence >= CERTAIN and not message.asks and not message.knows_not
    return message.intent in (DIGRESSIONS | ENDINGS) - {"out_of_scope"}


def _by_meaning(message: TurnMessage, question: Question, answers: Answers) -> bool:
    value = question.intents.get(message.intent or "")
    if value is None:
        return False
    answers.give(question.slot, value)
    return True


def _by_correction(message: TurnMessage, questions: Sequence[Question], answers: Answers) -> bool:
    """Takes "nee, 13" or "nee de trui" as another answer to a question already answered."""
    found = False
    for question in questions:
        if not answers.is_checked(question.slot) or question.parse is None:
            continue
        if question.free or question.any_words:  # anything would be a correction
            continue
        value = question.parse(message.correction) if message.correction else None
        if value is not None and value != answers[question.slot]:
            answers.give(question.slot, value)
            answers.clear("confirmed")
            found = True
    return found


def _by_words(message: TurnMessage, question: Question, answers: Answers) -> bool:
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

    The question asked comes first: digits that answer it are not an order number as well.
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
    answer, else the last (two postcodes: the customer's own, and where the parcel should go).
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
