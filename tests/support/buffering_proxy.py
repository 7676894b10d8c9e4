"""A proxy that passes an answer on when it is complete, as careless ones do with streams."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import httpx

#: Headers that belong to one connection alone.
_OF_THE_CONNECTION = {"connection", "transfer-encoding", "content-length", "keep-alive"}


@contextmanager
def buffering(port: int, upstream: str) -> Iterator[list[str]]:
    """Runs it on a port of this machine; gives the paths of the answers that it passed on.

    Args:
        port: where it listens.
        upstream: the server behind it.
    """
    passed: list[str] = []

    class Proxy(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._pass_on()

        def do_POST(self) -> None:
            self._pass_on()

        def _pass_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {k: v for k, v in self.headers.items() if k.lower() not in _OF_THE_CONNECTION}
            headers["Accept-Encoding"] = "identity"
            try:
                answer = httpx.request(
                    self.command, upstream + self.path, headers=headers, content=body, timeout=None
                )
            except httpx.HTTPError:  # the server stopped while a stream was held back
                return
            self.send_response(answer.status_code)
            for name, value in answer.headers.items():
                if name.lower() not in _OF_THE_CONNECTION:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)
            passed.append(self.path)

        def log_message(self, *args: object) -> None:
            """Says nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

        def handle_error(self, *args: object) -> None:
            """A browser that went away is none."""

    with Server(("127.0.0.1", port), Proxy) as proxy:
        thread = Thread(target=proxy.serve_forever, daemon=True)
        thread.start()
        yield passed
        proxy.shutdown()
        thread.join()
