"""Agents who leave a customer without an answer: first a reminder, then the queue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import structlog

from bot.conversation import announcements
from bot.desk.conversations.desk_context import DeskContext
from bot.desk.conversations.locked_conversation import LockedConversation
from bot.records.handover_record import Handover
from bot.store.conversation import conversations, customer_links
from bot.store.desk import workload
from bot.store.handover import handover_moves, handovers
from bot.store.worker import inbox

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class SilentAgents:
    """Looks after customers whose agent says nothing.

    Attributes:
        desk: the desk's rules; `desk.silent` is how long a customer may be left waiting.
    """

    desk: DeskContext

    def look(self, conn: Connection, now: datetime, *, returns: bool = True) -> tuple[str, ...]:
        """Reminds agents who are silent too long; gives back what a reminder did not help.

        The reminder stays at the desk until the agent answers. After as long again the conversation
        waits for somebody else, and the customer is told why.

        Args:
            conn: a write transaction.
            now: the present.
            returns: whether conversations go back; not while agents could not answer, as when
                this process was down.

        Returns:
            The conversations for which something changed.
        """
        changed, silent = [], workload.silent(conn, now - self.desk.silent)
        customer_links.lock(conn, silent)
        for conversation_id in silent:
            before = conversations.get(conn, conversation_id, lock=True)
            handover = handovers.find_open(conn, conversation_id)
            since = None if handover is None else silent_since(conn, handover)
            if handover is None or since is None or since > now - self.desk.silent:
                continue  # answered, passed on or closed just now
            if handover.reminded_at is None or handover.reminded_at < since:
                handover_moves.reminded(conn, handover, now)
            elif returns and handover.reminded_at <= now - self.desk.silent:
                self._give_back(LockedConversation(conn, self.desk, before, handover), now)
            else:
                continue
            changed.append(conversation_id)
        return tuple(changed)

    @staticmethod
    def _give_back(case: LockedConversation, now: datetime) -> None:
        after = case.step("release")
        handover_moves.release(case.conn, case.handover, case.handover.agent_id, now, "silent")
        case.tell(now, announcements.silent(case.wait(now)))
        case.await_taker(now)
        case.save(after)
        log.info("handover_silent", conversation=case.conversation.id, agent=case.handover.agent_id)


def silent_since(conn: Connection, handover: Handover) -> datetime | None:
    """Since when the customer waits for a word of the agent who has the hand-over (UTC), or None.

    An agent who said nothing yet is silent since taking it, else since the first message that got
    no answer: a customer who asks again does not wait anew. What was set aside waits since it came
    back; nobody waits while it is set aside.
    """
    if handover.closed_at is not None or handover.taken_at is None:
        return None
    if handover.snoozed_until is not None:
        return None
    said = handover.last_reply_at
    if said is None or said < handover.taken_at:
        return max(handover.taken_at, handover.woken_at or handover.taken_at)
    since = inbox.first_after(conn, handover.conversation_id, said)
    return since and max(since, handover.woken_at or since)
