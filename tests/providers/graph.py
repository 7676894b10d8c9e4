"""A Graph API in a thread: it speaks WhatsApp's part of it and refuses what Meta refuses.

Written after https://developers.facebook.com/documentation/business-messaging/whatsapp; error codes
and the wording of limits are Meta's.
"""

from __future__ import annotations

import contextlib
import email
import email.policy
import hashlib
import json
import secrets
import socket
import threading
import urllib.request
from collections import deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from tests.contract.adapters.base import Accepted, Trouble
from tests.providers.graph_rules import MESSAGE_KEYS, Refusal, content, recipient_of, string

TOKEN: Final = "EAAG-a-token-of-a-system-user"
PHONE_NUMBER_ID: Final = "106540352242922"
VERSION: Final = "v23.0"
#: Some of the kinds of file that Meta lets us send.
_SENT_KINDS: Final = frozenset({"image/jpeg", "image/png", "application/pdf"})


class Graph:
    """The server's state; tests read it and set what goes wrong.

    Attributes:
        url: for `WHATSAPP_GRAPH_URL`.
        accepted: every message taken, in order.
        bodies: the JSON of each of them.
        read: ids of messages marked as read.
        requests: how many requests to send a message came in.
        opened: the connections made.
        window_closed: recipients who have not written for 24 hours: only templates reach them.
        unreachable: recipients who cannot be reached (131026).
        revoked: whether the token was revoked.
        webhook: address registered for the phone number.
        media: customers' files by id: media type and bytes.
        uploads: files uploaded by us, by id: media type, name and bytes.
        addresses: the addresses of files that are good now, with the file's id.
    """

    def __init__(self) -> None:
        self.accepted: list[Accepted] = []
        self.bodies: list[dict[str, Any]] = []
        self.read: list[str] = []
        self.requests = 0
        self.opened: list[socket.socket] = []
        self.window_closed: set[str] = set()
        self.unreachable: set[str] = set()
        self.revoked = False
        self.webhook = ""
        self.media: dict[str, tuple[str, bytes]] = {}
        self.uploads: dict[str, tuple[str, str, bytes]] = {}
        self.addresses: dict[str, str] = {}
        self._troubles: deque[Trouble | Refusal] = deque()
        self._late: deque[str] = deque()
        self._lock = threading.Lock()
        self._closing = threading.Event()
        graph = self

        class Handler(_Handler):
            state = graph

        self._server = _Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/{VERSION}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def misbehave(self, *troubles: Trouble) -> None:
        """The next requests to send go wrong in these ways, one each, in order."""
        self._troubles.extend(troubles)

    def refuse(self, status: int, code: int, **headers: str) -> None:
        """The next request to send is refused with this error."""
        self._troubles.append(Refusal(status, code, "refused on purpose", **headers))

    def refuse_later(self, *codes: str) -> None:
        """The next messages are taken, and refused afterwards with these codes, one each."""
        self._late.extend(codes)

    def close(self) -> None:
        """Stops the server and whatever hangs in it."""
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()
        for connection in self.opened:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def keep(self, data: bytes, media_type: str) -> str:
        """Keeps a customer's file; its id, as a notification names it."""
        number = str(1166846181421424 + len(self.media))
        self.media[number] = (media_type, data)
        return number

    def address(self, media_id: str) -> dict[str, Any]:
        """The answer about a file: its address is good for five minutes.

        Raises:
            Refusal: there is none.
        """
        if media_id not in self.media:
            raise Refusal(400, 100, "Unsupported get request. Object does not exist")
        media_type, data = self.media[media_id]
        path = f"/whatsapp_business/attachments/?mid={media_id}&hash={secrets.token_hex(8)}"
        self.addresses[path] = media_id
        return {
            "messaging_product": "whatsapp",
            "url": f"http://127.0.0.1:{self._server.server_port}{path}",
            "mime_type": media_type,
            "sha256": hashlib.sha256(data).hexdigest(),
            "file_size": len(data),
            "id": media_id,
        }

    def trouble(self) -> Trouble | Refusal | None:
        """What goes wrong with this request to send."""
        with self._lock:
            self.requests += 1
            return self._troubles.popleft() if self._troubles else None

    def hang(self) -> None:
        """Waits until the server closes."""
        self._closing.wait(300)

    def take(self, data: Any) -> dict[str, Any]:
        """Takes a message; the answer of Graph.

        Raises:
            Refusal: something is wrong with it.
        """
        if not isinstance(data, dict) or data.get("messaging_product") != "whatsapp":
            raise Refusal(400, 100, "The parameter messaging_product is required.")
        if data.get("status") == "read":
            with self._lock:
                self.read.append(string(data, "message_id", 1, 500))
            return {"success": True}
        recipient = recipient_of(data)
        if unknown := data.keys() - MESSAGE_KEYS:
            raise Refusal(400, 100, f"Unexpected key {min(unknown)!r}")
        if "biz_opaque_callback_data" in data:
            string(data, "biz_opaque_callback_data", 1, 512)
        text, titles, callbacks = content(data)
        self._check_upload(data)
        if recipient in self.unreachable:
            raise Refusal(400, 131026, "Message undeliverable")
        if recipient in self.window_closed and data["type"] != "template":
            raise Refusal(400, 131047, "Re-engagement message")
        with self._lock:
            number = f"wamid.HBgLMzE2{len(self.accepted):06}="
            key = str(data.get("biz_opaque_callback_data", ""))
            late = self._late.popleft() if self._late else ""
            self.accepted.append(Accepted(recipient, text, titles, callbacks, number, key, late))
            self.bodies.append(data)
        return {
            "messaging_product": "whatsapp",
            "contacts": [{"input": recipient, "wa_id": recipient}],
            "messages": [{"id": number}],
        }

    def _check_upload(self, data: dict[str, Any]) -> None:
        """Raises Refusal for a file that was not uploaded, or is too large for its kind."""
        inner = data[data["type"]]
        if data["type"] not in ("image", "document") or "id" not in inner:
            return
        if inner["id"] not in self.uploads:
            raise Refusal(400, 131009, "Invalid media id")
        media_type, _, file = self.uploads[inner["id"]]
        if data["type"] == "image" and (
            media_type not in ("image/jpeg", "image/png") or len(file) > 5 * 1024 * 1024
        ):
            raise Refusal(400, 131053, "Media upload error")

    def upload(self, content_type: str, body: bytes) -> dict[str, Any]:
        """Takes a form with a file; the answer of Graph.

        Raises:
            Refusal: something is wrong with it.
        """
        whole = b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body
        parts = email.message_from_bytes(whole, policy=email.policy.HTTP)
        if not parts.is_multipart():
            raise Refusal(400, 100, "Invalid parameter")
        found: dict[str, Any] = {}
        for part in parts.iter_parts():  # type: ignore[attr-defined]
            name = part.get_param("name", header="content-disposition")
            found[name] = part
        if found.get("messaging_product") is None or "file" not in found:
            raise Refusal(400, 100, "The parameter messaging_product is required.")
        if found["messaging_product"].get_payload() != "whatsapp":
            raise Refusal(400, 100, "The parameter messaging_product must be whatsapp.")
        file = found["file"]
        data = file.get_payload(decode=True)
        if not data or file.get_content_type() not in _SENT_KINDS:
            raise Refusal(400, 100, "Param file must be a file with one of the supported types")
        with self._lock:
            number = str(2202118430012345 + len(self.uploads))
            self.uploads[number] = (file.get_content_type(), str(file.get_filename()), data)
        return {"id": number}

    def configure(self, data: Any) -> dict[str, Any]:
        """Registers a webhook after asking it to prove itself, as Meta does.

        Raises:
            Refusal: it did not.
        """
        hook = data["webhook_configuration"]
        query = {
            "hub.mode": "subscribe",
            "hub.challenge": "1158201444",
            "hub.verify_token": hook["verify_token"],
        }
        try:
            address = f"{hook['override_callback_uri']}?{urlencode(query)}"
            with urllib.request.urlopen(address, timeout=5) as answer:
                proven = answer.read() == b"1158201444"
        except OSError:
            proven = False
        if not proven:
            raise Refusal(400, 2200, "Callback verification failed")
        self.webhook = hook["override_callback_uri"]
        return {"success": True}


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def handle_error(self, *_: Any) -> None:
        """A client that leaves is nobody's error."""


