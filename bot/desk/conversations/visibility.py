"""Which conversations an agent may see. One rule for every page, event and act of the desk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.catalogue import say
from bot.desk.errors import DeskError, Forbidden, Unknown
from bot.organisation import Organisation
from bot.records.handover_record import Handover
from bot.store.conversation import conversations, customer_links
from bot.store.desk.agents import Agent
from bot.store.handover import handovers

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


@dataclass(frozen=True, slots=True)
class Visibility:
    """The rule by which an agent may see a conversation, or act on it.

    Attributes:
        organisation: whose teams these are.
        teams_private: whether agents of one team cannot read what belongs to another.
    """

    organisation: Organisation
    teams_private: bool = True

    def serves(self, agent: Agent, handover: Handover) -> bool:
        """Whether a hand-over is this person's work: it shows in the queue."""
        return self.serves_team(agent, handover.team)

    def serves_team(self, agent: Agent, team: str) -> bool:
        """Whether a team's conversations are this person's work."""
        # A team that the organisation no longer has would be nobody's: the default team serves it.
        return agent.role == "supervisor" or agent.serves(self.organisation.team(team).id)

    def may_read_team(self, agent: Agent, team: str) -> bool:
        """Whether this person may read all conversations of a team."""
        return not self.teams_private or self.serves_team(agent, team)

    def may_read(self, agent: Agent, handover: Handover) -> bool:
        """Whether this person may read the hand-over's conversation."""
        if self.may_read_team(agent, handover.team):
            return True
        return handover.closed_at is None and handover.agent_id == agent.id

    def may_see(self, conn: Connection, agent: Agent, conversation_id: str) -> bool:
        """Whether this person may read a conversation: its newest hand-over decides.

        A conversation that only the assistant answered is for supervisors; one that does not exist
        is for nobody.
        """
        if agent.role == "supervisor":
            return conversations.exists(conn, conversation_id)
        newest = handovers.newest(conn, conversation_id)
        return newest is not None and self.may_read(agent, newest)

    def group(self, conn: Connection, agent: Agent, conversation_id: str) -> tuple[str, ...]:
        """A conversation and those joined to it that this person may read, each by itself."""
        others = customer_links.group(conn, conversation_id)
        seen = (
            each for each in others if each != conversation_id and self.may_see(conn, agent, each)
        )
        return (conversation_id, *seen)

    def check(self, agent: Agent, handover: Handover) -> None:
        """Checks that this person may act on the hand-over.

        Raises:
            Forbidden: it is another team's.
        """
        if not self.may_read(agent, handover):
            raise Forbidden(say("desk.refused.other_team"))

    def check_sees(self, conn: Connection, agent: Agent, conversation_id: str) -> None:
        """Checks that this person may read a conversation.

        Raises:
            Forbidden: it is not for this person, or there is none: the answer does not tell which.
            Unknown: there is none, for a supervisor.
        """
        if not self.may_see(conn, agent, conversation_id):
            raise self.no_conversation(agent)

    @staticmethod
    def no_conversation(agent: Agent) -> DeskError:
        """The error for a conversation that does not exist, whatever the person tries with it.

        An agent gets the same one as for another team's; a supervisor is told that there is none.
        """
        if agent.role == "supervisor":
            return Unknown(say("desk.refused.gone"))
        return Forbidden(say("desk.refused.not_for_you"))

    def team(self, team_id: str) -> str:
        """The id of a team that exists.

        Raises:
            Unknown: there is no such team.
        """
        if all(team.id != team_id for team in self.organisation.teams):
            raise Unknown(say("desk.refused.no_team"))
        return team_id
