"""What the Bot API does and refuses, as a bot sees it; `tests.providers.telegram` serves it.

Written after https://core.telegram.org/bots/api; the errors are those of the public server.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from tests.contract.adapters.base import Accepted

BOT: Final = {"id": 123456789, "is_bot": True, "first_name": "Loket", "username": "loket_bot"}
_SECRET = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-")
_PORTS = (443, 80, 88, 8443)


class Refusal(Exception):
    """The Bot API says no."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.code = code
        self.answer: dict[str, Any] = {
            "ok": False,
            "error_code": code,
            "description": description,
            **({"parameters": parameters} if parameters else {}),
        }


@dataclass(slots=True)
class Sent:
    """A message in a chat.

    Attributes:
        chat: the chat.
        id: number of the message.
        text: as it reads now.
        keyboard: rows of buttons under it now.
        at: when it was sent (monotonic).
        thread: the topic that it stands in, or None.
    """

    chat: int
    id: int
    text: str
    keyboard: list[list[dict[str, Any]]]
    at: float
    thread: int | None = None

    @property
    def buttons(self) -> list[dict[str, Any]]:
        """All buttons, row after row."""
        return [button for row in self.keyboard for button in row]


@dataclass(slots=True)
class Chats:
    """The chats of one bot.

    Attributes:
        sent: every message delivered, in order, as it reads now.
        accepted: every message as it was delivered.
        calls: method and parameters of every request that was understood.
        answered: callback queries answered.
        blocked: chats whose customer blocked the bot.
        gone: chats that do not exist.
        topics: topics that there are, of any chat.
        strict_pace: whether a second message within a second to one chat is refused.
        webhook: as `setWebhook` left it.
        media: customers' files by id.
        uploads: files sent to customers: photo or document, name and bytes.
    """

    sent: list[Sent] = field(default_factory=list)
    accepted: list[Accepted] = field(default_factory=list)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    answered: list[str] = field(default_factory=list)
    blocked: set[int] = field(default_factory=set)
    gone: set[int] = field(default_factory=set)
    topics: set[int] = field(default_factory=set)
    strict_pace: bool = False
    webhook: dict[str, Any] = field(default_factory=dict)
    media: dict[str, bytes] = field(default_factory=dict)
    uploads: list[tuple[str, str, bytes]] = field(default_factory=list)

    def texts(self, chat: int | None = None) -> list[str]:
        """What a chat (or everybody) was told."""
        return [message.text for message in self.sent if chat in (None, message.chat)]

    def deliver(self, chat: int, part: Mapping[str, Any]) -> Sent:
        """Delivers a rendered message without a network.

        Raises:
            Refusal: it is beyond Telegram's limits.
        """
        markup = part.get("reply_markup")
        given = {
            **part,
            "chat_id": chat,
            **({"reply_markup": json.dumps(markup)} if markup else {}),
        }
        self._send(given)
        return self.sent[-1]

    def do(self, method: str, given: Mapping[str, Any]) -> Any:
        """The result of a method.

        Raises:
            Refusal: the real server would refuse it too.
        """
        methods: dict[str, Callable[[Mapping[str, Any]], Any]] = {
            "getMe": lambda _: BOT,
            "getFile": self._file,
            "sendMessage": self._send,
            "sendPhoto": lambda given: self._send_file(given, "photo", 10),
            "sendDocument": lambda given: self._send_file(given, "document", 50),
            "editMessageText": self._edit_text,
            "editMessageReplyMarkup": self._edit_markup,
            "answerCallbackQuery": self._answer,
            "setWebhook": self._set_webhook,
            "getWebhookInfo": lambda _: {
                "url": "",
                "has_custom_certificate": False,
                "pending_update_count": 0,
                **{k: v for k, v in self.webhook.items() if k != "secret_token"},
            },
        }
        if method not in methods:
            raise Refusal(404, "Not Found")
        self.calls.append((method, dict(given)))
        return methods[method](given)

    def _send(self, given: Mapping[str, Any]) -> Any:
        chat = self._chat(given)
        text, keyboard = _text(given), _keyboard(given)
        now = time.monotonic()
        latest = max((m.at for m in self.sent if m.chat == chat), default=0.0)
        if self.strict_pace and now - latest < 0.95:
            raise Refusal(429, "Too Many Requests: retry after 1", retry_after=1)
        thread = self._topic(given)
        message = Sent(chat, 1000 + len(self.sent), text, keyboard, now, thread)
        self.sent.append(message)
        self.accepted.append(
            Accepted(
                str(chat),
                text,
                tuple(button["text"] for button in message.buttons),
                tuple(button["callback_data"] for button in message.buttons),
                str(message.id),
            )
        )
        return _shown(message)

    def _topic(self, given: Mapping[str, Any]) -> int | None:
        thread = int(given["message_thread_id"]) if "message_thread_id" in given else None
        if thread is not None and thread not in self.topics:
            raise Refusal(400, "Bad Request: message thread not found")
        return thread

    def _send_file(self, given: Mapping[str, Any], kind: str, most: int) -> Any:
        chat, file = self._chat(given), given.get(kind)
        if not hasattr(file, "file"):
            raise Refusal(400, f"Bad Request: there is no {kind} in the request")
        with file.file as opened:
            data = opened.read()
        if len(data) > most * 1024 * 1024:
            raise Refusal(413, "Request Entity Too Large")
        if kind == "photo" and not data.startswith((b"\xff\xd8", b"\x89PNG")):
            raise Refusal(400, "Bad Request: IMAGE_PROCESS_FAILED")
        caption = str(given.get("caption", ""))
        if len(caption.encode("utf-16-le")) // 2 > 1024:
            raise Refusal(400, "Bad Request: message caption is too long")
        thread = self._topic(given)
        message = Sent(chat, 1000 + len(self.sent), caption, [], time.monotonic(), thread)
        self.sent.append(message)
        self.uploads.append((kind, file.filename, data))
        self.accepted.append(Accepted(str(chat), caption, (), (), str(message.id)))
        return {**_shown(message), "caption": caption}

    def _edit_text(self, given: Mapping[str, Any]) -> Any:
        message = self._message(given)
        text, keyboard = _text(given), _keyboard(given)
        return self._changed(message, text, keyboard)

    def _edit_markup(self, given: Mapping[str, Any]) -> Any:
        message = self._message(given)
        return self._changed(message, message.text, _keyboard(given))

    def _changed(self, message: Sent, text: str, keyboard: list[list[dict[str, Any]]]) -> Any:
        if (text, keyboard) == (message.text, message.keyboard):
            raise Refusal(
                400,
                "Bad Request: message is not modified: specified new message content and reply "
                "markup are exactly the same as a current content and reply markup of the message",
            )
        message.text, message.keyboard = text, keyboard
        return _shown(message)

    def _answer(self, given: Mapping[str, Any]) -> bool:
        query = str(given.get("callback_query_id", ""))
        if not query or query in self.answered:
            raise Refusal(
                400,
                "Bad Request: query is too old and response timeout expired or query ID is invalid",
            )
        if len(str(given.get("text", ""))) > 200:
            raise Refusal(400, "Bad Request: MESSAGE_TOO_LONG")
        self.answered.append(query)
        return True

    def _set_webhook(self, given: Mapping[str, Any]) -> bool:
        parts = urlsplit(str(given.get("url", "")))
        if parts.scheme != "https" or not parts.hostname:
            raise Refusal(
                400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook"
            )
        if (parts.port or 443) not in _PORTS:
            raise Refusal(
                400,
                "Bad Request: bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443",
            )
        secret = str(given.get("secret_token", ""))
        if len(secret) > 256 or not _SECRET.issuperset(secret):
            raise Refusal(400, "Bad Request: secret token contains unallowed characters")
        self.webhook = {**given, "allowed_updates": json.loads(given.get("allowed_updates", "[]"))}
        return True

    def keep(self, data: bytes) -> str:
        """Keeps a customer's file; its id, as an update names it."""
        number = f"AgACAgQAAxkBAAI{len(self.media):06}"
        self.media[number] = data
        return number

    def _file(self, given: Mapping[str, Any]) -> Any:
        number = str(given.get("file_id", ""))
        if number not in self.media:
            raise Refusal(400, "Bad Request: invalid file_id")
        size = len(self.media[number])
        if size > 20 * 1024 * 1024:
            raise Refusal(400, "Bad Request: file is too big")
        path = f"photos/{number}"
        return {"file_id": number, "file_unique_id": "u", "file_size": size, "file_path": path}

    def _chat(self, given: Mapping[str, Any]) -> int:
        try:
            chat = int(given.get("chat_id", ""))
        except ValueError:
            raise Refusal(400, "Bad Request: chat not found") from None
        if chat in self.gone:
            raise Refusal(400, "Bad Request: chat not found")
        if chat in self.blocked:
            raise Refusal(403, "Forbidden: bot was blocked by the user")
        return chat

    def _message(self, given: Mapping[str, Any]) -> Sent:
        chat, number = self._chat(given), int(given.get("message_id", 0))
        for message in self.sent:
            if (message.chat, message.id) == (chat, number):
                return message
        raise Refusal(400, "Bad Request: message to edit not found")


