"""Agents set a conversation aside until a moment, or until the customer writes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from bot.desk.conversations import moments, one_case
from bot.desk.conversations.desk_context import DeskContext
from bot.desk.conversations.locked_conversation import LockedConversation
from bot.organisation import Organisation
from bot.store.desk.agents import Agent
from bot.store.handover import snoozes

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

#: When "tomorrow" begins, by the organisation's clock.
MORNING: Final = time(9)


@dataclass(frozen=True, slots=True)
class Snoozing:
    """The acts by which a conversation is set aside, and taken back.

    Attributes:
        desk: the desk's rules.
    """

    desk: DeskContext

    def snooze(
        self, conn: Connection, conversation_id: str, agent: Agent, until: datetime, now: datetime
    ) -> None:
        """Set a case aside. The customer hears nothing; whoever writes brings it back.

        Args:
            conn: a write transaction.
            conversation_id: a conversation the agent has.
            agent: the agent.
            until: when it comes back by itself, aware.
            now: the present.

        Raises:
            Unusable: the moment is over, or too far away.
            NotYours, Taken, Over, Forbidden: the agent does not have the conversation.
        """
        moments.check_ahead(until, now)
        case = LockedConversation.lock(conn, self.desk, conversation_id, agent)
        case.check_has(agent)
        set_aside(case, until, agent, now)

    def wake(self, conn: Connection, conversation_id: str, agent: Agent, now: datetime) -> None:
        """Take back what was set aside; nothing happens to what is not.

        Raises:
            NotYours, Taken, Over, Forbidden: the agent does not have the conversation.
        """
        case = LockedConversation.lock(conn, self.desk, conversation_id, agent)
        case.check_has(agent)
        for each in (case, *one_case.others(case)):
            if each.handover.snoozed_until is not None:
                heard = each.conversation.last_inbound_at
                snoozes.wake(each.conn, each.handover, heard, agent.id, now)


def set_aside(case: LockedConversation, until: datetime, agent: Agent, now: datetime) -> None:
    """Sets aside all conversations of a case that an agent has.

    Args:
        case: one of them.
        until: when it comes back by itself, aware.
        agent: the agent.
        now: the present.
    """
    for each in (case, *one_case.others(case)):
        heard = each.conversation.last_inbound_at
        snoozes.snooze(each.conn, each.handover, heard, until, agent.id, now)


def moment(chosen: str, typed: str, organisation: Organisation, now: datetime) -> datetime:
    """The moment that was chosen.

    Args:
        chosen: `hour`, `tomorrow`, or anything else for the typed one.
        typed: a day and time (ISO 8601), by the organisation's clock.
        organisation: the organisation.
        now: the present.

    Raises:
        Unusable: it is no day and time.
    """
    if chosen == "hour":
        return now + timedelta(hours=1)
    if chosen == "tomorrow":
        tomorrow = organisation.local(now).date() + timedelta(days=1)
        return datetime.combine(tomorrow, MORNING, organisation.timezone)
    return moments.typed(typed, organisation)