class _Handler(BaseHTTPRequestHandler):
    state: Graph
    protocol_version = "HTTP/1.1"

    def setup(self) -> None:
        super().setup()
        self.state.opened.append(self.connection)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        path = urlsplit(self.path).path
        try:
            self._admit()
            if path == f"/{VERSION}/{PHONE_NUMBER_ID}/media":
                if not self._troubled():
                    self._answer(200, self.state.upload(self.headers["Content-Type"], body))
                return
            data = json.loads(body)
            if path == f"/{VERSION}/{PHONE_NUMBER_ID}/messages":
                if isinstance(data, dict) and data.get("status") != "read" and self._troubled():
                    return
                self._answer(200, self.state.take(data))
            elif path == f"/{VERSION}/{PHONE_NUMBER_ID}":
                self._answer(200, self.state.configure(data))
            else:
                raise Refusal(400, 100, "Unsupported post request")
        except Refusal as refusal:
            self._answer(refusal.status, refusal.body, refusal.headers)

    def do_GET(self) -> None:
        try:
            self._admit()
            if self.path.startswith("/whatsapp_business/attachments/"):
                self._file()
                return
            path = urlsplit(self.path).path
            if path.removeprefix(f"/{VERSION}/") in self.state.media or "phone_number_id=" in (
                urlsplit(self.path).query
            ):
                self._answer(200, self.state.address(path.removeprefix(f"/{VERSION}/")))
                return
            if path != f"/{VERSION}/{PHONE_NUMBER_ID}":
                raise Refusal(400, 100, "Unsupported get request")
            hook = {"application": "https://elsewhere.example/hook"}
            if self.state.webhook:
                hook["phone_number"] = self.state.webhook
            self._answer(200, {"id": PHONE_NUMBER_ID, "webhook_configuration": hook})
        except Refusal as refusal:
            self._answer(refusal.status, refusal.body)

    def _file(self) -> None:
        known = self.state.addresses.get(self.path)
        if known is None:
            self._raw(404, b"<html>URL signature expired</html>", "text/html")
            return
        trouble = self.state.trouble()
        if trouble == "hang":
            self.state.hang()
            self.close_connection = True
        elif trouble is not None:
            self._raw(502, b"<html>Bad gateway</html>", "text/html")
        else:
            media_type, data = self.state.media[known]
            self._raw(200, data, media_type)

    def _admit(self) -> None:
        if self.state.revoked or self.headers.get("Authorization") != f"Bearer {TOKEN}":
            raise Refusal(401, 190, "Invalid OAuth access token")

    def _troubled(self) -> bool:
        trouble = self.state.trouble()
        if trouble is None:
            return False
        if isinstance(trouble, Refusal):
            raise trouble
        if trouble == "429":
            raise Refusal(429, 130429, "Rate limit hit")
        if trouble == "500":
            raise Refusal(500, 131000, "Something went wrong")
        if trouble == "html":
            self._raw(502, b"<html><h1>502 Bad Gateway</h1></html>", "text/html")
        elif trouble == "hang":
            self.state.hang()
            self.close_connection = True
        else:
            self._raw(200, b'{"messages": [{"id"', "application/json", length=500)
            self.close_connection = True
        return True

    def _answer(self, status: int, data: Any, headers: dict[str, str] | None = None) -> None:
        self._raw(status, json.dumps(data).encode(), "application/json", headers=headers)

    def _raw(
        self,
        status: int,
        body: bytes,
        content_type: str,
        *,
        length: int | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        for name, value in (headers or {}).items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        """Says nothing."""
