"""What fake gateways share: a server in a thread that can misbehave."""

from __future__ import annotations

import socket
import threading
from base64 import b64decode
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal, Self
from urllib.parse import parse_qs, urlsplit

#: `hang`: no answer for long; `close`: the connection breaks in the middle of an answer and nothing
#: was sent; `accepted`: the same, but the message was sent; `rubbish`: a yes that says nothing.
Trouble = Literal["429", "500", "html", "hang", "close", "accepted", "rubbish"]


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that came in: fields have their first value."""

    method: str
    path: str
    fields: dict[str, str]
    user: tuple[str, str] | None = None
    token: str = ""
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Reply:
    """What to answer."""

    status: int
    body: str | bytes
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)


class FakeGateway:
    """The server; a subclass says what it answers.

    Attributes:
        url: where it listens.
        requests: how many requests to send a message came in, refused ones too.
    """

    def __init__(self) -> None:
        self.requests = 0
        self._troubles: deque[Trouble] = deque()
        self._late: deque[str] = deque()
        self._stop = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def sends(self, asked: Asked) -> bool:
        """Whether a request is one to send a message."""
        raise NotImplementedError

    def answer(self, asked: Asked) -> Reply:
        """The answer of a gateway that works."""
        raise NotImplementedError

    def misbehave(self, *troubles: Trouble) -> None:
        """The next requests to send go wrong in these ways, one each, in order."""
        self._troubles.extend(troubles)

    def refuse_later(self, *codes: str) -> None:
        """The next messages are taken, and refused afterwards with these codes, one each."""
        self._late.extend(codes)

    def refused_later(self) -> str:
        """The code with which the message that is taken now is refused afterwards, or empty."""
        return self._late.popleft() if self._late else ""

    def close(self) -> None:
        """Stops the server and whatever hangs in it."""
        self._stop.set()
        self._server.shutdown()
        self._thread.join(5)
        self._server.server_close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def reply(self, asked: Asked) -> Reply | None:
        """The answer; None to break the connection in the middle of one."""
        trouble: Trouble | None = None
        if self.sends(asked):
            self.requests += 1
            trouble = self._troubles.popleft() if self._troubles else None
        if trouble == "429":
            return Reply(429, '{"code": 20429, "message": "Too Many Requests"}', headers=_LATER)
        if trouble == "500":
            return Reply(500, '{"code": 20500, "message": "Internal Server Error"}')
        if trouble == "html":
            return Reply(502, "<html><h1>502 Bad Gateway</h1></html>", "text/html")
        if trouble == "rubbish":
            return Reply(201, "<html>")
        if trouble == "hang":
            self._stop.wait(30)
        if trouble in ("hang", "close"):
            return None
        answer = self.answer(asked)
        return None if trouble == "accepted" else answer


_LATER = {"Retry-After": "2"}


def _handler(gateway: FakeGateway) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._serve("GET", b"")

        def do_POST(self) -> None:
            self._serve("POST", self.rfile.read(int(self.headers["Content-Length"] or 0)))

        def log_message(self, *_: Any) -> None:
            pass

        def _serve(self, method: str, body: bytes) -> None:
            parts = urlsplit(self.path)
            given = parse_qs(parts.query or body.decode(), keep_blank_values=True)
            fields = {name: values[0] for name, values in given.items()}
            token = (self.headers["Authorization"] or "").removeprefix("Bearer ")
            user = _user(self.headers)
            reply = gateway.reply(Asked(method, parts.path, fields, user, token, body))
            try:
                self._answer(reply)
            except OSError:  # whoever asked is gone
                self.close_connection = True

        def _answer(self, reply: Reply | None) -> None:
            if reply is None:
                self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{")
                self.wfile.flush()
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            data = reply.body.encode() if isinstance(reply.body, str) else reply.body
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.content_type)
            self.send_header("Content-Length", str(len(data)))
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

    return Handler


def _user(headers: Any) -> tuple[str, str] | None:
    kind, _, value = (headers["Authorization"] or "").partition(" ")
    if kind != "Basic":
        return None
    name, _, password = b64decode(value).decode().partition(":")
    return name, password
