"""What every act at the desk stands on: the locked conversation, who may act, what is said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from bot import organisation as organisations
from bot.catalogue import say
from bot.channel_profiles import ChannelProfiles
from bot.conversation.handover import UNACCEPTED, Event, Impossible, step
from bot.desk import rules
from bot.desk.errors import NotYours, Over, Taken
from bot.desk.lists import Lists
from bot.desk.reach import Reach
from bot.desk.visibility import Visibility
from bot.messages import Outbound
from bot.organisation import Organisation
from bot.settings import Settings
from bot.store import agents, conversations, handovers, outbox, timers
from bot.store.agents import Agent
from bot.store.conversations import Conversation
from bot.store.handovers import Handover
from channels import registry
from channels.protocol import Channel

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


@dataclass(frozen=True, slots=True)
class Ground:
    """The rules and the parts that acts share.

    Attributes:
        organisation: whose desk it is.
        channels: the configured channels by name.
        teams_private: whether agents of one team cannot read what belongs to another.
        accept: how long a conversation that goes back into the queue may wait there until the
            customer gets the call-back form.
        away: how long an agent may be gone until the conversations go back.
        profiles: what each channel is; those of `channels` when none are given.
        visibility: who may see what.
        reach: what the channels allow.
        lists: queue, own work and figures.
    """

    organisation: Organisation
    channels: Mapping[str, Channel] = field(default_factory=dict)
    teams_private: bool = True
    accept: timedelta = timedelta(minutes=5)
    away: timedelta = timedelta(minutes=15)
    profiles: ChannelProfiles = field(default_factory=ChannelProfiles)
    visibility: Visibility = field(init=False)
    reach: Reach = field(init=False)
    lists: Lists = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "visibility", Visibility(self.organisation, self.teams_private))
        if not self.profiles.known:
            own = ChannelProfiles.of(*(each.profile for each in self.channels.values()))
            object.__setattr__(self, "profiles", own)
        reach = Reach(self.channels, self.profiles, self.organisation.timezone)
        object.__setattr__(self, "reach", reach)
        object.__setattr__(self, "lists", Lists(self.visibility))

    @classmethod
    def load(cls, settings: Settings, channels: Mapping[str, Channel]) -> Self:
        """As an installation is set up.

        Args:
            settings: its settings.
            channels: its channels by name.

        Raises:
            ConfigurationError: `data/organisation.yml` is missing or wrong.
        """
        return cls(
            organisations.load(settings.root),
            channels,
            settings.desk_teams_private,
            timedelta(minutes=settings.accept_minutes),
            timedelta(minutes=settings.agent_away_minutes),
            registry.profiles(settings.root),
        )

    def open(
        self, conn: Connection, conversation_id: str, agent: Agent, *, closed: bool = False
    ) -> tuple[Conversation, Handover]:
        """The conversation, locked, and its open hand-over.

        Args:
            conn: a write transaction.
            conversation_id: the conversation.
            agent: who is going to act.
            closed: whether the newest hand-over will do, when none is open.

        Raises:
            Unknown: there is no such conversation, for a supervisor.
            Over: it does not, or no longer, need a person.
            Forbidden: it is another team's, or there is none.
        """
        try:
            conversation = conversations.get(conn, conversation_id, lock=True)
        except LookupError as error:
            raise self.visibility.no_conversation(agent) from error
        handover = handovers.newest(conn, conversation_id)
        if handover is None:
            raise Over(say("desk.refused.not_waiting"))
        self.visibility.check(agent, handover)
        if handover.closed_at is not None and not closed:
            raise Over(rules.over(conversation.owner))
        return conversation, handover

    def check_has(
        self,
        conn: Connection,
        conversation: Conversation,
        handover: Handover,
        agent: Agent,
        *,
        supervises: bool = False,
    ) -> None:
        """Whether this person has the conversation now.

        Args:
            conn: a transaction.
            conversation: the conversation, locked.
            handover: its newest hand-over.
            agent: who is going to act.
            supervises: whether a supervisor may do this with what somebody else has: a colleague
                who fell ill must not hold a customer.

        Raises:
            Over: nobody does any more.
            NotYours: it waits in the queue.
            Taken: somebody else does.
        """
        if handover.closed_at is not None or conversation.owner in ("bot", "closed"):
            raise Over(rules.over(conversation.owner))
        if conversation.owner != "human":
            raise NotYours(say("desk.refused.not_yours"))
        if handover.agent_id != agent.id and not (supervises and agent.role == "supervisor"):
            raise Taken(name_of(conn, handover.agent_id))

    @staticmethod
    def step(before: Conversation, event: Event) -> Conversation:
        """The conversation with its owner after an event, not yet saved.

        Raises:
            Over: the event cannot happen to it any more.
        """
        try:
            return replace(before, owner=step(before.owner, event))
        except Impossible as error:
            raise Over(rules.over(before.owner)) from error

    @staticmethod
    def save(conn: Connection, after: Conversation) -> Conversation:
        """Writes the conversation and returns it."""
        conversations.save(conn, after)
        return after

    def tell(
        self, conn: Connection, conversation: Conversation, now: datetime, *said: Outbound
    ) -> bool:
        """Says something in Loket's own name, unless the customer cannot be written to.

        Args:
            conn: a write transaction.
            conversation: the conversation, locked.
            now: the present.
            said: what to say.

        Returns:
            Whether it was said.
        """
        if self.reach.state(conn, conversation, now) != "open":
            return False
        outbox.add(conn, conversation.id, None, [("system", each) for each in said], now)
        return True

    def await_taker(self, conn: Connection, conversation_id: str, now: datetime) -> None:
        """From now on somebody must take it in time, or the customer gets the call-back form."""
        timers.set_(conn, conversation_id, UNACCEPTED, now + self.accept)


def name_of(conn: Connection, agent_id: int | None) -> str:
    """An agent's name; empty for nobody and for accounts that are gone."""
    return "" if agent_id is None else agents.get(conn, agent_id).name
