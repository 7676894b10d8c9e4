"""Tells whether a message says that it goes the wrong way: "nee, ik vroeg welke dag". Pure.

Who says so must not get the same question once more. What the message itself asks or names is
answered; where it names nothing the task says that it misunderstood, and offers ways on.
"""

from __future__ import annotations

from typing import Final

from bot.conversation.escape import normalise
from bot.dialogue import phrases
from bot.dialogue.questions import CONFIRM
from bot.dialogue.situation import Situation
from bot.dialogue.turn_message import TurnMessage
from bot.topics import built_in

#: From this share on the act is an objection: of unseen messages 94 of 100 were.
SURE: Final = 0.6
#: With words that object, or a "nee" before a sentence, acts that may stand in one count together.
_TOGETHER: Final = 0.5
#: Fewer words than this behind a "nee" are an answer that does not fit.
_SENTENCE: Final = 4


def objects(message: TurnMessage, now: Situation) -> bool:
    """Whether a message without an answer says that it was misunderstood."""
    if not message.typed or message.knows_not or message.doubts or now.asked.free:
        return False
    said, acts = normalise(message.typed), message.acts
    in_words = phrases.OBJECTS.search(said) is not None
    if now.asked.any_words:
        return in_words and acts.of("object") >= SURE
    if acts.of("object") >= SURE:
        return True
    if in_words:
        return acts.of("accept", "data") < _TOGETHER
    contradicts = said.startswith("nee ") and message.words >= _SENTENCE
    likely = acts.of("object", "report", "question", "decline", "request") >= _TOGETHER
    return contradicts and likely and now.asked is not CONFIRM


def says_so(message: TurnMessage) -> bool:
    """Whether a message objects by its act or in its words, whatever it answers."""
    in_words = phrases.OBJECTS.search(normalise(message.typed)) is not None
    return in_words or message.acts.of("object") >= _TOGETHER


def names_topic(message: TurnMessage, now: Situation) -> bool:
    """Whether the message, or what it asks without what it denies, is about another subject."""
    if message.intent in {None, built_in.OUT_OF_SCOPE, *now.own, *now.asked.intents}:
        return False
    return now.topics.kind(message.intent) != "answer"
