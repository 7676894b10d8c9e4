"""The messages and options for a customer who waits for a person. Pure; Dutch, B1, "u".

The same words twice in a row would be a loop. What was said since the hand-over decides what is
worth saying now; nothing is counted or kept for it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from bot.catalogue import say
from bot.conversation import built_in_messages, callback_texts
from bot.conversation.escape import normalise
from bot.messages import Choice, Notice, Option, Outbound, options_of

#: A customer who writes again so soon after an acknowledgement is still telling the story: the
#: answer to one message stands for all of them.
BURST: Final = timedelta(seconds=20)
#: Subjects offered at most: with the two ways out they make ten rows, the shortest list of any
#: channel.
MOST_TOPICS: Final = 8
INTAKE: Final = "/intake"

_ASKS_HOW_LONG: Final = re.compile(
    r"\bhoe ?lang\b|\bduurt\b|\baan de beurt\b|\bwach\w*tijd\b|\b(welke )?plek\b|\bwachtrij\b|"
    r"\bnog (lang|wachten)\b|\bhoeveel (mensen|klanten|wachtenden)\b|"
    r"\bwanneer (krijg|ben|komt|hoor)\b|\bis er (nog )?iemand\b|\bhallo+\b|\bben je er\b|"
    r"\bnog (steeds |altijd )?(geen (mens|mede\w+)|niemand)\b"
)
#: The assistant, in a customer's words.
_MACHINE: Final = re.compile(r"ai|assistent|bot|chatbot|robot|computer|automaat|machine")
#: What may stand around "terug": wishes, politeness and doubt. A "niet" may not, nor what can be
#: given or sent back.
_BACK: Final = re.compile(
    r"a|aub|dan|dus|even|ga|gaan|graag|ik|laat|liever|maar|me|mij|nee|nu|ok|oke|sorry|stuur|svp|"
    r"terug|toch|u|weer|wel|wil|wilde|wou|zet"
)
#: What may stand around the assistant as well.
_AROUND: Final = re.compile(
    rf"{_BACK.pattern}|{_MACHINE.pattern}|de|die|doe|doen|door|geef|het|je|jullie|kan|laten|m|met|"
    r"n|naar|praten|t|verder|willen|zit|zitten|zou"
)
_ASKS_BACK_WORDS: Final = 10


@dataclass(frozen=True, slots=True)
class Expectation:
    """The present expectation of a customer who waits.

    Attributes:
        text: place and waiting time, or when people are back, in one or two sentences.
        open: whether the team is at work now.
        next_opening: when it is again, in words such as `morgen om 9.00 uur`; empty while open, or
            when nobody knows.
        attended: whether somebody of the team is at the desk now, as far as anybody knows.
    """

    text: str
    open: bool
    next_opening: str = ""
    attended: bool = True

    @property
    def promise(self) -> str:
        """What is true of an answer by a person that does not come now; empty: one may come."""
        if self.open and self.attended:
            return ""
        absent = say("queue.nobody") if self.open else self.text
        return f"{absent} {say('queue.stays')}"


@dataclass(frozen=True, slots=True)
class Offer:
    """The options that a waiting customer can be given.

    Attributes:
        topics: subjects by intent with their Dutch name; empty when the subject is known.
        call_back: whether the call-back form can be filled in.
    """

    topics: Mapping[str, str] = field(default_factory=dict)
    call_back: bool = True

    @property
    def options(self) -> tuple[Option, ...]:
        """The options, ways out last."""
        asked = list(self.topics.items())[:MOST_TOPICS]
        intake = (Option(title, f'{INTAKE}{{"topic": "{topic}"}}') for topic, title in asked)
        called = (callback_texts.start(),) if self.call_back else ()
        return (*intake, *called, built_in_messages.back_to_bot())


def announced(messages: Sequence[Outbound], expected: Expectation) -> tuple[Outbound, ...]:
    """The messages of a hand-over with an announcement that is true now.

    The content announces a person who reads and answers. Where none is there, that sentence makes
    way for what the customer may expect, so that no message takes back the one before it.
    """
    promise = expected.promise
    return tuple(
        replace(said, text=promise)
        if promise and isinstance(said, Notice) and said.notice == "to_human"
        else said
        for said in messages
    )


def handed_over(expected: Expectation, offer: Offer) -> Choice:
    """The message below the announcement of a hand-over; it repeats nothing of that one."""
    parts = [expected.text] if expected.open else []
    if expected.promise and offer.call_back:
        parts.append(call_back_offer())
    if offer.topics:
        parts.append(say("queue.which_topic"))
    return Choice(" ".join(parts) or expected.text, offer.options)


def call_back_offer() -> str:
    """Says that the customer can be called or written back."""
    return say("queue.call_back_offer", button=say("button.call_back"))


def still_waiting(expected: Expectation, offer: Offer) -> Choice:
    """The message, sent once, when nobody took the conversation in time."""
    first = say("queue.still_waiting") if expected.open else expected.text
    return Choice(f"{first} {call_back_offer()}", offer.options)


def asked_again(expected: Expectation, offer: Offer, contact: str = "") -> Choice:
    """The answer to a second "medewerker", and to "hoe lang duurt het nog".

    Args:
        expected: what the customer may expect now.
        offer: what can be chosen.
        contact: where the customer asked to be called or written back, or empty: nowhere.
    """
    if contact:
        # A place in the queue says when an answer comes here; this customer waits for a call.
        parts = [callback_texts.promise(contact)]
        if not expected.open:
            parts.append(expected.text)
        return Choice(" ".join(parts), offer.options)
    if not expected.open:
        return Choice(expected.promise, offer.options)
    return Choice(f"{say('queue.already')} {expected.text}", offer.options)


def asks_how_long(text: str) -> bool:
    """Whether a customer wants to know how long it takes."""
    return _ASKS_HOW_LONG.search(normalise(text)) is not None


def asks_for_bot(text: str) -> bool:
    """Whether a customer wants the assistant back rather than wait.

    The words are a wish for the assistant, or for going back, and nothing else: "laat maar, ga
    terug naar de bot", "terug", "toch de computer". "Bot" alone is no wish.
    """
    words = normalise(text).split()
    if not 0 < len(words) <= _ASKS_BACK_WORDS:
        return False
    if "terug" in words and all(map(_BACK.fullmatch, words)):
        return True
    named = len(words) > 1 and any(map(_MACHINE.fullmatch, words))
    return named and all(map(_AROUND.fullmatch, words))


def beside(expected: Expectation, offer: Offer, *, requested: bool = False) -> Choice:
    """The last message of an answer to a customer who waits: the place in the queue stays.

    Args:
        expected: what the customer may expect now.
        offer: what can be chosen.
        requested: whether the customer asked to be called or written back.
    """
    place = "queue.place_stays" if expected.open else "queue.stays"
    return Choice(say("queue.request_stays" if requested else place), offer.options)


def task_offered(task: str, offer: Offer, before: str) -> Choice:
    """The reply to a request that the assistant can carry out as well.

    Args:
        task: its title; empty where what is said first names it.
        offer: what can be chosen besides.
        before: what is said first.
    """
    offered = say("queue.task_offer", task=task) if task else say("queue.this_too")
    return Choice(f"{before} {offered}", (built_in_messages.carry_out(), *offer.options))


def left(*, thanks: bool, requested: bool) -> Choice:
    """The reply to a customer who leaves the queue and asks nothing besides.

    Args:
        thanks: whether the customer says thanks or goodbye.
        requested: whether the customer asked to be called or written back.
    """
    parts = [say("queue.left")]
    parts += [say("queue.request_stays")] if requested else []
    parts.append(say("chat.you_are_welcome") if thanks else say("queue.left_next"))
    return Choice(
        " ".join(parts), (built_in_messages.another_question(), built_in_messages.medewerker())
    )


def acknowledgement(
    said: Sequence[tuple[datetime, Outbound]],
    received_at: datetime,
    expected: Expectation,
    offer: Offer,
    *,
    asks: bool = False,
) -> Choice | None:
    """The reply to a message of a customer who waits; None: no reply, it is one of a burst.

    Args:
        said: what was said since the hand-over and when, oldest first.
        received_at: when the message came in.
        expected: what the customer may expect now.
        offer: what can be chosen.
        asks: whether it asks or wishes for something: then there is a reply in any case.
    """
    earlier = [(at, each.text) for at, each in said if _acknowledges(each)]
    if not asks and earlier and received_at - earlier[-1][0] < BURST:
        return None
    if not earlier:
        return Choice(say("queue.noted"), offer.options)
    if not any(expected.text in each.text for _, each in said):
        return Choice(f"{built_in_messages.noted_short()[0]} {expected.text}", offer.options)
    last = earlier[-1][1]
    return Choice(
        next(text for text in built_in_messages.noted_short() if text != last), offer.options
    )


def _acknowledges(message: Outbound) -> bool:
    openings = (say("queue.noted"), *built_in_messages.noted_short())
    return bool(options_of(message)) and message.text.startswith(openings)
