"""The acts of agents with requests to be called or written back: whose, when, done, undone.

Each locks the conversation first, as all acts do, and then changes the request by a statement that
says what it must still be: of two agents at once one does it and the other hears who.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, get_args

from bot.catalogue import say
from bot.conversation import announcements
from bot.conversation.opening_hours import say_moment
from bot.desk.conversations import act_rules, closing, moments
from bot.desk.conversations.desk_context import DeskContext
from bot.desk.conversations.locked_conversation import LockedConversation, name_of
from bot.desk.errors import Over, TakenByAnother, Unknown
from bot.records.call_back_result import Result
from bot.store.conversation import conversations
from bot.store.delivery import outbox
from bot.store.desk.agents import Agent
from bot.store.handover import callbacks, handovers, notes
from bot.store.handover.callbacks import Callback

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


@dataclass(frozen=True, slots=True)
class CallBacks:
    """The acts of agents with requests to be called or written back.

    Attributes:
        desk: the desk's rules.
    """

    desk: DeskContext

    def claim(self, conn: Connection, callback_id: int, agent: Agent, now: datetime) -> None:
        """Say that one is going to do it; again changes nothing.

        Raises:
            Unknown: there is no such request.
            Forbidden: it is another team's.
            Over: it is settled.
            TakenByAnother: somebody else is going to do it.
        """
        asked = self._locked(conn, callback_id, agent)
        self._check_free(conn, asked, agent)
        callbacks.claim(conn, callback_id, agent.id, now)

    def unclaim(self, conn: Connection, callback_id: int, agent: Agent) -> None:
        """Leave it to somebody else; a supervisor may do this for anybody.

        Raises:
            Unknown, Forbidden, Over, TakenByAnother: as of `claim`.
        """
        asked = self._locked(conn, callback_id, agent)
        self._check_free(conn, asked, agent, supervises=True)
        callbacks.unclaim(conn, callback_id)

    def plan(
        self, conn: Connection, callback_id: int, agent: Agent, due_at: datetime, now: datetime
    ) -> None:
        """Put it off until another time; the customer hears so, once.

        Who cannot be written to is not told, and a note says so.

        Raises:
            Unusable: the time is over, or too far ahead.
            Unknown, Forbidden, Over, TakenByAnother: as of `claim`.
        """
        moments.check_ahead(due_at, now)
        asked = self._locked(conn, callback_id, agent)
        self._check_free(conn, asked, agent, supervises=True)
        if asked.due_at == due_at:
            return
        callbacks.plan(conn, callback_id, due_at.astimezone(UTC))
        self._tell_moved(conn, asked, due_at, now)

    def done(
        self,
        conn: Connection,
        callback_id: int,
        agent: Agent,
        result: str,
        agreed: str,
        now: datetime,
    ) -> bool:
        """Note how it ended. A conversation that only waited for this is closed along with it.

        The customer then gets in writing what was agreed, or how it ended; who was spoken or
        written to is asked for a score. A customer who wrote since the request was left, and can
        still read an answer, waits for it: that conversation stays in the queue.

        Args:
            conn: a write transaction.
            callback_id: the request.
            agent: the agent who did it.
            result: how it ended.
            agreed: what was agreed; may be empty.
            now: the present.

        Returns:
            False when it was settled already.

        Raises:
            Unusable: there is no such result, or what was agreed is too long.
            Unknown, Forbidden, TakenByAnother: as of `claim`.
        """
        ended = named(result)
        words = act_rules.settled(agreed) if agreed.strip() else ""
        asked = self._locked(conn, callback_id, agent)
        if asked.done_at is None:
            self._check_free(conn, asked, agent, supervises=True)
        if not callbacks.done(conn, callback_id, agent.id, now, ended):
            return False
        conversation = conversations.get(conn, asked.conversation_id, lock=True)
        handover = handovers.find_open(conn, asked.conversation_id)
        heard = conversation.last_inbound_at
        if (
            handover is not None
            and handover.taken_at is None
            and conversation.owner == "queued"
            and (heard is None or heard <= asked.created_at or conversation.wiped_at is not None)
        ):
            case = LockedConversation(conn, self.desk, conversation, handover)
            closing.end_with_call_back(case, agent, ended, words, now)
        return True

    def undo(self, conn: Connection, callback_id: int, agent: Agent) -> None:
        """Open a request again that one settled oneself; a supervisor may for anybody.

        What the customer was told stays: a conversation that was closed along with it stays so.

        Raises:
            Over: it is open, or another request took its place.
            TakenByAnother: somebody else settled it.
            Unknown, Forbidden: as of `claim`.
        """
        asked = self._locked(conn, callback_id, agent)
        if asked.done_by not in (None, agent.id) and agent.role != "supervisor":
            raise TakenByAnother(name_of(conn, asked.done_by))
        if any(each.done_at is None for each in callbacks.of(conn, asked.conversation_id)):
            raise Over(say("desk.refused.call_back_again"))
        if not callbacks.undo(conn, callback_id):
            raise Over(say("desk.refused.call_back_again"))

    def _tell_moved(
        self, conn: Connection, asked: Callback, due_at: datetime, now: datetime
    ) -> None:
        local = self.desk.organisation.local
        when = say_moment(local(due_at), local(now))
        said = announcements.call_back_moved(when, by_mail="@" in asked.contact)
        conversation = conversations.get(conn, asked.conversation_id)
        if self.desk.reach.state(conn, conversation, now) == "open":
            outbox.add(conn, conversation.id, None, [("system", said)], now)
        else:
            notes.add(conn, conversation.id, None, say("desk.call_back_untold"), now)

    def _locked(self, conn: Connection, callback_id: int, agent: Agent) -> Callback:
        """The request as it is now; its conversation is locked."""
        try:
            where = callbacks.get(conn, callback_id).conversation_id
        except LookupError as error:
            raise Unknown(say("desk.refused.call_back")) from error
        conversations.get(conn, where, lock=True)
        asked = callbacks.get(conn, callback_id)
        self.desk.visibility.check_sees(conn, agent, asked.conversation_id)
        return asked

    @staticmethod
    def _check_free(
        conn: Connection, asked: Callback, agent: Agent, *, supervises: bool = False
    ) -> None:
        if asked.done_at is not None:
            raise Over(say("desk.refused.call_back_done"))
        own = asked.claimed_by in (None, agent.id)
        if not own and not (supervises and agent.role == "supervisor"):
            raise TakenByAnother(name_of(conn, asked.claimed_by))


def named(typed: str) -> Result:
    """The result of this name.

    Raises:
        Unusable: there is no such result.
    """
    return act_rules.one_of(get_args(Result), typed, "desk.refused.call_back_result")
