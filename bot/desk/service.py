"""What agents do with conversations. Each act is one transaction and one step of the state machine.

Every method takes a write transaction, locks the conversation before it looks, and either does the
whole act or raises a `DeskError` with a Dutch sentence and changes nothing. Ring the doorbell
`outbox` with the conversation's id after the commit.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from bot.catalogue import say
from bot.conversation import announcements, texts
from bot.conversation.confirmation import confirmation, rating_of
from bot.conversation.handover import UNACCEPTED
from bot.desk import rules
from bot.desk.errors import Taken, Unknown
from bot.desk.ground import name_of
from bot.desk.lists import Figures, Waiting
from bot.desk.passing_on import PassingOn
from bot.store import (
    acts,
    callbacks,
    handover_moves,
    handovers,
    notes,
    number_asks,
    outbox,
    timers,
)
from bot.store.agents import Agent
from bot.store.conversations import Conversation
from bot.store.handovers import Handover
from bot.store.outbox import OutboxMessage

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


class Service(PassingOn):
    """The desk's acts. Make one with `Service.load`.

    Its `lists` give queue, own work and figures, `visibility` says who may see what, and `reach`
    whether a customer can be written to.
    """

    __slots__ = ()

    def may_read(self, agent: Agent, handover: Handover) -> bool:
        """Whether this person may read the conversation of a hand-over."""
        return self.visibility.may_read(agent, handover)

    def queue(self, conn: Connection, agent: Agent) -> tuple[Waiting, ...]:
        """What waits for this person's teams: urgent first, then oldest first."""
        return self.lists.work(conn, agent).waiting.shown

    def mine(self, conn: Connection, agent: Agent) -> tuple[Waiting, ...]:
        """What this person has: where the customer waits for an answer first."""
        return self.lists.work(conn, agent).mine.shown

    def figures(self, conn: Connection, now: datetime) -> Figures:
        """What a supervisor wants to know at a glance, of all teams together."""
        return self.lists.figures(conn, now)

    def take(
        self, conn: Connection, conversation_id: str, agent: Agent, now: datetime
    ) -> Conversation:
        """Take a conversation from the queue. Of several who try at once exactly one does.

        Taking what one has already changes nothing: a double click is no mistake.

        Raises:
            Taken: somebody else has it.
            Over: it does not wait for a person any more.
            Forbidden: it is another team's.
        """
        before, handover = self.open(conn, conversation_id, agent)
        if before.owner == "human":
            if handover.agent_id == agent.id:
                return before
            raise Taken(name_of(conn, handover.agent_id))
        after = self.step(before, "take")
        handover_moves.take(conn, handover, agent.id, now)
        timers.cancel(conn, conversation_id, UNACCEPTED)
        self.tell(conn, before, now, announcements.taken(agent.name, self.organisation.name))
        return self.save(conn, after)

    def reply(
        self,
        conn: Connection,
        conversation_id: str,
        agent: Agent,
        text: str,
        now: datetime,
        client_id: str,
    ) -> OutboxMessage:
        """Answer the customer, in the customer's own channel.

        Args:
            conn: a write transaction.
            conversation_id: the conversation.
            agent: who answers; must have the conversation.
            text: what to say.
            now: the present.
            client_id: the browser's own id of this answer, at most 64 characters. The same one
                again gives the message that was kept, and sends nothing.

        Raises:
            Unusable: the text is empty or too long.
            NotYours, Taken, Over: the agent does not have it (any more).
            Unreachable: the channel cannot take it now.
        """
        said = announcements.reply(rules.text(text, "answer"))
        key = rules.client_id(client_id)
        before, handover = self.open(conn, conversation_id, agent, closed=True)
        if (earlier := outbox.by_client_id(conn, conversation_id, key)) is not None:
            return earlier
        self.check_has(conn, before, handover, agent)
        self.step(before, "reply")
        self.reach.check(conn, before, now)
        if not outbox.people_spoke(conn, conversation_id, handover.taken_at or now):
            # It could not be told when the conversation was taken: the window was closed.
            self.tell(conn, before, now, announcements.taken(agent.name, self.organisation.name))
        (message,) = outbox.add(
            conn, conversation_id, None, [("human", said)], now, agent_id=agent.id, client_id=key
        )
        handover_moves.replied(conn, handover, now)
        return message

    def ask_number(
        self, conn: Connection, conversation_id: str, agent: Agent, kind: str, now: datetime
    ) -> None:
        """Ask the customer for one private number, which is then not masked, for a while.

        It stays on record who asked for what, and when.

        Args:
            conn: a write transaction.
            conversation_id: a conversation the agent has.
            agent: who asks.
            kind: `iban`, or `bsn` where a law says that it may be asked.
            now: the present.

        Raises:
            Unusable: this is no kind that may be asked for.
            NotYours, Taken, Over, Forbidden: the agent does not have the conversation.
            Unreachable: the customer cannot be asked now.
        """
        before, handover = self.open(conn, conversation_id, agent)
        self.check_has(conn, before, handover, agent)
        asked = rules.private_kind(kind)
        self.reach.check(conn, before, now)
        number_asks.add(conn, conversation_id, handover.id, agent.id, asked, now)
        acts.add(conn, handover, agent.id, "asked_number", now, asked)
        minutes = int(number_asks.LASTS.total_seconds() // 60)
        self.tell(conn, before, now, announcements.asks_number(agent.name, asked, minutes))

    def note(
        self, conn: Connection, conversation_id: str, agent: Agent, text: str, now: datetime
    ) -> int:
        """Write a note for colleagues, also on a closed conversation; returns its id.

        Raises:
            Unusable: it is empty or too long.
            Forbidden: the conversation is another team's, or there is none.
            Unknown: there is none, for a supervisor.
        """
        said = rules.text(text, "note")
        self.visibility.check_sees(conn, agent, conversation_id)
        return notes.add(conn, conversation_id, agent.id, said, now)

    def close(
        self,
        conn: Connection,
        conversation_id: str,
        agent: Agent,
        settled: str,
        now: datetime,
        *,
        seen: int | None = None,
    ) -> Conversation:
        """Settle a conversation: the customer gets the agreement in writing, and gives a score.

        Who cannot be written to gets nothing, and a note says so.

        Args:
            conn: a write transaction.
            conversation_id: a conversation the agent has, or one that waits; a supervisor may
                close anybody's.
            agent: who closes it.
            settled: what was agreed; the customer reads it.
            now: the present.
            seen: the customer's newest message on the agent's page (inbox id), to be sure that
                nothing is closed unread; None does not check.

        Raises:
            Unusable: nothing, or too much, is said about what was agreed.
            Unread: the customer wrote something that the agent has not seen.
            NotYours, Taken, Over, Forbidden: it is not this agent's to close.
        """
        agreed = rules.settled(settled)
        before, handover = self.open(conn, conversation_id, agent)
        if before.owner == "human":
            self.check_has(conn, before, handover, agent, supervises=True)
        after = self.step(before, "close")
        rules.read(conn, conversation_id, seen)
        day = self.organisation.local(now).date()
        topic = self.organisation.labels.get(handover.topic, "")
        by = name_of(conn, handover.agent_id) or agent.name
        summary = confirmation(topic, agreed, by, self.organisation.name, day)
        if not self.tell(conn, before, now, summary, rating_of(by)):
            notes.add(conn, conversation_id, None, say("desk.unconfirmed"), now)
        for asked in callbacks.of(conn, conversation_id):
            callbacks.done(conn, asked.id, agent.id, now)
        handovers.close(conn, conversation_id, "closed", now, agent_id=agent.id, settled=agreed)
        timers.cancel(conn, conversation_id, UNACCEPTED)
        return self.save(conn, after)

    def to_bot(
        self, conn: Connection, conversation_id: str, agent: Agent, now: datetime
    ) -> Conversation:
        """Give a conversation back to the assistant; the customer hears so, and that it is an AI.

        Raises:
            NotYours, Taken, Over, Forbidden: it is not this agent's to give back.
        """
        before, handover = self.open(conn, conversation_id, agent)
        self.check_has(conn, before, handover, agent)
        after = self.step(before, "resume")
        notice = texts.disclosure()
        told = self.tell(conn, before, now, announcements.sent_back(agent.name), notice)
        handovers.close(conn, conversation_id, "to_bot", now, agent_id=agent.id)
        return self.save(conn, replace(after, disclosed=told, turns_since_disclosure=0))

    def callback_done(
        self, conn: Connection, callback_id: int, agent: Agent, now: datetime
    ) -> bool:
        """Note that a customer was called or written back; False: somebody did already.

        The conversation stays as it is: settle it with `close`.

        Raises:
            Unknown: there is no such request.
            Forbidden: it is another team's.
        """
        try:
            asked = callbacks.get(conn, callback_id)
        except LookupError as error:
            raise Unknown(say("desk.refused.call_back")) from error
        self.visibility.check_sees(conn, agent, asked.conversation_id)
        return callbacks.done(conn, callback_id, agent.id, now)
