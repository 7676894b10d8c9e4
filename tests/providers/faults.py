"""A machine between Loket and a provider, on which everything that can go wrong does.

Real sockets: what the client sees is what a broken network shows it. It works for every provider
that speaks HTTP; faults hit requests to send a message, an outage hits all of them.
"""

from __future__ import annotations

import re
import socket
import struct
import threading
from collections import deque
from http.client import HTTPConnection, HTTPResponse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final, Literal, get_args
from urllib.parse import urlsplit, urlunsplit

#: What happens to a request that the provider never sees.
Before = Literal["reset_before", "hang_before", "page_before", "close_before"]
#: What happens after the provider took it.
After = Literal["reset_after", "hang_after", "page_after", "half_after", "close_after"]
Fault = Before | After

BEFORE: Final[tuple[Before, ...]] = get_args(Before)
AFTER: Final[tuple[After, ...]] = get_args(After)

#: Status, headers and body.
_Answer = tuple[int, list[tuple[str, str]], bytes]

#: Requests to send a message, of any provider here.
_SENDS = re.compile(r"/(messages|Messages\.json|sendMessage|sendsms\?.*\bto=)", re.ASCII)
_PAGE = b"<html><h1>502 Bad Gateway</h1></html>"


class Faulty:
    """Stands in the place of a fake provider; all that is not about the network is that one's.

    Attributes:
        provider: the provider behind it.
        asked: how many other requests came this far, such as those that ask whether it is there.
    """

    def __init__(self, provider: Any) -> None:
        self.provider = provider
        self._faults: deque[Fault] = deque()
        self._outage: Fault | None = None
        self._closing = threading.Event()
        self._hits = 0
        self.asked = 0
        self._parts = urlsplit(provider.url)
        self._listen(0)

    def _listen(self, port: int) -> None:
        handler = type("Handler", (_Handler,), {"state": self})
        self._server = _Server(("127.0.0.1", port), handler)
        self.port = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    @property
    def url(self) -> str:
        """What the channel's address must be."""
        return self._own(self.provider.url)

    @property
    def send_url(self) -> str:
        """Kannel's."""
        return self._own(self.provider.send_url)

    @property
    def accepted(self) -> list[Any]:
        """What the provider took."""
        found: list[Any] = self.provider.accepted
        return found

    @property
    def hits(self) -> int:
        """How many requests to send a message came this far."""
        return self._hits

    def _own(self, address: str) -> str:
        parts = urlsplit(address)
        return urlunsplit(parts._replace(netloc=f"127.0.0.1:{self.port}"))

    def misbehave(self, *faults: Fault) -> None:
        """The next requests to send go wrong in these ways, one each, in order."""
        self._faults.extend(faults)

    def outage(self, fault: Fault | None) -> None:
        """From now on every request goes wrong in this way; None: the outage is over."""
        self._outage = fault

    def vanish(self) -> None:
        """From now on connections are refused."""
        self._server.shutdown()
        self._thread.join(10)
        self._server.server_close()
        self._server.drop()

    def come_back(self) -> None:
        """Connections are taken again, at the same address."""
        self._listen(self.port)

    def close(self) -> None:
        """Stops this, and the provider."""
        self._closing.set()
        self._server.shutdown()
        self._thread.join(10)
        self._server.server_close()
        self.provider.close()

    def fault(self, method: str, target: str, body: bytes) -> Fault | None:
        """What goes wrong with a request."""
        listing = method == "GET" and "Messages.json" in target
        marking = b'"status": "read"' in body
        sends = _SENDS.search(target) and not listing and not marking
        if sends:
            self._hits += 1
        else:
            self.asked += 1
        if self._outage:
            return self._outage
        return self._faults.popleft() if sends and self._faults else None

    def pass_on(self, method: str, target: str, body: bytes, headers: dict[str, str]) -> _Answer:
        """The provider's answer."""
        connection = HTTPConnection(str(self._parts.hostname), self._parts.port, timeout=30)
        try:
            connection.request(method, target, body or None, headers)
            answer: HTTPResponse = connection.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        finally:
            connection.close()

    def hang(self) -> None:
        """Waits for ever, as far as a test goes."""
        self._closing.wait(60)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, *args: Any) -> None:
        self._open: set[socket.socket] = set()
        super().__init__(*args)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def drop(self) -> None:
        """Resets what is open."""
        for each in list(self._open):
            _reset(each)

    def handle_error(self, *_: Any) -> None:
        """A client that leaves is nobody's error."""


class _Handler(BaseHTTPRequestHandler):
    state: Faulty
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def log_message(self, *_: Any) -> None:
        """Says nothing."""

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        fault = self.state.fault(self.command, self.path, body)
        answer: _Answer = (0, [], b"")
        if fault not in BEFORE:
            given = {n: v for n, v in self.headers.items() if n.lower() != "connection"}
            answer = self.state.pass_on(self.command, self.path, body, given)
        if fault is None:
            self._answer(answer)
            return
        kind = fault.partition("_")[0]
        self.close_connection = kind != "page"
        if kind == "reset":
            _reset(self.connection)
        elif kind == "hang":
            self.state.hang()
        elif kind == "page":
            self._answer((502, [("Content-Type", "text/html")], _PAGE))
        elif kind == "half":
            self._answer(answer, half=True)

    def _answer(self, answer: _Answer, *, half: bool = False) -> None:
        status, headers, data = answer
        own = ("content-length", "transfer-encoding", "connection", "server", "date")
        self.send_response(status)
        for name, value in headers:
            if name.lower() not in own:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data[: len(data) // 2] if half else data)
        self.wfile.flush()


def _reset(connection: socket.socket) -> None:
    """Ends a connection with a reset instead of a farewell."""
    try:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.shutdown(socket.SHUT_RD)
        connection.close()
    except OSError:
        return
