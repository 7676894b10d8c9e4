"""The routes that a customer's transcript link opens: `/gesprek/<token>`, as a page and as text."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import structlog
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, empty
from sqlalchemy.engine import Connection

from bot import organisation
from bot.catalogue import say
from bot.channel_profiles import ChannelProfiles
from bot.errors import Rejected
from bot.http import static_files
from bot.settings import Settings
from bot.store.conversation import conversations
from bot.store.history.linked_conversations import Part, parts
from bot.store.sql.database import Database
from bot.transcripts import text_export
from bot.transcripts.html_page import HEADERS, page, refused
from bot.transcripts.message_reader import messages, named
from bot.transcripts.transcript_links import PREFIX, TranscriptLinks

log = structlog.get_logger(__name__)

_STYLE: Final = "transcript.css"
#: Address of the style sheet; pages that browsers keep link to it.
_STYLE_ADDRESS: Final = "/gesprek.css"
_HTML: Final = "text/html; charset=utf-8"

Handler = Callable[..., Awaitable[HTTPResponse | None]]


def blueprint(
    settings: Settings,
    database: Database,
    channels: ChannelProfiles,
    now: Callable[[], datetime],
) -> Blueprint:
    """The routes of transcripts.

    Args:
        settings: all of them.
        database: where the conversations are.
        channels: this installation's.
        now: the present, aware.

    Raises:
        ConfigurationError: `data/organisation.yml` is missing or wrong.
    """
    routes = Blueprint("transcripts")
    pages = _Pages(settings, database, channels, now)
    style = static_files.load(Path(__file__).parent / "static")[_STYLE]

    # Sanic keeps notes on a handler, which a bound method does not take.
    async def show(request: Request, token: str) -> HTTPResponse | None:
        return await pages.show(request, token)

    async def css(request: Request) -> HTTPResponse:
        if style.matches(request.headers.get("if-none-match", "")):
            return empty(304, headers=style.headers)
        return HTTPResponse(style.body, content_type=style.content_type, headers=style.headers)

    # No part of the address is logged, so that no log line holds a token.
    routes.add_route(show, f"{PREFIX}/<token:str>", methods=("GET",), name="show")
    routes.add_route(css, _STYLE_ADDRESS, methods=("GET", "HEAD"), name="style")
    return routes


class _Pages:
    def __init__(
        self,
        settings: Settings,
        database: Database,
        channels: ChannelProfiles,
        now: Callable[[], datetime],
    ) -> None:
        self._url = settings.public_url
        self._organisation = organisation.load(settings.root)
        self._links = TranscriptLinks.of(settings)
        self._database = database
        self._channels = channels
        self._now = now

    async def show(self, request: Request, name: str) -> HTTPResponse | None:
        """Answers with the page, or the text for a name that ends in `.txt`."""
        token, _, kind = name.partition(".")
        try:
            if kind not in ("", "txt"):
                raise Rejected(say("web.failed.404"), 404)
            beginning = self._links.read(token, self._now())
            read = await self._database.query(_find, beginning)
        except Rejected as error:
            again = not isinstance(error, _Wiped)
            body = refused(str(error), self._organisation, self._url, again=again)
            return HTTPResponse(body, error.status, dict(HEADERS), _HTML)
        said = messages(self._database, read, self._channels, self._url)
        if kind == "txt":
            await self._send(request, text_export.text(said, self._now()), _as_file(self._now()))
        else:
            whole = page(
                said,
                self._organisation,
                self._url,
                f"{PREFIX}/{token}.txt",
                self._links.expires(token),
            )
            await self._send(request, whole, {"content-type": _HTML})
        return None

    async def _send(
        self, request: Request, pieces: AsyncGenerator[str, None], headers: dict[str, str]
    ) -> None:
        kind = headers.pop("content-type")
        response: Any = None
        async with aclosing(pieces) as each:
            async for piece in each:
                if response is None:
                    response = await request.respond(
                        content_type=kind, headers={**HEADERS, **headers}
                    )
                await response.send(piece)
        if response is not None:
            await response.eof()


def _as_file(now: datetime) -> dict[str, str]:
    return {
        "content-type": "text/plain; charset=utf-8",
        "Content-Disposition": f'attachment; filename="gesprek-{now:%Y-%m-%d}.txt"',
    }


class _Wiped(Rejected):
    """The customer wiped it: the link may be in the history of a computer that others use."""

    def __init__(self) -> None:
        super().__init__(say("transcript.refused.wiped"), 410)


def _find(conn: Connection, beginning: str) -> tuple[Part, ...]:
    try:
        conversation_id = named(conn, beginning)
        if conversations.get(conn, conversation_id).wiped_at is not None:
            raise _Wiped
        return parts(conn, conversation_id)
    except LookupError as error:
        raise Rejected(say("transcript.refused.gone"), 410) from error
