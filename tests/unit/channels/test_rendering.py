"""What a channel cannot show becomes what it can."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages import Choice, Media, Notice, Option, Outbound, Quote, RatingRequest, Text
from channels.capabilities import Capabilities
from channels.rendering import CALLBACK, Buttons, Plain, Rows, callback, fit, split
from channels.text_splitting import cut


def utf16(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


WHATSAPP = Capabilities(
    buttons=3, rows=10, title=20, text=4096, row=24, question=1024, length=utf16
)
SMS = Capabilities(
    buttons=0, rows=0, title=60, text=459, numbered=True, quiet_stop=True, links=False
)
PERSON, LEAVE = Option("Medewerker", "/medewerker"), Option("Stoppen", "/cancel_task")


def choice(*titles: str, text: str = "Welke?") -> Choice:
    return Choice(text, tuple(Option(title, f"/{title}") for title in titles))


def test_three_short_options_are_buttons() -> None:
    """Four are a list; eleven, or one that is too long, are numbered."""
    three = choice("a", "b", "c")
    assert fit(three, WHATSAPP) == (Buttons("Welke?", three.options),)
    four = choice(*"abcd")
    assert fit(four, WHATSAPP) == (Rows("Welke?", four.options),)
    long = choice("x" * 21)
    assert fit(long, WHATSAPP) == (Rows("Welke?", long.options),)
    (plain,) = fit(choice("x" * 25, "b"), WHATSAPP)
    assert plain == Plain(f"Welke?\n1. {'x' * 25}\n2. b\nTyp het nummer van uw keuze.")
    (plain,) = fit(choice(*"abcdefghijk"), WHATSAPP)
    assert "11. k" in plain.text


def test_titles_that_are_the_same_cannot_be_buttons() -> None:
    """Meta refuses them."""
    (piece,) = fit(choice("a", "a"), WHATSAPP)
    assert isinstance(piece, Plain)


def test_lengths_are_the_channels_own() -> None:
    """An emoji counts for two in UTF-16."""
    (piece,) = fit(choice("👍" * 10), WHATSAPP)
    assert isinstance(piece, Buttons)
    (piece,) = fit(choice("👍" * 11), WHATSAPP)
    assert isinstance(piece, Rows)


def test_a_long_question_keeps_its_buttons() -> None:
    """They come under its last part."""
    words = "Een zin. " * 200
    capabilities = Capabilities(buttons=3, rows=0, title=20, text=4096, question=1024)
    pieces = fit(choice("a", text=words), capabilities)
    assert [type(piece) for piece in pieces] == [Plain, Buttons]
    assert all(len(piece.text) <= 1024 for piece in pieces)
    (rows,) = fit(choice("a", text=words), WHATSAPP)
    assert isinstance(rows, Rows)


def test_ways_out_are_words_not_numbers() -> None:
    """Where options are typed, "2" must stay an answer to "what is your house number?"."""
    asked = Choice("Wat is uw huisnummer?", (PERSON, LEAVE))
    assert fit(asked, SMS) == (Plain("Wat is uw huisnummer?\nOf typ: medewerker, annuleer."),)


def test_stop_belongs_to_the_carrier() -> None:
    """So it is never offered, in titles nor in texts."""
    asked = Choice("Klopt dit? Typ ‘stop’ om te stoppen.", (Option("Ja", "/affirm"), LEAVE))
    (piece,) = fit(asked, SMS)
    assert "‘annuleer’" in piece.text
    assert "2. Annuleer" in piece.text
    (piece,) = fit(asked, WHATSAPP)
    assert isinstance(piece, Buttons)
    assert piece.options[1].title == "Stoppen"


def test_a_rating_is_one_tap_or_one_digit() -> None:
    """A list of five, or a digit."""
    (rows,) = fit(RatingRequest("Geholpen?"), WHATSAPP)
    assert isinstance(rows, Rows)
    assert [option.title for option in rows.options] == list("12345")
    (plain,) = fit(RatingRequest("Geholpen?"), SMS)
    assert plain == Plain("Geholpen?\nAntwoord met een cijfer van 1 tot en met 5.")


def test_a_quote_shows_its_source() -> None:
    """In full, or in short; an address within the website leads nowhere elsewhere."""
    quote = Quote("Dat mag.", "binnen 30 dagen", "Retour", "https://a.nl/r", date(2026, 10, 1))
    (full,) = fit(quote, WHATSAPP)
    assert full.text == (
        "Dat mag.\n\n“binnen 30 dagen”\nBron: Retour (gecontroleerd op 1 oktober 2026)\n"
        "https://a.nl/r"
    )
    assert fit(quote, SMS) == (Plain("Dat mag.\nBron (1-10-2026): https://a.nl/r"),)
    marked = replace(
        quote, text="30 dagen", url="https://a.nl/r#:~:text=30", marks=((7, 15),), note="Oud."
    )
    assert fit(marked, SMS) == (Plain("30 dagen\nOud.\nBron (1-10-2026): https://a.nl/r"),)
    (once,) = fit(marked, WHATSAPP)
    assert once.text.startswith("“binnen 30 dagen”\nBron: Retour")
    assert once.text.endswith("#:~:text=30\nOud.")
    within = Quote("Dat mag.", "x", "Retour", "/retour")
    assert fit(within, SMS) == (Plain("Dat mag.\nBron: Retour"),)


def test_other_kinds_are_text() -> None:
    """And nothing is nothing."""
    assert fit(Notice("U chat met een AI.", "disclosure"), SMS) == (Plain("U chat met een AI."),)
    assert fit(Media("Kaart", "https://a.nl/k.png", "image/png"), SMS) == (
        Plain("Kaart\nhttps://a.nl/k.png"),
    )
    assert fit(Text("  "), SMS) == ()
    (piece,) = fit(choice("a", text=""), WHATSAPP)
    assert piece.text == "Maak een keuze:"


def test_a_callback_names_row_and_option() -> None:
    """Short enough for every channel (Telegram takes 64 bytes)."""
    found = CALLBACK.fullmatch(callback("9" * 18, 99))
    assert found is not None
    assert len(found[0]) < 64
    assert CALLBACK.fullmatch("/affirm") is None


def test_cuts_fall_where_they_hurt_least() -> None:
    """Between paragraphs, else sentences, else lines, else words, else anywhere."""
    assert cut("aaaa bbb.\n\ncccc dddd", 15, len) == ["aaaa bbb.", "cccc dddd"]
    assert cut("Een zin. Nog een zin. Derde", 22, len) == ["Een zin. Nog een zin.", "Derde"]
    assert cut("een twee drie vier", 10, len) == ["een twee", "drie vier"]
    assert cut("x" * 25, 10, len) == ["x" * 10, "x" * 10, "x" * 5]
    assert cut("aaaaaaa 👍🏽👍🏽", 9, len) == ["aaaaaaa", "👍🏽👍🏽"]
    assert split("", SMS) == []


@pytest.mark.parametrize("length", [len, utf16])
@given(text=st.text(max_size=300), limit=st.integers(4, 80))
def test_a_cut_loses_no_word(length: object, text: str, limit: int) -> None:
    """Every piece fits, none is empty, and only white space goes."""
    pieces = cut(text, limit, length)  # type: ignore[arg-type]
    assert all(0 < length(piece) <= limit for piece in pieces)  # type: ignore[operator]
    assert "".join("".join(pieces).split()) == "".join(text.split())


_TITLES = st.text(st.characters(codec="utf-8"), min_size=1, max_size=40)


@given(
    text=st.text(max_size=3000),
    titles=st.lists(_TITLES, min_size=1, max_size=14),
    capabilities=st.sampled_from([WHATSAPP, SMS]),
)
def test_whatever_is_asked_fits(text: str, titles: list[str], capabilities: Capabilities) -> None:
    """Every piece of every choice is within the channel's limits, and no option is lost."""
    asked: Outbound = choice(*titles, text=text)
    pieces = fit(asked, capabilities)
    assert pieces
    length = capabilities.length
    for piece in pieces:
        assert 0 < length(piece.text) <= capabilities.text
        if isinstance(piece, Buttons):
            assert len(piece.options) <= capabilities.buttons
            assert all(length(option.title) <= capabilities.title for option in piece.options)
            assert length(piece.text) <= capabilities.question
        if isinstance(piece, Rows):
            assert len(piece.options) <= capabilities.rows
            assert all(length(option.title) <= 24 for option in piece.options)
    if isinstance(pieces[-1], Plain):
        shown = "".join("".join(piece.text for piece in pieces).split())
        assert all("".join(title.split()) in shown for title in titles)
    else:
        assert pieces[-1].options == asked.options  # type: ignore[union-attr]
