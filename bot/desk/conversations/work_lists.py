"""Lists and figures of all conversations for the desk: the queue, an agent's own work, counts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from bot.desk.conversations.visibility import Visibility
from bot.messages import Reason
from bot.records.handover_record import Handover
from bot.store.desk import agents, desk_figures, desk_lists, joined_cases, mentions
from bot.store.desk.agents import Agent
from bot.store.desk.desk_figures import Score
from bot.store.desk.desk_lists import InHandCount, OpenOne, QueueCount
from bot.store.desk.joined_cases import DoubleCase
from bot.store.desk.last_messages import LastMessage
from bot.store.handover import callbacks
from bot.store.handover.callbacks import Callback

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_T = TypeVar("_T")

#: Most lines of one list on a page: nobody reads more, and every open page fetches them often.
MOST: Final = 100
#: An agent seen within this time is on line: an open page of the desk asks for news more often.
ONLINE = timedelta(seconds=60)
#: The scores of this last stretch of time are counted together.
SCORES = timedelta(days=30)
#: For so long a call-back that was settled can be undone; short lists have so many at most.
LATELY, FEW = timedelta(hours=8), 5


@dataclass(frozen=True, slots=True)
class WorkItem:
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
        unanswered: whether the customer wrote, can read an answer, and no person answered since.
        left: whether the customer has no page open any more.
        wiped: whether the customer wiped the conversation, and reads no answer any more.
        callback: whether the customer asked to be called back.
        by: name of the agent who has it; empty while it waits.
        question: what the customer wants to know, in the customer's words; may be empty.
        address: the customer's address within the channel.
        name: the name that the customer gave, or empty.
        number: the number of an order, say, that the customer gave first, or empty.
        last: what was said last, or None.
        reminded: whether the agent who has it was reminded that the customer waits.
        asleep_until: until when its agent set it aside (UTC), or None.
        woken: whether it was set aside, came back, and the customer was not answered since.
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
    wiped: bool
    callback: bool
    by: str
    question: str
    address: str
    name: str
    number: str
    last: LastMessage | None
    reminded: bool
    asleep_until: datetime | None = None
    woken: bool = False


@dataclass(frozen=True, slots=True)
class Cut(Generic[_T]):
    """The beginning of a list, and how long the whole list is.

    Attributes:
        shown: its first lines.
        total: how many there are in all.
    """

    shown: tuple[_T, ...]
    total: int


@dataclass(frozen=True, slots=True)
class WorkLists:
    """The lists that the desk shows to one person.

    Attributes:
        waiting: what waits for this person's teams: urgent first, then who is there before who
            has left, then oldest first.
        mine: what this person took: where the customer waits for an answer first.
        others: what anybody else took and this person may read.
        callbacks: requests to be called back that are this person's work, in the order in which
            they are due.
        mentioned: where a colleague asked this person to look, who did not yet.
        called: those that this person settled lately, which can be undone.
        asleep: what this person set aside, in the order in which it comes back.
    """

    waiting: Cut[WorkItem]
    mine: Cut[WorkItem]
    others: Cut[WorkItem]
    callbacks: Cut[Callback]
    mentioned: tuple[WorkItem, ...] = ()
    called: tuple[Callback, ...] = ()
    asleep: tuple[WorkItem, ...] = ()


@dataclass(frozen=True, slots=True)
class TeamLoad:
    """How much work a team has.

    Attributes:
        waiting: conversations that wait for it.
        underway: conversations that somebody of it has.
        since: since when the one that waits longest does (UTC), or None.
    """

    waiting: int = 0
    underway: int = 0
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures that a supervisor sees at a glance.

    Attributes:
        waiting: conversations that wait for a person.
        longest: how long the one that waits longest does, or None.
        underway: conversations that somebody has.
        handled: conversations that people settled today, by the organisation's clock.
        callbacks: requests to be called back that nobody settled yet.
        bot: scores of the assistant in the last `SCORES`.
        human: scores of people in the last `SCORES`.
        online: the agents who are at the desk now.
        teams: the work of each team that has any, by its id.
        busy: how many conversations somebody has, by the agent's id.
    """

    waiting: int
    longest: timedelta | None
    underway: int
    handled: int
    callbacks: int
    bot: Score
    human: Score
    online: tuple[Agent, ...]
    teams: Mapping[str, TeamLoad] = field(default_factory=dict)
    busy: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WorkListReader:
    """Reads the desk's lists and figures from the store.

    Attributes:
        visibility: the rule by which an agent may see a conversation.
    """

    visibility: Visibility

    def work(self, conn: Connection, agent: Agent, now: datetime | None = None) -> WorkLists:
        """All lists of a person; of each the first `MOST` and how many there are.

        Args:
            conn: a transaction.
            agent: the person.
            now: the present; without it nothing is told of what was settled lately.
        """
        doubles = joined_cases.doubles(conn)
        hands = desk_lists.hands(conn, doubles)
        own = sum(each.count for each in hands if each.agent_id == agent.id)
        asleep = tuple(map(self._line, desk_lists.asleep(conn, agent.id, MOST, doubles)))
        mine = desk_lists.mine(conn, agent.id, MOST, doubles)
        return WorkLists(
            waiting=self._queue(conn, agent, doubles),
            mine=Cut(tuple(map(self._line, mine)), own - len(asleep)),
            others=self._others(conn, agent, hands, doubles),
            callbacks=self._callbacks(conn, agent),
            mentioned=self._mentioned(conn, agent),
            called=callbacks.done_by(conn, agent.id, now - LATELY, FEW) if now else (),
            asleep=asleep,
        )

    def figures(self, conn: Connection, now: datetime) -> Figures:
        """The figures of all teams together, and of each."""
        doubles = joined_cases.doubles(conn)
        lines = desk_lists.lines(conn, desk_lists.set_aside(conn, doubles))
        hands = desk_lists.hands(conn, doubles)
        since = min((line.since for line in lines), default=None)
        local = self.visibility.organisation.local(now)
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        busy = Counter[int]()
        for each in hands:
            if each.agent_id is not None:
                busy[each.agent_id] += each.count
        return Figures(
            waiting=sum(line.count for line in lines),
            longest=None if since is None else now - since,
            underway=sum(each.count for each in hands),
            handled=desk_figures.handled(conn, midnight),
            callbacks=sum(line.count for line in callbacks.waiting_by_team(conn)),
            bot=desk_figures.score(conn, "bot", now - SCORES),
            human=desk_figures.score(conn, "human", now - SCORES),
            online=agents.online(conn, now - ONLINE),
            teams=self._of_teams(lines, hands),
            busy=dict(busy),
        )

    def _of_teams(
        self, lines: Iterable[QueueCount], hands: Iterable[InHandCount]
    ) -> Mapping[str, TeamLoad]:
        team = self.visibility.organisation.team
        found: defaultdict[str, TeamLoad] = defaultdict(TeamLoad)
        for line in lines:
            before = found[team(line.team).id]
            found[team(line.team).id] = replace(
                before,
                waiting=before.waiting + line.count,
                since=min(line.since, before.since or line.since),
            )
        for each in hands:
            before = found[team(each.team).id]
            found[team(each.team).id] = replace(before, underway=before.underway + each.count)
        return dict(found)

    def _queue(
        self, conn: Connection, agent: Agent, doubles: Iterable[DoubleCase]
    ) -> Cut[WorkItem]:
        serves, aside = self.visibility.serves_team, desk_lists.set_aside(conn, doubles)
        lines = [line for line in desk_lists.lines(conn, aside) if serves(agent, line.team)]
        found = desk_lists.waiting(conn, [line.team for line in lines], MOST, aside)
        return Cut(tuple(map(self._line, found)), sum(line.count for line in lines))

    def _others(
        self,
        conn: Connection,
        agent: Agent,
        hands: Iterable[InHandCount],
        doubles: Iterable[DoubleCase],
    ) -> Cut[WorkItem]:
        may_read = self.visibility.may_read_team
        theirs = [
            each for each in hands if each.agent_id != agent.id and may_read(agent, each.team)
        ]
        teams = {each.team for each in theirs}
        found = desk_lists.others(conn, teams, agent.id, MOST, doubles)
        return Cut(tuple(map(self._line, found)), sum(each.count for each in theirs))

    def _mentioned(self, conn: Connection, agent: Agent) -> tuple[WorkItem, ...]:
        asked = desk_lists.of_conversations(conn, mentions.unseen(conn, agent.id, FEW))
        may = (each for each in asked if self.visibility.may_read(agent, each.handover))
        return tuple(map(self._line, may))

    def _callbacks(self, conn: Connection, agent: Agent) -> Cut[Callback]:
        serves = self.visibility.serves_team
        lines = [line for line in callbacks.waiting_by_team(conn) if serves(agent, line.team)]
        found = callbacks.waiting(conn, [line.team for line in lines], MOST)
        return Cut(found, sum(line.count for line in lines))

    def _line(self, one: OpenOne) -> WorkItem:
        handover, organisation = one.handover, self.visibility.organisation
        team = organisation.team(handover.team)
        heard, said = one.last_inbound_at, one.last_outbound_at
        return WorkItem(
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
            and one.wiped_at is None
            and (handover.last_reply_at is None or heard > handover.last_reply_at),
            left=one.left_at is not None,
            wiped=one.wiped_at is not None,
            callback=one.callback,
            by=one.by,
            question=str(handover.summary.get("question") or ""),
            address=one.address,
            name=one.name,
            number=number(handover),
            last=one.last,
            reminded=stands_reminded(handover),
            asleep_until=handover.asleep_until(heard),
            woken=handover.woken(heard),
        )


def number(handover: Handover) -> str:
    """The first number that the customer proved, else that was only asked about, or empty."""
    known = (*(handover.summary.get("proved") or ()), *(handover.summary.get("unproved") or ()))
    return str(known[0]) if known else ""


def stands_reminded(handover: Handover) -> bool:
    """Whether a reminder of the agent stands: nothing was said to the customer since."""
    at, taken, said = handover.reminded_at, handover.taken_at, handover.last_reply_at
    return at is not None and taken is not None and at >= taken and (said is None or at > said)
