"""A Chatwoot that speaks the part of its API that Loket uses, and refuses what it refuses.

https://developers.chatwoot.com/api-reference; finders, builders and webhooks as in its source.
"""

from __future__ import annotations

import email
import email.policy
import hashlib
import hmac
import json
import threading
from collections import deque
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal, Self
from urllib.parse import parse_qs, urlsplit

TOKEN = "chatwoot-token"
ACCOUNT, INBOX = 3, 7
SECRET = "chatwoot-webhook-secret"
SAMIRA = {"id": 21, "name": "Samira el Idrissi", "available_name": "Samira", "type": "user"}
JOOST = {"id": 22, "name": "Joost de Wit", "available_name": "Joost", "type": "user"}
#: A bot that answers at Chatwoot; its names are like a person's.
ROBIN = {"id": 31, "name": "Robin", "type": "agent_bot"}
#: `500`: nothing was done; `done`: it was, and the answer got lost.
Trouble = Literal["500", "429", "done"]


class FakeChatwoot:
    """The server.

    Attributes:
        url: where it listens.
        messages: every message by conversation, oldest first.
        unwanted: kinds of files that are not taken.
        down: while set, every call gets 503.
    """

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.contacts: dict[int, dict[str, Any]] = {}
        self.conversations: dict[int, dict[str, Any]] = {}
        self.messages: dict[int, list[dict[str, Any]]] = {}
        self.webhook_url = ""
        self.unwanted: set[str] = set()
        self.down = False
        self.calls = 0
        self._troubles: deque[tuple[str, Trouble]] = deque()
        self._numbers = iter(range(100, 10**9))
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def trouble(self, path: str, *kinds: Trouble) -> None:
        """What goes wrong with the next calls that change something and whose path ends so."""
        self._troubles.extend((path, kind) for kind in kinds)

    def next_trouble(self, method: str, path: str) -> Trouble | None:
        if method == "POST" and self._troubles and path.endswith(self._troubles[0][0]):
            return self._troubles.popleft()[1]
        return None

    # What agents do.

    def only(self) -> int:
        """The number of the one conversation there is."""
        (number,) = self.conversations
        return number

    def said(self, number: int | None = None) -> list[str]:
        """What stands in a conversation, as agents see it: `>` to the customer, `#` a note."""
        signs = {0: "<", 1: ">"}
        return [
            ("# " if each["private"] else f"{signs[each['message_type']]} ") + each["content"]
            for each in self.messages[number or self.only()]
        ]

    def reply(
        self, text: str, by: dict[str, Any] | None = None, *, private: bool = False, **more: Any
    ) -> dict[str, Any]:
        """An agent says something, or writes a note."""
        with self.lock:
            return self.keep(
                self.only(),
                {"content": text, "message_type": "outgoing", "private": private, **more},
                by or SAMIRA,
            )

    def delete(self, number: int) -> None:
        """An agent takes a message back: Chatwoot keeps it, with a sentence of its own."""
        with self.lock:
            for message in self.messages[self.only()]:
                if message["id"] == number:
                    message |= {"content": "This message was deleted", "attachments": []}
                    message["content_attributes"] = {"deleted": True}

    def resolve(self) -> None:
        self.conversations[self.only()]["status"] = "resolved"

    def assign(self, agent: dict[str, Any]) -> None:
        kind = "User" if agent["type"] == "user" else "AgentBot"
        self.conversations[self.only()]["meta"] = {"assignee": agent, "assignee_type": kind}

    def webhook(
        self, event: str, timestamp: int, secret: str = SECRET, **more: Any
    ) -> dict[str, Any]:
        """A call of Chatwoot's: `content` and `headers`."""
        body = {"event": event, **more}
        content = json.dumps(body).encode()
        signed = hmac.new(secret.encode(), f"{timestamp}.".encode() + content, hashlib.sha256)
        headers = {
            "Content-Type": "application/json",
            "X-Chatwoot-Timestamp": str(timestamp),
            "X-Chatwoot-Signature": f"sha256={signed.hexdigest()}",
        }
        return {"content": content, "headers": headers}

    # What the API does.

    def serve(
        self, method: str, path: str, headers: Mapping[str, str], raw: bytes
    ) -> tuple[int, Any]:
        """The answer to a call: status and JSON."""
        if self.down:
            return 503, {}
        if headers.get("api_access_token") != TOKEN:
            return 401, {"error": "Invalid Access Token"}
        parts = urlsplit(path)
        prefix = f"/api/v1/accounts/{ACCOUNT}/"
        if not parts.path.startswith(prefix):
            return 404, {}
        trouble = self.next_trouble(method, parts.path)
        if trouble in ("500", "429"):
            return int(trouble), {}
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        try:
            body = _body(headers.get("Content-Type", ""), raw) if raw else {}
            found = self.answer(method, parts.path[len(prefix) :].split("/"), query, body)
        except _Refused as error:
            return error.status, {"error": "refused"}
        except (KeyError, ValueError, TypeError):
            return 400, {"error": "bad request"}
        return (502, {}) if trouble == "done" else (200, found)

    def keep(self, number: int, given: dict[str, Any], sender: dict[str, Any]) -> dict[str, Any]:
        kinds = {"incoming": 0, "outgoing": 1}
        if given.get("message_type") not in kinds or not isinstance(given.get("content"), str):
            raise _Refused(422)
        if len(given["content"]) > 150_000:
            raise _Refused(422)
        if any(each["content_type"] in self.unwanted for each in given.get("attachments", ())):
            raise _Refused(422)
        incoming = given["message_type"] == "incoming"
        message = {
            "id": next(self._numbers),
            "content": given["content"],
            "message_type": kinds[given["message_type"]],
            "private": bool(given.get("private")),
            "content_type": given.get("content_type", "text"),
            "source_id": given.get("source_id"),
            "sender": {"id": 1, "type": "contact"} if incoming else sender,
            "attachments": given.get("attachments", []),
            "content_attributes": {},
        }
        self.messages[number].append(message)
        if incoming and self.conversations[number]["status"] == "resolved":
            self.conversations[number]["status"] = "open"
        return message

    def answer(self, method: str, parts: list[str], query: dict[str, str], body: Any) -> Any:
        match method, parts:
            case "GET", ["inboxes", number] if int(number) == INBOX:
                kind = "Channel::Api"
                return {"id": INBOX, "channel_type": kind, "webhook_url": self.webhook_url}
            case "GET", ["contacts", "search"]:
                found = [c for c in self.contacts.values() if query["q"] in c["identifier"]]
                return {"meta": {"count": len(found)}, "payload": found}
            case "POST", ["contacts"]:
                return self._new_contact(body)
            case "GET", ["contacts", number, "conversations"] if int(number) in self.contacts:
                mine = [c for c in self.conversations.values() if c["contact_id"] == int(number)]
                return {"payload": mine}
            case "POST", ["conversations"]:
                return self._new_conversation(body)
            case _, ["conversations", number, *rest] if int(number) in self.conversations:
                return self._in_conversation(method, int(number), rest, query, body)
        raise _Refused(404)

    def _new_contact(self, body: dict[str, Any]) -> Any:
        if body.get("inbox_id") != INBOX or not body.get("identifier"):
            raise _Refused(404)
        if any(c["identifier"] == body["identifier"] for c in self.contacts.values()):
            raise _Refused(422)  # Identifier has already been taken
        number = next(self._numbers)
        self.contacts[number] = {
            "id": number,
            "name": body["name"],
            "identifier": body["identifier"],
        }
        return {"payload": {"contact": self.contacts[number], "contact_inbox": {"source_id": "x"}}}

    def _new_conversation(self, body: dict[str, Any]) -> Any:
        if body.get("inbox_id") != INBOX or body.get("contact_id") not in self.contacts:
            raise _Refused(404)
        number = next(self._numbers)
        self.conversations[number] = {
            "id": number,
            "status": body["status"],
            "contact_id": body["contact_id"],
            "custom_attributes": body.get("custom_attributes", {}),
            "priority": body.get("priority"),
            "meta": {},
        }
        self.messages[number] = []
        return self.conversations[number]

    def _in_conversation(
        self, method: str, number: int, rest: list[str], query: dict[str, str], body: Any
    ) -> Any:
        match method, rest:
            case "GET", []:
                return self.conversations[number]
            case "GET", ["messages"]:
                after = int(query.get("after", 0))
                newer = [m for m in self.messages[number] if m["id"] > after]
                return {"meta": {}, "payload": newer[:100]}
            case "POST", ["messages"]:
                return self.keep(number, body, {**SAMIRA, "id": 99, "name": "Loket"})
            case "POST", ["toggle_status"]:
                self.conversations[number]["status"] = body["status"]
                return {"payload": {"success": True, "current_status": body["status"]}}
        raise _Refused(404)


