"""Reads a request's body, and answers with JSON, a file or a stream."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any, Final

import structlog
from sanic.http import Http
from sanic.request import Request
from sanic.response import HTTPResponse, empty

from bot.catalogue import say
from bot.errors import Rejected
from bot.http import bodies, static_files
from channels.webchat import parse

log = structlog.get_logger(__name__)

#: Seconds within which a body must have arrived.
_BODY_TIME: Final = 20.0

Handler = Callable[[Request], Coroutine[Any, Any, HTTPResponse | None]]


def serve_file(asset: static_files.Asset) -> Handler:
    """A handler that gives a file to a browser, also within another site's page."""
    # A module on another site's page is fetched with CORS; these files are public.
    headers = {
        **asset.headers,
        "Access-Control-Allow-Origin": "*",
        "Cross-Origin-Resource-Policy": "cross-origin",
    }

    async def serve(request: Request) -> HTTPResponse:
        if asset.matches(request.headers.get("if-none-match", "")):
            return empty(304, headers=headers)
        packed = asset.packed_for(request.headers.get("accept-encoding", ""))
        if packed is not None:
            coded = {**headers, "Content-Encoding": "gzip"}
            return HTTPResponse(packed, content_type=asset.content_type, headers=coded)
        return HTTPResponse(asset.body, content_type=asset.content_type, headers=headers)

    return serve


async def send_stream(request: Request, chunks: AsyncIterator[bytes]) -> None:
    """Answers with events as they come.

    Args:
        request: the browser's.
        chunks: whole events, in the form of `text/event-stream`.
    """
    # Read once before the first byte goes out: a database that is down is a 503, not a stream.
    first = await anext(chunks)
    response = await request.respond(
        content_type="text/event-stream; charset=utf-8",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )
    await response.send(first)
    try:
        async for chunk in chunks:
            await response.send(chunk)
    except Rejected:
        log.info("stream_refused")  # the browser comes back, and hears why
    except Exception as error:  # noqa: BLE001 - the answer has begun; the browser comes back
        log.warning("stream_broken", error=type(error).__name__)
    await response.eof()


async def send_file(request: Request, name: str, pieces: AsyncIterator[str]) -> None:
    """Answers with a text file to keep, as its pieces come.

    Args:
        request: the browser's.
        name: the file's, without a character that would have to be quoted.
        pieces: of the text.
    """
    response = await request.respond(
        content_type="text/plain; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        },
    )
    async for piece in pieces:
        await response.send(piece)
    await response.eof()


async def read_body(
    request: Request, most: int = parse.MAX_BODY, seconds: float = _BODY_TIME
) -> bytes:
    """The whole body of a request.

    Args:
        request: the browser's.
        most: most bytes.
        seconds: within which it must have come.

    Raises:
        Rejected: 408 when it did not come in time, 413 when it is too large.
    """
    # Sanic gives every request of an HTTP/1 server such a stream.
    assert isinstance(request.stream, Http)
    try:
        return await bodies.read(request.stream, most, seconds)
    except TimeoutError as error:
        raise Rejected(say("webchat.refused.late"), 408) from error
    except bodies.BodyTooLarge as error:
        raise Rejected(say("webchat.refused.too_large"), 413) from error


def json_answer(data: Any, status: int = 200) -> HTTPResponse:
    """An answer in JSON that no cache keeps."""
    return HTTPResponse(
        json.dumps(data, ensure_ascii=False),
        status,
        content_type="application/json",
        headers={"Cache-Control": "no-store"},
    )
