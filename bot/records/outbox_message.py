"""A message to a customer, as kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from bot.messages import Author, Notice, Outbound

#: How far a message came; see `OutboxMessage`.
Status = Literal["queued", "sent", "delivered", "read", "failed", "dead"]
#: Addresses of `loket chat` begin so; it shows its replies itself.
TERMINAL: Final = "terminal:"


@dataclass(frozen=True, slots=True)
class OutboxMessage:
    """A message to a customer, as kept.

    Attributes:
        id: its row; grows in the order in which the customer sees a conversation's messages.
        conversation_id: the conversation.
        inbox_id: the customer's message it answers, or None when nothing was asked.
        author: `bot`, `human` or `system`.
        message: what is said.
        created_at: when it was said (UTC).
        status: `queued` until the provider (or browser) took it, then `sent`; where the provider
            tells, `delivered` and `read`; `failed` when the provider, `dead` when Loket gave up.
        agent_id: the agent who said it, or None.
    """

    id: int
    conversation_id: str
    inbox_id: int | None
    author: Author
    message: Outbound
    created_at: datetime
    status: Status
    agent_id: int | None = None


def is_disclosure(message: Outbound) -> bool:
    """Whether a message says that an AI is answering."""
    return isinstance(message, Notice) and message.notice == "disclosure"


def speaks_undisclosed(said: Iterable[tuple[Author, Outbound]]) -> bool:
    """Whether the bot says something before a disclosure among these messages."""
    for author, message in said:
        if is_disclosure(message):
            return False
        if author == "bot":
            return True
    return False
