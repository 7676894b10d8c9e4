"""Matches a reply with the options on the table: by tap, number, letter, place or words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.conversation import scores
from bot.conversation.escape import asks_for_person, normalise
from bot.conversation.option_words import by_part, by_place, by_polite_title, has_digits
from bot.messages import Inbound, Option, Outbound, RatingRequest, options_of

#: Payload that leaves the task; where "stop" is the carrier's word it is offered as "annuleer".
CANCEL = "/cancel_task"
#: Ways out of a question that is answered in words. They get no number: "2" may be the answer.
_WAYS_OUT = frozenset({"/medewerker", CANCEL})
#: "2", "b", "optie 2", "2. Nee": an option by its number or letter, maybe with its title behind it.
_NAMED = re.compile(
    r"(?:(?:optie|nummer|nr|keuze|antwoord) )?(?P<sign>\d{1,2}|[a-z])(?: (?P<title>.+))?"
)


#: A letter three times and more, which `normalise` reads as one: "aaaaa" is no option a.
_REPEATED = re.compile(r"([^\W\d_])\1{2,}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Meaning:
    """The meaning of a customer's message, given the options.

    Attributes:
        kind: `payload` (a choice on the table), `text` (words to understand), or `stale` (a tap on
            something that is not, or no longer, on the table).
        value: the payload, or the words; for `stale` the words of the tapped option.
    """

    kind: Literal["payload", "text", "stale"]
    value: str


def on_the_table(messages: Sequence[Outbound]) -> tuple[Option, ...]:
    """The options of the newest turn, in the order shown, each once.

    Args:
        messages: what Loket said since the customer's last message, oldest first.
    """
    offered = (option for message in messages for option in options_of(message))
    return tuple({option.payload: option for option in offered}.values())


def counted(options: Sequence[Option]) -> bool:
    """Whether options can be chosen by number; not those that are all ways out of a question."""
    return any(option.payload not in _WAYS_OUT for option in options)


def meaning(
    inbound: Inbound, text: str, messages: Sequence[Outbound], *, numbered: bool
) -> Meaning:
    """Finds what a message means, given what the customer is looking at.

    Args:
        inbound: the message.
        text: its cleaned text.
        messages: what Loket said since the customer's last message, oldest first.
        numbered: whether the channel shows a number with each option. Elsewhere a number chooses as
            well, unless a title holds one: "4" then may be "4 weken".

    Returns:
        A payload only if it is on the table; a payload that asks for a person always counts.
    """
    offered = on_the_table(messages)
    if inbound.payload is not None:
        if any(option.payload == inbound.payload for option in offered):
            return Meaning("payload", inbound.payload)
        if asks_for_person(inbound.payload):
            return Meaning("payload", "/medewerker")
        return Meaning("stale", text)
    chosen = _by_words(text, messages, offered, numbered=numbered)
    # A leading slash is Rasa's mark of a payload; typed by a customer it is just a character.
    return Meaning("payload", chosen) if chosen else Meaning("text", text.lstrip("/ ") or text)


def _by_words(
    text: str, messages: Sequence[Outbound], offered: Sequence[Option], *, numbered: bool
) -> str | None:
    said = normalise(text)
    asked = next((each for each in reversed(messages) if asks(each)), None)
    # A title that is a number is no word: "2" below an older "2" answers what was asked since.
    titled = options_of(asked) if asked is not None and said.isdecimal() else offered
    by_title = {normalise(option.title): option.payload for option in titled}
    if CANCEL in by_title.values():
        by_title.setdefault("annuleer", CANCEL)
    if said and said in by_title:
        return by_title[said]
    if isinstance(asked, RatingRequest):
        return scores.payload_of(text, asked)
    options = options_of(asked) if asked is not None else ()
    if not counted(options) or "?" in text or _REPEATED.search(text):
        return None
    named = _NAMED.fullmatch(said) if numbered or not has_digits(options) else None
    if named and (listed := _listed(named["sign"], named["title"] or "", options)):
        return listed
    return by_polite_title(said, options) or by_place(said, options) or by_part(said, options)


def asks(message: Outbound) -> bool:
    """Whether a message asks for an answer: a number or a score answers the newest that does.

    Of two lists in a turn the lowest is the one that a customer looks at. Below a list, a question
    in words takes the number as its own answer.
    """
    offers = isinstance(message, RatingRequest) or bool(options_of(message))
    return offers or message.text.rstrip().endswith("?")


def _listed(sign: str, title: str, options: Sequence[Option]) -> str | None:
    """The option that a number or a letter stands for.

    A letter is an option's place (a is the first) or the only initial like it; where these differ,
    nothing is chosen: a wrong guess could confirm what the customer wanted to leave.
    """
    named = [_names(option) for option in options]
    place = int(sign) - 1 if sign.isdigit() else ord(sign) - ord("a")
    found = {place} & set(range(len(options)))
    if not sign.isdigit():
        found |= {i for i, names in enumerate(named) if any(n[:1] == sign for n in names)}
    if len(found) != 1:
        return None
    (index,) = found
    return options[index].payload if not title or title in named[index] else None


def _names(option: Option) -> set[str]:
    """The titles under which an option may be shown."""
    names = {normalise(option.title)}
    return names | {"annuleer"} if option.payload == CANCEL else names
