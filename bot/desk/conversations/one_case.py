"""The conversations that are one case with another: of one customer, in one hand or one queue.

What ends a case, or sets it aside, goes for all of them; the desk shows them as one line.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.desk.conversations.locked_conversation import LockedConversation
from bot.store.conversation import conversations, customer_links
from bot.store.handover import handovers


def others(of: LockedConversation) -> Iterator[LockedConversation]:
    """The other conversations of the same case, each locked.

    Args:
        of: one of its conversations, with an open hand-over.
    """
    for each in customer_links.group(of.conn, of.conversation.id):
        if each == of.conversation.id:
            continue
        # Locked before it is looked at: until then a colleague may take it, or its customer end it.
        there = conversations.get(of.conn, each, lock=True)
        found = handovers.find_open(of.conn, each)
        if found is not None and found.one_case_with(of.handover):
            yield LockedConversation(of.conn, of.desk, there, found)
