"""Answers a message to a conversation that a person settled: a score, thanks, or a new question."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from bot.catalogue import say
from bot.conversation import built_in_messages, callback_texts, reply_links
from bot.conversation.escape import asks_for_person, normalise
from bot.conversation.option_matching import Meaning, on_the_table
from bot.conversation.thanks_and_greetings import is_thanks
from bot.messages import Choice, HandOver, Outbound, RatingRequest, Reason, Text
from bot.worker.conversation_state import ConversationState
from bot.worker.rating_guard import acknowledged, is_rating, score_in
from bot.worker.turn_outcome import TurnOutcome

#: Words with which a customer says that an agreement, as written down, is not so.
_DISPUTES = re.compile(
    r"(nee |maar |sorry )*(dat |dit |het |hier )?(klopt|is|werkt|lukt) (hier |er )?"
    r"(nog |nog steeds |helemaal |toch |echt )*(niet|niets)"
    r"( (waar|zo|goed|klaar|juist|gelukt|opgelost|geregeld|afgesproken|van|hoor))*"
)
#: Options that bring a person back to the same matter, and the reason that the person reads.
_AGAIN: Final[Mapping[str, Reason]] = {
    built_in_messages.LOOK_AGAIN: "low_rating",
    built_in_messages.STILL_OPEN: "asked",
}


def answer(state: ConversationState, meant: Meaning) -> TurnOutcome | None:
    """The answer that needs no assistant; None: a new question, which is for the assistant.

    Args:
        state: the closed conversation.
        meant: how its message is taken.
    """
    payload = meant.value if meant.kind == "payload" else ""
    if is_rating(payload):
        return _rated(state, payload)
    table = (option.payload for option in on_the_table(state.seen))
    offered = next((each for each in table if each in _AGAIN), "")
    if offered and meant.kind == "text" and callback_texts.declines(meant.value):
        left_so = Choice(say("chat.left_so"), (built_in_messages.another_question(),))
        return TurnOutcome((left_so,), event=None, author="system")
    if offered and meant.kind == "text" and callback_texts.agrees(meant.value):
        payload = offered
    if payload in _AGAIN:
        topic = state.last.topic if state.last else ""
        return _again(HandOver(_AGAIN[payload], topic))
    if asks_for_person(meant.value):
        return _again(HandOver("asked"))
    if meant.kind == "text" and reply_links.asks_transcript(meant.value):
        copy = say("transcript.link", link=reply_links.TRANSCRIPT)
        said: tuple[Outbound, ...] = (Choice(copy, (built_in_messages.another_question(),)),)
        if _asks_score(state):
            said = (Text(copy), built_in_messages.human_rating())
        return TurnOutcome(said, event=None, author="system")
    if meant.kind == "text" and is_thanks(meant.value):
        return TurnOutcome((_welcome(state),), event=None, author="system")
    if meant.kind == "text" and _DISPUTES.fullmatch(normalise(meant.value)):
        again = Choice(
            say("rating.look_again"),
            (built_in_messages.still_open(), built_in_messages.another_question()),
        )
        return TurnOutcome((again,), event=None, author="system")
    return None


def _welcome(state: ConversationState) -> Outbound:
    """The answer to thanks; a score that was asked and not given yet stays one tap away."""
    if _asks_score(state):
        text = f"{say('chat.you_are_welcome')} {say('rating.human')}"
        return RatingRequest(text, of="human")
    return Choice(say("chat.you_are_welcome"), (built_in_messages.another_question(),))


def _asks_score(state: ConversationState) -> bool:
    """Whether a score is still to be given: where the matter's end asked for none, nobody does."""
    return state.rated is None and (state.last is None or state.last.asks_score)


def _again(handed: HandOver) -> TurnOutcome:
    """The outcome with a new hand-over in a new session, in which its person gets a new score."""
    return TurnOutcome((built_in_messages.to_human(),), (handed,), "medewerker", fresh=True)


def _rated(state: ConversationState, payload: str) -> TurnOutcome:
    """The outcome that takes the score for the person; the conversation stays closed."""
    score, _ = score_in(payload)
    if score is None:
        return TurnOutcome(
            (built_in_messages.human_rating(),), event=None, author="system", intent="rate"
        )
    # A customer who was handed over for a low score before is not sent round once more.
    again = state.last is not None and state.last.reason == "low_rating"
    person = None if again else built_in_messages.look_again()
    message, effects = acknowledged(state.rated, score, "human", person)
    return TurnOutcome((message,), effects, "rate", None, "system")
