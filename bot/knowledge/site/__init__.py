"""Renders the pages of `data/knowledge` as web pages, so that links in answers work at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot.catalogue import say
from bot.dutch.calendar import full_date
from bot.knowledge.blocks import parser
from bot.knowledge.pages import Page

STYLE: Final = Path(__file__).parent / "knowledge.css"


@dataclass(frozen=True, slots=True)
class Host:
    """The organisation whose pages these are.

    Attributes:
        name: of the organisation.
        intro: what the chat on each page shows before the first message.
        starters: first questions to tap there.
        chat: address of the chat's script; empty: these pages have no chat.
    """

    name: str
    intro: str = ""
    starters: tuple[str, ...] = ()
    chat: str = ""


def page_html(page: Page, pages: Mapping[str, Page], host: Host, today: date, max_age: int) -> str:
    """The HTML of one page.

    Args:
        page: what is shown.
        pages: all of them, for those of the same owner.
        host: the organisation whose page it is.
        today: the day it is.
        max_age: days after its date for which a page is trusted.
    """
    related = [
        other for other in pages.values() if other.owner == page.owner and other.slug != page.slug
    ]
    return (
        _templates()
        .get_template("page.html")
        .render(
            host=host,
            page=page,
            # The parser lets no HTML of the page through, so what it makes is safe.
            body=Markup(parser().render(page.body)),  # noqa: S704 - as the line above says
            day=full_date(page.date),
            outdated=page.is_outdated(today, max_age),
            related=related,
        )
    )


def index_html(pages: Mapping[str, Page], host: Host) -> str:
    """The HTML of the list of all pages, by owner."""
    groups: dict[str, list[Page]] = {}
    for page in sorted(pages.values(), key=lambda each: (each.owner, each.title)):
        groups.setdefault(page.owner, []).append(page)
    return (
        _templates()
        .get_template("index.html")
        .render(host=host, page=None, groups=list(groups.items()))
    )


def found_html(question: str, found: Sequence[object], host: Host) -> str:
    """The HTML of what a search of the pages gave.

    Args:
        question: what was asked.
        found: the pages, best first; each has `title`, `url` and `passage`.
        host: the organisation whose pages these are.
    """
    return (
        _templates()
        .get_template("search.html")
        .render(host=host, page=None, question=question, found=found)
    )


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    environment.globals["say"] = say
    return environment
