"""What a customer sees in Telegram."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.conversation import built_in_messages
from bot.messages import Choice, Media, Notice, Option, Outbound, Quote, RatingRequest, Text
from channels.send_results import Part
from channels.telegram import Telegram
from channels.telegram.render import utf16_length
from tests.providers.telegram_methods import Chats

TELEGRAM = Telegram.preview_only()
JA_NEE = (Option("Ja", "/affirm"), Option("Nee", "/deny"))


def rows(part: Part) -> list[list[tuple[str, str]]]:
    """Title and data of the buttons, row by row."""
    keyboard = part["reply_markup"]["inline_keyboard"]
    return [[(button["text"], button["callback_data"]) for button in row] for row in keyboard]


def test_a_choice_becomes_a_keyboard() -> None:
    """Short options stand beside each other; a tap refers to the outbox row and the option."""
    (part,) = TELEGRAM.render(Choice("Klopt dit?", JA_NEE), "17")
    assert part["text"] == "Klopt dit?"
    assert rows(part) == [[("Ja", "17.0"), ("Nee", "17.1")]]


def test_longer_options_stand_below_each_other() -> None:
    """No title is cut off on a telephone."""
    options = (Option("Ander bezorgmoment kiezen", "/a"), Option("Medewerker", "/medewerker"))
    (part,) = TELEGRAM.render(Choice("Wat wilt u doen?", options), "3")
    assert rows(part) == [[("Ander bezorgmoment kiezen", "3.0")], [("Medewerker", "3.1")]]


def test_the_rating_is_one_tap() -> None:
    """Five digits in one row."""
    (part,) = TELEGRAM.render(RatingRequest("Bent u geholpen?"), "8")
    assert rows(part) == [[(str(score), f"8.{score - 1}") for score in range(1, 6)]]


@pytest.mark.parametrize(
    "message",
    [
        built_in_messages.disclosure(),
        built_in_messages.to_human(),
        Text("Uw pakket komt morgen."),
        built_in_messages.to_bot(),
    ],
)
def test_notices_are_said_in_words(message: Notice | Text) -> None:
    """The disclosure and who answers reach a customer as text."""
    (part,) = TELEGRAM.render(message)
    assert part["text"] == message.text


def test_a_quote_names_its_source() -> None:
    """Answer, words, page, date and address; no preview of the page that buries the answer."""
    quote = Quote(
        "U kunt binnen 14 dagen retourneren.",
        "Retourneren kan tot 14 dagen na ontvangst.",
        "Retourneren",
        "https://example.nl/retour",
        date(2026, 11, 2),
    )
    (part,) = TELEGRAM.render(quote)
    for words in (quote.text, quote.passage, quote.title, quote.url, "2 november 2026"):
        assert words in part["text"]
    assert part["link_preview_options"] == {"is_disabled": True}


def test_a_picture_is_shown_by_its_address() -> None:
    """Words for who cannot see it, and Telegram's preview for who can."""
    (part,) = TELEGRAM.render(Media("De meterkast", "https://example.nl/meter.png", "image/png"))
    assert part == {"text": "De meterkast\nhttps://example.nl/meter.png"}


def test_the_preview_draws_the_buttons() -> None:
    """`loket chat` shows what a customer gets."""
    (part,) = TELEGRAM.render(Choice("Klopt dit?", JA_NEE), "17")
    assert TELEGRAM.preview(part) == "Klopt dit?\n[ Ja ]  [ Nee ]"
    (part,) = TELEGRAM.render(Text("Dag."))
    assert TELEGRAM.preview(part) == "Dag."


def test_emoji_count_for_two() -> None:
    """Telegram counts UTF-16 units."""
    assert utf16_length("aé👍") == 4


WORDS = st.text(st.sampled_from("abé👍 .\n"), min_size=1, max_size=9000).filter(str.strip)
OPTIONS = st.lists(
    st.builds(Option, WORDS.map(lambda text: text[:80].strip() or "x"), st.just("/x")),
    min_size=1,
    max_size=40,
)
MESSAGES: st.SearchStrategy[Outbound] = st.one_of(
    st.builds(Text, WORDS),
    st.builds(Choice, WORDS, OPTIONS.map(tuple)),
    st.builds(RatingRequest, WORDS),
)


@settings(max_examples=60)
@given(message=MESSAGES)
def test_telegram_takes_whatever_the_bot_says(message: Outbound) -> None:
    """However long, and however many options: every part is within the Bot API's limits."""
    chats = Chats()
    parts = TELEGRAM.render(message, "9" * 18)
    assert parts
    for part in parts:
        chats.deliver(1, part)
    assert chats.texts()
