"""What the desk shows of all conversations at once: queue, own work, figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.desk.visibility import Visibility
from bot.messages import Reason
from bot.store import agents, callbacks, desk_figures
from bot.store.agents import Agent
from bot.store.callbacks import Callback
from bot.store.desk_figures import OpenOne, Score

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

#: An agent seen so lately is on line: an open page of the desk asks for news more often.
ONLINE = timedelta(seconds=60)
#: The scores of so long are counted together.
SCORES = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One line of a list.

    Attributes:
        handover_id: the hand-over.
        conversation_id: the conversation.
        channel: name of the customer's channel.
        topic: what it is about in Dutch; empty when unknown.
        reason: why a person is needed.
        urgent: whether it goes first.
        team: id of the team.
        team_name: its name.
        since: since when the customer waits; in a list of taken ones, when it was taken (UTC).
        last_message_at: when either side last said something (UTC).
        unanswered: whether the customer wrote and no person answered since.
        left: whether the customer has no page open any more.
        callback: whether the customer asked to be called back.
        by: name of who has it; empty while it waits.
        question: what the customer wants to know, in the customer's words; may be empty.
    """

    handover_id: int
    conversation_id: str
    channel: str
    topic: str
    reason: Reason
    urgent: bool
    team: str
    team_name: str
    since: datetime
    last_message_at: datetime
    unanswered: bool
    left: bool
    callback: bool
    by: str
    question: str


@dataclass(frozen=True, slots=True)
class Figures:
    """What a supervisor wants to know at a glance.

    Attributes:
        waiting: conversations that wait for a person.
        longest: how long the one that waits longest does, or None.
        underway: conversations that somebody has.
        handled: conversations that people settled today, by the organisation's clock.
        callbacks: requests to be called back that nobody settled yet.
        bot: scores of the assistant in the last `SCORES`.
        human: scores of people in the last `SCORES`.
        online: who is at the desk now.
    """

    waiting: int
    longest: timedelta | None
    underway: int
    handled: int
    callbacks: int
    bot: Score
    human: Score
    online: tuple[Agent, ...]


@dataclass(frozen=True, slots=True)
class Lists:
    """Makes the lists.

    Attributes:
        visibility: who may see what.
    """

    visibility: Visibility

    def queue(self, conn: Connection, agent: Agent) -> tuple[Waiting, ...]:
        """What waits for this person's teams: urgent first, then oldest first."""
        serves = self.visibility.serves
        found = desk_figures.waiting_ones(conn)
        return tuple(self._line(one) for one in found if serves(agent, one.handover))

    def mine(self, conn: Connection, agent: Agent) -> tuple[Waiting, ...]:
        """What this person took: where the customer waits for an answer first."""
        lines = map(self._line, desk_figures.taken_ones(conn, agent.id))
        return tuple(sorted(lines, key=lambda line: not line.unanswered))

    def underway(self, conn: Connection, agent: Agent) -> tuple[Waiting, ...]:
        """What anybody took and this person may read."""
        may_read = self.visibility.may_read
        found = desk_figures.taken_ones(conn)
        return tuple(self._line(one) for one in found if may_read(agent, one.handover))

    def callbacks(self, conn: Connection, agent: Agent) -> tuple[Callback, ...]:
        """Requests to be called back that are this person's work, oldest first."""
        team = self.visibility.organisation.team
        return tuple(
            each
            for each in callbacks.waiting(conn)
            if agent.role == "supervisor" or agent.serves(team(each.team).id)
        )

    def figures(self, conn: Connection, now: datetime) -> Figures:
        """The figures of all teams together."""
        open_ones = desk_figures.open_ones(conn)
        waiting = [one.handover for one in open_ones if one.handover.taken_at is None]
        local = self.visibility.organisation.local(now)
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        return Figures(
            waiting=len(waiting),
            longest=max((now - each.waits_since for each in waiting), default=None),
            underway=len(open_ones) - len(waiting),
            handled=desk_figures.handled(conn, midnight),
            callbacks=len(callbacks.waiting(conn)),
            bot=desk_figures.score(conn, "bot", now - SCORES),
            human=desk_figures.score(conn, "human", now - SCORES),
            online=agents.online(conn, now - ONLINE),
        )

    def _line(self, one: OpenOne) -> Waiting:
        handover, organisation = one.handover, self.visibility.organisation
        team = organisation.team(handover.team)
        heard, said = one.last_inbound_at, one.last_outbound_at
        return Waiting(
            handover_id=handover.id,
            conversation_id=handover.conversation_id,
            channel=one.channel,
            topic=organisation.labels.get(handover.topic, ""),
            reason=handover.reason,
            urgent=handover.urgent,
            team=team.id,
            team_name=team.name,
            since=handover.taken_at or handover.waits_since,
            last_message_at=max((at for at in (heard, said) if at), default=handover.created_at),
            unanswered=heard is not None
            and (handover.last_reply_at is None or heard > handover.last_reply_at),
            left=one.left_at is not None,
            callback=one.callback,
            by=one.by,
            question=str(handover.summary.get("question") or ""),
        )
