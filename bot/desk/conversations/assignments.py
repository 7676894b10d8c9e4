"""Gives a conversation to one person: a supervisor takes it over, or a colleague gets it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from bot.catalogue import say
from bot.conversation import announcements
from bot.conversation.ownership import UNACCEPTED
from bot.desk.conversations import act_rules, presence
from bot.desk.conversations.desk_context import DeskContext
from bot.desk.conversations.locked_conversation import LockedConversation
from bot.desk.errors import Forbidden, Full, Unknown, Unusable
from bot.records.conversation import Conversation
from bot.store.desk import agents
from bot.store.desk.agents import Agent
from bot.store.handover import handover_moves, notes
from bot.store.worker import timers

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


@dataclass(frozen=True, slots=True)
class Assignments:
    """The acts after which one chosen person has a conversation.

    Attributes:
        desk: the desk's rules.
    """

    desk: DeskContext

    def take_over(
        self, conn: Connection, conversation_id: str, agent: Agent, now: datetime
    ) -> Conversation:
        """Take what a colleague has; the customer hears the name. Again changes nothing.

        Raises:
            Forbidden: only supervisors may.
            Over: nobody has it (any more).
        """
        if agent.role != "supervisor":
            raise Forbidden(say("desk_access.supervisors_only"))
        case = LockedConversation.lock(conn, self.desk, conversation_id, agent)
        after = case.step("reassign")
        if case.handover.agent_id == agent.id:
            return case.conversation
        handover_moves.give(conn, case.handover, agent.id, now, agent.id, "taken_over", "")
        case.tell(now, announcements.taken(agent.name, self.desk.organisation.name))
        return case.save(after)

    def assign(
        self,
        conn: Connection,
        conversation_id: str,
        agent: Agent,
        to: int,
        note: str,
        now: datetime,
    ) -> Conversation:
        """Pass a conversation to a colleague, without the queue.

        Args:
            conn: a write transaction.
            conversation_id: a conversation the agent has, or one that waits; a supervisor may pass
                on anybody's, also to who has a pause or as many as may be.
            agent: the agent who passes it on.
            to: the colleague's id.
            note: what that colleague must know; may be empty.
            now: the present.

        Raises:
            Unknown: there is no such colleague, or not any more.
            Unusable: the colleague has it already, or does not work for its team.
            Full: the colleague has a pause, is away, or has as many as may be.
            NotYours, Taken, Over, Forbidden: it is not this agent's to pass on.
        """
        case = LockedConversation.lock(conn, self.desk, conversation_id, agent)
        if case.conversation.owner == "human":
            case.check_has(agent, supervises=True)
        colleague = self._colleague(conn, case, to)
        after = case.step("reassign" if case.conversation.owner == "human" else "take")
        if agent.role != "supervisor":
            try:
                presence.check_room(conn, colleague.id, self.desk.capacity)
            except Full as error:
                raise Full(say("desk.refused.no_room", name=colleague.name)) from error
        if note.strip():
            notes.add(conn, conversation_id, agent.id, act_rules.text(note, "note"), now)
        to_whom = colleague.name[:64]
        handover_moves.give(conn, case.handover, to, now, agent.id, "assigned", to_whom)
        timers.cancel(conn, conversation_id, UNACCEPTED)
        case.tell(now, announcements.taken(colleague.name, self.desk.organisation.name))
        return case.save(after)

    def colleagues(self, conn: Connection, agent: Agent, team: str) -> tuple[Agent, ...]:
        """Those to whom an agent can pass a team's conversation, by name.

        That is who is available and has room; for a supervisor everybody who works for the team.
        """
        found = (each.agent for each in agents.everyone(conn) if each.active)
        serves = self.desk.visibility.serves_team
        fit = [each for each in found if each.id != agent.id and serves(each, team)]
        if agent.role != "supervisor":
            limit = self.desk.capacity
            fit = [each for each in fit if presence.has_room(conn, each, limit)]
        return tuple(sorted(fit, key=lambda each: (each.name.casefold(), each.id)))

    def _colleague(self, conn: Connection, case: LockedConversation, to: int) -> Agent:
        try:
            account = agents.account(conn, to)
        except LookupError as error:
            raise Unknown(say("desk.refused.no_colleague")) from error
        colleague = account.agent
        if not account.active:
            raise Unknown(say("desk.refused.no_colleague"))
        if case.conversation.owner == "human" and case.handover.agent_id == to:
            raise Unusable(say("desk.refused.has_it", name=colleague.name))
        if not self.desk.visibility.serves(colleague, case.handover):
            raise Unusable(say("desk.refused.not_their_team", name=colleague.name))
        return colleague
