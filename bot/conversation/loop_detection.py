"""Loop detection: see from a conversation's turns that the customer is going round in circles.

Pure: it knows turns, not Rasa. `bot.core.policies.safeguard_policy` turns a tracker into turns and
acts on the outcome. The thresholds are a designer's, in `config.yml`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Literal

#: Turns within which a question counts as asked again: a form's two or three answers lie between.
_MOMENT = 5
#: After a broken loop a question needs to be so much less alike to be the same one.
_AFTER_BREAK = 0.75
#: So many times more may one reply answer other questions, before it is a loop all the same.
_OTHERS = 2

Loop = Literal["not_understood", "same_reply", "repeated_question", "slot_refused", "alternation"]


@dataclass(frozen=True, slots=True)
class LoopTurn:
    """One message of the customer and all that the bot did with it.

    Attributes:
        text: what the customer typed; empty for a tapped option.
        intent: name of the intent, or None when the message was not understood.
        data: values found in the message (case numbers, dates): a question about another case is
            another question.
        replies: the texts the bot sent, in order.
        asked: slot that a form asked for in this turn; None also when a form did not run in it.
        was_asked: slot that a form had asked for before the turn, or None.
        refusals: how many answers in a row the form refused for that slot, when it refused this
            one; else 0. The form keeps count itself: a correction or a question in between is none.
        broke: whether the bot broke a loop in this turn.
        leaned: whether it told in short what it had told before, and offered ways on: that breaks a
            loop as well.
    """

    text: str
    intent: str | None
    data: frozenset[str] = frozenset()
    replies: tuple[str, ...] = ()
    asked: str | None = None
    was_asked: str | None = None
    refusals: int = 0
    broke: bool = False
    leaned: bool = False


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The limits beyond which a conversation is a loop. Counts are turns unless said otherwise.

    Attributes:
        not_understood: messages in a row that were not understood.
        same_reply: times the same reply in a row.
        slot_refused: answers in a row that a form refused for one slot.
        alternation: turns of two replies taking turns (A-B-A-B is 4).
        repeated_question_similarity: cosine (0 to 1) from which two messages are the same question
            in other words; above 1 switches it off.
        memory: turns for which a broken loop is remembered; a second one within it hands over.
        polite: intents that are never a loop (saying "bedankt" twice is not being stuck).
    """

    not_understood: int = 2
    same_reply: int = 2
    slot_refused: int = 3
    alternation: int = 4
    repeated_question_similarity: float = 0.75
    memory: int = 10
    polite: tuple[str, ...] = ("thank", "goodbye", "rate", "greet")


def before_reply(turns: Sequence[LoopTurn], limits: Thresholds) -> Loop | None:
    """The loop visible as soon as a message came in; breaking it takes the reply's place.

    Args:
        turns: oldest first; the last one is the message to answer.
        limits: the designer's thresholds.
    """
    return "not_understood" if _not_understood(turns, limits.not_understood) else None


def after_reply(
    turns: Sequence[LoopTurn], limits: Thresholds, similarity: Callable[[str, str], float]
) -> Loop | None:
    """The loop visible once the bot has answered; breaking it follows the reply.

    Args:
        turns: oldest first; the last one holds the replies just sent.
        limits: the designer's thresholds.
        similarity: cosine of two sentences, 0 to 1.
    """
    if turns[-1].broke or (turns[-1].leaned and not broken_before(turns, limits)):
        return None
    refusals = turns[-1].refusals
    if refusals and (refusals % limits.slot_refused == 0 or _just_broken(turns)):
        return "slot_refused"
    if turns[-1].asked is not None or turns[-1].intent in limits.polite:
        return None
    if _in_a_row(turns, limits, similarity):
        return "same_reply"
    if _alternates(turns, limits.alternation):
        return "alternation"
    if _same_question(turns, limits, similarity):
        return "repeated_question"
    return None


def broken_before(turns: Sequence[LoopTurn], limits: Thresholds) -> bool:
    """Whether a loop was broken lately, so that a new one calls for a person."""
    return any(turn.broke or turn.leaned for turn in turns[-limits.memory - 1 : -1])


def _just_broken(turns: Sequence[LoopTurn]) -> bool:
    """Whether a loop was broken in the turn before: the first repeat is the second time."""
    return len(turns) > 1 and turns[-2].broke


def _not_understood(turns: Sequence[LoopTurn], limit: int) -> bool:
    now = turns[-1]
    if now.intent is not None or now.was_asked:
        return False  # within a form it is the slot's refusals that count
    if _just_broken(turns):
        return True
    recent = turns[-limit:]
    return len(recent) == limit and all(
        turn.intent is None and not turn.was_asked for turn in recent
    )


def _same_question(
    turns: Sequence[LoopTurn], limits: Thresholds, similarity: Callable[[str, str], float]
) -> bool:
    """Whether the customer asks again, in other words, what was answered a moment ago."""
    now = turns[-1]
    if not now.text or now.was_asked or now.intent is None:
        return False
    least = limits.repeated_question_similarity
    if _just_broken(turns):
        least *= _AFTER_BREAK
    return any(
        then.text
        and then.intent == now.intent
        and then.data >= now.data
        and not then.was_asked
        and similarity(then.text, now.text) >= least
        for then in turns[-1 - _MOMENT : -1]
    )


def _in_a_row(
    turns: Sequence[LoopTurn], limits: Thresholds, similarity: Callable[[str, str], float]
) -> bool:
    """Whether the same reply came again to the same question, or again and again to anything.

    One text may answer two questions ("wie bent u?", "heeft u gevoelens?"): only who asks the same,
    or goes on getting the same whatever is said, gets nowhere.
    """
    limit, now = limits.same_reply, turns[-1]
    if len(turns) < limit or not now.replies:
        return False
    row = list(takewhile(lambda turn: turn.replies == now.replies, reversed(turns)))
    if len(row) < limit:
        return False
    alike = all(
        not turn.text
        or turn.intent is None
        or turn.text == now.text
        or similarity(turn.text, now.text) >= limits.repeated_question_similarity
        for turn in row[1:limit]
    )
    return alike or len(row) >= limit + _OTHERS


def _alternates(turns: Sequence[LoopTurn], limit: int) -> bool:
    recent = turns[-limit:]
    if len(recent) < limit or any(not turn.replies or turn.broke for turn in recent):
        return False
    evens, odds = {turn.replies for turn in recent[::2]}, {turn.replies for turn in recent[1::2]}
    return len(evens) == len(odds) == 1 and evens != odds
