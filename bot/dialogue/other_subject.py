"""Decides whether a message to a running task is about another subject. Pure."""

from __future__ import annotations

from bot.dialogue import phrases
from bot.dialogue.beside_question import asks_aside, values_beside
from bot.dialogue.situation import Situation
from bot.dialogue.turn_message import CERTAIN, TurnMessage
from bot.dutch.question_grammar import names_nothing
from bot.topics import built_in
from bot.topics.topic import Kind
from bot.topics.topics import Topics

#: From this confidence on a sentence is about its own subject, even if a word in it could be an
#: answer ("bent u morgen open?" when asked for a day).
CLEAR = 0.6
#: A question within a task is about the task, unless it surely names another subject.
CLEAR_QUESTION = 0.75
#: From this share on a message asks, and tells nothing.
SURELY_ASKS = 0.8
#: Fewer words than this are hardly a question: "vrijdag middag aub".
SENTENCE = 4


def is_elsewhere(message: TurnMessage, now: Situation) -> bool:
    """Whether the message clearly is about another subject than the task's, or asks the pages."""
    question, kind = now.asked, _kind(message, now.topics)
    if kind in {"ending", "sensitive"}:
        return message.intent == built_in.ESCAPE or message.confidence >= CLEAR
    if question.free:
        about_bot = message.intent == built_in.BOT_CHALLENGE and message.confidence >= CLEAR
        return about_bot or _asks_before_telling(message)
    if _is_an_answer(message, now):
        return False
    if message.asks_pages and (not _fits(message, now) or values_beside(message) is not None):
        return True
    if kind == "task" and asks_aside(message) and values_beside(message) is not None:
        # "Avond. Wat kost dat?" is about the task at hand, whatever task its words are nearest to.
        return False
    if kind == "answer" or message.intent in {*now.own, *question.intents}:
        return False
    if question.any_words and message.typed:
        # "Waar kan ik parkeren?" would be kept as an answer, however unknowing it sounds.
        return _is_no_answer_at_all(message, now.topics)
    if message.knows_not or _asks_about_value(message, now):
        return False
    return not message.typed or (_is_clear(message) and message.words >= SENTENCE)


def _is_an_answer(message: TurnMessage, now: Situation) -> bool:
    """Whether words are read as an answer to the question, whatever else they may name.

    A word or two; or more, with a value that the task asks for: "naar vrijdag, en bij de buren".
    """
    parse = None if now.asked.any_words else now.asked.parse
    if parse is None or not message.typed or message.is_question:
        return False
    if message.words >= SENTENCE and not _tells(message, now):
        return False
    return parse(message.typed) is not None


def _tells(message: TurnMessage, now: Situation) -> bool:
    """Whether a value stands in a message that a question without an answer asks for."""
    wanted = {name for each in now.unanswered for name in (each.slot, each.entity) if name}
    return any(each.name in wanted for each in message.entities)


def _asks_before_telling(message: TurnMessage) -> bool:
    """Whether a message asks what a page answers, where one's own words are wanted.

    "Moet ik daar een formulier voor invullen?" is no complaint; "waarom duurt het zo lang?" is one.
    """
    asks = message.is_question and message.acts.of("question") >= SURELY_ASKS
    return message.asks_pages and asks and phrases.COMPLAINS.match(message.typed) is None


def is_aside(message: TurnMessage, now: Situation) -> bool:
    """Whether a message without an answer is about something else; digits look like a try."""
    if message.intent in now.own or any(char.isdigit() for char in message.typed):
        return False
    kind = _kind(message, now.topics)
    if kind == "task":
        # "Opzeggen" is; "wat kost dat?" is a question about the task at hand.
        other = not message.asks and not message.knows_not
        return other and message.confidence >= CERTAIN
    asks = message.is_question and kind not in {"ending", "sensitive"}
    named = _is_clear(message) or not asks
    return named and kind != "answer" and message.intent != built_in.OUT_OF_SCOPE


def _is_clear(message: TurnMessage) -> bool:
    """Whether a message is about what it was taken for, rather than about the task at hand."""
    return message.confidence >= (CLEAR_QUESTION if message.is_question else CLEAR)


def _asks_about_value(message: TurnMessage, now: Situation) -> bool:
    """Whether a question is whether a value will do, and names nothing else: "kan dat zondag ook?".

    The task knows that, whatever the words are near to.
    """
    if not message.typed or not _fits(message, now):
        return False
    places = sorted((each.start, each.end) for each in message.entities)
    around, at = [], 0
    for start, end in places:
        around.append(message.typed[at:start])
        at = max(at, end)
    return names_nothing(" ".join([*around, message.typed[at:]]))


def is_remark(message: TurnMessage, topics: Topics) -> bool:
    """Whether a message is too little to be an answer: a greeting, or the name of a task."""
    named = topics.kind(message.intent) in {"task", "question", "digression"}
    return message.words < SENTENCE and named


def _fits(message: TurnMessage, now: Situation) -> bool:
    """Whether a value of the kind that is asked for stands in the message."""
    wanted = {now.asked.slot, now.asked.entity}
    return any(each.name in wanted for each in message.entities)


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
