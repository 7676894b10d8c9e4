"""Long texts take no longer than their length says: nobody stops a worker with one message."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation import callback_words, contact, crisis, escape
from bot.conversation.cleaning import clean
from bot.dutch import amounts, dates, phones, postcode, private_numbers, times
from bot.privacy import MASK, mask_text

TODAY = date(2026, 11, 30)
NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
#: Many times what is understood of a message (4,096 characters). What is quadratic takes minutes.
LENGTH = 65_536
READERS: dict[str, Callable[[str], object]] = {
    "amounts": amounts.find,
    "callback_words": callback_words.without_lead,
    "clean": clean,
    "contact": contact.contact_in,
    "crisis": crisis.is_crisis,
    "escape": escape.asks_for_person,
    "house_numbers": postcode.find_house_numbers,
    "mask_text": mask_text,
    "phones": phones.find,
    "postcodes": postcode.find,
    "private_numbers": private_numbers.mask,
    "times": times.find,
}
#: What makes a search begin, or nearly end, at every place of a text.
PIECES = [
    *("a", "a.", "a-", "a@", "@a.", "e\u0301", "0", "1 ", "12-", "12:", "0 6", "\u0660"),
    *("- ", "'", " ", "\n", "(", "\u20ac 1", "12 uur ", "1234 a", "NL91 ", "AB12ABCD1"),
    *("wamid.", "bsn ", "medewerker "),
]


@pytest.mark.timeout(60)
@pytest.mark.parametrize("piece", PIECES)
@pytest.mark.parametrize("reader", READERS)
def test_a_reader_takes_time_in_proportion(reader: str, piece: str) -> None:
    """Whatever the text repeats."""
    READERS[reader](piece * (LENGTH // len(piece)))


@pytest.mark.timeout(60)
@pytest.mark.parametrize("piece", PIECES)
def test_what_is_understood_of_a_message_is_read_at_once(piece: str) -> None:
    """A row of days is worse than linear, so only as much of it as a message may hold is read."""
    dates.wanted(clean(piece * LENGTH), TODAY)
    dates.wanted(clean("maandag " * LENGTH), TODAY)


PRIVATE = st.sampled_from(
    ["jan.jansen@voorbeeld.nl", "+31612345678", "0612345678", "NL91ABNA0417164300", "1234AB",
     "123456789", "NL.134912345678", "wamid.HBgLMzE2MTIzNDU2NzgVAgASGBQz"]
)  # fmt: skip
GLUE = st.sampled_from([" ", "\n", " en ", "; ", " (", ") ", ' "', ", "])


@given(st.lists(st.tuples(GLUE, PRIVATE), min_size=1, max_size=6))
def test_nothing_private_is_left_whatever_stands_beside_it(parts: list[tuple[str, str]]) -> None:
    """Each is found by itself, also right behind another."""
    masked = mask_text("".join(glue + private for glue, private in parts))
    assert not any(private in masked for _, private in parts)
    assert masked.count(MASK) <= len(parts)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("deadbeef-0000-4000-8000-000000000000", "deadbeef-0000-4000-8000-000000000000"),
        ("deadbeef-0000-4000-8000-000000000000-jan@x.nl", MASK),
        ("NL91 ABNA 0417164300.jan@x.nl", MASK),
        ("van a@b.nl,c@d.nl", f"van {MASK},{MASK}"),
    ],
)
def test_what_overlaps_is_masked_together(text: str, left: str) -> None:
    """An id is kept, but not where an address is made of it."""
    assert mask_text(text) == left


@pytest.mark.parametrize(
    ("text", "number"),
    [("Anna-Paulowna-straat 12", "12"), ("3e-laan 5a", "5A"), ("de 'Kortestraat 7", "7")],
)
def test_a_street_keeps_its_number(text: str, number: str) -> None:
    """Hyphens and apostrophes are parts of its name."""
    assert postcode.parse_house_number(text) == number
