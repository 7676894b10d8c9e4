"""Renders a transcript as a web page in Dutch, piece by piece; its templates escape everything."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.catalogue import say
from bot.dutch.calendar import full_date
from bot.organisation import Organisation
from bot.transcripts.transcript_entries import Shown, say_day, say_time

_FOLDER: Final = Path(__file__).parent / "templates"
#: Messages in one piece of the page.
_PIECE: Final = 50
#: Headers of the page: nothing is fetched but the style, no script runs, no address is told to
#: other sites, and no copy is kept.
HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}


@dataclass(frozen=True, slots=True)
class Step:
    """A message of the page, with its place in days and channels.

    Attributes:
        number: which day it is, from 1.
        message: the message.
        day: the day that begins with it, or empty.
        closes: whether an earlier day ends before it.
        moved: whether it is the first on another channel.
    """

    number: int
    message: Shown
    day: str
    closes: bool
    moved: bool

    @property
    def time(self) -> str:
        """The time of day at which it was said."""
        return say_time(self.message.at)

    @property
    def checked(self) -> str:
        """The date on which its source was checked; empty without one."""
        source = self.message.source
        return full_date(source.checked) if source and source.checked else ""


async def page(
    messages: AsyncIterator[Shown],
    organisation: Organisation,
    public_url: str,
    text_url: str,
    until: datetime,
) -> AsyncGenerator[str, None]:
    """The whole page, in pieces.

    Args:
        messages: the conversation in order of time.
        organisation: whose counter this is.
        public_url: its address, where the chat is.
        text_url: where the same is as text.
        until: when the link expires (aware).
    """
    about = {"organisation": organisation, "public_url": public_url}
    ends = say("transcript.until", day=say_day(until), time=say_time(until))
    yield _render("head.html", **about, text_url=text_url, until=ends)
    day = where = ""
    number = 0
    steps: list[Step] = []
    async for message in messages:
        today = say_day(message.at)
        begins = today != day
        number += begins
        heading = today[0].upper() + today[1:] if begins else ""
        moved = bool(where) and message.where != where
        steps.append(Step(number, message, heading, begins and bool(day), moved))
        day, where = today, message.where
        if len(steps) == _PIECE:
            yield _render("entries.html", steps=steps)
            steps = []
    yield _render("entries.html", steps=steps) + _render("tail.html", **about, empty=not number)


def refused(
    sentence: str, organisation: Organisation, public_url: str, *, again: bool = True
) -> str:
    """The page for a link that opens nothing, with the way out.

    Args:
        sentence: what is the matter, in Dutch.
        organisation: whose counter this is.
        public_url: its address, where the chat is.
        again: whether a new link may show it.
    """
    about = {"organisation": organisation, "public_url": public_url}
    return _render("refused.html", sentence=sentence, again=again, **about)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["say"] = say
    return environment


def _render(name: str, **values: Any) -> str:
    return _environment().get_template(name).render(**values)
