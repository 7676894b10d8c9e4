"""Updates as Telegram sends them, made with the library's own types."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from telegram import (
    CallbackQuery,
    Chat,
    ChatMemberBanned,
    ChatMemberMember,
    ChatMemberUpdated,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
    Update,
    User,
)

#: A customer's chat; in a private chat it has the customer's own number.
CHAT: Final = 555000111
AT: Final = datetime(2026, 11, 23, 12, tzinfo=UTC)
BOT_USER: Final = User(123456789, "Loket", is_bot=True, username="loket_bot")


def customer(chat: int = CHAT) -> User:
    """The person in a private chat."""
    return User(chat, "Noor", is_bot=False, last_name="de Vries", language_code="nl")


def private(chat: int = CHAT) -> Chat:
    """A private chat."""
    return Chat(chat, "private", first_name="Noor", last_name="de Vries")


def message(
    update_id: int, text: str | None = None, chat: int = CHAT, at: datetime = AT, **fields: Any
) -> Update:
    """A customer's message; `fields` are those of `telegram.Message`."""
    said = Message(
        update_id % 10_000, at, private(chat), from_user=customer(chat), text=text, **fields
    )
    return Update(update_id, message=said)


def tap(
    update_id: int,
    data: str,
    shown: tuple[int, str, Mapping[str, str]] | None = None,
    chat: int = CHAT,
) -> Update:
    """A tap on a button.

    Args:
        update_id: of the update.
        data: the button's `callback_data`.
        shown: number, text and buttons (data to title) of the message with the button.
        chat: the customer's chat.
    """
    number, text, buttons = shown or (77, "Klopt dit?", {data: "Ja"})
    keyboard = [[InlineKeyboardButton(title, callback_data=key)] for key, title in buttons.items()]
    seen = Message(
        number,
        AT,
        private(chat),
        from_user=BOT_USER,
        text=text,
        reply_markup=InlineKeyboardMarkup(keyboard),
    )
    query = CallbackQuery(f"43{update_id}", customer(chat), "-77", message=seen, data=data)
    return Update(update_id, callback_query=query)


def blocking(update_id: int, *, blocked: bool, chat: int = CHAT) -> Update:
    """The customer blocks the bot, or lets it in again."""
    banned, member = ChatMemberBanned(BOT_USER, 0), ChatMemberMember(BOT_USER)
    old, new = (member, banned) if blocked else (banned, member)
    change = ChatMemberUpdated(private(chat), customer(chat), AT, old, new)
    return Update(update_id, my_chat_member=change)


def body(update: Update) -> bytes:
    """The request's body."""
    return update.to_json().encode()
