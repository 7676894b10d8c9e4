"""Addresses and numbers that can be tapped, and nothing else that becomes a link."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.pages import tappable, templates
from bot.desk.pages.tappable import Piece


@pytest.mark.parametrize(
    ("text", "shown", "href"),
    [
        ("zie https://a.nl/b?c=1&d=2.", "https://a.nl/b?c=1&d=2", "https://a.nl/b?c=1&d=2"),
        ("(op www.a.nl/x_(y))", "www.a.nl/x_(y)", "https://www.a.nl/x_(y)"),
        ("HTTP://A.NL, toch?", "HTTP://A.NL", "HTTP://A.NL"),
        ("mail jan.bos+1@post.nl!", "jan.bos+1@post.nl", "mailto:jan.bos+1@post.nl"),
        ("bel 06-1234 5678 graag", "06-1234 5678", "tel:+31612345678"),
        ("of +32 470 12 34 56.", "+32 470 12 34 56", "tel:+32470123456"),
    ],
)
def test_what_can_be_tapped(text: str, shown: str, href: str) -> None:
    """Without the signs that end a sentence."""
    found = tappable.pieces(text, "NL")
    assert [each for each in found if each.href] == [Piece(shown, href)]


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "bestelling PP-100871 van 02-11-2026",
        "meterstand 012345",
        "http://",
        "12345678901234567890",
    ],
)
def test_what_is_only_text(text: str) -> None:
    """Other schemes, order numbers, dates."""
    assert tappable.pieces(text, "NL") == (Piece(text),)


@given(st.text(alphabet="htps:/w.@a-z 0612345678()<>&\"'\n"))
def test_nothing_is_lost(text: str) -> None:
    """Whatever is in it; and each link is of a kind that is allowed."""
    found = tappable.pieces(text, "NL")
    assert "".join(each.text for each in found) == text
    allowed = ("http://", "https://", "tel:+", "mailto:")
    assert all(not each.href or each.href.lower().startswith(allowed) for each in found)


def test_what_a_customer_writes_stays_text() -> None:
    """Signs of HTML are escaped within and around a link."""
    source = '{% from "_tappable.html" import tappable %}{{ tappable(text) }}'
    text = '<b>x</b> https://a.nl/?a=1&b=2"onclick=1'
    shown = templates.environment().from_string(source).render(text=text)
    assert shown == (
        "&lt;b&gt;x&lt;/b&gt; "
        '<a href="https://a.nl/?a=1&amp;b=2" target="_blank" rel="noopener noreferrer">'
        "https://a.nl/?a=1&amp;b=2</a>&#34;onclick=1"
    )
