"""The line to a provider: what breaks before the provider saw it, and what after."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest

from tests.chaos.line import TROUBLES, Line, Trouble

ANSWER = b"HTTP/1.1 201 Created\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\nyes\n"
REQUEST = b"POST /send HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhallo"


@dataclass(slots=True)
class Provider:
    """Says yes, and keeps the bodies of what it took."""

    took: list[bytes] = field(default_factory=list)
    url: str = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        self.took.append(await reader.readexactly(5))
        writer.write(ANSWER)
        await writer.drain()
        writer.close()


@pytest.fixture
async def provider() -> AsyncIterator[Provider]:
    """On a port of its own."""
    made = Provider()
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    yield made
    server.close()


@pytest.fixture
async def line(provider: Provider) -> AsyncIterator[Line]:
    """To that provider; nothing is wrong with it yet."""
    made = Line(provider.url, random.Random(1))
    provider.url = await made.start()
    yield made
    made.close()


async def ask(url: str, times: int = 1) -> list[bytes]:
    """Sends requests over one connection; what came back for each, empty for a reset."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(url.rpartition(":")[2]))
    found = []
    try:
        for _ in range(times):
            writer.write(REQUEST)
            found.append(await reader.readexactly(len(ANSWER)))
    except (OSError, asyncio.IncompleteReadError):
        found.append(b"")
    finally:
        writer.close()
    return found


async def test_a_line_that_holds(provider: Provider, line: Line) -> None:
    """Request and answer pass as they are, and the connection stays open."""
    assert await ask(provider.url, 3) == [ANSWER] * 3
    assert provider.took == [b"hallo"] * 3


@pytest.mark.parametrize("trouble", [each for each in TROUBLES if each.startswith("reset")])
async def test_a_reset(provider: Provider, line: Line, trouble: Trouble) -> None:
    """The provider took it only when the reset came after."""
    with line.trouble(trouble, 1.0):
        assert await ask(provider.url) == [b""]
    assert len(provider.took) == (trouble == "reset_after")
    assert line.troubled == {trouble: 1}
    assert await ask(provider.url) == [ANSWER]


@pytest.mark.parametrize("trouble", [each for each in TROUBLES if each.startswith("hang")])
async def test_a_hang(provider: Provider, line: Line, trouble: Trouble) -> None:
    """No answer comes, however long one waits; others are served when it is over."""
    with line.trouble(trouble, 1.0):
        waiting = asyncio.create_task(ask(provider.url))
        while not line.troubled or len(provider.took) < (trouble == "hang_after"):
            await asyncio.sleep(0.01)
    assert await ask(provider.url) == [ANSWER]
    assert not waiting.done()
    waiting.cancel()
    assert len(provider.took) == 1 + (trouble == "hang_after")


async def test_a_share(provider: Provider, line: Line) -> None:
    """Only so many go wrong."""
    with line.trouble("reset_before", 0.0):
        assert await ask(provider.url, 5) == [ANSWER] * 5
