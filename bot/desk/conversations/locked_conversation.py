"""A conversation that an agent acts on: locked in the database until the transaction ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Self

from bot.catalogue import say
from bot.conversation import announcements
from bot.conversation.ownership import UNACCEPTED, Event, Impossible, transition
from bot.desk.conversations import act_rules
from bot.desk.conversations.desk_context import DeskContext
from bot.desk.conversations.expected_wait import expectation
from bot.desk.errors import NotYours, Over, TakenByAnother
from bot.messages import Outbound
from bot.records.conversation import Conversation
from bot.records.handover_record import Handover
from bot.store.conversation import conversations, customer_links
from bot.store.delivery import outbox
from bot.store.desk import agents
from bot.store.desk.agents import Agent
from bot.store.handover import handover_moves, handovers
from bot.store.worker import timers

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


@dataclass(frozen=True, slots=True)
class LockedConversation:
    """One conversation within one act, as it was when the act began.

    Attributes:
        conn: the write transaction of the act.
        desk: the desk's rules.
        conversation: the conversation.
        handover: its newest hand-over.
    """

    conn: Connection
    desk: DeskContext
    conversation: Conversation
    handover: Handover

    @classmethod
    def lock(
        cls,
        conn: Connection,
        desk: DeskContext,
        conversation_id: str,
        agent: Agent,
        *,
        closed: bool = False,
    ) -> Self:
        """Locks a conversation for an agent's act, and all that are joined to it.

        Args:
            conn: a write transaction.
            desk: the desk's rules.
            conversation_id: the conversation.
            agent: who is going to act.
            closed: whether the newest hand-over will do, when none is open.

        Raises:
            Unknown: there is no such conversation, for a supervisor.
            Over: it does not, or no longer, need a person.
            Forbidden: it is another team's, or there is none.
        """
        customer_links.lock(conn, [conversation_id])
        try:
            conversation = conversations.get(conn, conversation_id)
        except LookupError as error:
            raise desk.visibility.no_conversation(agent) from error
        handover = handovers.newest(conn, conversation_id)
        if handover is None:
            raise Over(say("desk.refused.not_waiting"))
        desk.visibility.check(agent, handover)
        if handover.closed_at is not None and not closed:
            raise Over(act_rules.over(conversation.owner))
        return cls(conn, desk, conversation, handover)

    def check_has(self, agent: Agent, *, supervises: bool = False) -> None:
        """Checks that this person has the conversation now.

        Args:
            agent: who is going to act.
            supervises: whether a supervisor may do this with what somebody else has: a colleague
                who fell ill must not hold a customer.

        Raises:
            Over: nobody does any more.
            NotYours: it waits in the queue.
            Taken: somebody else does.
        """
        owner = self.conversation.owner
        if self.handover.closed_at is not None or owner in ("bot", "closed"):
            raise Over(act_rules.over(owner))
        if owner != "human":
            raise NotYours(say("desk.refused.not_yours"))
        mine = self.handover.agent_id == agent.id
        if not mine and not (supervises and agent.role == "supervisor"):
            raise TakenByAnother(self.holder())

    def holder(self) -> str:
        """Name of the agent who has the conversation; empty while nobody does."""
        return name_of(self.conn, self.handover.agent_id)

    def step(self, event: Event) -> Conversation:
        """The conversation with its owner after an event, not yet saved.

        Raises:
            Over: the event cannot happen to it any more.
        """
        try:
            return transition(self.conversation, event)
        except Impossible as error:
            raise Over(act_rules.over(self.conversation.owner)) from error

    def take(self, agent: Agent, now: datetime) -> Conversation:
        """Gives a conversation that waits to an agent; the customer hears the name.

        Raises:
            Over: it does not wait for a person.
        """
        after = self.step("take")
        handover_moves.take(self.conn, self.handover, agent.id, now)
        timers.cancel(self.conn, self.conversation.id, UNACCEPTED)
        self.tell(now, announcements.taken(agent.name, self.desk.organisation.name))
        return self.save(after)

    def save(self, after: Conversation) -> Conversation:
        """Writes the conversation as the act leaves it, and returns it."""
        conversations.save(self.conn, after)
        return after

    def may_tell(self, now: datetime) -> bool:
        """Whether the customer can be written to here now."""
        return self.desk.reach.state(self.conn, self.conversation, now) == "open"

    def tell(self, now: datetime, *said: Outbound) -> bool:
        """Says something in Loket's own name, unless the customer cannot be written to.

        Returns:
            Whether it was said.
        """
        if not self.may_tell(now):
            return False
        where = self.conversation.id
        outbox.add(self.conn, where, None, [("system", each) for each in said], now)
        return True

    def wait(self, now: datetime) -> str:
        """What the customer, who waits again, may expect: place and time, in words."""
        waiting = handovers.get(self.conn, self.handover.id)
        return expectation(self.conn, waiting, self.desk.organisation, now).text

    def await_taker(self, now: datetime) -> None:
        """Sets the timer that offers the customer the call-back form unless somebody took it."""
        timers.set_(self.conn, self.conversation.id, UNACCEPTED, now + self.desk.accept)


def name_of(conn: Connection, agent_id: int | None) -> str:
    """An agent's name; empty for nobody and for accounts that are gone."""
    return "" if agent_id is None else agents.get(conn, agent_id).name
