"""No text of a customer's keeps a process busy: what reads it takes as many steps as it is long."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.extractors import OrderNumbers, find_reading
from bot.conversation import (
    asked_details,
    callback_reading,
    callback_texts,
    channel_switch_code,
    cleaning,
    contact,
    dropping,
    escape,
    leaving_queue,
    queueing,
    reply_links,
    waiting,
)
from bot.dutch import (
    amounts,
    dates,
    mistyped,
    phones,
    postcode,
    private_numbers,
    spelling,
    times,
    two_requests,
)
from bot.logs import personal_data
from bot.safety import concepts, words
from channels import text_splitting
from tests.support.configured_channels import PROFILES

TODAY = date(2026, 11, 2)
READERS: dict[str, Callable[[str], object]] = {
    "mask_text": personal_data.mask_text,
    "amounts.find": amounts.find,
    "amounts.parse": amounts.parse,
    "dates.find": lambda text: dates.find(text, TODAY),
    "dates.wanted": lambda text: dates.wanted(text, TODAY),
    "dates.read": lambda text: dates.read(text, TODAY),
    "dates.in_doubt": lambda text: dates.in_doubt(text, TODAY),
    "dates.refused": lambda text: dates.refused(text, TODAY),
    "dates.refused_parts": dates.refused_parts,
    "dates.shift": dates.shift,
    "dates.day_part": dates.day_part,
    "mistyped.mended": mistyped.mended,
    "readings.find": find_reading,
    "orders.find": OrderNumbers().find,
    "phones.find": phones.find,
    "postcode.find": postcode.find,
    "postcode.find_house_numbers": postcode.find_house_numbers,
    "private_numbers.mask": private_numbers.mask,
    "two_requests.split": two_requests.split,
    "spelling.plain": spelling.plain,
    "spelling.without_numbers": spelling.without_numbers,
    "times.find": times.find,
    "callback_texts.agrees": callback_texts.agrees,
    "callback_texts.declines": callback_texts.declines,
    "callback_texts.disagrees": callback_texts.disagrees,
    "callback_texts.field_named": callback_texts.field_named,
    "callback_texts.leaves": callback_texts.leaves,
    "callback_texts.wishes": callback_texts.wishes,
    "callback_texts.without_lead": callback_texts.without_lead,
    "cleaning.clean": cleaning.clean,
    "contact.contact_in": contact.contact_in,
    "text_splitting.cut": lambda text: text_splitting.cut(text, 1600, len),
    "safety.likely": words.likely,
    "safety.groups_in": concepts.groups_in,
    "escape.asks_for_person": escape.asks_for_person,
    "escape.normalise": escape.normalise,
    "channel_switch_code.code_of": channel_switch_code.code_of,
    "reply_links.asks_elsewhere": lambda text: reply_links.asks_elsewhere(text, PROFILES),
    "reply_links.asks_transcript": reply_links.asks_transcript,
    "reply_links.channel_named": lambda text: reply_links.channel_named(text, PROFILES),
    "callback_reading.told": lambda text: callback_reading.told(text, TODAY),
    "asked_details.only_details": asked_details.only_details,
    "waiting.decide": lambda text: waiting.decide(text, None),
    "dropping.drops": lambda text: dropping.drops(escape.normalise(text)),
    "leaving_queue.leaving": leaving_queue.leaving,
    "queueing.asks_for_bot": queueing.asks_for_bot,
    "queueing.asks_how_long": queueing.asks_how_long,
}
#: What a text repeats: near to what some pattern looks for, and never quite it.
REPEATED = [
    "a", "g", " ", "\n", ".", "@", "-", "(", "0", "9 ", "0-", "a ", "a.", "a-", "a@", "a@a.", "+0",
    "1.", "1,", "12:", "1/", "0f", "\u0660", "\u06601", "\u00e9", "e\u0301", "\u200d", "wamid.",
    "NL91ABNA", "NL91 ABNA 0", "123456782 ", "[bsn]", "1234 ab ", "1234 en ", "PP-1 ", "twintig",
    "van twintig ", "maandag ", "volgende ", "half ", "om 3 ", "3 euro ", "tussen 3 en ", "en ",
    "niet ", "ja, ", "medewerker ", "mede", "www.a", "huisnr ", "straat ", "12 bis ",
    "[parameters: ",
]  # fmt: skip
#: What stands before it.
LEADS = ["", "huisnummer", "1234 AB", "postcode", "12", "niet op", "mijn naam is", "a" * 64 + "@"]


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize(
    ("length", "leads"),
    [
        pytest.param(512, LEADS, id="short"),
        pytest.param(8_192, ("",), id="16 times that"),
        pytest.param(4_096, LEADS, id="what a channel takes", marks=pytest.mark.long),
        pytest.param(65_536, ("",), id="16 times what it takes", marks=pytest.mark.long),
    ],
)
@pytest.mark.timeout(120)
def test_a_long_text_is_read(name: str, length: int, leads: Sequence[str]) -> None:
    """What takes the square of a length takes minutes for the longest of these."""
    for repeated in REPEATED:
        for lead in leads:
            READERS[name]((lead + repeated * length)[:length] + "x!")


@pytest.mark.parametrize("lead", LEADS)
@pytest.mark.parametrize("repeated", [" ", "-", "a-", ": "])
@pytest.mark.timeout(60)
def test_house_numbers_after_much_of_nothing(lead: str, repeated: str) -> None:
    """Between a word for it and a number there may be signs; each is looked at once."""
    text = lead + repeated * 32_768 + "x"
    assert postcode.find_house_numbers(text) == postcode.find(text) == () or lead == "1234 AB"


@pytest.mark.parametrize("repeated", REPEATED)
@pytest.mark.timeout(60)
def test_a_megabyte_is_masked(repeated: str) -> None:
    """A library's line can hold a whole request."""
    personal_data.mask_text((repeated * 1_000_000)[:1_000_000] + " x")


