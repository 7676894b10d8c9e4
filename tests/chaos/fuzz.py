"""Bytes that are no HTTP, or too much of it, straight to the web process's socket."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections import Counter
from typing import Final

from tests.chaos.timeline import Timeline

_HEAD: Final = b"%s /webhooks/telegram HTTP/1.1\r\nHost: loket\r\n"
#: Packets by name; each is sent as it stands, and the connection left open for a while.
PACKETS: Final[dict[str, bytes]] = {
    "negative length": b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\nx",
    "length in words": _HEAD % b"POST" + b"Content-Length: tien\r\n\r\nx",
    "length with a plus": _HEAD % b"POST" + b"Content-Length: +3\r\n\r\nabc",
    "length with a gap": _HEAD % b"POST" + b"Content-Length: 1 1\r\n\r\nx",
    "two lengths": _HEAD % b"POST" + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
    "huge length": _HEAD % b"POST" + b"Content-Length: 99999999999999999999\r\n\r\nx",
    "length of Arabic digits": _HEAD % b"POST" + "Content-Length: ٣\r\n\r\nabc".encode(),
    "length and chunks": _HEAD % b"POST"
    + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "negative chunk": _HEAD % b"POST" + b"Transfer-Encoding: chunked\r\n\r\n-5\r\nabcde\r\n",
    "endless chunk size": _HEAD % b"POST" + b"Transfer-Encoding: chunked\r\n\r\n" + b"f" * 4000,
    "chunk of words": _HEAD % b"POST" + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nab\r\n0\r\n\r\n",
    "unknown coding": _HEAD % b"POST" + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    "no length": _HEAD % b"POST" + b"\r\n",
    "long header": _HEAD % b"GET" + b"X-Long: " + b"a" * 100_000 + b"\r\n\r\n",
    "many headers": _HEAD % b"GET" + b"".join(b"X-%d: y\r\n" % n for n in range(3000)) + b"\r\n",
    "long path": b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    "no ASCII": "GET /één HTTP/1.1\r\nHost: x\r\n\r\n".encode(),
    "Latin-1 header": b"GET / HTTP/1.1\r\nHost: x\r\nX-Name: \xe9\xff\r\n\r\n",
    "NUL": b"GET /\x00 HTTP/1.1\r\nHost: x\r\n\r\n",
    "no version": b"GET /\r\n\r\n",
    "version 9": b"GET / HTTP/9.9\r\nHost: x\r\n\r\n",
    "HTTP/2 preface": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "TLS hello": bytes.fromhex("16030100c8010000c40303") + b"\x00" * 200,
    "line ends only": b"\r\n" * 500,
    "bare line feeds": b"GET / HTTP/1.1\nHost: x\n\n",
    "header without a name": b"GET / HTTP/1.1\r\n: x\r\nHost: x\r\n\r\n",
    "header without a colon": b"GET / HTTP/1.1\r\nHost x\r\n\r\n",
    "half a request": b"POST /webchat/messages HTTP/1.1\r\nHost: x\r\nContent-Le",
    "half a body": _HEAD % b"POST" + b"Content-Length: 1000\r\n\r\n{",
    "expects": _HEAD % b"POST" + b"Expect: 100-continue\r\nContent-Length: 5\r\n\r\n",
    "asks for an upgrade": b"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
    b"Connection: Upgrade\r\nSec-WebSocket-Key: x\r\n\r\n",
    "pipelined": b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n" * 50,
    "smuggled": _HEAD % b"POST"
    + b"Content-Length: 6\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\nG",
}


class Fuzz:
    """Sends packets, some of them a byte at a time.

    Attributes:
        sent: how many packets web took a connection for.
        answers: status lines that came back, counted; `none` where nothing came.
    """

    def __init__(self, port: int, rng: random.Random, when: Timeline) -> None:
        """Sends nothing yet."""
        self._port = port
        self._rng = rng
        self._when = when
        self.sent = 0
        self.answers: Counter[str] = Counter()
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self, name: str) -> None:
        """Sends a packet, a made-up one, and one byte by byte, all beside whatever goes on."""
        works = (
            self._send(name, PACKETS[name], hold=2.0),
            self._send("noise", self._noise(), hold=1.0),
            self._slowly(PACKETS["half a request"], 8),
        )
        for work in works:
            task = asyncio.create_task(work)
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def run(self, names: list[str], pause: float) -> None:
        """Sends these packets with a pause between; returns when all are sent."""
        for name in names:
            self.begin(name)
            await asyncio.sleep(pause)
        await asyncio.gather(*self._tasks)

    async def close(self) -> None:
        """Ends what is still being sent."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _send(self, name: str, packet: bytes, hold: float) -> None:
        reader, writer = await self._connect()
        self.sent += 1
        self._when.note("packet", name)
        status = "none"
        try:
            async with asyncio.timeout(hold + 10):
                try:
                    writer.write(packet)
                    await writer.drain()
                    with contextlib.suppress(TimeoutError):
                        line = await asyncio.wait_for(reader.readline(), hold)
                        status = line[9:12].decode("ascii", "replace") or "closed"
                finally:
                    writer.close()
        except (OSError, TimeoutError, ValueError):
            pass
        self.answers[status] += 1
        if status.startswith("5"):
            self._when.note("packet answered with 5xx", f"{name}: {status}")

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A connection, as soon as web takes one: it may just be starting again."""
        while True:
            try:
                return await asyncio.open_connection("127.0.0.1", self._port)
            except OSError:
                await asyncio.sleep(0.2)

    async def _slowly(self, packet: bytes, seconds: int) -> None:
        """A byte now and then, as slowloris does."""
        with contextlib.suppress(OSError, TimeoutError):
            async with asyncio.timeout(seconds + 5):
                _, writer = await self._connect()
                try:
                    for byte in packet[: seconds * 2]:
                        writer.write(bytes([byte]))
                        await writer.drain()
                        await asyncio.sleep(0.5)
                finally:
                    writer.close()

    def _noise(self) -> bytes:
        """A packet cut, doubled, or with bytes changed; or nothing but chance."""
        packet = bytearray(self._rng.choice(list(PACKETS.values()))[:2000])
        for _ in range(self._rng.randrange(1, 6)):
            packet[self._rng.randrange(len(packet))] = self._rng.randrange(256)
        kind = self._rng.randrange(4)
        if kind == 0:
            return bytes(self._rng.randrange(256) for _ in range(300))
        if kind == 1:
            return bytes(packet[: self._rng.randrange(1, len(packet))])
        return bytes(packet) * (kind - 1)
