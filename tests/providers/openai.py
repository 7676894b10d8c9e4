"""A chat-completions server in a thread, as strict about requests as the real ones."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal

KEY = "sk-a-key-for-tests"
MODEL = "klein-model"

Trouble = Literal["hang", "500", "garbage", "empty", "huge", "no_choices"]


class OpenAI:
    """The server's state.

    Attributes:
        url: for `LOKET_LLM_URL`.
        says: what the model answers.
        trouble: what goes wrong with every request, or None.
        requests: the bodies received.
    """

    def __init__(self) -> None:
        self.says = ""
        self.trouble: Trouble | None = None
        self.requests: list[dict[str, Any]] = []
        self.closing = threading.Event()
        state = self

        class Handler(_Handler):
            server_state = state

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        """Stops the server and whatever hangs in it."""
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    server_state: OpenAI
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Stays quiet."""

    def do_POST(self) -> None:
        """Answers `POST /v1/chat/completions`."""
        state = self.server_state
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if self.path != "/v1/chat/completions":
            return self._send(404, b'{"error": {"message": "no such path"}}')
        if self.headers.get("authorization") != f"Bearer {KEY}":
            return self._send(401, b'{"error": {"message": "Incorrect API key provided"}}')
        roles = [message.get("role") for message in body.get("messages", ())]
        if body.get("model") != MODEL or roles != ["system", "user"]:
            return self._send(400, b'{"error": {"message": "bad request"}}')
        state.requests.append(body)
        if state.trouble == "hang":
            state.closing.wait(60)
            return None
        bodies: dict[str | None, bytes] = {
            "500": b'{"error": {"message": "overloaded"}}',
            "garbage": b"<html>not json",
            "empty": b'{"choices": [{"message": {"content": null}}]}',
            "huge": b" " * 200_000,
            "no_choices": b'{"choices": []}',
        }
        message = {"role": "assistant", "content": state.says}
        choice = {"index": 0, "finish_reason": "stop", "message": message}
        good = json.dumps({"object": "chat.completion", "choices": [choice]}).encode()
        return self._send(500 if state.trouble == "500" else 200, bodies.get(state.trouble, good))

    def _send(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