#: As it was: one pattern for an address, tried from each character.
_PLAIN = re.compile(
    personal_data._PRIVATE_TEXT.pattern.replace(
        personal_data._EMAIL, r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+"
    )
)
_PIECES = st.sampled_from(
    ["a", "b.c", "@", "x@y", ".nl", "-", " ", "06", "12345678", "%", "+31", "\u00e9", "\n",
     "wamid.x", "NL91ABNA0417164300", "550e8400-e29b-41d4-a716-446655440000", "1234 AB",
     "[parameters: "]
)  # fmt: skip


@given(st.lists(_PIECES, max_size=12).map("".join))
def test_masking_masks_what_it_did(text: str) -> None:
    """The steps are fewer, the result is the same."""
    assert "@[" in _PLAIN.pattern
    before = _PLAIN.sub(lambda match: match["keep"] or personal_data.MASK, text)
    assert personal_data.mask_text(text) == before


PRIVATE = st.sampled_from(
    ["jan.jansen@voorbeeld.nl", "+31612345678", "0612345678", "NL91ABNA0417164300", "1234AB",
     "123456789", "NL.134912345678", "wamid.HBgLMzE2MTIzNDU2NzgVAgASGBQz"]
)  # fmt: skip
GLUE = st.sampled_from([" ", "\n", " en ", "; ", " (", ") ", ' "', ", "])


@given(st.lists(st.tuples(GLUE, PRIVATE), min_size=1, max_size=6))
def test_nothing_private_is_left_whatever_stands_beside_it(parts: list[tuple[str, str]]) -> None:
    """Each is found by itself, also right behind another."""
    masked = personal_data.mask_text("".join(glue + private for glue, private in parts))
    assert not any(private in masked for _, private in parts)
    assert masked.count(personal_data.MASK) <= len(parts)


@pytest.mark.parametrize(
    "before", ["deadbeef-0000-4000-8000-000000000000-", "NL91 ABNA 0417164300.", "a@b.nl,"]
)
def test_an_address_behind_something_else_is_masked(before: str) -> None:
    """Also where its first part belongs to what stands before it."""
    assert "jan" not in personal_data.mask_text(f"{before}jan@voorbeeld.nl")


@pytest.mark.parametrize(
    ("text", "number"),
    [("Anna-Paulowna-straat 12", "12"), ("3e-laan 5a", "5A"), ("de 'Kortestraat 7", "7")],
)
def test_a_street_keeps_its_number(text: str, number: str) -> None:
    """Hyphens and apostrophes are parts of its name."""
    assert postcode.parse_house_number(text) == number
