"""Conversations that change hands: to another team, back to the queue, away from who is gone."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import structlog

from bot.conversation import announcements
from bot.conversation.opening_hours import is_open, next_opening, say_moment
from bot.desk import rules
from bot.desk.ground import Ground
from bot.store import callbacks, conversations, handover_moves, handovers, notes
from bot.store.agents import Agent
from bot.store.conversations import Conversation
from bot.store.handovers import Handover

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

log = structlog.get_logger(__name__)


class PassingOn(Ground):
    """Acts after which somebody else must take a conversation."""

    __slots__ = ()

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
            agent: who passes it on.
            team: id of the team it goes to.
            note: what that team must know; may be empty.
            now: the present.

        Raises:
            Unknown: there is no such team.
            Unusable: it is that team's already, or the note is too long.
            NotYours, Taken, Over, Forbidden: it is not this agent's to pass on.
        """
        self.visibility.team(team)
        before, handover = self.open(conn, conversation_id, agent)
        if before.owner == "human":
            self.check_has(conn, before, handover, agent, supervises=True)
        after = self.step(before, "transfer")
        rules.other_team(self.organisation.team(handover.team), team)
        if note.strip():
            notes.add(conn, conversation_id, agent.id, rules.text(note, "note"), now)
        handover_moves.transfer(conn, handover, team, agent.id, now)
        callbacks.pass_on(conn, conversation_id, team)
        if before.owner == "human":
            opens = self._opens(team, now)
            name = self.organisation.team(team).name
            self.tell(conn, before, now, announcements.transferred(name, opens))
        self.await_taker(conn, conversation_id, now)
        return self.save(conn, after)

    def release(
        self, conn: Connection, conversation_id: str, agent: Agent, now: datetime
    ) -> Conversation:
        """Give a conversation back to the queue; a supervisor may give back anybody's.

        Raises:
            NotYours, Taken, Over, Forbidden: it is not this agent's to give back.
        """
        before, handover = self.open(conn, conversation_id, agent)
        self.check_has(conn, before, handover, agent, supervises=True)
        after = self.step(before, "release")
        handover_moves.release(conn, handover, agent.id, now)
        self.tell(conn, before, now, announcements.released())
        self.await_taker(conn, conversation_id, now)
        return self.save(conn, after)

    def release_lost(
        self, conn: Connection, now: datetime, *, unseen: bool = True
    ) -> tuple[str, ...]:
        """Give back what belongs to agents who are gone: a closed laptop must not lose a customer.

        The customer is told when an answer is due; the next agent reads in a note what happened.

        Args:
            conn: a write transaction.
            now: the present.
            unseen: whether those go back whose agent was away too long; those of who may not log
                in any more always do.

        Returns:
            The conversations that went back.
        """
        back = []
        for found in handover_moves.lost(conn, now - self.away if unseen else None):
            before = conversations.get(conn, found.conversation_id, lock=True)
            handover = handovers.find_open(conn, found.conversation_id)
            if handover is None or handover.agent_id != found.agent_id:
                continue  # passed on or closed just now
            self._release_lost(conn, before, handover, now)
            back.append(before.id)
        return tuple(back)

    def _release_lost(
        self, conn: Connection, before: Conversation, handover: Handover, now: datetime
    ) -> None:
        after = self.step(before, "release")
        handover_moves.release(conn, handover, handover.agent_id, now, "lost")
        heard, said = before.last_inbound_at, handover.last_reply_at or handover.taken_at
        if heard and said and heard > said:
            self.tell(conn, before, now, announcements.lost())
        self.await_taker(conn, before.id, now)
        self.save(conn, after)
        log.info("handover_lost", conversation=before.id, agent=handover.agent_id)

    def _opens(self, team: str, now: datetime) -> str:
        local = self.organisation.local(now)
        hours = self.organisation.hours(local.year, team)
        opens = None if is_open(local, hours) else next_opening(local, hours)
        return "" if opens is None else say_moment(opens, local)
