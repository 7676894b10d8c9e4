"""Telegram as the Bot API uses it; messages and taps are made of the library's own types."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from telegram import Document, PhotoSize, Update, Voice

from channels.telegram import PATH
from tests.contract.adapters.base import Accepted, Call, Settles, Shipped
from tests.providers.telegram import TOKEN, BotApi
from tests.support import telegram_updates as updates

SECRET = "a-secret_of-our-own-0123456789"
HEADER = "X-Telegram-Bot-Api-Secret-Token"


def post(body: bytes, secret: str | None = SECRET) -> Call:
    """A request with an update."""
    headers = {"Content-Type": "application/json"}
    return Call("POST", PATH, headers if secret is None else {**headers, HEADER: secret}, body)


def raw(**fields: Any) -> Call:
    """An update that the library could not make."""
    return post(json.dumps({"update_id": 4_000_000, **fields}).encode())


class TelegramAdapter(Shipped):
    """See `tests.contract.adapters.base.Adapter`."""

    id = "telegram"
    channel = "telegram"
    key = "channels.telegram.Telegram"
    sender = str(updates.CHAT)
    settles: Settles = "nothing"
    send_timeout = "timeout"

    def provider(self) -> BotApi:
        return BotApi()

    def environment(self, provider: Any) -> dict[str, str]:
        return {
            "TELEGRAM_TOKEN": TOKEN,
            "TELEGRAM_SECRET": SECRET,
            "TELEGRAM_API_URL": provider.url,
        }

    def text(self, message_id: str, text: str, sender: str = "") -> Call:
        chat = int(sender or self.sender)
        return post(updates.body(updates.message(_number(message_id), text, chat)))

    def file(self, provider: Any, message_id: str, data: bytes, kind: str) -> Call:
        number, size = provider.keep(data), len(data)
        given: dict[str, Any] = {
            "photo": {
                "photo": (
                    PhotoSize("small", "s", 90, 67, 1000),
                    PhotoSize(number, "u", 640, 480, size),
                )
            },
            "document": {"document": Document(number, "u", "factuur.pdf", "application/pdf")},
            "voice": {"voice": Voice(number, "u", 3, "audio/ogg", size)},
        }[kind]
        said = updates.message(_number(message_id), None, int(self.sender), **given)
        return post(updates.body(said))

    def tap(self, message_id: str, on: Accepted, index: int) -> Call | None:
        if not on.callbacks:
            return None
        buttons = dict(zip(on.callbacks, on.titles, strict=True))
        shown = (int(on.provider_id), on.text, buttons)
        tapped = updates.tap(_number(message_id), on.callbacks[index], shown, int(on.recipient))
        return post(updates.body(tapped))

    def batch(self, texts: Sequence[tuple[str, str]]) -> Sequence[Call]:
        """Telegram sends each update by itself."""
        return [self.text(message_id, text) for message_id, text in texts]

    def signed(self, body: Any) -> Call:
        return post(body) if isinstance(body, bytes) else raw(message=body)

    def forged(self) -> Sequence[Call]:
        good = updates.body(updates.message(5_000_000, "ik ben het echt"))
        wrong = (None, "", SECRET[:-1], SECRET + "0", SECRET.upper())
        return [post(good, secret) for secret in wrong]

    def unknown(self) -> Sequence[Call]:
        someone = {"id": updates.CHAT, "is_bot": False, "first_name": "Noor"}
        chat = {"id": updates.CHAT, "type": "private"}
        group = {"id": -100123, "type": "supergroup", "title": "Buurtapp"}
        said = {"message_id": 1, "date": 1795435200, "from": someone, "chat": group, "text": "hoi"}
        place = {"latitude": 52.4, "longitude": 4.9}
        poll = {"id": "1", "question": "?", "options": [], "total_voter_count": 0}
        member = {"user": someone, "status": "member"}
        return (
            raw(),
            raw(hologram={"depth": 3}),
            raw(message=said),
            raw(channel_post=said),
            raw(edited_message={**said, "chat": chat, "text": "", "location": place}),
            raw(poll={**poll, "type": "regular"}),
            raw(message_reaction={"chat": chat, "message_id": 1, "date": 1795435200}),
            raw(my_chat_member={"chat": group, "from": someone, "new_chat_member": member}),
            raw(inline_query={"id": "1", "from": someone, "query": "x", "offset": ""}),
            raw(
                message={**said, "chat": chat, "text": "", "pinned_message": {**said, "chat": chat}}
            ),
            raw(callback_query={"id": "1", "from": someone, "chat_instance": "1", "data": "1.0"}),
        )

    def edit(self, message_id: str, text: str) -> Call | None:
        said = updates.message(_number(message_id), text).message
        return post(updates.body(Update(_number(message_id), edited_message=said)))

    def strange(self) -> Mapping[str, Call]:
        someone = {"id": updates.CHAT, "is_bot": False, "first_name": "Noor"}
        chat = {"id": updates.CHAT, "type": "private"}
        said = {"message_id": 1, "date": 1795435200, "from": someone, "chat": chat}
        return {"hologram_dance": raw(message={**said, "hologram_dance": {"depth": 3}})}

    def status(
        self, accepted: Accepted, status: Literal["sent", "delivered", "read", "failed"]
    ) -> Call | None:
        """Telegram has no receipts."""
        return None


def _number(message_id: str) -> int:
    return int(message_id) if message_id.isdecimal() else zlib.crc32(message_id.encode())


ADAPTERS = (TelegramAdapter(),)
