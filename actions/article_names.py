"""Finds which articles of an order a customer names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from actions.backends.orders import Article
from bot.conversation.escape import normalise
from bot.dialogue.choice_patterns import says
from bot.dutch.denied import without_denied

_ALL: Final = (
    r"\b(allebei|beide|(de|alle) (twee|drie|vier)|allemaal|alle artikelen)\b"
    r"|^\W*alles\b(?! (goed|prima|klopt|oke|is))|\balles (terug|retour)"
)
#: Shorter words are parts of many others.
_LEAST: Final = 4


def named(articles: Sequence[Article], text: str) -> tuple[int, ...]:
    """The lines of the articles that words name, in that order; of what is denied none.

    A word that fits several says of none that it is meant.

    Args:
        articles: those of the order.
        text: what the customer typed.
    """
    if says(_ALL, text):
        return tuple(article.line for article in articles)
    found: dict[int, None] = {}
    for word in normalise(without_denied(text)).split():
        fitting = [each.line for each in articles if _fits(word, normalise(each.name))]
        if len(fitting) == 1:
            found[fitting[0]] = None
    return tuple(found)


def first(articles: Sequence[Article], text: str) -> str | None:
    """The line of the article that is to be sent back first, or None; a number is one."""
    if (plain := normalise(text)).isdigit():
        return plain
    return next((str(line) for line in named(articles, text)), None)


def _fits(word: str, name: str) -> bool:
    """Whether a word is in a name, or holds a part of it; a short one has to end it: "jas"."""
    parts = [part for part in name.split() if len(part) >= _LEAST]
    if len(word) == _LEAST - 1:
        return any(part.endswith(word) for part in parts)
    return len(word) >= _LEAST and any(word in part or part in word for part in parts)
