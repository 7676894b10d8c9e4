"""Renders a transcript as a text file in Dutch and as JSON lines, piece by piece."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from datetime import datetime

from bot.catalogue import say
from bot.dutch.calendar import full_date
from bot.transcripts.transcript_entries import Shown, say_day, say_time


async def text(messages: AsyncIterator[Shown], now: datetime) -> AsyncGenerator[str, None]:
    """The whole conversation, oldest first; lines end in CRLF so that every editor shows them.

    Args:
        messages: the conversation in order of time.
        now: when the file is made (aware).
    """
    saved = say("transcript.saved_on", day=say_day(now), time=say_time(now))
    yield _lines(say("transcript.file_title"), saved)
    day = where = ""
    async for message in messages:
        if (today := say_day(message.at)) != day:
            day = today
            yield _lines("", day[0].upper() + day[1:])
        if where and message.where != where:
            yield _lines("", say("transcript.moved", channel=message.where))
        where = message.where
        yield _lines("", *_paragraphs(message))
    if not day:
        yield _lines("", say("transcript.empty"))


async def json_lines(messages: AsyncIterator[Shown]) -> AsyncGenerator[str, None]:
    """The conversation as JSON: one object a message, each on a line of its own."""
    async for message in messages:
        data = {
            "at": message.at.isoformat(),
            "channel": message.channel.name,
            "author": message.author,
            "text": message.text,
            "notice": message.notice,
            "options": list(message.options),
            "source": _source(message),
            "link": message.link or None,
            "status": message.status or None,
        }
        yield json.dumps(data, ensure_ascii=False) + "\n"


def _source(message: Shown) -> dict[str, str | None] | None:
    source = message.source
    if source is None:
        return None
    checked = source.checked.isoformat() if source.checked else None
    return {
        "passage": source.passage,
        "title": source.title,
        "url": source.url,
        "date": checked,
        "note": source.note or None,
    }


def _paragraphs(message: Shown) -> Iterator[str]:
    first, *rest = "\n".join(_said(message)).split("\n")
    yield f"{say_time(message.at)}  {message.name}: {first}"
    yield from (f"       {line}".rstrip() for line in rest)


def _said(message: Shown) -> Iterator[str]:
    if message.text or not message.source:
        yield f"{message.text}: {message.link}" if message.link else message.text
    yield from (f"- {option}" for option in message.options)
    if source := message.source:
        yield f"“{source.passage}”"
        named = f"{source.title}, {source.url}" if source.url else source.title
        if source.checked:
            day = full_date(source.checked)
            yield say("transcript.source_checked", source=named, day=day)
        else:
            yield say("transcript.source", source=named)
        if source.note:
            yield source.note


def _lines(*lines: str) -> str:
    return "".join(f"{line}\r\n" for line in lines)