def _text(given: Mapping[str, Any]) -> str:
    text = str(given.get("text", ""))
    if not text.strip():
        raise Refusal(400, "Bad Request: message text is empty")
    if len(text.encode("utf-16-le")) // 2 > 4096:
        raise Refusal(400, "Bad Request: message is too long")
    return text


def _keyboard(given: Mapping[str, Any]) -> list[list[dict[str, Any]]]:
    if "reply_markup" not in given:
        return []
    try:
        markup = json.loads(given["reply_markup"])
        rows: list[list[dict[str, Any]]] = markup["inline_keyboard"]
    except (ValueError, KeyError, TypeError):
        raise Refusal(400, "Bad Request: object expected as reply markup") from None
    buttons = [button for row in rows for button in row]
    if len(buttons) > 100 or any(len(row) > 8 for row in rows):
        raise Refusal(400, "Bad Request: BUTTON_COUNT_INVALID")
    for button in buttons:
        if not str(button.get("text", "")).strip():
            raise Refusal(400, 'Bad Request: field "text" must be of type String')
        if not 1 <= len(str(button.get("callback_data", "")).encode()) <= 64:
            raise Refusal(400, "Bad Request: BUTTON_DATA_INVALID")
    return [row for row in rows if row]


def _shown(message: Sent) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "message_id": message.id,
        "date": int(time.time()),
        "chat": {"id": message.chat, "type": "private", "first_name": "Test"},
        "from": BOT,
        "text": message.text,
    }
    if message.keyboard:
        shown["reply_markup"] = {"inline_keyboard": message.keyboard}
    return shown
