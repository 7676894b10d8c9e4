"""What Loket says fits Meta's limits, and the fake Graph (as strict as Meta) takes all of it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages import Choice, Media, Notice, Option, Outbound, Quote, RatingRequest, Text
from channels.send_results import FILE
from channels.whatsapp.render import preview, render, units
from tests.providers.graph_rules import content


def options(*titles: str) -> tuple[Option, ...]:
    return tuple(Option(title, f"/o{number}") for number, title in enumerate(titles))


def taken(message: Outbound) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """Text, titles and callbacks of each part; fails when Meta would refuse one."""
    parts = render(message, "12")
    return [content(dict(part)) for part in parts]


def test_up_to_three_short_options_are_buttons() -> None:
    """Each is called back by its place."""
    (part,) = render(Choice("Klopt dat?", options("Ja", "Nee", "Medewerker")), "12")
    assert part["interactive"]["type"] == "button"
    assert taken(Choice("Klopt dat?", options("Ja", "Nee", "Medewerker"))) == [
        ("Klopt dat?", ("Ja", "Nee", "Medewerker"), ("12.0", "12.1", "12.2"))
    ]


@pytest.mark.parametrize(
    "titles",
    [
        ("Ja", "Nee", "Misschien", "Medewerker"),
        ("Een titel van 21 teken", "Nee"),
        tuple(f"Keuze {number}" for number in range(10)),
    ],
)
def test_up_to_ten_options_of_24_are_a_list(titles: tuple[str, ...]) -> None:
    """A button's title has 20 units, a row's 24."""
    (part,) = render(Choice("Wat wilt u?", options(*titles)), "12")
    assert part["interactive"]["type"] == "list"
    assert taken(Choice("Wat wilt u?", options(*titles)))[0][1] == titles


@pytest.mark.parametrize(
    "titles",
    [
        tuple(f"Keuze {number}" for number in range(11)),
        ("Een titel van wel 25 teken", "Nee"),
        ("Dubbel", "Dubbel"),
        ("📦" * 13, "Nee"),
    ],
)
def test_other_options_are_numbered_lines(titles: tuple[str, ...]) -> None:
    """Too many, too long (an emoji counts for two), or alike: a digit answers."""
    ((text, shown, _),) = taken(Choice("Wat wilt u?", options(*titles)))
    assert not shown
    assert f"1. {titles[0]}" in text
    assert f"2. {titles[1]}" in text


def test_a_score_is_a_row() -> None:
    """The ends say what they mean."""
    (part,) = render(RatingRequest("Bent u geholpen?"), "12")
    rows = part["interactive"]["action"]["sections"][0]["rows"]
    assert [row["title"] for row in rows] == ["1", "2", "3", "4", "5"]
    assert (rows[0]["description"], rows[4]["description"]) == ("slecht", "goed")
    assert taken(RatingRequest("Bent u geholpen?"))


def test_a_long_question_is_split_and_its_last_piece_has_the_buttons() -> None:
    """Nothing is left out; the options come at the end."""
    sentence = "Dit is een zin die iets uitlegt. "
    long = sentence * 200 + "Klopt dat?"
    parts = taken(Choice(long, options("Ja", "Nee")))
    assert len(parts) > 1
    assert [bool(titles) for _, titles, _ in parts] == [False] * (len(parts) - 1) + [True]
    assert " ".join(text for text, _, _ in parts).split() == long.split()


def test_a_text_of_emoji_is_counted_as_meta_does() -> None:
    """4,096 emoji are 8,192 units."""
    assert units("a📦") == 3
    parts = taken(Text("📦" * 4096))
    assert len(parts) >= 2
    assert "".join(text for text, _, _ in parts).replace("\n", "") == "📦" * 4096


@pytest.mark.parametrize(
    ("media", "kind"),
    [
        (Media("Een kaart", "https://x.example/k.png", "image/png"), "image"),
        (Media("Uw factuur", "https://x.example/f.pdf", "application/pdf"), "document"),
        (Media("Een kaart", "http://x.example/k.png", "image/png"), "text"),
        (Media("Een tekening", "https://x.example/k.svg", "image/svg+xml"), "text"),
        (Media("l" * 1025, "https://x.example/k.png", "image/png"), "text"),
    ],
)
def test_media_that_meta_fetches_are_shown_and_others_linked(media: Media, kind: str) -> None:
    """A link in the text is better than a message that Meta drops afterwards."""
    (part,) = render(media)
    assert part["type"] == kind
    assert taken(media)


def test_a_preview_draws_buttons_and_lists() -> None:
    """For `loket chat --channel whatsapp`."""
    (part,) = render(Choice("Klopt dat?", options("Ja", "Nee")))
    assert preview(part) == "Klopt dat?\n[ Ja ]  [ Nee ]"
    (part,) = render(RatingRequest("Een cijfer?"))
    assert "○ 1 (slecht)" in preview(part)


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=60)
TITLES = WORDS.filter(lambda text: bool(text.strip()))
MESSAGES: st.SearchStrategy[Any] = st.one_of(
    TITLES.map(Text),
    TITLES.map(lambda text: Text(text * 300)),
    TITLES.map(Notice),
    TITLES.map(RatingRequest),
    st.builds(
        Choice,
        st.builds(lambda text, times: text * times, TITLES, st.integers(1, 200)),
        st.lists(TITLES.map(lambda title: Option(title, "/x")), min_size=1, max_size=12).map(tuple),
    ),
    st.builds(Quote, TITLES, TITLES, TITLES, st.just("https://x.example/a")),
)


@given(MESSAGES)
def test_meta_takes_whatever_loket_says(message: Outbound) -> None:
    """Every part is within every limit."""
    assert taken(message)


@pytest.mark.parametrize(
    ("media_type", "kind"), [("image/jpeg", "image"), ("application/pdf", "document")]
)
def test_a_stored_file_is_uploaded(media_type: str, kind: str) -> None:
    """The sender gets its name; words that fit are its caption, more go before it."""
    file = ("https://x.example/bestand/a", media_type, "a" * 48, "bon.pdf")
    (part,) = render(Media("Uw bon", *file))
    assert (part["type"], part[kind]["caption"]) == (kind, "Uw bon")
    assert part[FILE] == {"name": "a" * 48, "media_type": media_type, "filename": "bon.pdf"}
    assert "link" not in part[kind]
    (bare,) = render(Media("", *file))
    assert "caption" not in bare[kind]
    assert "bon.pdf" in preview(bare)
    before, last = render(Media("w" * 1025, *file))
    assert before["text"]["body"] == "w" * 1025
    assert "caption" not in last[kind]
