"""Decides what a message of a customer who waits for a person asks for. One pure function.

The words alone tell who leaves, who wants to be called and who asks about the wait; what the
assistant's model heard tells questions and tasks, where there is a model.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from bot.conversation import callback_texts, queueing
from bot.conversation.asked_details import details_in
from bot.conversation.contact import contact_in
from bot.conversation.contact_questions import Detail
from bot.conversation.escape import asks_for_person, normalise
from bot.conversation.leaving_queue import Leaving, leaving
from bot.dutch import clauses
from bot.dutch.question_grammar import is_elliptic, is_question
from bot.topics.built_in import BOT_CHALLENGE
from bot.topics.topic import Kind

#: - `back`: wants the assistant, with nothing new to ask;
#: - `leave`: leaves the queue, with or without a request in `rest`;
#: - `declines_offer`: does not want to be called, and waits on;
#: - `call_back`: wants to be called or written back;
#: - `contact`: asks for a number, an address or hours;
#: - `wait`: asks for the person once more, or how long it takes;
#: - `question`: asks what the assistant can answer;
#: - `task`: asks for what the assistant can carry out;
#: - `note`: anything else.
Wants = Literal[
    "back", "leave", "declines_offer", "call_back", "contact", "wait", "question", "task", "note"
]

#: What was heard counts only from this confidence (0 to 1) on.
_SURE: Final = 0.7
#: From this share on words that nobody wrote down leave the queue.
_DROPS: Final = 0.75
_WISH: Final = re.compile(
    r"^(?:(?:en|maar|ja|nee|oke?|ook|of|dan|nou) )*(?:ik (?:wil|wou|zou|moet weten|vraag)|"
    r"graag|mag ik|kan|kun|kunt|kunnen|wilt?|zeg|vertel|geef|stuur|help)\b"
)


@dataclass(frozen=True, slots=True)
class Heard:
    """What the assistant's model understood of a message, or of what is left of it.

    Attributes:
        intent: its intent, or empty.
        confidence: 0 to 1.
        kind: the kind of the intent's topic.
        pages: whether a page answers it for sure.
        general: whether it is a general question, which starts no task.
        withdraws: how likely its words drop something, 0 to 1.
    """

    intent: str = ""
    confidence: float = 0.0
    kind: Kind = "answer"
    pages: bool = False
    general: bool = False
    withdraws: float = 0.0

    @property
    def sure(self) -> bool:
        """Whether the intent can be believed."""
        return bool(self.intent) and self.confidence >= _SURE

    @property
    def answers(self) -> bool:
        """Whether the assistant can answer at once, and changes nothing by it."""
        asked = self.sure and (self.kind == "question" or self.intent == BOT_CHALLENGE)
        return self.pages or asked

    @property
    def task(self) -> str:
        """The task that is asked for, or empty."""
        asked = self.sure and self.kind == "task" and not self.general
        return self.intent if asked else ""

    @property
    def subject(self) -> str:
        """What a message that asks nothing is about, or empty."""
        return self.intent if self.sure and self.kind in ("task", "question") else ""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a message asks for.

    Attributes:
        wants: which of the kinds above.
        rest: the words for the assistant, of `leave` and `question`; empty: there are none.
        details: what is asked to know of how the organisation is reached.
        task: intent of the task, of `task` and of a statement about one.
        thanks: whether who leaves says thanks or goodbye.
        asks: whether it asks or wishes for something, so that silence is no answer.
    """

    wants: Wants
    rest: str = ""
    details: frozenset[Detail] = frozenset()
    task: str = ""
    thanks: bool = False
    asks: bool = False


def to_understand(text: str) -> str:
    """The words that the model is to understand: those besides what leaves the queue, else all.

    Args:
        text: what the customer typed.
    """
    left = leaving(text)
    return text if left is None else left.rest


def decide(text: str, heard: Heard | None, *, offered: bool = False, form: str = "") -> Decision:
    """What a typed message asks for.

    Args:
        text: what the customer typed, cleaned.
        heard: what the model made of `to_understand`; None without a model.
        offered: whether the newest message offers to call, or to carry out a task.
        form: the question of the call-back form that is open, or empty: none is.
    """
    left = leaving(text)
    details = details_in(text)
    asks = is_question(text) or _WISH.match(normalise(text)) is not None or left is not None
    if queueing.asks_for_bot(text):
        return Decision("back", asks=True)
    if left is None and offered and callback_texts.declines(text):
        return Decision("declines_offer", asks=True)
    if not form and _wants_call(text, details, offered=offered):
        return Decision("call_back", asks=True)
    if left is not None and offered and left.declines:
        return Decision("declines_offer", asks=True)
    # "Laat maar" leaves the form alone, and any words may be a question in it.
    if left is not None and form != "question" and not (form and left.only):
        return _left(left, heard, details)
    if form == "question":
        return Decision("note", asks=asks)
    if details:
        # The assistant knows the hours of a day that is named; the facts are those of the week.
        by_day = details == {"hours"} and heard is not None and heard.answers
        rest = text if by_day else ""
        return Decision("question" if by_day else "contact", rest, details, asks=True)
    return _waiting(text, heard or Heard(), asks=asks)


def _waiting(text: str, heard: Heard, *, asks: bool) -> Decision:
    if asks_for_person(text):
        return Decision("wait", asks=True)
    if heard.withdraws >= _DROPS and not is_question(text):
        # In other words than those that are known: "haal me maar van de lijst".
        return Decision("leave", asks=True)
    # "Hoe lang duurt een reparatie" is about the wait only where no page knows.
    how_long = queueing.asks_how_long(text)
    if how_long and (is_elliptic(text) or not heard.pages):
        return Decision("wait", asks=True)
    if heard.answers and is_question(text):
        return Decision("question", rest=text, asks=True)
    if heard.task:
        return Decision("task", task=heard.task, asks=asks)
    return Decision("note", task=heard.subject, asks=asks)


def _wants_call(text: str, details: frozenset[Detail], *, offered: bool) -> bool:
    if callback_texts.wishes(text):
        return True
    found = contact_in(text)
    # An address of mail may be about anything, but not below the offer to write.
    return found is not None and (found.kind == "phone" or offered) and not details


def _left(left: Leaving, heard: Heard | None, details: frozenset[Detail]) -> Decision:
    """Leaves the queue, with what the message asks besides."""
    if details:
        return Decision("leave", details=details, thanks=left.thanks, asks=True)
    understood = heard is not None and (heard.answers or heard.task)
    asked = bool(left.rest) and (understood or is_question(left.rest) or _is_wish(left.rest))
    if not asked and left.to_assistant:
        return Decision("back", asks=True)
    return Decision("leave", rest=left.rest if asked else "", thanks=left.thanks, asks=True)


def _is_wish(text: str) -> bool:
    return any(_WISH.match(normalise(clause.text)) for clause in clauses.cut(text))
