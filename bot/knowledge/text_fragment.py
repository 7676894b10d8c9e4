"""Makes links that highlight a passage (https://wicg.github.io/scroll-to-text-fragment/).

A browser highlights the first place where the text fits, so a passage that stands on a page more
than once is named with words before or after it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final
from urllib.parse import quote

from bot.knowledge.blocks import Block

#: Words at either end that name a long passage.
_ENDS: Final = 5
#: A passage of so many words is named whole, if it lies within one element of the page.
_WHOLE: Final = 12
_MOST_CONTEXT: Final = 8


def link(url: str, words: str, blocks: Sequence[Block], within: str = "") -> str:
    """The address of a page with a text fragment for some of its words.

    Args:
        url: the page's address, without a fragment.
        words: what must be highlighted: words of one block of the page, verbatim.
        blocks: what the page says, in order.
        within: the words quoted around them, for words that stand on the page more than once.
    """
    page = " ".join(f"{block.heading} {block.text}" for block in _once(blocks)).split()
    wanted = words.split()
    if not wanted:
        return url
    around = within.split() or wanted
    place = next(iter(_places(page, around)), 0) + next(iter(_places(around, wanted)), 0)
    one_line = "\n" not in words and len(wanted) <= _WHOLE
    ends = min(_ENDS, max(1, len(wanted) // 2))
    start, end = (wanted, []) if one_line else (wanted[:ends], wanted[-ends:])
    before = _context(page, start, place)
    parts = [
        *([f"{_encoded(before)}-"] if before else []),
        _encoded(start),
        *([_encoded(end)] if end else []),
    ]
    return f"{url}#:~:text={','.join(parts)}"


def _once(blocks: Sequence[Block]) -> list[Block]:
    """The blocks, each heading only above its first block."""
    shown, last = [], None
    for block in blocks:
        heading = "" if block.heading == last else block.heading
        shown.append(Block(heading, block.text, block.spans, block.line, block.parts))
        last = block.heading
    return shown


def _context(page: list[str], start: Sequence[str], place: int) -> list[str]:
    """As many words before the right place as make it the first that fits; mostly none."""
    for count in range(min(place, _MOST_CONTEXT) + 1):
        before = page[place - count : place]
        if next(iter(_places(page, [*before, *start])), -1) == place - count:
            return before
    return []


def _places(page: Sequence[str], words: Sequence[str]) -> list[int]:
    """Where words stand on a page, as a browser compares: without case and accents."""
    plain_page, plain_words = [_plain(word) for word in page], [_plain(word) for word in words]
    size = len(plain_words)
    return [
        at for at in range(len(plain_page) - size + 1) if plain_page[at : at + size] == plain_words
    ]


def _plain(word: str) -> str:
    folded = unicodedata.normalize("NFKD", word.casefold())
    return re.sub(r"[\u0300-\u036f]", "", folded)


def _encoded(words: Sequence[str]) -> str:
    # `quote` keeps "-", which separates prefix and suffix; a comma it encodes by itself.
    return quote(" ".join(words), safe="").replace("-", "%2D")
