"""Tells whether a message drops the task, wherever it stands and in whatever words. Pure.

To drop a task by mistake loses what was told; not to hear it makes a customer say it again. So the
words and the act that was recognised (`bot.acts`) go together, and where only one of them says so,
it is asked: "Zal ik stoppen?".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from bot.acts.acts import ActShares
from bot.conversation import dropping
from bot.conversation.escape import normalise
from bot.dialogue import phrases
from bot.dialogue.beside_question import behind
from bot.dialogue.commands import Command
from bot.dialogue.questions import CONFIRM
from bot.dialogue.situation import Situation
from bot.dialogue.turn_message import CERTAIN, TurnMessage
from bot.dutch import clauses
from bot.dutch.essence import essence
from bot.dutch.question_grammar import is_question

#: From this share on an act is what the message is: of unseen messages that were called a
#: withdrawal at this share 97 of 100 were one.
SURE: Final = 0.6
#: From this share on it is asked.
DOUBT: Final = 0.4
#: Together the acts that may stand in words of withdrawal are at least this likely.
_TOGETHER: Final = 0.5
#: Meanings that name no subject.
_NO_SUBJECT: Final = frozenset({None, "deny", "affirm", "cancel_task"})
_WISH: Final = re.compile(r"\W*(?:ik|we|wij) (?:wil|wou|wilde|zou|moet|zoek)\b", re.IGNORECASE)
#: More words than this are a story, where any words are an answer.
_SHORT: Final = 8


def is_sure(message: TurnMessage, now: Situation, answers: Sequence[Command] = ()) -> bool:
    """Whether a message surely drops the task.

    Args:
        message: what the customer said.
        now: where the task stands.
        answers: what the message answers or corrects; empty: nothing.
    """
    if not _may_be(message):
        return False
    words, share = in_words(message, now), message.acts.of("withdraw")
    if now.asked.free or now.asked.any_words:
        return words and share >= SURE and message.words <= _SHORT
    if answers and goes_on_otherwise(message):
        return False
    if answers:
        # "Laat hem maar staan op donderdag" names what there is; "toch zaterdag" something new.
        stays = keeps(message, now) and not phrases.INSTEAD.search(normalise(message.typed))
        return stays and (share >= DOUBT or not message.acts.shares)
    if words:
        together = message.acts.of("withdraw", "decline", "object", "courtesy")
        if phrases.STAYS.search(normalise(message.typed)):
            # "Nee hoor, overdag is prima" accepts what there is.
            together += message.acts.of("accept")
        return together >= _TOGETHER or (not message.acts.shares and now.asked is CONFIRM)
    own = message.intent in now.own and message.confidence >= CERTAIN
    # "Ja maar eerst mijn man vragen" to a summary puts it off; the summary is shown again.
    hesitates = now.asked is CONFIRM and phrases.BEGINS_WITH_YES.match(normalise(message.typed))
    return (share >= SURE and not own and not hesitates) or declines(message, now)


def is_likely(message: TurnMessage, now: Situation) -> bool:
    """Whether a message without any answer may drop the task, so that it is asked."""
    if not _may_be(message) or message.knows_not or now.asked.free or now.asked.any_words:
        return False
    words = in_words(message, now)
    if now.asked is CONFIRM:
        # The summary can be stopped by a tap; "ja" to another question must not stop it.
        return words and message.acts.of("accept") < DOUBT
    if words or (message.acts.of("withdraw") >= DOUBT and message.words > 1):
        return True
    # A bare "nee" to "op welke dag?" says too little.
    return _is_open(now) and phrases.NO.fullmatch(normalise(message.typed)) is not None


def outside_task(message: TurnMessage) -> bool:
    """Whether a message outside a task says that nothing need be done any more.

    One that was taken for a task must say so in words as well: "mijn les even
    stopzetten" asks for one.
    """
    if not _may_be(message):
        return False
    if message.intent is None and message.acts.of("withdraw") >= SURE:
        return True
    least = DOUBT if message.intent in _NO_SUBJECT else SURE
    return withdrawn_before(message.typed, message.acts, least)


def withdrawn_before(text: str, acts: ActShares, least: float = SURE) -> bool:
    """Whether words outside a task drop one, though they name it: "laat maar, ik blijf thuis".

    Args:
        text: as it was typed.
        acts: how likely it is each act.
        least: how likely it must be a withdrawal, 0 to 1.
    """
    said = normalise(text)
    drops = any(map(dropping.drops, _clauses(text)[:1]))
    words = drops or phrases.WITHDRAWS.search(said) or phrases.KEEPS.search(said)
    return bool(words) and acts.of("withdraw") >= least


def drops_in_words(text: str) -> bool:
    """Whether words drop what was agreed to a moment ago, whatever they are taken for otherwise."""
    return withdrawn_before(text, ActShares(), 0.0) and not is_question(text)


def in_so_many_words(text: str) -> bool:
    """Whether words can only drop something: "ik wil mijn les toch maar niet afzeggen"."""
    return phrases.AFTER_ALL_NOT.search(normalise(text)) is not None


def in_words(message: TurnMessage, now: Situation) -> bool:
    """Whether words say that the task is dropped, or that all may stay as it is."""
    said = normalise(message.typed)
    found = phrases.WITHDRAWS.search(said) or phrases.KEEPS.search(said)
    return found is not None or drops(message, now)


def keeps(message: TurnMessage, now: Situation) -> bool:
    """Whether words say that what there is may stay, or begin by ending the task."""
    return phrases.KEEPS.search(normalise(message.typed)) is not None or drops(message, now)


def declines(message: TurnMessage, now: Situation) -> bool:
    """Whether a message declines an open question: "nee dank u" to "op welke dag?"."""
    said = normalise(message.typed)
    if not _may_be(message) or not _is_open(now) or message.entities or message.words < 2:
        return False
    if message.knows_not or phrases.NOT_DECLINED.search(said):
        return False
    shares = message.acts
    politely = shares.of("decline", "courtesy", "withdraw") >= SURE and said.startswith("nee")
    return shares.of("decline") >= SURE or (politely and shares.of("decline") >= DOUBT)


def _may_be(message: TurnMessage) -> bool:
    return bool(message.typed) and not message.doubts and not message.is_question


def _is_open(now: Situation) -> bool:
    """Whether the question asked is no question of yes or no."""
    asked = now.asked
    yes_or_no = asked is CONFIRM or "deny" in asked.intents
    return not (yes_or_no or asked.free or asked.any_words)


def drops(message: TurnMessage, now: Situation) -> bool:
    """Whether the first clause that says anything ends the task, and answers none of it."""
    first = next(iter(_clauses(message.typed)), None)
    if first is None:
        return False
    return dropping.drops(first) and not _answers(first, now)


def _clauses(text: str) -> list[str]:
    """The clauses of a text that say anything, as `normalise` writes them."""
    said = (normalise(each.text) for each in clauses.cut(text))
    return [each for each in said if not dropping.says_nothing(each)]


def goes_on_otherwise(message: TurnMessage) -> bool:
    """Whether words that drop something go on with what is wanted in its place.

    "Niet doen toch, maar 4" and "laat maar, doe vrijdag" change an answer.
    """
    return wanted_instead(message) is not None


def goes_on_elsewhere(message: TurnMessage) -> bool:
    """Whether words that drop something go on with what they want to know or have instead.

    "Ik wil niks wijzigen, ik wil weten wanneer hij komt" has an answer; to leave alone gives none.
    """
    kept = essence(message.typed)
    if kept is not None and (is_question(kept.value) or _WISH.match(kept.value)):
        return True
    said = [
        each
        for each in clauses.cut(message.typed)
        if not dropping.says_nothing(normalise(each.text))
    ]
    drops_first = bool(said) and dropping.drops(normalise(said[0].text))
    return drops_first and any(is_question(each.said) for each in said[1:])


def wanted_instead(message: TurnMessage) -> TurnMessage | None:
    """The part of a message that says what is wanted in the place of what it drops; None: none."""
    said = [
        (normalise(each.text), each.start)
        for each in clauses.cut(message.typed)
        if not dropping.says_nothing(normalise(each.text))
    ]
    if not said or not (dropping.drops(said[0][0]) or phrases.WITHDRAWS.search(said[0][0])):
        return None
    wants = (
        start
        for clause, start in said[1:]
        if phrases.OTHERWISE.match(clause) and not dropping.drops(clause)
    )
    start = next(wants, None)
    return None if start is None else behind(message, start)


def _answers(clause: str, now: Situation) -> bool:
    """Whether a question of the task reads a clause as its answer: "stoppen" ends a contract."""
    parsers = (
        each.parse for each in now.questions
        if each is not CONFIRM and not (each.free or each.any_words)
    )  # fmt: skip
    return any(parse is not None and parse(clause) is not None for parse in parsers)
