"""The conversation as a text file in Dutch, for the customer to keep."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot.messages import Author, Choice, Media, Notice, Outbound, Quote, RatingRequest, Text
from bot.store.timeline import Entry

#: Times in the file are Dutch clock times.
ZONE: Final = ZoneInfo("Europe/Amsterdam")

_DAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
_MONTHS = (
    *("januari", "februari", "maart", "april", "mei", "juni"),
    *("juli", "augustus", "september", "oktober", "november", "december"),
)
_NAMES: dict[Author, str] = {
    "customer": "U",
    "bot": "AI-assistent",
    "human": "Medewerker",
    "system": "Bericht",
}
_RATED = re.compile(r'/rate\{.*"score"\s*:\s*([1-5])')


def transcript(entries: Iterable[Entry], now: datetime) -> str:
    """The whole conversation, oldest first; lines end in CRLF so that every editor shows them.

    Args:
        entries: the conversation in order of time.
        now: when the file is made (aware).
    """
    lines = ["Uw chatgesprek", f"Opgeslagen op {_day(now)} om {_time(now)} uur", ""]
    lines += _body(entries) or ["Er zijn nog geen berichten."]
    return "\r\n".join(lines).rstrip("\r\n") + "\r\n"


def rated(payload: str | None) -> int | None:
    """The score, 1 to 5, in the payload of a tapped rating; None for every other payload."""
    match = _RATED.match(payload or "")
    return int(match[1]) if match else None


def _body(entries: Iterable[Entry]) -> list[str]:
    lines: list[str] = []
    day = ""
    for entry in entries:
        if (today := _day(entry.at)) != day:
            day = today
            lines += [day[0].upper() + day[1:], ""]
        lines += [*_paragraphs(entry), ""]
    return lines


def _paragraphs(entry: Entry) -> Iterator[str]:
    head = f"{_time(entry.at)}  {_NAMES[entry.author]}:"
    text = "\n".join(_said(entry))
    first, *rest = text.split("\n")
    yield f"{head} {first}"
    yield from (f"       {line}".rstrip() for line in rest)


def _said(entry: Entry) -> Iterator[str]:
    if entry.inbound is not None:
        inbound = entry.inbound.inbound
        score = rated(inbound.payload)
        yield f"Beoordeling: {score} van 5" if score else inbound.text
    elif entry.outbound is not None:
        yield from _shown(entry.outbound.message)


def _shown(message: Outbound) -> Iterator[str]:
    match message:
        case Text(text) | Notice(text) | RatingRequest(text):
            yield text
        case Choice(text, options):
            yield text
            yield from (f"- {option.title}" for option in options)
        case Quote(text, passage, title, url, checked):
            if not message.repeats:
                yield text
            yield f"“{passage}”"
            source = f"Bron: {title}, {url}"
            yield f"{source} (gecontroleerd op {_date(checked)})" if checked else source
            if message.note:
                yield message.note
        case Media(text, url):
            yield f"{text}: {url}"


def _day(at: datetime) -> str:
    local = at.astimezone(ZONE)
    return f"{_DAYS[local.weekday()]} {_date(local)}"


def _date(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _time(at: datetime) -> str:
    return at.astimezone(ZONE).strftime("%H:%M")
