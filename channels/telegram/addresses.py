"""Where to write to a customer: their chat, and the topic in it where they wrote last.

A bot may have topics in its private chats; each message of one names it.
https://core.telegram.org/bots/api#message, `message_thread_id`
"""

from __future__ import annotations

import re
from typing import Final

_ADDRESS: Final = re.compile(r"(\d{1,19})(?:/(\d{1,19}))?", re.ASCII)


def address(chat: str, thread: int) -> str:
    """The address of a topic of a chat."""
    return f"{chat}/{thread}"


def parts(address: str) -> tuple[int, int | None] | None:
    """The chat of an address and its topic, if it has one; None: it is no address of Telegram's."""
    found = _ADDRESS.fullmatch(address)
    return found and (int(found[1]), int(found[2]) if found[2] else None)
