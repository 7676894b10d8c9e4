"""Reads a request's body, bounded in bytes and time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable
from typing import Final

#: A body that is too large is read and thrown away this much further, so that the answer arrives.
_DRAIN: Final = 8 * 1024 * 1024


class BodyTooLarge(Exception):
    """A body has more bytes than are let in."""


async def read(stream: AsyncIterable[bytes], most: int, seconds: float) -> bytes:
    """The whole body of a request.

    Args:
        stream: its pieces.
        most: most bytes.
        seconds: within which it must have come.

    Raises:
        BodyTooLarge: there are more bytes.
        TimeoutError: it did not come in time.
    """
    body = bytearray()
    size = 0
    async with asyncio.timeout(seconds):
        async for chunk in stream:
            size += len(chunk)
            if size <= most:
                body += chunk
            elif size > most + _DRAIN:
                break
    if size > most:
        raise BodyTooLarge
    return bytes(body)
