"""Repeats here what agents did at an external desk: reply, take a conversation, settle it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from bot.catalogue import say
from bot.desk.conversations.act_rules import MAX_SETTLED
from bot.desk.conversations.reply_limits import MAX_REPLY
from bot.desk.conversations.service import Service
from bot.desk.errors import DeskError
from bot.desk.external.external_desk import ExternalAgent, Item, News, Reply
from bot.store.conversation import conversations, customer_links
from bot.store.delivery import outbox_queries
from bot.store.desk import agents
from bot.store.desk.agents import Agent
from bot.store.handover import handovers

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


@dataclass(frozen=True, slots=True)
class NewsApplier:
    """Does at this desk what was done at an external desk.

    Attributes:
        desk: the external desk's name.
        service: this desk's acts.
    """

    desk: str
    service: Service

    def apply(
        self, conn: Connection, handover_id: int, news: News, now: datetime
    ) -> tuple[Item, ...]:
        """Does what is new at the external desk; the same news again changes nothing.

        Args:
            conn: a write transaction.
            handover_id: the hand-over.
            news: how it stands at the external desk.
            now: the present.

        Returns:
            Notes for the external desk: what could not be done, and why.
        """
        refused = []
        for reply in sorted(news.replies, key=lambda each: each.number):
            key = f"refused-{reply.number}"
            sentence = "" if key in news.keys else self._reply(conn, handover_id, reply, now)
            if sentence:
                told = say("desk.elsewhere.not_sent", reason=sentence)
                refused.append(Item(key, "note", told))
        # The conversation may be in another hand-over by now, which is not this assignee's.
        if news.assignee is not None and handovers.get(conn, handover_id).closed_at is None:
            self._have(conn, handover_id, news.assignee, now, only_waiting=True)
        if news.resolved:
            self._close(conn, handover_id, news, now)
        return tuple(refused)

    def _reply(self, conn: Connection, handover_id: int, reply: Reply, now: datetime) -> str:
        """Sends a reply; returns why it cannot be sent, or empty."""
        handover = handovers.get(conn, handover_id)
        where, key = handover.conversation_id, f"{self.desk}-{reply.number}"
        if outbox_queries.by_client_id(conn, where, key) is not None:
            return ""
        if handover.closed_at is not None:
            return say("desk.elsewhere.closed")
        try:
            agent = self._have(conn, handover_id, reply.by, now)
            self.service.reply(conn, where, agent, reply.text[:MAX_REPLY], now, key)
        except DeskError as error:
            return str(error)
        if len(reply.text) > MAX_REPLY:
            return say("desk.elsewhere.cut", most=MAX_REPLY)
        return ""

    def _have(
        self,
        conn: Connection,
        handover_id: int,
        person: ExternalAgent,
        now: datetime,
        *,
        only_waiting: bool = False,
    ) -> Agent:
        """Gives this person the conversation, unless they have it, and tells the customer.

        Raises:
            DeskError: somebody of this desk has it, or it is over.
        """
        agent = self._agent(conn, person, now)
        handover = handovers.get(conn, handover_id)
        customer_links.lock(conn, [handover.conversation_id])
        conversation = conversations.get(conn, handover.conversation_id)
        if conversation.owner == "queued":
            self.service.take(conn, conversation.id, agent, now, assigned=True)
        elif (
            conversation.owner == "human"
            and not only_waiting
            and handover.agent_id is not None
            and handover.agent_id != agent.id
            and agents.account(conn, handover.agent_id).agent.login.startswith(f"{self.desk}:")
        ):
            self.service.transfers.reassign(conn, conversation.id, agent, now)
        return agent

    def _close(self, conn: Connection, handover_id: int, news: News, now: datetime) -> None:
        handover = handovers.get(conn, handover_id)
        if handover.closed_at is not None:
            return
        somebody = ExternalAgent("0", say("desk.elsewhere.name.human"))
        last = news.replies[-1].by if news.replies else None
        agent = self._agent(conn, news.assignee or last or somebody, now)
        if handover.agent_id is not None:
            agent = agents.account(conn, handover.agent_id).agent
        agreed = (news.agreed or say("desk.elsewhere.settled"))[:MAX_SETTLED]
        self.service.close(conn, handover.conversation_id, agent, agreed, now)

    def _agent(self, conn: Connection, person: ExternalAgent, now: datetime) -> Agent:
        """The account that stands for an agent of the external desk; nobody can log in with it."""
        login = f"{self.desk}:{person.id}"
        known = agents.by_login(conn, login)
        if known is None:
            made = agents.add(conn, login, person.name, "agent", (), now)
            agents.change(conn, made.id, active=False)
            return made
        if known.agent.name != person.name:
            agents.change(conn, known.agent.id, name=person.name)
        return agents.get(conn, known.agent.id)
