"""HTTP as the web process speaks it: Sanic's protocol with a strict check of framing before it.

Sanic decides how a body is read from what a client says about it; `bot.web.http_framing` sees that
first. A client cannot hold a connection by sending slowly: every part of a request has its time in
all, however often a byte comes. When all connections are taken, those that wait for a client go
first.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Iterable
from typing import Any, Final, cast

import structlog
from sanic.exceptions import BadRequest, SanicException
from sanic.http import Http, Stage
from sanic.server.protocols.http_protocol import HttpProtocol

from bot.web import http_framing
from bot.web.http_framing import Unacceptable

log = structlog.get_logger(__name__)

#: Seconds within which a body must have arrived, counted from the end of its head.
BODY_TIME: Final = 30.0
#: Seconds and bytes that a refused client may go on sending, so that it hears why: closing a
#: connection with unread bytes takes the answer away from it.
_LINGER: Final = 2.0
_LINGER_BYTES: Final = 256 * 1024
#: Chunks read in one go before others get their turn.
_CHUNKS: Final = 64
#: Of the connections that wait for their client, this share goes when there is no room.
_SHARE_TO_GO: Final = 10
_BUSY: Final = (
    b"HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\nretry-after: 5\r\n"
    b"cache-control: no-store\r\ncontent-length: 0\r\n\r\n"
)


class RefusedRequest(BadRequest):
    """A request that `bot.web.http_framing` refuses.

    Args:
        status: HTTP status code of the answer.
    """

    def __init__(self, status: int) -> None:
        super().__init__("")
        self.status_code = status


class Room:
    """Limits the number of connections, and closes waiting ones to make room.

    Args:
        most: connections at once.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._looked = 0.0
        self._turned_away = 0

    def make(self, connections: set[Any]) -> bool:
        """Whether there is room for one more connection, after closing some if need be.

        Args:
            connections: all `Protocol`s; those that are closed are taken out.
        """
        if len(connections) < self._most:
            return True
        # Looked for once a second at most: it costs as much as there are connections.
        now = time.monotonic()
        if now - self._looked >= 1.0:
            self._looked = now
            waiting = sorted(self._waiting(connections), key=lambda each: each.since)
            going = waiting[: len(connections) // _SHARE_TO_GO + 1]
            for each in going:
                connections.discard(each)
                each.drop()
            if going:
                log.warning("connections_full", most=self._most, dropped=len(going))
                self._looked = 0.0
                return True
        self._turned_away += 1
        if _is_round(self._turned_away):
            log.warning("connections_full", most=self._most, turned_away=self._turned_away)
        return False

    @staticmethod
    def _waiting(connections: Iterable[Protocol]) -> list[Protocol]:
        return [each for each in connections if each.waits_for_client]


class _Http(Http):
    """One connection's requests, one after another."""

    __slots__ = ("_body_until", "_chunks", "_refused")

    def __init__(self, protocol: Protocol) -> None:
        super().__init__(protocol)
        self._body_until = 0.0
        self._chunks = 0
        self._refused = False

    async def http1(self) -> None:
        """Serves the connection to its end."""
        await super().http1()
        if self._refused:
            await self._linger()

    async def http1_request_header(self) -> None:
        """Reads a head.

        Raises:
            RefusedRequest: it is unacceptable.
        """
        # Requests that came in one packet would be answered in one go, and nobody else's.
        await asyncio.sleep(0)
        try:
            http_framing.check_head(await self._head())
            await super().http1_request_header()
        except Unacceptable as error:
            raise self._refuse(error) from None
        except SanicException:
            # What Sanic cannot read, it cannot show in its answer either: it would try, and fail.
            self.url = None
            self._refused = True
            raise
        # Sanic gives a client that asks for a WebSocket all the time it likes; there are none here.
        self.upgrade_websocket = False
        self._body_until = asyncio.get_running_loop().time() + BODY_TIME
        self._chunks = 0

    async def read(self) -> bytes | None:
        """Some bytes of the body; None at its end.

        Raises:
            RefusedRequest: it is malformed, or did not arrive in time.
        """
        try:
            async with asyncio.timeout_at(self._body_until):
                # Sanic puts this word or True, whatever it says of its type.
                if cast(object, self.request_body) == "chunked" and not self.request_bytes_left:
                    await self._chunk()
                return await super().read()
        except Unacceptable as error:
            raise self._refuse(error) from None
        except SanicException:
            self._refused = True
            raise
        except TimeoutError:
            raise self._refuse(Unacceptable(408, "time")) from None

    async def error_response(self, exception: Exception) -> None:
        """Answers a request that failed, if there is anybody left to hear it."""
        connection = self.protocol.conn_info
        if connection is not None and not connection.lost:
            await super().error_response(exception)

    async def _head(self) -> bytes:
        buffer, checked = self.recv_buffer, False
        while (end := buffer.find(b"\r\n\r\n")) < 0:
            if not checked:
                http_framing.check_beginning(bytes(buffer[: http_framing.MAX_HEAD + 1]))
                checked = b"\r\n" in buffer
            elif len(buffer) > http_framing.MAX_HEAD:
                raise Unacceptable(431, "head size")
            await self._receive_more()
        return bytes(buffer[: min(end, http_framing.MAX_HEAD + 1)])

    async def _chunk(self) -> None:
        self._chunks += 1
        if self._chunks % _CHUNKS == 0:
            await asyncio.sleep(0)
        buffer = self.recv_buffer
        # The end of the line before comes first.
        while (end := buffer.find(b"\r\n", 2)) < 0:
            if len(buffer) > http_framing.MAX_CHUNK_LINE:
                raise Unacceptable(400, "chunk")
            await self._receive_more()
        http_framing.check_chunk(bytes(buffer[: min(end, http_framing.MAX_CHUNK_LINE + 1)]))

    def _refuse(self, error: Unacceptable) -> RefusedRequest:
        self._refused = True
        self.keep_alive = False
        refusals: Counter[str] = self.protocol.app.ctx.refusals
        refusals[error.reason] += 1
        if _is_round(refusals[error.reason]):
            log.warning("request_refused", reason=error.reason, count=refusals[error.reason])
        return RefusedRequest(error.status)

    async def _linger(self) -> None:
        transport = self.protocol.transport
        if transport is None or transport.is_closing():
            return
        if transport.can_write_eof():
            transport.write_eof()
        buffer, thrown_away = self.recv_buffer, len(self.recv_buffer)
        try:
            async with asyncio.timeout(_LINGER):
                while thrown_away <= _LINGER_BYTES:
                    buffer.clear()
                    await self._receive_more()
                    thrown_away += len(buffer)
        except TimeoutError:
            pass


class Protocol(HttpProtocol):
    """One connection. The app's `ctx` holds the `room` and counts `refusals` by reason."""

    HTTP_CLASS = _Http
    __slots__ = ()

    @property
    def since(self) -> float:
        """When anything last happened that counts (monotonic seconds)."""
        return self._time

    @property
    def waits_for_client(self) -> bool:
        """Whether no request is being answered: none came, or its head is not complete."""
        return self.http is None or self.http.stage in (Stage.IDLE, Stage.REQUEST)

    def connection_made(self, transport: Any) -> None:
        """Takes a connection, or turns it away when there is no room."""
        room: Room = self.app.ctx.room
        if room.make(self.connections):
            super().connection_made(transport)
            self._time = time.monotonic()
        else:
            transport.write(_BUSY)
            transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Ends what the connection had under way."""
        if self.conn_info is not None:  # it was not turned away
            super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Takes bytes. Only the first of a request begin its time anew."""
        if self.conn_info is None:
            return
        before = self._time
        super().data_received(data)
        if self.http is not None and self.http.stage is not Stage.IDLE:
            self._time = before

    def drop(self) -> None:
        """Closes the connection at once."""
        if self.transport is not None:
            self.transport.abort()


def _is_round(count: int) -> bool:
    """Whether a count is 1, 10, 100 and so on: those are logged, so a flood fills no log."""
    return str(count).strip("0") == "1"
