"""The notice that a private number was taken out of a message: to one customer once in a while."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from bot.catalogue import say
from bot.dutch import private_numbers
from bot.messages import Notice
from bot.records.conversation import Conversation
from bot.records.inbox_message import InboxMessage
from bot.store.delivery import outbox_queries

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

#: A customer who was told within this time knows.
_AGAIN: Final = timedelta(hours=1)
#: How many of the messages since then are looked at.
_SAID: Final = 40


def due(
    conn: Connection, conversation: Conversation, message: InboxMessage, now: datetime
) -> Notice | None:
    """The notice that a number was taken out, or None: there was none, or the customer knows.

    Args:
        conn: a transaction.
        conversation: whose message it is.
        message: the message, as it was kept.
        now: the present.
    """
    kinds = [
        kind
        for kind, span in private_numbers.find(message.inbound.text)
        if message.inbound.text[span.start : span.end] == span.value
    ]
    if not kinds:
        return None
    notice = Notice(say(f"private_number.{kinds[0]}"))
    said = outbox_queries.said_since(conn, conversation.id, now - _AGAIN, _SAID)
    return None if any(each.message == notice for each in said) else notice
