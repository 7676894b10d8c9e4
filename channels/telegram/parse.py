"""Turns an update of the Bot API into Loket's values: pure, distrustful of every field.

The library's types check little: a field may hold anything the sender wrote, so what is used here
is looked at here. https://core.telegram.org/bots/api#update
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from telegram import CallbackQuery, Chat, ChatMemberUpdated, Message, Update
from telegram.constants import ChatMemberStatus, ChatType, MessageType

from bot.conversation.channel_switch_code import code_of
from bot.errors import LoketError, Rejected
from bot.messages import Attachment, Inbound, RemoteFile
from channels import for_agents, kind_names
from channels.intake import STALE
from channels.rendering import CALLBACK
from channels.telegram.addresses import address
from channels.telegram.events import Blocking, Edited, Event, InTopic, Strange, Tap

CHANNEL: Final = "telegram"

#: Fields of a message that hold something a customer sent but that Loket cannot read, and what it
#: is. Telegram gives an animation as a document too, and a venue as a location: the first counts.
_ATTACHMENTS: Final[dict[str, Attachment]] = {
    "voice": "voice",
    "audio": "audio",
    "sticker": "sticker",
    "dice": "sticker",
    "animation": "video",
    "live_photo": "image",
    "photo": "image",
    "video": "video",
    "video_note": "video",
    "document": "document",
    "venue": "location",
    "location": "location",
    "contact": "contacts",
    "poll": "other",
    "game": "other",
    "story": "other",
    "checklist": "other",
    "paid_media": "other",
    "passport_data": "other",
    "invoice": "other",
    "web_app_data": "other",
    "users_shared": "other",
    "chat_shared": "other",
}
#: Fields of a message that say something about it, whatever it is.
_ABOUT: Final = frozenset(
    ("business_connection_id", "effect_id", "reply_to_story", "sender_boost_count",
     "sender_business_bot", "text")
)  # fmt: skip
#: Fields of a message that Telegram itself puts into the chat, to tell what the customer did.
_ACTS: Final = frozenset(map(str, MessageType)) - _ATTACHMENTS.keys() - _ABOUT
#: What the customer's app sends for its own button "Start", with the parameter of the link that
#: led there (t.me/bot?start=...). The customer typed none of it. A code that a conversation goes on
#: with is the message; any other parameter says nothing.
_START = re.compile(r"/start(?:@\w+)?(?:\s(.*))?", re.DOTALL)
GREETING: Final = "Hallo"
#: `/help` and `/help@bot`: a word like any other.
_COMMAND = re.compile(r"\A/(\w{1,32})(?:@\w+)?(?=\s|$)")


class Unreadable(LoketError):
    """An update in a form that the Bot API does not have. Acknowledge it, or it comes again."""


def update(body: bytes) -> Event | None:
    """Reads an update; None when it is not for a bot.

    Ignored on purpose: groups and channels, other bots, edits of anything but words (a live
    location edits itself every few seconds), reactions, and Telegram's own remarks about a chat.

    Args:
        body: the request's body, its sender verified.

    Raises:
        Rejected: 400, it is not an update at all.
        Unreadable: it is an update, with fields that are not what they should be.
    """
    try:
        data = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Rejected("The body is not JSON.", 400) from error
    if not isinstance(data, dict) or not _is_id(data.get("update_id")):
        raise Rejected("The body is not an update of the Bot API: update_id is missing.", 400)
    try:
        given = Update.de_json(data)
        return _in_its_topic(_event(given), given.effective_message)
    except Exception as error:  # the library raises whatever a malformed field leads to
        raise Unreadable(f"An update cannot be read: {type(error).__name__}.") from error


def _event(given: Update) -> Event | None:
    key = str(given.update_id)
    if given.message is not None:
        return _message(given.message, key)
    if given.edited_message is not None:
        return _edited(given.edited_message, key)
    if given.callback_query is not None:
        return _tap(given.callback_query, key)
    if given.my_chat_member is not None:
        return _blocking(given.my_chat_member)
    return Strange(_name_in(given.api_kwargs)) if given.api_kwargs else None


def _in_its_topic(event: Event | None, about: object) -> Event | None:
    thread = about.message_thread_id if isinstance(about, Message) else None
    if not _is_id(thread) or not isinstance(event, Inbound | Tap | Strange | Edited):
        return event
    inbound = event if isinstance(event, Inbound) else event.inbound
    return event if inbound is None else InTopic(event, address(inbound.sender, int(thread or 0)))


def _edited(message: Message, key: str) -> Edited | None:
    now = _message(message, key)
    if not isinstance(now, Inbound) or not now.text:
        return None
    return Edited(replace(now, text=for_agents.edited(now.text)))


def _message(message: Message, key: str) -> Inbound | Strange | None:
    chat, sender = message.chat, message.from_user
    if not _is_customer(chat) or sender is None or sender.is_bot:
        return None
    text = _words(message.text) or _words(message.caption)
    attachment = None if message.text else _attachment(message)
    if not text and attachment is None:
        return None
    inbound = Inbound(
        CHANNEL,
        str(chat.id),
        key,
        text,
        sent_at=message.date,
        attachment=attachment,
        files=_files(message, attachment),
    )
    unknown = attachment == "other" and not any(getattr(message, each) for each in _ATTACHMENTS)
    return Strange(_name_in(message.api_kwargs), inbound) if unknown else inbound


def _attachment(message: Message) -> Attachment | None:
    for field, kind in _ATTACHMENTS.items():
        if getattr(message, field):
            return kind
    if any(getattr(message, field) for field in _ACTS):
        return None
    # Fields the library does not know: something Telegram came up with since.
    return "other" if message.api_kwargs else None


def _name_in(unknown: Mapping[str, object]) -> str:
    """The name of something new, among the fields that the library does not know."""
    return kind_names.loggable(min(unknown))


def _files(message: Message, kind: Attachment | None) -> tuple[RemoteFile, ...]:
    """The file that a person can be shown; of a photo the largest size, which comes last."""
    found: object = None
    match kind:
        case "image":
            found = message.photo[-1] if message.photo else None
        case "document":
            found = message.document
        case "voice":
            found = message.voice
        case "audio":
            found = message.audio
    number = _string(getattr(found, "file_id", None))
    return (RemoteFile(number, _string(getattr(found, "file_name", None))),) if number else ()


def _words(value: object) -> str:
    text = _string(value).strip()
    if (started := _START.fullmatch(text)) is not None:
        return code_of(started[1] or "") or GREETING
    return _COMMAND.sub(r"\1", text, count=1)


def _tap(query: CallbackQuery, key: str) -> Tap | None:
    shown, data = query.message, _string(query.data)
    if not data or shown is None or not _is_customer(shown.chat):
        return None
    seen = shown if isinstance(shown, Message) and shown.is_accessible else None
    payload = data if CALLBACK.fullmatch(data) else STALE
    return Tap(
        Inbound(CHANNEL, str(shown.chat.id), key, _label(seen, data), payload),
        _string(query.id),
        shown.message_id if seen and _is_id(shown.message_id) else None,
        _string(seen.text) if seen else "",
    )


def _label(shown: Message | None, data: str) -> str:
    """The words on the button that was tapped; empty when Telegram does not show them."""
    rows = shown.reply_markup.inline_keyboard if shown and shown.reply_markup else ()
    buttons = (button for row in rows for button in row)
    return next((_string(button.text) for button in buttons if button.callback_data == data), "")


def _blocking(change: ChatMemberUpdated) -> Blocking | None:
    if not _is_customer(change.chat):
        return None
    blocked = change.new_chat_member.status in (ChatMemberStatus.BANNED, ChatMemberStatus.LEFT)
    return Blocking(str(change.chat.id), blocked)


def _is_customer(chat: Chat) -> bool:
    return chat.type == ChatType.PRIVATE and _is_id(chat.id)


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""


def _is_id(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63
