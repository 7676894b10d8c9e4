"""The call-back form as a turn begins it: by its message, its customer's address and its team."""

from __future__ import annotations

from typing import Final

from bot.conversation import callback, callback_texts
from bot.conversation.callback import Form
from bot.conversation.callback_moment import CallingHours
from bot.conversation.callback_reading import told
from bot.conversation.contact import own_number
from bot.conversation.escape import asks_for_person
from bot.worker.conversation_state import Queued
from bot.worker.turn_context import TurnContext

#: With fewer words, such as "hoi", there is no question yet.
_QUESTION_WORDS: Final = 2


def begin_form(turn: TurnContext, question: str, team: str, earlier: Form | None = None) -> Form:
    """The call-back form at its first question.

    Args:
        turn: the turn; what its message tells is taken, and the address may be a telephone number.
        question: what the customer asked before, or empty; that a person is to come, or to call,
            is none.
        team: id of the team that calls.
        earlier: a request that is left already.
    """
    message, calling = turn.message.inbound, calling_hours(turn, team)
    if callback_texts.wishes(question):
        question = callback.begin(said=question, calling=calling).question
    if asks_for_person(question) or len(question.split()) < _QUESTION_WORDS:
        question = ""
    by_phone = turn.config.channels[turn.conversation.channel].address == "phone"
    own = own_number(turn.conversation.address) if by_phone else ""
    told_now = message.text if message.payload is None else ""
    return callback.begin(question, own, earlier, said=told_now, calling=calling)


def tells_form(queued: Queued, turn: TurnContext, text: str) -> bool:
    """Whether a message tells something that the open form asks for, besides its answer."""
    given = told(text, calling_hours(turn, queued.handover.team).today)
    return bool(given.name or given.contact or given.moment or given.question)


def calling_hours(turn: TurnContext, team: str) -> CallingHours:
    """When a team calls, seen from a turn."""
    local = turn.config.organisation.local(turn.now)
    return CallingHours(local, turn.config.organisation.hours(local.year, team))
