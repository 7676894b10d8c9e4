"""Searches the pages of `data/knowledge` for words, without a model: what a reader does who scans.

The assistant's own search weighs meanings (`bot.knowledge.search_index`) and needs what a worker
has loaded; this one is there whatever else is. A page is found by the organisation's other words
for a thing too, and by what customers asked that it answers: what that search learns from.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Final

import structlog

from bot.errors import ConfigurationError
from bot.knowledge import example_questions, pages
from bot.knowledge.blocks import Block
from bot.knowledge.example_questions import ExampleQuestion
from bot.knowledge.pages import Page
from bot.knowledge.text_fragment import link
from bot.knowledge.vocabulary import OwnWords, Vocabulary

log = structlog.get_logger(__name__)

#: Longest question that is looked at, in characters.
MAX_QUESTION: Final = 200
#: Most words of it; an unknown one is compared with all known ones.
_MOST_WORDS: Final = 12
#: Most pages that are shown.
_MOST: Final = 8
#: A word of a title says more about a page than one of its text.
_TITLE: Final = 2.0
#: A page that has less than this part of what is asked, by the weight of its words, is left out.
_LEAST: Final = 0.5


@dataclass(frozen=True, slots=True)
class Found:
    """A page that holds what was asked.

    Attributes:
        title: its title.
        url: its address, at the passage.
        passage: the paragraph that holds most of it.
        reference: page and number of that paragraph, as `bot.knowledge.answering.referred` reads.
    """

    title: str
    url: str
    passage: str
    reference: str


class WordSearch:
    """The words of all pages, read once.

    Args:
        found: the pages by slug.
        own: words of the organisation.
        examples: questions with the passages that answer them.
    """

    def __init__(
        self,
        found: Mapping[str, Page],
        own: OwnWords | None = None,
        examples: Iterable[ExampleQuestion] = (),
    ) -> None:
        self._pages = tuple(found.values())
        asked = [each for each in examples if each.page]
        texts = (f"{page.title} {_whole(page.blocks)}" for page in self._pages)
        self._vocabulary = Vocabulary([*texts, *(each.ask for each in asked)], own or OwnWords())
        self._titles = {page.slug: self._terms(page.title) for page in self._pages}
        self._blocks = {
            page.slug: [self._of_block(page.slug, block, asked) for block in page.blocks]
            for page in self._pages
        }
        self._all = {
            slug: self._titles[slug].union(*blocks) for slug, blocks in self._blocks.items()
        }
        on = Counter(term for terms in self._all.values() for term in terms)
        self._weights = {term: math.log(1 + len(self._pages) / many) for term, many in on.items()}

    def find(self, question: str) -> tuple[Found, ...]:
        """The pages that hold most of what is asked, best first; none when no word is known.

        Args:
            question: as it was typed; typing errors are mended, compounds found by their parts.
        """
        asked = [
            self._vocabulary.of_word(word, mend=True)
            for word in self._vocabulary.words_of(question[:MAX_QUESTION])[:_MOST_WORDS]
        ]
        wanted = sum(max(map(self._weight, terms)) for terms in asked)
        if not wanted:
            return ()
        scored = [(self._score(page, asked), page) for page in self._pages]
        good = [each for each in scored if each[0] >= wanted * _LEAST]
        good.sort(key=lambda each: (-each[0], each[1].title))
        return tuple(self._found(page, asked) for _, page in good[:_MOST])

    def _score(self, page: Page, asked: Iterable[tuple[str, ...]]) -> float:
        title, whole = self._titles[page.slug], self._all[page.slug]
        return sum(
            max(self._weight(term) * (_TITLE if term in title else term in whole) for term in terms)
            for terms in asked
        )

    def _found(self, page: Page, asked: Iterable[tuple[str, ...]]) -> Found:
        wanted = {term for terms in asked for term in terms}
        blocks = self._blocks[page.slug]
        at = max(range(len(blocks)), key=lambda at: sum(map(self._weight, blocks[at] & wanted)))
        text = page.blocks[at].text
        url = link(page.url, text, page.blocks)
        return Found(page.title, url, text, f"{page.slug}#{at}")

    def _of_block(
        self, slug: str, block: Block, asked: Iterable[ExampleQuestion]
    ) -> frozenset[str]:
        asks = " ".join(each.ask for each in asked if each.is_answered_by(slug, block))
        return self._terms(f"{block.heading} {block.text} {asks}")

    def _terms(self, text: str) -> frozenset[str]:
        return frozenset(self._vocabulary.terms(text))

    def _weight(self, term: str) -> float:
        """How much a word tells apart; one on no page is missed as much as the rarest."""
        return self._weights.get(term, math.log(1 + len(self._pages)))


def _whole(blocks: Iterable[Block]) -> str:
    return " ".join(f"{block.heading} {block.text}" for block in blocks)


@cache
def of(root: Path) -> WordSearch:
    """The search in the pages of a project; some hundred milliseconds the first time.

    What customers asked and other words for a thing are left out when their files are wrong, which
    a training refuses: the pages are found by their own words all the same.

    Args:
        root: the project's folder.

    Raises:
        ConfigurationError: a page is wrong; the message names file and line.
    """
    found = pages.load(root)
    try:
        # A reader who types one of the words that every question may have looks for it.
        own = replace(example_questions.load_words(root / pages.WORDS), ignored=frozenset())
        return WordSearch(found, own, example_questions.load(root / pages.QUESTIONS, found))
    except ConfigurationError as error:
        log.warning("word_search_without_examples", reason=str(error))
        return WordSearch(found)
