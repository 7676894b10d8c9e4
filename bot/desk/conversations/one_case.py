"""The conversations that are one case with another: of one customer, in one hand or one queue.

What ends a case, or sets it aside, goes for all of them; the desk shows them as one line.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import chain
from typing import TYPE_CHECKING

from bot.desk.conversations.desk_context import DeskContext
from bot.desk.conversations.locked_conversation import LockedConversation
from bot.records.conversation import Conversation
from bot.records.handover_record import Handover
from bot.store.desk import joined_cases

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


def others(of: LockedConversation) -> Iterator[LockedConversation]:
    """The other conversations of the same case, each locked.

    Args:
        of: one of its conversations, with an open hand-over.
    """
    for there, found in joined_cases.others(of.conn, of.handover, lock=True):
        yield LockedConversation(of.conn, of.desk, there, found)


def told_at(
    conn: Connection,
    desk: DeskContext,
    conversation: Conversation,
    handover: Handover,
    now: datetime,
) -> Conversation | None:
    """The conversation of a case in which the customer can be told how it was settled, or None.

    That is the given one, unless its customer cannot be written to there, and can in another.

    Args:
        conn: a transaction.
        desk: the desk's rules.
        conversation: one of its conversations.
        handover: its open hand-over.
        now: the present.
    """
    along = (each for each, _ in joined_cases.others(conn, handover))
    case = chain((conversation,), along)
    return next((each for each in case if desk.reach.state(conn, each, now) == "open"), None)
