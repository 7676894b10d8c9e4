"""Routes of the knowledge pages: `/kennis`, a search in them, and `/kennis/<slug>`."""

from __future__ import annotations

import asyncio
import time
from typing import Final

from sanic import Blueprint
from sanic.exceptions import NotFound
from sanic.request import Request
from sanic.response import HTTPResponse, html

from bot import clock, organisation, word_search
from bot.http import static_files
from bot.http.rate_limit import Rate, RateLimit, address_key
from bot.knowledge import pages, site
from bot.settings import Settings
from bot.web.security_headers import FORM_POLICY

_CACHE: Final = {"Cache-Control": "no-cache"}
_WITH_FORM: Final = {**_CACHE, "Content-Security-Policy": FORM_POLICY}
#: Address of the style sheet below `/kennis`; pages that browsers keep link to it.
_STYLE_ADDRESS: Final = "/kennis.css"
#: Searches of one network address: each takes some 20 ms.
_SEARCHES: Final = Rate(30, 1)


def blueprint(settings: Settings, chat: str) -> Blueprint:
    """The routes; the pages are read once.

    Args:
        settings: all of them.
        chat: address of the script of the chat on these pages; empty: they have none.

    Raises:
        ConfigurationError: a page is wrong; the message names file and line.
    """
    known = pages.load(settings.root)
    owner = organisation.load(settings.root)
    host = site.Host(owner.name, owner.chat.intro, owner.chat.starters, chat)
    style = static_files.load(site.STYLE.parent)[site.STYLE.name]
    routes = Blueprint("kennis", url_prefix="/kennis")
    limit = RateLimit(_SEARCHES)

    async def index(request: Request) -> HTTPResponse:
        question = " ".join(str(request.args.get("q", "")).split())[: word_search.MAX_QUESTION]
        if not question:
            return html(site.index_html(known, host), headers=_WITH_FORM)
        limit.take(address_key(request.remote_addr or request.ip), time.monotonic())
        # Not on the event loop: the words of all pages are read at the first search.
        found = await asyncio.to_thread(lambda: word_search.of(settings.root).find(question))
        return html(site.found_html(question, found, host), headers=_WITH_FORM)

    async def show(_request: Request, slug: str) -> HTTPResponse:
        if slug not in known:
            raise NotFound("there is no such page")
        today = owner.local(clock.now()).date()
        age = settings.knowledge_max_age_days
        return html(site.page_html(known[slug], known, host, today, age), headers=_CACHE)

    async def css(_request: Request) -> HTTPResponse:
        return HTTPResponse(style.body, content_type=style.content_type, headers=style.headers)

    methods = ("GET", "HEAD")
    routes.add_route(index, "/", methods=methods, strict_slashes=False, name="index")
    routes.add_route(css, _STYLE_ADDRESS, methods=methods, name="style")
    routes.add_route(show, "/<slug:[a-z0-9-]+>", methods=methods, name="page")
    return routes
