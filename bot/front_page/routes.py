"""Routes of the front page and of what it is made of."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, empty

from bot import front_page
from bot.http.static_files import Asset
from bot.settings import Settings

Handler = Callable[[Request], Coroutine[Any, Any, HTTPResponse]]


def blueprint(settings: Settings, chat: str) -> Blueprint:
    """The routes; the files are read once.

    Args:
        settings: all of them.
        chat: address of the script of the chat; empty: there is none.

    Raises:
        ConfigurationError: see `bot.front_page.files`.
    """
    routes = Blueprint("front_page")
    for number, (path, asset) in enumerate(front_page.files(settings, chat).items()):
        routes.add_route(_show(asset), path, methods=("GET", "HEAD"), name=f"file_{number}")
    return routes


def _show(asset: Asset) -> Handler:
    async def show(request: Request) -> HTTPResponse:
        if asset.matches(request.headers.get("if-none-match", "")):
            return empty(304, headers=asset.headers)
        return HTTPResponse(asset.body, content_type=asset.content_type, headers=asset.headers)

    return show
