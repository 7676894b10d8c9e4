"""Reads what `loket chat --json` is given: one message, or one step in time, a line. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any, Final

#: Names of conversations are part of an address.
_LONGEST_NAME: Final = 64
#: A clock further from the real one than this is a mistake.
MOST: Final = timedelta(days=3660)
_SPAN = re.compile(r"(\d{1,9}(?:\.\d{1,6})?)\s*([smhdw])")
_UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_EXAMPLE: Final = '{"session": "a", "text": "...", "after": "6h"}'


class BadLine(ValueError):
    """A line that cannot be played.

    Attributes:
        right: what would be right there.
    """

    def __init__(self, message: str, right: str) -> None:
        super().__init__(message)
        self.right = right


@dataclass(frozen=True, slots=True)
class Line:
    """What a line asks for.

    Attributes:
        session: name of the conversation, or None: that of lines that name none.
        text: what the customer types; with a payload the words of the option.
        payload: what a tapped option sends.
        tap: the words of an option that was shown last, which is tapped.
        channel: the channel of a new conversation, or None: that of the command.
        after: how much later it is than after the last message of this conversation.
        at: the moment that it is then.
    """

    session: str | None = None
    text: str | None = None
    payload: str | None = None
    tap: str | None = None
    channel: str | None = None
    after: timedelta | None = None
    at: datetime | None = None

    @property
    def says(self) -> bool:
        """Whether the customer sends something; else only time goes by."""
        return any(each is not None for each in (self.text, self.payload, self.tap))


def read(line: str) -> Line:
    """Reads a line of input.

    Args:
        line: an object of JSON, a string of JSON, or plain words, which are a message themselves.

    Raises:
        BadLine: it is none of these, or says things that do not go together.
    """
    if line.lstrip().startswith("{"):
        return _from_object(line)
    if line.startswith('"'):
        try:
            return Line(text=_sound(str(json.loads(line))))
        except ValueError:  # words that begin with a quotation mark
            pass
    return Line(text=line)


def _from_object(line: str) -> Line:
    try:
        given = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadLine(f"this is no JSON ({error})", f"one object a line: {_EXAMPLE}") from error
    known = {field.name: _READERS[field.name] for field in fields(Line)}
    if unknown := sorted(given.keys() - known.keys()):
        raise BadLine(f"there is no {', '.join(unknown)}", f"keys are {', '.join(known)}")
    read = Line(
        **{key: known[key](key, value) for key, value in given.items() if value is not None}
    )
    _refuse_mixtures(read, given)
    return read


def _refuse_mixtures(line: Line, given: Mapping[str, Any]) -> None:
    if line.tap is not None and (line.text is not None or line.payload is not None):
        raise BadLine("a tap has its own text and payload", "tap alone, or text and payload")
    if line.after is not None and line.at is not None:
        raise BadLine("after and at both say when it is", "one of them")
    if not line.says and line.after is None and line.at is None:
        raise BadLine(
            f"nothing is said and no time goes by in {json.dumps(given, ensure_ascii=False)}",
            "text, payload or tap; after or at alone lets time go by",
        )


def span(text: str) -> timedelta:
    """A length of time as `after` has it: `6h`, `90m`, `1d 12h`.

    Raises:
        ValueError: it is none.
    """
    parts = _SPAN.findall(text)
    if not parts or _SPAN.sub("", text).strip():
        raise ValueError(text)
    return sum((timedelta(**{_UNITS[unit]: float(n)}) for n, unit in parts), timedelta())


def _text(key: str, value: Any) -> str:
    if not isinstance(value, str):
        raise BadLine(f"{key} is {json.dumps(value)}", f'words: "{key}": "..."')
    return _sound(value)


def _name(key: str, value: Any) -> str:
    name = _text(key, value)
    if not name.strip() or len(name) > _LONGEST_NAME:
        raise BadLine(f"{key} is {json.dumps(value)}", f"1 to {_LONGEST_NAME} characters")
    return name


def _after(key: str, value: Any) -> timedelta:
    try:
        length = span(_text(key, value))
    except (ValueError, OverflowError):
        length = None
    if length is None or length > MOST:
        right = 'a number with s, m, h, d or w, such as "90m", "6h" or "2d"; ten years at most'
        raise BadLine(f"{key} is {json.dumps(value)}", right)
    return length


def _at(key: str, value: Any) -> datetime:
    try:
        return datetime.fromisoformat(_text(key, value))
    except ValueError as error:
        right = 'a moment such as "2026-12-01T09:30", there where the organisation is'
        raise BadLine(f"{key} is {json.dumps(value)}", right) from error


def _sound(text: str) -> str:
    """Text that can be written: half a character of UTF-16 cannot."""
    return text.encode("utf-8", errors="replace").decode("utf-8")


_READERS: Final[Mapping[str, Callable[[str, Any], Any]]] = {
    "session": _name,
    "text": _text,
    "payload": _text,
    "tap": _text,
    "channel": _text,
    "after": _after,
    "at": _at,
}
