"""Downloads a customer's file from a provider: bounded in bytes and time, and never logged."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

import httpx

from channels.errors import (
    BadCredentials,
    FileGone,
    FileTooLarge,
    Throttled,
    Unavailable,
)

#: Seconds for a whole download, and for each step of it.
WHOLE: Final = 60.0
_STEP: Final = 15.0
_REDIRECTS: Final = 3

# It writes each address that it calls into the log, and some hold a token.
logging.getLogger("httpx").setLevel(logging.CRITICAL + 1)


async def download(
    url: str,
    limit: int,
    *,
    home: str,
    headers: Mapping[str, str] | None = None,
    auth: tuple[str, str] | None = None,
) -> bytes:
    """The bytes at an address.

    Args:
        url: where they are.
        limit: most bytes; no more are read.
        home: the provider's own address. Any other host is called over https only.
        headers: for the host of `url` alone: where it redirects to gets none of them.
        auth: user and password, likewise.

    Raises:
        FileGone: nothing is there (any more).
        FileTooLarge: there are more bytes.
        SendError: it failed; try again.
    """
    try:
        async with (
            asyncio.timeout(WHOLE),
            httpx.AsyncClient(timeout=_STEP, follow_redirects=False) as client,
        ):
            request = client.build_request("GET", url, headers={**(headers or {})})
            key = httpx.BasicAuth(*auth) if auth else None
            for _ in range(_REDIRECTS + 1):
                _check(str(request.url), home)
                response = await client.send(request, auth=key, stream=True)
                try:
                    if response.next_request is None:
                        return await _read(response, limit)
                    request, key = client.build_request("GET", response.next_request.url), None
                finally:
                    await response.aclose()
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
        # Without the cause: it quotes the address.
        raise Unavailable(type(error).__name__) from None
    raise Unavailable("redirects")


def _check(url: str, home: str) -> None:
    there, here = urlsplit(url), urlsplit(home)
    own = (there.scheme, there.netloc) == (here.scheme, here.netloc)
    if not own and (there.scheme != "https" or not there.netloc):
        raise FileGone("The provider names an address that is none.")


async def _read(response: httpx.Response, limit: int) -> bytes:
    status = response.status_code
    if status in (401, 403):
        raise BadCredentials(str(status))
    if status in (404, 410):
        raise FileGone("The provider does not have the file any more.")
    if status == 429:
        raise Throttled(None, "429")
    if status != 200:
        raise Unavailable(str(status))
    body = bytearray()
    async for piece in response.aiter_bytes():
        body += piece
        if len(body) > limit:
            raise FileTooLarge("The file has more bytes than are let in.")
    return bytes(body)
