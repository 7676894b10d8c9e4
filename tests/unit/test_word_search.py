"""Words in, pages out: without a model, and without a word of what was asked in the markup."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge.blocks import blocks_of
from bot.knowledge.pages import Page
from bot.web.knowledge_search import KnowledgeSearch


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
SEARCH = KnowledgeSearch(PAGES)


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
