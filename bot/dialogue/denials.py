"""Tells whether a message denies the task at hand: "nee, ik wil helemaal niet opzeggen". Pure.

Who denies it wants out of it, and no page about it. Where the words may mean something less it is
asked first. A message that says beside it what is wanted is for that: it starts, and the task is
offered to be gone on with.
"""

from __future__ import annotations

import re
from typing import Final

from bot.conversation import dropping
from bot.conversation.escape import normalise
from bot.dialogue import phrases
from bot.dialogue.commands import AskLeave, Command, Leave
from bot.dialogue.questions import CONFIRM
from bot.dialogue.situation import Situation
from bot.dialogue.turn_message import CERTAIN, TurnMessage
from bot.dutch import clauses
from bot.dutch.denied import without_denied
from bot.dutch.question_grammar import is_question
from bot.knowledge.vocabulary import stem, words_of

_NOT: Final = r"(?:niet|nie|niks|niets|geen|gin|nooit)"
_WISHES: Final = (
    r"(?:wil|wilde|wou|willen|hoef|hoeven|ga|gaan|zou|moet|bedoel|bedoelde|vroeg|vraag|zoek)"
)
_AROUND: Final = r"(?:hoor|graag|aub|svp|meer|joh|dus|echt|dank|u|je|wel|te|worden)"
#: Nothing but what is not to be done: "nee hem niet verzetten", "ik hoef geen andere dag".
_DENIES: Final = re.compile(
    rf"{dropping.LEAD}(?:(?:ik|we|wij) {_WISHES} )?(?:(?!(?:ik|we|wij|u|jullie)\b)\w+ ){{0,3}}?"
    rf"{_NOT}(?: (?!(?:deze|die|dit|dat|maar|ik|wij?)\b)\w+){{1,4}}?(?: {_AROUND})*"
)
_WISH: Final = re.compile(rf"{dropping.LEAD}(?:ik|we|wij) {_WISHES}\b")
_TO_DO: Final = re.compile(r".* (?!(?:doen|hoeven|willen|worden|kunnen|mogen|moeten)$)\w{2,}en")
_NO: Final = re.compile(r"(?:\w+ )?ne+e*n? ")


def denied(message: TurnMessage, now: Situation) -> Command | None:
    """The command of a message that only denies the task at hand; None: it is no such message.

    Args:
        message: what the customer said.
        now: where the task stands.
    """
    said = _denial(message, now)
    if said is None:
        return None
    if _names_deed(said, now):
        return AskLeave()
    named = _names_task(said, now) or (message.intent in now.own and message.confidence >= CERTAIN)
    if named:
        return Leave() if _NO.match(said) else AskLeave()
    to_do = _TO_DO.fullmatch(said) is not None
    meant = to_do and (_NO.match(said) or _WISH.match(said)) and now.asked is not CONFIRM
    return AskLeave() if meant else None


def denies_beside(message: TurnMessage, now: Situation) -> bool:
    """Whether what a message denies beside what it wants is the task at hand.

    Args:
        message: what the customer said.
        now: where the task stands.
    """
    wanted = normalise(message.asserted).split()
    left_out = " ".join(word for word in normalise(message.typed).split() if word not in wanted)
    return _names_task(left_out, now) or _names_deed(left_out, now)


def _denial(message: TurnMessage, now: Situation) -> str | None:
    """The words of a message that denies and says nothing else; None: it says more, or less."""
    if not message.typed or message.is_question or now.asked.free or now.asked.any_words:
        return None
    if message.knows_not or message.entities or now.named(message.typed):
        return None
    if phrases.NOT_BUT.search(message.typed) or without_denied(message.typed) != message.typed:
        # It says what is wanted as well.
        return None
    said = clauses.cut(message.typed)
    words = [each for each in said if not dropping.says_nothing(normalise(each.text))]
    if not words or any(is_question(each.said) for each in words):
        return None
    if not all(_DENIES.fullmatch(normalise(each.text)) for each in words):
        return None
    return normalise(message.typed)


def _names_task(said: str, now: Situation) -> bool:
    """Whether words hold one of the task's title."""
    own = {stem(word) for word in words_of(now.title)}
    return any(stem(word) in own for word in said.split())


def _names_deed(said: str, now: Situation) -> bool:
    """Whether words hold what the task is about to do: "opzeggen" where something is ended."""
    return any(
        each.does and each.parse is not None and now.is_checked(each)
        and each.parse(said) == now.values[each.slot]
        for each in now.questions
    )  # fmt: skip
