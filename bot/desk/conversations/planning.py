"""Answers that go out later, within what the customer's channel allows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import structlog

from bot.catalogue import say
from bot.desk import dutch_labels
from bot.desk.conversations import act_rules, moments, snoozing
from bot.desk.conversations.locked_conversation import LockedConversation
from bot.desk.conversations.service import Service
from bot.desk.errors import DeskError, Unknown, Unreachable
from bot.store.conversation import customer_links
from bot.store.desk import agents, drafts, planned_replies
from bot.store.desk.agents import Agent
from bot.store.desk.planned_replies import PlannedReply
from bot.store.handover import notes

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Planning:
    """The acts with answers that go out later.

    Attributes:
        service: sends them, by the rules for every answer.
    """

    service: Service

    def plan(
        self,
        conn: Connection,
        conversation_id: str,
        agent: Agent,
        text: str,
        due: datetime,
        now: datetime,
        client_id: str,
    ) -> None:
        """Write an answer that goes out later. Meanwhile the conversation is set aside.

        Args:
            conn: a write transaction.
            conversation_id: a conversation the agent has.
            agent: the agent.
            text: what to say.
            due: when it goes, aware.
            now: the present.
            client_id: the browser's own id of it; the same one again changes nothing.

        Raises:
            Unusable: the text is empty or too long; the moment is over, or too far away.
            Unreachable: the channel cannot take it now, or not any more by then.
            NotYours, Taken, Over, Forbidden: the agent does not have the conversation.
        """
        said, key = act_rules.text(text, "answer"), act_rules.client_id(client_id)
        moments.check_ahead(due, now)
        desk = self.service.desk
        case = LockedConversation.lock(conn, desk, conversation_id, agent)
        case.check_has(agent)
        desk.reach.check(conn, case.conversation, now)
        if desk.reach.state(conn, case.conversation, due) != "open":
            raise Unreachable(self._too_late(case, now), "window_closed")
        if planned_replies.add(conn, conversation_id, agent.id, key, said, due, now):
            snoozing.set_aside(case, due, agent, now)
            drafts.sent(conn, conversation_id, agent.id)

    def withdraw(
        self, conn: Connection, conversation_id: str, agent: Agent, number: int, now: datetime
    ) -> str:
        """Take back what was planned; returns its text.

        The case, set aside until then, is in hand again, unless another answer is still to go.

        Raises:
            Unknown: there is none (any more): it went, say.
            NotYours, Taken, Over, Forbidden: the agent does not have the conversation.
        """
        case = LockedConversation.lock(conn, self.service.desk, conversation_id, agent)
        case.check_has(agent)
        planned = planned_replies.of(conn, conversation_id)
        found = [each for each in planned if each.id == number]
        if not found:
            raise Unknown(say("desk.refused.not_planned"))
        planned_replies.remove(conn, number)
        planned_replies.withdrawn(conn, case.handover, [found[0].due_at], agent.id, now)
        return found[0].text

    def send(self, conn: Connection, planned: PlannedReply, now: datetime) -> bool:
        """Sends an answer that is due; False when it went already, or was withdrawn.

        What cannot be sent any more, as when somebody else has the conversation, becomes a note
        with the reason: no words of an agent are lost.

        Args:
            conn: a write transaction, for this answer alone: it keeps the customer's conversations
                locked.
            planned: the answer.
            now: the present.
        """
        agent, where = agents.get(conn, planned.agent_id), planned.conversation_id
        customer_links.lock(conn, [where])
        if not planned_replies.remove(conn, planned.id):
            return False
        try:
            self.service.reply(conn, where, agent, planned.text, now, planned.client_id)
        except DeskError as error:
            note = say("desk.not_sent_later", reason=str(error), text=planned.text)
            notes.add(conn, where, agent.id, note, now)
            log.info("planned_reply_unsent", conversation=where, agent=agent.id)
        return True

    def _too_late(self, case: LockedConversation, now: datetime) -> str:
        desk = self.service.desk
        until = desk.reach.window(case.conn, case.conversation, now).until
        channel = desk.profiles[case.conversation.channel].label
        if not until:
            return say("desk.refused.window_shut", channel=channel)
        moment = dutch_labels.moment(datetime.fromisoformat(until), now, desk.reach.zone)
        return say("desk.refused.beyond_window", channel=channel, until=moment)
