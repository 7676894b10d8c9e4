"""Joins conversations of one customer, and splits them; what one act does goes for the others.

Nothing of a conversation is rewritten: a link says that they are of one customer, who says so and
how that person knows. Customers never see what they wrote elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from bot.catalogue import say
from bot.desk.conversations import proven_identity
from bot.desk.conversations.desk_context import DeskContext
from bot.desk.conversations.locked_conversation import LockedConversation, name_of
from bot.desk.errors import NotYours, TakenByAnother, Unknown, Unusable
from bot.records.conversation import Conversation
from bot.store.conversation import conversations, customer_links
from bot.store.desk import workload
from bot.store.desk.agents import Agent
from bot.store.handover import handover_moves, handovers

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

#: Most characters of how an agent knows that two conversations are of one customer.
MAX_STATED: Final = 300


@dataclass(frozen=True, slots=True)
class Joins:
    """The acts with conversations of one customer.

    Attributes:
        desk: the desk's rules.
    """

    desk: DeskContext

    def join(
        self,
        conn: Connection,
        conversation_id: str,
        agent: Agent,
        other: str,
        stated: str,
        now: datetime,
    ) -> None:
        """Join another conversation to this one, with a proof that they are of one customer.

        What waits in the queue is taken along by the agent who has this one.

        Args:
            conn: a write transaction.
            conversation_id: a conversation that the agent may read, open or closed.
            agent: the agent who says so.
            other: id of the other one, which the agent may read too.
            stated: how the agent knows; may be empty where the customer proved the same number
                in both.
            now: the present.

        Raises:
            Unusable: it is the same conversation, one that is joined already, or there is no proof.
            Forbidden: one of them is not for this agent, or does not exist.
            Unknown: one does not exist, for a supervisor.
        """
        if other == conversation_id:
            raise Unusable(say("desk_join.refused.same"))
        for each in (conversation_id, other):
            self.desk.visibility.check_sees(conn, agent, each)
        customer_links.lock(conn, (conversation_id, other))
        if len(customer_links.group(conn, other)) > 1:
            raise Unusable(say("desk_join.refused.joined"))
        words = " ".join(stated.split())
        proved = ", ".join(proven_identity.shared(conn, conversation_id, other))
        if not words and not proved:
            raise Unusable(say("desk_join.refused.no_proof"))
        if len(words) > MAX_STATED:
            raise Unusable(say("desk_join.refused.too_long", most=MAX_STATED))
        lead = customer_links.lead(conn, conversation_id)
        customer_links.add(conn, other, lead, proved, words, agent.id, now)
        self.take_along(conn, conversation_id, agent, now)

    def split(
        self, conn: Connection, conversation_id: str, agent: Agent, link: int, now: datetime
    ) -> None:
        """Undo a join: each conversation is by itself again.

        Raises:
            Unknown: nothing is joined by that link (any more).
            Forbidden: one of the two is not for this agent.
        """
        self.desk.visibility.check_sees(conn, agent, conversation_id)
        found = [each for each in customer_links.links(conn, conversation_id) if each.id == link]
        if not found:
            raise Unknown(say("desk_join.refused.split"))
        for each in (found[0].conversation_id, found[0].lead_id):
            self.desk.visibility.check_sees(conn, agent, each)
        customer_links.end(conn, link, agent.id, now)

    def answer_at(
        self, conn: Connection, conversation_id: str, agent: Agent, other: str, now: datetime
    ) -> Conversation:
        """Go on with a customer, whom the agent has, in another conversation that is joined.

        One that waits is taken; one with the assistant, or a closed one, becomes the agent's with
        the topic and summary of the case in hand.

        Args:
            conn: a write transaction.
            conversation_id: the conversation that the agent reads.
            agent: the agent; must have one of the customer's conversations.
            other: where to go on.
            now: the present.

        Raises:
            NotYours: the agent has none of the customer's conversations.
            Unknown: that one is not joined to this, or the agent may not read it.
            Taken: a colleague has it.
            Unreachable: the customer cannot be written to there.
        """
        self.desk.visibility.check_sees(conn, agent, conversation_id)
        customer_links.lock(conn, [conversation_id])
        group = self.desk.visibility.group(conn, agent, conversation_id)
        if other not in group:
            raise Unknown(say("desk_join.refused.split"))
        there = conversations.get(conn, other, lock=True)
        mine = [found for each in group if (found := workload.case_of(conn, agent.id, each))]
        if not mine:
            raise NotYours(say("desk.refused.not_yours"))
        handover = handovers.find_open(conn, other)
        if handover is not None and handover.agent_id == agent.id:
            return there
        if handover is not None and handover.taken_at is not None:
            raise TakenByAnother(name_of(conn, handover.agent_id))
        self.desk.reach.check(conn, there, now)
        if handover is None:
            case = mine[0]
            handover = handovers.open_(
                conn, other, "asked", case.topic, case.summary, now,
                team=case.team, urgent=case.urgent,
            )  # fmt: skip
            asked = LockedConversation(conn, self.desk, there, handover)
            there = asked.save(asked.step("hand_over"))
        return LockedConversation(conn, self.desk, there, handover).take(agent, now)

    def take_along(
        self, conn: Connection, conversation_id: str, agent: Agent, now: datetime
    ) -> None:
        """Take what waits of a customer whom the agent has, so that nobody else is sent there."""
        if workload.case_of(conn, agent.id, conversation_id) is None:
            return
        for each in self.desk.visibility.group(conn, agent, conversation_id)[1:]:
            conversation = conversations.get(conn, each, lock=True)
            waiting = handovers.find_open(conn, each)
            if waiting is not None and conversation.owner == "queued":
                LockedConversation(conn, self.desk, conversation, waiting).take(agent, now)

    def replied_along(
        self, conn: Connection, conversation_id: str, agent: Agent, now: datetime
    ) -> None:
        """Note that the customer got an answer: what was asked elsewhere waits for none."""
        for each in customer_links.group(conn, conversation_id):
            case = workload.case_of(conn, agent.id, each)
            if case is not None and each != conversation_id:
                handover_moves.replied(conn, case, now)
