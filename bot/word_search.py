"""Searches the pages of `data/knowledge` for words, without a model: what a reader does who scans.

The assistant's own search weighs meanings (`bot.knowledge.search_index`) and needs what a worker
has loaded; this one is there whatever else is.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from bot.knowledge.blocks import Block
from bot.knowledge.pages import Page
from bot.knowledge.text_fragment import link
from bot.knowledge.vocabulary import Vocabulary

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
    """

    title: str
    url: str
    passage: str


class KnowledgeSearch:
    """The words of all pages, read once.

    Args:
        pages: the pages by slug.
    """

    def __init__(self, pages: Mapping[str, Page]) -> None:
        self._pages = tuple(pages.values())
        texts = (f"{page.title} {_whole(page.blocks)}" for page in self._pages)
        self._vocabulary = Vocabulary(texts)
        self._titles = {page.slug: self._terms(page.title) for page in self._pages}
        self._blocks = {
            page.slug: [
                (block, self._terms(f"{block.heading} {block.text}")) for block in page.blocks
            ]
            for page in self._pages
        }
        self._all = {
            slug: self._titles[slug].union(*(terms for _, terms in blocks))
            for slug, blocks in self._blocks.items()
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

        def worth(part: tuple[Block, frozenset[str]]) -> float:
            return sum(map(self._weight, part[1] & wanted))

        block, _ = max(self._blocks[page.slug], key=worth)
        return Found(page.title, link(page.url, block.text, page.blocks), block.text)

    def _terms(self, text: str) -> frozenset[str]:
        return frozenset(self._vocabulary.terms(text))

    def _weight(self, term: str) -> float:
        """How much a word tells apart; one on no page is missed as much as the rarest."""
        return self._weights.get(term, math.log(1 + len(self._pages)))


def _whole(blocks: Iterable[Block]) -> str:
    return " ".join(f"{block.heading} {block.text}" for block in blocks)
