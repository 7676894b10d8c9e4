"""Routes of the knowledge pages: `/kennis` and `/kennis/<slug>`."""

from __future__ import annotations

from typing import Final

from sanic import Blueprint
from sanic.exceptions import NotFound
from sanic.request import Request
from sanic.response import HTTPResponse, html

from bot import clock, organisation
from bot.http import static_files
from bot.knowledge import pages, site
from bot.settings import Settings

_CACHE = {"Cache-Control": "no-cache"}
#: Address of the style sheet below `/kennis`; pages that browsers keep link to it.
_STYLE_ADDRESS: Final = "/kennis.css"


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

    async def index(_request: Request) -> HTTPResponse:
        return html(site.index_html(known, host), headers=_CACHE)

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
