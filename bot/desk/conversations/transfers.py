"""Moves conversations to another team, or back to the queue, also from agents who are gone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import structlog

from bot.conversation import announcements
from bot.conversation.opening_hours import say_moment
from bot.desk.conversations import act_rules
from bot.desk.conversations.desk_context import DeskContext
from bot.desk.conversations.expected_wait import opens_at
from bot.desk.conversations.locked_conversation import LockedConversation
from bot.desk.errors import DeskError
from bot.records.conversation import Conversation
from bot.store.conversation import conversations, customer_links
from bot.store.desk import workload
from bot.store.desk.agents import Agent
from bot.store.handover import callbacks, handover_moves, handovers, notes
from channels import wiping

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Transfers:
    """The acts after which somebody else must take a conversation.

    Attributes:
        desk: the desk's rules.
    """

    desk: DeskContext

    def transfer(
        self,
        conn: Connection,
        conversation_id: str,
        agent: Agent,
        team: str,
        note: str,
        now: datetime,
    ) -> Conversation:
        """Pass a conversation to another team's queue.

        Args:
            conn: a write transaction.
            conversation_id: a conversation the agent has, or one that waits; a supervisor may pass
                on anybody's.
            agent: the agent who passes it on.
            team: id of the team it goes to.
            note: what that team must know; may be empty.
            now: the present.

        Raises:
            Unknown: there is no such team.
            Unusable: it is that team's already, or the note is too long.
            NotYours, Taken, Over, Forbidden: it is not this agent's to pass on.
        """
        self.desk.visibility.team(team)
        case = LockedConversation.lock(conn, self.desk, conversation_id, agent)
        if case.conversation.owner == "human":
            case.check_has(agent, supervises=True)
        after = case.step("transfer")
        act_rules.other_team(self.desk.organisation.team(case.handover.team), team)
        if note.strip():
            notes.add(conn, conversation_id, agent.id, act_rules.text(note, "note"), now)
        handover_moves.transfer(conn, case.handover, team, agent.id, now)
        callbacks.pass_on(conn, conversation_id, team)
        if case.conversation.owner == "human":
            opens = self._opens(team, now)
            name = self.desk.organisation.team(team).name
            case.tell(now, announcements.transferred(name, opens, case.wait(now)))
        case.await_taker(now)
        return case.save(after)

    def release(
        self, conn: Connection, conversation_id: str, agent: Agent, now: datetime
    ) -> Conversation:
        """Give a conversation back to the queue; a supervisor may give back anybody's.

        Raises:
            NotYours, Taken, Over, Forbidden: it is not this agent's to give back.
        """
        case = LockedConversation.lock(conn, self.desk, conversation_id, agent)
        case.check_has(agent, supervises=True)
        after = case.step("release")
        handover_moves.release(conn, case.handover, agent.id, now)
        case.tell(now, announcements.released(case.wait(now)))
        case.await_taker(now)
        return case.save(after)

    def release_all(self, conn: Connection, agent: Agent, now: datetime) -> tuple[str, ...]:
        """Give back all that an agent has, as when the agent leaves; the customers hear so.

        Returns:
            The conversations that went back.
        """
        back, held = [], workload.in_hand(conn, agent.id)
        customer_links.lock(conn, held)
        for conversation_id in held:
            try:
                self.release(conn, conversation_id, agent, now)
            except DeskError:
                continue  # passed on or closed just now
            back.append(conversation_id)
        return tuple(back)

    def reassign(
        self, conn: Connection, conversation_id: str, agent: Agent, now: datetime
    ) -> Conversation:
        """Give one agent's conversation to another, without the queue; the customer hears the name.

        Args:
            conn: a write transaction.
            conversation_id: a conversation that an agent has.
            agent: the agent who gets it.
            now: the present.

        Raises:
            Over, Forbidden: nobody has it, or it is not for this agent.
        """
        case = LockedConversation.lock(conn, self.desk, conversation_id, agent)
        after = case.step("reassign")
        handover_moves.reassign(conn, case.handover, agent.id, now)
        case.tell(now, announcements.taken(agent.name, self.desk.organisation.name))
        return case.save(after)

    def release_lost(
        self, conn: Connection, now: datetime, *, unseen: bool = True
    ) -> tuple[str, ...]:
        """Give back what belongs to agents who are gone: a closed laptop must not lose a customer.

        The customer is told when an answer is due; the next agent reads in a note what happened.
        What the customer wiped meanwhile waits for nobody, and ends (`channels.wiping`).

        Args:
            conn: a write transaction.
            now: the present.
            unseen: whether conversations go back whose agent was away too long; those of an agent
                who may not log in any more always do.

        Returns:
            The conversations that went back, or ended.
        """
        back = []
        for found in handover_moves.lost(conn, now - self.desk.away if unseen else None):
            before = conversations.get(conn, found.conversation_id, lock=True)
            handover = handovers.find_open(conn, found.conversation_id)
            if handover is None or handover.agent_id != found.agent_id:
                continue  # passed on or closed just now
            self._release_lost(LockedConversation(conn, self.desk, before, handover), now)
            back.append(before.id)
        return tuple(back)

    @staticmethod
    def _release_lost(case: LockedConversation, now: datetime) -> None:
        before, handover = case.conversation, case.handover
        after = case.step("release")
        handover_moves.release(case.conn, handover, handover.agent_id, now, "lost")
        heard, said = before.last_inbound_at, handover.last_reply_at or handover.taken_at
        if heard and said and heard > said:
            case.tell(now, announcements.lost(case.wait(now)))
        case.await_taker(now)
        case.save(wiping.leave_queue(case.conn, after, now))
        log.info("handover_lost", conversation=before.id, agent=handover.agent_id)

    def _opens(self, team: str, now: datetime) -> str:
        opens = opens_at(team, self.desk.organisation, now)
        if opens is None or opens == now:
            return ""
        return say_moment(opens, self.desk.organisation.local(now))