def _body(content_type: str, raw: bytes) -> dict[str, Any]:
    """JSON, or a form with files: Rails reads both."""
    if not content_type.startswith("multipart/form-data"):
        return dict(json.loads(raw))
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    found: dict[str, Any] = {"attachments": []}
    for part in email.message_from_bytes(head + raw, policy=email.policy.HTTP).iter_parts():
        name = part.get_param("name", header="content-disposition")
        data = part.get_payload(decode=True)
        assert isinstance(data, bytes)
        if name == "attachments[]":
            file = {"file_name": part.get_filename(), "data": data}
            found["attachments"].append({**file, "content_type": part.get_content_type()})
        else:
            found[str(name)] = data.decode()
    found["private"] = found["private"] == "true"
    return found


class _Refused(Exception):
    def __init__(self, status: int) -> None:
        super().__init__(str(status))
        self.status = status


def _handler(server: FakeChatwoot) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._serve("GET")

        def do_POST(self) -> None:
            self._serve("POST")

        def _serve(self, method: str) -> None:
            length = int(self.headers.get("Content-Length", 0))
            raw = self.rfile.read(length)
            with server.lock:
                server.calls += 1
                status, data = server.serve(method, self.path, self.headers, raw)
            # A file is an address in an answer.
            body = json.dumps(data, default=lambda _: "https://chatwoot.example/file").encode()
            self.send_response(status)
            if status == 429:
                self.send_header("Retry-After", "2")
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Writes nothing."""

    return Handler
