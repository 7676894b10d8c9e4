"""Words in, pages out: without a model, and without a word of what was asked in the markup."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import word_search
from bot.knowledge import pages
from bot.knowledge.blocks import blocks_of
from bot.knowledge.example_questions import ExampleQuestion
from bot.knowledge.pages import Page
from bot.knowledge.vocabulary import OwnWords
from bot.word_search import WordSearch


def page(slug: str, title: str, body: str) -> Page:
    where = f"/kennis/{slug}"
    return Page(slug, title, where, date(2026, 11, 1), "Balie", None, "", body, blocks_of(body))


PAGES = {
    each.slug: each
    for each in (
        page("lenen", "Boeken lenen", "U leent een boek drie weken.\n\nVerlengen kan twee keer."),
        page(
            "boete", "Te laat", "Te laat kost 20 cent per boek.\n\nDe leenkosten betaalt u bij ons."
        ),
        page("ruimte", "Een zaal huren", "Onze zaal heeft plaats voor 40 mensen."),
    )
}
SEARCH = WordSearch(
    PAGES,
    OwnWords((("zaal", "vergaderruimte"),)),
    [
        ExampleQuestion("hoe lang heb ik", "lenen", "drie weken"),
        ExampleQuestion("wie is de koning"),
    ],
)


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("hoe leen ik boeken?", "lenen"),
        ("VERLENGEN", "lenen"),
        ("wat kost te laat inleveren", "boete"),
        ("zaaltje", "ruimte"),
        ("mennsen", "ruimte"),
    ],
)
def test_a_page_is_found_by_its_words(asked: str, first: str) -> None:
    """In any form, with a typing error, beside words that say nothing."""
    found = SEARCH.find(asked)
    assert found[0].url.startswith(f"/kennis/{first}#:~:text=")


@pytest.mark.parametrize(
    ("asked", "first"),
    [("een vergaderruimte", "ruimte#0"), ("hoe lang heb ik hem", "lenen#0")],
)
def test_a_page_is_found_in_customers_own_words(asked: str, first: str) -> None:
    """By another word for a thing, and by what somebody asked whom it answered."""
    assert [each.reference for each in SEARCH.find(asked)][:1] == [first]


def test_a_file_that_is_wrong_leaves_the_pages(tmp_path: Path) -> None:
    """A training says what is wrong with it; a reader still finds what the pages say."""
    folder = tmp_path / pages.FOLDER
    folder.mkdir(parents=True)
    source = Path(__file__).parents[2] / pages.FOLDER / "retourtermijn.md"
    shutil.copy(source, folder)
    (tmp_path / pages.QUESTIONS).write_text("pages: {geen: []}", encoding="utf-8")
    assert word_search.of(tmp_path).find("terugsturen")[0].reference.startswith("retourtermijn#")


def test_what_is_shown_is_the_passage_that_holds_it() -> None:
    """The link goes there."""
    best = SEARCH.find("verlengen")[0]
    assert best.passage == "Verlengen kan twee keer."
    assert "Verlengen" in best.url


@pytest.mark.parametrize(
    "asked", ["", "de het een", "kwantummechanica", "boek kwantum zwaartekracht"]
)
def test_what_no_page_holds_is_not_found(asked: str) -> None:
    """Nor a page with the smaller part of it."""
    assert SEARCH.find(asked) == ()


@given(st.text(max_size=300))
def test_whatever_is_asked_is_answered(asked: str) -> None:
    """With pages, or none."""
    assert {each.title for each in SEARCH.find(asked)} <= {each.title for each in PAGES.values()}
