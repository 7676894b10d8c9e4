"""The acts of agents. Each is one transaction and one step of a conversation's state machine.

Every method takes a write transaction, locks the conversation before it looks, and either does the
whole act or raises a `DeskError` with a Dutch sentence and changes nothing. Ring the notifier
`outbox` with the conversation's id after the commit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Self

from bot.attachments import sent_files
from bot.conversation import announcements, built_in_messages
from bot.desk.conversations import act_rules, closing, mentioning, one_case, presence
from bot.desk.conversations.assignments import Assignments
from bot.desk.conversations.call_backs import CallBacks
from bot.desk.conversations.desk_context import DeskContext
from bot.desk.conversations.joins import Joins
from bot.desk.conversations.locked_conversation import LockedConversation
from bot.desk.conversations.transfers import Transfers
from bot.desk.errors import TakenByAnother
from bot.messages import Outbound
from bot.records.conversation import Conversation
from bot.records.outbox_message import OutboxMessage
from bot.settings import Settings
from bot.store.conversation import attachments, conversations
from bot.store.delivery import outbox, outbox_queries
from bot.store.desk import drafts, mentions
from bot.store.desk.agents import Agent
from bot.store.handover import audit_log, handover_moves, handovers, notes
from bot.store.identity import private_number_requests
from channels.protocol import Channel

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


@dataclass(frozen=True, slots=True)
class Service:
    """The acts of agents at the desk.

    Attributes:
        desk: the desk's rules.
        transfers: the acts after which somebody else must take a conversation.
        call_backs: the acts with requests to be called back.
        assignments: the acts after which one chosen person has a conversation.
        joins: the acts with conversations of one customer.
    """

    desk: DeskContext
    transfers: Transfers = field(init=False)
    call_backs: CallBacks = field(init=False)
    assignments: Assignments = field(init=False)
    joins: Joins = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "transfers", Transfers(self.desk))
        object.__setattr__(self, "call_backs", CallBacks(self.desk))
        object.__setattr__(self, "assignments", Assignments(self.desk))
        object.__setattr__(self, "joins", Joins(self.desk))

    @classmethod
    def load(cls, settings: Settings, channels: Mapping[str, Channel]) -> Self:
        """The acts of an installation's desk; see `DeskContext.load`."""
        return cls(DeskContext.load(settings, channels))

    def take(
        self,
        conn: Connection,
        conversation_id: str,
        agent: Agent,
        now: datetime,
        *,
        assigned: bool = False,
    ) -> Conversation:
        """Take a conversation from the queue. Of several who try at once exactly one does.

        Taking what one has already changes nothing: a double click is no mistake.

        Args:
            conn: a write transaction.
            conversation_id: a conversation that waits.
            agent: the agent who gets it.
            now: the present.
            assigned: whether somebody else decided so, who need not ask whether there is room.

        Raises:
            Taken: somebody else has it.
            Over: it does not wait for a person any more.
            Forbidden: it is another team's.
            Full: the agent has a pause, is away, or has as many as may be.
        """
        case = LockedConversation.lock(conn, self.desk, conversation_id, agent)
        if case.conversation.owner == "human":
            if case.handover.agent_id == agent.id:
                return case.conversation
            raise TakenByAnother(case.holder())
        case.step("take")
        if not assigned:
            presence.check_room(conn, agent.id, self.desk.capacity)
        taken = case.take(agent, now)
        self.joins.take_along(conn, conversation_id, agent, now)
        return taken

    def reply(
        self,
        conn: Connection,
        conversation_id: str,
        agent: Agent,
        text: str,
        now: datetime,
        client_id: str,
        file: str = "",
    ) -> OutboxMessage:
        """Answer the customer, in the customer's own channel.

        Args:
            conn: a write transaction.
            conversation_id: the conversation.
            agent: the agent who answers; must have the conversation.
            text: what to say.
            now: the present.
            client_id: the browser's own id of this answer, at most 64 characters. The same one
                again gives the message that was kept, and sends nothing.
            file: name of a file that the agent chose, or empty; with one the text may be empty.

        Raises:
            Unusable: the text is empty or too long, or the file is not there.
            NotYours, Taken, Over: the agent does not have it (any more).
            Unreachable: the channel cannot take it now.
        """
        said: Outbound = announcements.reply(text if file else act_rules.text(text, "answer"))
        key = act_rules.client_id(client_id)
        case = LockedConversation.lock(conn, self.desk, conversation_id, agent, closed=True)
        if (earlier := outbox_queries.by_client_id(conn, conversation_id, key)) is not None:
            return earlier
        case.check_has(agent)
        case.step("reply")
        self.desk.reach.check(conn, case.conversation, now)
        if not outbox_queries.people_spoke(conn, conversation_id, case.handover.taken_at or now):
            # It could not be told when the conversation was taken: the window was closed.
            case.tell(now, announcements.taken(agent.name, self.desk.organisation.name))
        chosen = act_rules.chosen_file(conn, file, conversation_id, agent) if file else None
        if chosen is not None:
            said = sent_files.message(said.text, chosen, self.desk.public_url)
        (message,) = outbox.add(
            conn, conversation_id, None, [("human", said)], now, agent_id=agent.id, client_id=key
        )
        if chosen is not None:
            attachments.sent(conn, chosen.id, message.id)
        handover_moves.replied(conn, case.handover, now)
        drafts.sent(conn, conversation_id, agent.id)
        self.joins.replied_along(conn, conversation_id, agent, now)
        return message

    def ask_number(
        self, conn: Connection, conversation_id: str, agent: Agent, kind: str, now: datetime
    ) -> None:
        """Ask the customer for one private number, which is then not masked, for a while.

        It stays on record which agent asked for which number, and when.

        Args:
            conn: a write transaction.
            conversation_id: a conversation the agent has.
            agent: the agent who asks.
            kind: `iban`, or `bsn` where a law says that it may be asked.
            now: the present.

        Raises:
            Unusable: this is no kind that may be asked for.
            NotYours, Taken, Over, Forbidden: the agent does not have the conversation.
            Unreachable: the customer cannot be asked now.
        """
        case = LockedConversation.lock(conn, self.desk, conversation_id, agent)
        case.check_has(agent)
        asked = act_rules.private_kind(kind)
        self.desk.reach.check(conn, case.conversation, now)
        private_number_requests.add(conn, conversation_id, case.handover.id, agent.id, asked, now)
        audit_log.add(conn, case.handover, agent.id, "asked_number", now, asked)
        minutes = int(private_number_requests.LASTS.total_seconds() // 60)
        case.tell(now, announcements.asks_number(agent.name, asked, minutes))
        handover_moves.replied(conn, case.handover, now)

    def note(
        self, conn: Connection, conversation_id: str, agent: Agent, text: str, now: datetime
    ) -> int:
        """Write a note for colleagues, also on a closed conversation; returns its id.

        Colleagues whom it mentions ("@Joost") find the conversation among what they were asked.

        Raises:
            Unusable: it is empty or too long, or mentions somebody who may not read it.
            Forbidden: the conversation is another team's, or there is none.
            Unknown: there is none, for a supervisor.
        """
        said = act_rules.text(text, "note")
        self.desk.visibility.check_sees(conn, agent, conversation_id)
        asked = mentioning.checked(conn, self.desk.visibility, conversation_id, agent, said)
        number = notes.add(conn, conversation_id, agent.id, said, now)
        mentions.add(conn, conversation_id, number, asked, now)
        return number

    def close(
        self,
        conn: Connection,
        conversation_id: str,
        agent: Agent,
        settled: str,
        now: datetime,
        *,
        seen: int | None = None,
        resolution: str = "",
        told: bool = True,
    ) -> Conversation:
        """Settle a case: the customer gets the agreement in writing, and gives a score.

        All its conversations end; where it is not confirmed the customer hears where it was
        settled. A customer who cannot be written to gets nothing, and a note says so.

        Args:
            conn: a write transaction.
            conversation_id: a conversation the agent has, or one that waits; a supervisor may
                close anybody's.
            agent: the agent who closes it.
            settled: what was agreed; the customer reads it.
            now: the present.
            seen: the customer's newest message on the agent's page (inbox id), to be sure that
                nothing is closed unread; None does not check.
            resolution: what came of it, one of `Resolution`; empty where nobody says so.
            told: whether the customer is told; if not, nothing need be agreed, and what is goes to
                colleagues alone.

        Raises:
            Unusable: nothing, or too much, is said about what was agreed, or there is no such
                resolution.
            Unread: the customer wrote something, in any of them, that the agent has not seen.
            Planned: an answer is still to go out.
            NotYours, Taken, Over, Forbidden: it is not this agent's to close.
        """
        agreed = act_rules.settled(settled, needed=told)
        ended = act_rules.resolution(resolution) if resolution else None
        case = LockedConversation.lock(conn, self.desk, conversation_id, agent)
        if case.conversation.owner == "human":
            case.check_has(agent, supervises=True)
        along = tuple(one_case.others(case))
        for each in (case, *along):
            act_rules.read(conn, each.conversation.id, seen)
            act_rules.nothing_planned(conn, each.conversation.id)
        closing.settle((case, *along), agent, agreed, now, ended, told=told)
        return conversations.get(conn, conversation_id)

    def to_bot(
        self, conn: Connection, conversation_id: str, agent: Agent, now: datetime
    ) -> Conversation:
        """Give a conversation back to the assistant; the customer hears so, and that it is an AI.

        The task that was interrupted is offered.

        Raises:
            NotYours, Taken, Over, Forbidden: it is not this agent's to give back.
            Unreachable: the customer wiped it: the assistant would speak to nobody.
        """
        case = LockedConversation.lock(conn, self.desk, conversation_id, agent)
        case.check_has(agent)
        if case.conversation.wiped_at is not None:
            self.desk.reach.check(conn, case.conversation, now)
        after = case.step("resume")
        notice = built_in_messages.disclosure()
        topic = self.desk.organisation.topics.of(case.handover.topic)
        busy = topic.kind == "task" and bool(topic.title)
        offered = (announcements.task_open(topic.title, topic.name),) if busy else ()
        told = case.tell(now, announcements.sent_back(agent.name), notice, *offered)
        handovers.close(conn, conversation_id, "to_bot", now, agent_id=agent.id)
        return case.save(replace(after, disclosed=told, turns_since_disclosure=0))
