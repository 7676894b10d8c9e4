"""The line between Loket and a provider: HTTP that can hang and break, before or after.

The strict fake at its end stays as it is; what goes wrong here is the network's fault, and that of
whatever stands in front of a provider.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import socket
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import urlsplit

#: `hang_before`: the provider never sees the request; `hang_after`: it took it, and its answer does
#: not come; `reset_...`: the same, and the connection is reset.
Trouble = Literal["hang_before", "hang_after", "reset_before", "reset_after"]
TROUBLES: Final[tuple[Trouble, ...]] = (
    "hang_before",
    "hang_after",
    "reset_before",
    "reset_after",
)
#: Seconds that a hanging request is held at most; every client gives up before.
_HELD: Final = 60.0
_HEAD: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class _Message:
    """A request or an answer, as bytes."""

    head: bytes
    body: bytes


class Line:
    """A reverse proxy to one provider.

    Attributes:
        troubled: requests that went wrong, by trouble.
    """

    def __init__(self, target: str, rng: random.Random) -> None:
        """Opens nothing yet.

        Args:
            target: the provider's address, `http://host:port`.
            rng: decides which requests go wrong.
        """
        parts = urlsplit(target)
        self._target = (str(parts.hostname), int(parts.port or 80))
        self._rng = rng
        self._trouble: Trouble | None = None
        self._share = 0.0
        self._server: asyncio.Server | None = None
        self.troubled: dict[Trouble, int] = {}

    async def start(self) -> str:
        """Listens; returns the address to give to Loket."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=_HEAD)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def close(self) -> None:
        """Takes no more connections."""
        if self._server is not None:
            self._server.close()

    @contextlib.contextmanager
    def trouble(self, trouble: Trouble, share: float) -> Iterator[None]:
        """While the context is open, this share of requests goes wrong."""
        self._trouble, self._share = trouble, share
        try:
            yield
        finally:
            self._trouble = None

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while (request := await _read(reader)) is not None:
                if not await self._answer(request, reader, writer):
                    break
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError):
            pass  # whoever asked is gone, or speaks no HTTP
        except asyncio.CancelledError:
            pass  # the run is over
        finally:
            writer.close()

    async def _answer(
        self, request: _Message, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        """Hands a request on and its answer back; whether the connection can go on."""
        trouble = self._trouble
        if trouble is not None and self._rng.random() >= self._share:
            trouble = None
        if trouble is not None:
            self.troubled[trouble] = self.troubled.get(trouble, 0) + 1
        answer = None if trouble and trouble.endswith("before") else await self._ask(request)
        if trouble is None:
            if answer is None:  # the provider broke off itself
                return False
            writer.write(answer.head + answer.body)
            await writer.drain()
            return b"\r\nconnection: close" not in answer.head.lower()
        if trouble.startswith("hang"):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(reader.read(1), _HELD)  # until the client gives up
        abort(writer)
        return False

    async def _ask(self, request: _Message) -> _Message | None:
        reader, writer = await asyncio.open_connection(*self._target, limit=_HEAD)
        try:
            line, _, fields = request.head.partition(b"\r\n")
            kept = [
                field
                for field in fields.split(b"\r\n")
                if not field.lower().startswith(b"connection:")
            ]
            writer.write(b"\r\n".join([line, b"Connection: close", *kept]) + request.body)
            await writer.drain()
            return await _read(reader, answer=True)
        except (OSError, asyncio.IncompleteReadError):
            return None
        finally:
            writer.close()


async def _read(reader: asyncio.StreamReader, *, answer: bool = False) -> _Message | None:
    """One message with its body; None at the end of the connection."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    length = 0
    for field in head.split(b"\r\n")[1:]:
        name, _, value = field.partition(b":")
        if name.strip().lower() == b"content-length":
            length = int(value)
    body = await reader.readexactly(length) if length else b""
    if answer:
        fields = [f for f in head.split(b"\r\n") if not f.lower().startswith(b"connection:")]
        head = b"\r\n".join(fields)
    return _Message(head, body)


def abort(writer: asyncio.StreamWriter) -> None:
    """Resets a connection: whoever has it sees "connection reset by peer"."""
    found = writer.get_extra_info("socket")
    if found is not None:
        with contextlib.suppress(OSError):
            found.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
