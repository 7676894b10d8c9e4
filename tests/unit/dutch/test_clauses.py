"""Where a clause ends, in one place: nothing of a text is lost or made up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dutch.clauses import contrasted, cut, parts, sentences


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("Middag. Kost dat iets?", ["Middag", "Kost dat iets?"]),
        ("om 14:30, of 2,5 uur later", ["om 14:30", "of 2,5 uur later"]),
        ("mevr. J. de Boer, jan@boer.nl", ["mevr. J. de Boer", "jan@boer.nl"]),
        ("nee; stop maar", ["nee", "stop maar"]),
        (" ?!", []),
    ],
)
def test_clauses(text: str, clauses: list[str]) -> None:
    """A mark within a number, an address or behind an initial ends nothing."""
    assert [each.said for each in cut(text)] == clauses


def test_what_is_parted_less() -> None:
    """Sentences keep what stands before their comma; parts do not."""
    assert sentences("ja, goed. en dan?") == ["ja, goed.", "en dan?"]
    assert parts("ja, goed. en dan?") == ["ja", "goed.", "en dan?"]


def test_a_contrast_needs_no_mark() -> None:
    """Who types on a phone leaves the comma out."""
    found = [words for words, _ in contrasted("dat wil ik niet maar ik zoek een tas")]
    assert found == ["dat wil ik niet", "maar", "ik zoek een tas"]


@given(st.text(max_size=80))
def test_nothing_is_lost(text: str) -> None:
    """Places are those of the text, in order; parts of a contrast make it up again."""
    end = 0
    for each in cut(text):
        assert end <= each.start < each.end <= len(text)
        assert text[each.start :].startswith(each.text)
        end = each.end
    assert "".join(words + border for words, border in contrasted(text)) == text
    assert all(each in text for each in (*sentences(text), *parts(text)))
