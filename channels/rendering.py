"""Rendering: fits what Loket says into what a channel can show. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.catalogue import say
from bot.conversation.option_matching import CANCEL, counted
from bot.dutch.calendar import full_date
from bot.messages import (
    Choice,
    Media,
    Option,
    Outbound,
    Quote,
    RatingRequest,
    Text,
    options_of,
)
from channels.capabilities import Capabilities
from channels.text_splitting import cut

#: The data that a tapped option gives back: the outbox row's id, and the option's index.
CALLBACK = re.compile(r"(\d{1,18})\.(\d{1,3})", re.ASCII)

_QUOTED_STOP = re.compile(r"(?<=[‘'\"“])stop(?:pen)?(?=[’'\"”])", re.IGNORECASE)
_INSTEAD_OF_STOP = "annuleer"


@dataclass(frozen=True, slots=True)
class Plain:
    """A text to send as it is; within the channel's limit."""

    text: str


@dataclass(frozen=True, slots=True)
class Buttons:
    """A question with buttons; text, number of options and their titles are within limits.

    The options are all of the message's, in its order: `options[i]` is called back as
    `callback(ref, i)`.
    """

    text: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """A question with a list to tap in; as `Buttons`."""

    text: str
    options: tuple[Option, ...]


Piece = Plain | Buttons | Rows


def callback(ref: str, index: int) -> str:
    """The data that a tap gives back; `channels.intake.take` turns it into the payload."""
    return f"{ref or 0}.{index}"


def fit(message: Outbound, capabilities: Capabilities) -> tuple[Piece, ...]:
    """The pieces to send for a message, in order, each within the channel's limits.

    Choices become buttons, else a list, else numbered lines; a question that only offers ways out
    (a person, leaving the task) names the words to type, so that a digit stays an answer. Quotes
    and media become text. Empty when there is nothing to say.
    """
    text = _words(message, capabilities)
    options = _options(message, capabilities)
    if not options:
        return tuple(map(Plain, split(text, capabilities)))
    question = text if text.strip() else say("channel.question")
    size = capabilities.length(question)
    unique = len({option.title for option in options}) == len(options)
    as_buttons = (
        unique
        and len(options) <= capabilities.buttons
        and _short(options, capabilities.title, capabilities)
    )
    as_rows = (
        unique
        and len(options) <= capabilities.rows
        and _short(options, capabilities.row or capabilities.title, capabilities)
    )
    over_buttons = capabilities.question or capabilities.text
    over_rows = capabilities.list_question or capabilities.text
    if as_buttons and (size <= over_buttons or not as_rows or size > over_rows):
        *before, last = split(question, capabilities, over_buttons)
        return (*map(Plain, before), Buttons(last, options))
    if as_rows:
        *before, last = split(question, capabilities, over_rows)
        return (*map(Plain, before), Rows(last, options))
    return tuple(map(Plain, split(_typed(message, question, options), capabilities)))


def split(text: str, capabilities: Capabilities, limit: int = 0) -> list[str]:
    """Splits a text in pieces of at most `limit`, where it hurts least; none when it is empty.

    Args:
        text: any text.
        capabilities: the channel's.
        limit: longest piece; 0 for the channel's longest text.
    """
    return cut(text, limit or capabilities.text, capabilities.length)


def _short(options: Sequence[Option], limit: int, capabilities: Capabilities) -> bool:
    return all(0 < capabilities.length(option.title) <= limit for option in options)


def _options(message: Outbound, capabilities: Capabilities) -> tuple[Option, ...]:
    if not capabilities.quiet_stop:
        return options_of(message)
    return tuple(
        replace(option, title=_INSTEAD_OF_STOP.capitalize()) if option.payload == CANCEL else option
        for option in options_of(message)
    )


def by_words(message: Outbound) -> Outbound:
    """A question whose options are chosen by their words, so that no number stands before them.

    For one that does not come last in a text: a number answers what is asked below it.
    """
    if not isinstance(message, Choice) or not counted(message.options):
        return message
    return Text(f"{message.text}\n{_named(message.options)}")


def _named(options: Sequence[Option]) -> str:
    return say("channel.by_word", words=", ".join(option.title.lower() for option in options))


def _typed(message: Outbound, question: str, options: Sequence[Option]) -> str:
    """The text of a question whose options are typed rather than tapped."""
    if isinstance(message, RatingRequest):
        return f"{question}\n{say('channel.by_score')}"
    if not counted(options):
        return f"{question}\n{_named(options)}"
    lines = [f"{number}. {option.title}" for number, option in enumerate(options, start=1)]
    return "\n".join([question, *lines, say("channel.by_number")])


def _words(message: Outbound, capabilities: Capabilities) -> str:
    match message:
        case Quote():
            text = _quoted(message, links=capabilities.links)
        case Media(text, url):
            text = f"{text}\n{url}".strip() if _is_absolute(url) else text
        case _:
            text = message.text
    return _QUOTED_STOP.sub(_INSTEAD_OF_STOP, text) if capabilities.quiet_stop else text


def _quoted(quote: Quote, *, links: bool) -> str:
    """The text of an answer with its source, in the short form where addresses are unwelcome.

    An address within the website is left out: outside it, it leads nowhere. In the short form the
    text fragment goes too: it is longer than the answer. Words quoted are never said twice.
    """
    address = quote.url if _is_absolute(quote.url) else ""
    if not links:
        source = address.partition("#:~:")[0] or quote.title
        named = say("channel.source_short", source=source)
        if quote.date:
            day = f"{quote.date.day}-{quote.date.month}-{quote.date.year}"
            named = say("channel.source_short_checked", source=source, day=day)
        return "\n".join(line for line in (quote.text, quote.note, named) if line)
    named = say("channel.source", source=quote.title)
    if quote.date:
        named = say("channel.source_checked", source=quote.title, day=full_date(quote.date))
    before = [] if quote.repeats else [quote.text, ""]
    lines = [*before, f"“{quote.passage}”", named, address, quote.note]
    return "\n".join(line for index, line in enumerate(lines) if line or index == 1)


def _is_absolute(url: str) -> bool:
    return url.startswith(("https://", "http://"))
