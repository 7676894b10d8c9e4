"""What `loket chat --json` can be given, and what it says of the rest."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cli.chat_lines import BadLine, Line, read, span


@pytest.mark.parametrize("words", ["hoi", "", "3", '"hoi" zei ik', '"', "[1]", "null", "-5"])
def test_words_are_a_message(words: str) -> None:
    """As they stand, whatever JSON would make of them."""
    assert read(words) == Line(text=words)


def test_a_string_of_json_is_its_words() -> None:
    """So that a message may have several lines, or begin with a brace."""
    assert read('"{een\\ntwee"') == Line(text="{een\ntwee")


def test_an_object_says_more() -> None:
    """Nothing it leaves out is said."""
    assert read('{"session": "a", "text": "hoi", "after": "6h"}') == Line(
        "a", "hoi", after=timedelta(hours=6)
    )
    assert read(' {"tap": "Ja", "payload": null}') == Line(tap="Ja")
    assert read('{"text": ""}').says
    assert not read('{"after": "1d"}').says
    assert read('{"at": "2026-12-01T09:30Z"}').at == datetime(2026, 12, 1, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("90m", timedelta(minutes=90)),
        ("1.5 h", timedelta(minutes=90)),
        ("2d", timedelta(days=2)),
        ("1d 12h", timedelta(hours=36)),
        ("0s", timedelta()),
        ("1w", timedelta(days=7)),
    ],
)
def test_lengths_of_time(text: str, length: timedelta) -> None:
    """In the units of a clock and a calendar."""
    assert span(text) == length


@pytest.mark.parametrize(
    ("line", "wrong", "right"),
    [
        ('{"text": "hoi"', "no JSON", "one object a line"),
        ('{"text": "hoi"} {"text": "hoi"}', "no JSON", "one object a line"),
        ('{"tekst": "hoi"}', "there is no tekst", "keys are session, text"),
        ('{"text": 5}', "text is 5", 'words: "text"'),
        ('{"session": " ", "text": "a"}', "session is", "1 to 64 characters"),
        ('{"text": "a", "after": "later"}', "after is", '"90m"'),
        ('{"text": "a", "after": "-6h"}', "after is", '"90m"'),
        ('{"text": "a", "after": 6}', "after is 6", '"90m"'),
        ('{"text": "a", "after": "999999999w"}', "after is", "ten years"),
        ('{"text": "a", "at": "morgen"}', "at is", "2026-12-01T09:30"),
        ('{"text": "a", "at": "2026-12-01", "after": "1h"}', "both say when", "one of them"),
        ('{"tap": "Ja", "text": "ja"}', "a tap has its own", "tap alone"),
        ('{"session": "a"}', "nothing is said", "text, payload or tap"),
        ("{}", "nothing is said", "text, payload or tap"),
    ],
)
def test_a_bad_line_is_told(line: str, wrong: str, right: str) -> None:
    """With what is wrong, and what would be right."""
    with pytest.raises(BadLine) as told:
        read(line)
    assert wrong in str(told.value)
    assert right in told.value.right


@given(st.text() | st.dictionaries(st.sampled_from(list(Line.__slots__)), st.text()))
def test_any_line_is_read_or_refused(line: Any) -> None:
    """Nothing else can come of it, and what is read can be written."""
    try:
        got = read(line if isinstance(line, str) else json.dumps(line))
    except BadLine as error:
        told = error.right
    else:
        told = "".join(each for each in (got.session, got.text, got.payload, got.tap) if each)
        told = told or "read"
    assert told
    assert isinstance(line, str) or told.encode()
