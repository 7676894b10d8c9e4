from __future__ import annotations

from datetime import date

import pytest

from bot.messages import Choice, Media, Notice, Option, Outbound, Quote, RatingRequest, Text
from channels.protocol import Channel
from channels.webchat import WebChat, safe_address, with_text_fragment

RENDER = WebChat().render


def test_it_is_a_channel() -> None:
    """The rest of Loket needs no more than the Protocol."""
    channel: Channel = WebChat()
    assert channel.name == "webchat"


@pytest.mark.parametrize(
    "message",
    [
        Text("hoi"),
        Choice("Welke?", (Option("Ja", "/affirm"), Option("Nee", "/deny"))),
        RatingRequest("Cijfer?"),
        Quote("Ja.", "Binnen 30 dagen.", "Retour", "/retour"),
        Media("Pakbon", "https://example.nl/p.pdf", "application/pdf"),
        Notice("U chat met een AI-assistent.", "disclosure", "1"),
    ],
)
def test_every_kind_is_one_object_with_its_text(message: Outbound) -> None:
    """What the page cannot show otherwise it can always show as text."""
    (data,) = RENDER(message)
    assert data["kind"]
    assert data["text"] == message.text


def test_a_choice_keeps_its_options_in_order() -> None:
    """However many there are."""
    options = tuple(Option(f"Optie {n}", f"/choose{{{n}}}") for n in range(30))
    (data,) = RENDER(Choice("Welke?", options))
    assert [option["title"] for option in data["options"]] == [o.title for o in options]


def test_a_rating_has_five_scores_from_bad_to_good() -> None:
    """One tap sends a payload that the bot understands."""
    (data,) = RENDER(RatingRequest("Cijfer?", "human"))
    assert [option["title"] for option in data["options"]] == ["1", "2", "3", "4", "5"]
    assert data["options"][3]["payload"] == '/rate{"score": 4, "of": "human"}'


@pytest.mark.parametrize(
    "url",
    ["https://example.nl/a?b=c#d", "http://example.nl", "/klantenservice#retour", "/"],
)
def test_links_that_may_be_followed(url: str) -> None:
    """http, https and a path on the same site."""
    assert safe_address(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        " https://example.nl",
        "java\nscript:alert(1)",
        "https://",
        "http://[",
        "ftp://example.nl",
        "klantenservice",
        "",
    ],
)
def test_links_that_may_not(url: str) -> None:
    """Everything else becomes text without a link."""
    assert safe_address(url) is None
    (quoted,) = RENDER(Quote("Ja.", "Passage.", "Titel", url))
    (shown,) = RENDER(Media("Plaatje", url, "image/png"))
    assert quoted["url"] is None
    assert shown["url"] is None


def test_a_quote_leads_to_its_passage() -> None:
    """The page opens with the words highlighted; the date is the day it was checked."""
    quote = Quote("Ja.", "Binnen 30 dagen - gratis.", "Retour", "/retour#kop", date(2026, 8, 3))
    (data,) = RENDER(quote)
    assert data["url"] == "/retour#kop:~:text=Binnen%2030%20dagen%20%2D%20gratis."
    assert data["date"] == "2026-08-03"


def test_a_long_passage_is_named_by_its_ends() -> None:
    """A whole paragraph in an address would be too long."""
    passage = " ".join(f"w{n}" for n in range(40))
    assert with_text_fragment("/a", passage) == (
        "/a#:~:text=w0%20w1%20w2%20w3%20w4%20w5,w34%20w35%20w36%20w37%20w38%20w39"
    )


def test_an_empty_passage_leaves_the_address_alone() -> None:
    """There is nothing to highlight."""
    assert with_text_fragment("/a", " ") == "/a"
