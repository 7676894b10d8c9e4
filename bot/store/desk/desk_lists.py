"""The desk's lists: the beginning of each, and how many there are in all.

A team's line and what somebody has in hand are read in order from an index of open hand-overs, so
what a list costs does not depend on how many wait. Counting them reads that index, no rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, bindparam, case, func, or_, select

from bot.records.handover_record import Handover
from bot.store.desk import last_messages
from bot.store.desk.joined_cases import DoubleCase
from bot.store.desk.last_messages import LastMessage
from bot.store.handover import handovers, snoozes
from bot.store.handover.callbacks import WROTE_SINCE
from bot.store.sql.tables import agents, callbacks, conversations
from bot.store.sql.tables import handovers as handovers_table

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection, Row
    from sqlalchemy.sql import Select


@dataclass(frozen=True, slots=True)
class OpenOne:
    """An open hand-over with what the desk shows of its conversation.

    Attributes:
        handover: the hand-over.
        channel: name of the customer's channel.
        address: the customer's address within it.
        last_inbound_at: when the customer last wrote (UTC), or None.
        last_outbound_at: when the customer was last written to (UTC), or None.
        left_at: since when the customer has no page open (UTC), or None.
        wiped_at: when the customer wiped the conversation (UTC), or None.
        by: name of the agent who has it, or empty.
        callback: whether the customer left a request to be called back.
        last: what was said last, or None.
        name: the name that the customer gave, or empty.
    """

    handover: Handover
    channel: str
    address: str
    last_inbound_at: datetime | None
    last_outbound_at: datetime | None
    left_at: datetime | None
    wiped_at: datetime | None
    by: str
    callback: bool
    last: LastMessage | None
    name: str


@dataclass(frozen=True, slots=True)
class QueueCount:
    """How many conversations wait for a team.

    Attributes:
        team: id of the team, as the hand-overs have it.
        count: how many, at least one.
        since: since when the one that waits longest does (UTC).
    """

    team: str
    count: int
    since: datetime


@dataclass(frozen=True, slots=True)
class InHandCount:
    """How many of a team's conversations one agent has.

    Attributes:
        team: id of the team, as the hand-overs have it.
        agent_id: the agent who has them; None for an account that is gone.
        count: how many, at least one.
    """

    team: str
    agent_id: int | None
    count: int


_h, _c = handovers_table.c, conversations.c
WAITING: Final = (_h.closed_at.is_(None), _h.taken_at.is_(None))
# Customers who are to be called, and did not write since, stand among the requests. There are few:
# leaving them out by their numbers leaves the index of who waits to be read alone.
_TO_CALL = (
    select(_h.id, _h.team)
    .join(callbacks, callbacks.c.conversation_id == _h.conversation_id)
    .join(conversations, _c.id == _h.conversation_id)
    .where(*WAITING, ~_h.urgent, callbacks.c.done_at.is_(None), ~WROTE_SINCE)
)
#: What stands in the queue; takes the parameter `aside`, which `set_aside` gives.
IN_QUEUE: Final = (*WAITING, _h.id.not_in(bindparam("aside", expanding=True)))
TAKEN: Final = (_h.closed_at.is_(None), _h.taken_at.isnot(None))
_UNANSWERED = and_(
    _c.last_inbound_at.isnot(None),
    _c.wiped_at.is_(None),
    or_(_h.last_reply_at.is_(None), _c.last_inbound_at > _h.last_reply_at),
)
_OPEN = (
    select(
        *handovers.COLUMNS,
        _c.channel,
        _c.address,
        _c.last_inbound_at,
        _c.last_outbound_at,
        _c.left_at,
        _c.wiped_at,
        func.coalesce(agents.c.name, ""),
    )
    .select_from(handovers_table.join(conversations).outerjoin(agents, agents.c.id == _h.agent_id))
    .limit(bindparam("limit"))
)
_LIVE = _c.left_at.is_(None)
_OF_TEAM = _h.team == bindparam("team")
_IN_LINE = _OPEN.where(*WAITING, _OF_TEAM).order_by(*handovers.ORDER)
_IN_LINE_LIVE = _IN_LINE.where(_LIVE)
_OTHERS = _OPEN.where(
    *TAKEN, _OF_TEAM, or_(_h.agent_id.is_(None), _h.agent_id != bindparam("agent"))
).order_by(*handovers.ORDER)
_OWN = _OPEN.where(*TAKEN, _h.agent_id == bindparam("agent"))
_ASLEEP = _OWN.where(snoozes.IS_ASLEEP).order_by(_h.snoozed_until, _h.id)
_MINE = _OWN.where(~snoozes.IS_ASLEEP).order_by(
    case((_UNANSWERED, 0), else_=1), case((_LIVE, 0), else_=1), *handovers.ORDER
)
_THESE = _OPEN.where(_h.id.in_(bindparam("ids", expanding=True))).order_by(_h.id)
_ASKED_BACK = select(callbacks.c.conversation_id).where(
    callbacks.c.conversation_id.in_(bindparam("ids", expanding=True)),
    callbacks.c.done_at.is_(None),
)
_LINES = (
    select(_h.team, func.count(), func.min(func.coalesce(_h.queued_at, _h.created_at)))
    .where(*IN_QUEUE)
    .group_by(_h.team)
)
_HANDS = select(_h.team, _h.agent_id, func.count()).where(*TAKEN).group_by(_h.team, _h.agent_id)


def set_aside(conn: Connection, doubles: Iterable[DoubleCase]) -> Mapping[int, str]:
    """The hand-overs that wait, but not in the queue, with their teams.

    Their customers are to be called, or wait with another conversation that theirs is joined to.

    Args:
        conn: a transaction.
        doubles: as `joined_cases.doubles` gives them.
    """
    called = {row.id: row.team for row in conn.execute(_TO_CALL)}
    return called | {each.id: each.team for each in doubles if not each.is_taken}


def lines(conn: Connection, aside: Iterable[int]) -> tuple[QueueCount, ...]:
    """How many conversations wait, by team; teams for which none waits are left out.

    Args:
        conn: a transaction.
        aside: the hand-overs that `set_aside` gives.
    """
    return tuple(QueueCount(*row) for row in conn.execute(_LINES, {"aside": list(aside)}))


def hands(conn: Connection, doubles: Iterable[DoubleCase]) -> tuple[InHandCount, ...]:
    """How many conversations agents have in hand, by team and agent; of joined ones one counts.

    Args:
        conn: a transaction.
        doubles: as `joined_cases.doubles` gives them.
    """
    twice = Counter((each.team, each.agent_id) for each in doubles if each.is_taken)
    counted = (
        InHandCount(team, agent_id, count - twice[team, agent_id])
        for team, agent_id, count in conn.execute(_HANDS)
    )
    return tuple(each for each in counted if each.count)


def waiting(
    conn: Connection, teams: Collection[str], limit: int, aside: Mapping[int, str]
) -> tuple[OpenOne, ...]:
    """The first conversations that nobody took yet, urgent ones first.

    Then come those of customers who are there, then of those who have left; the oldest first.

    Args:
        conn: a transaction.
        teams: only those for these teams.
        limit: at most so many.
        aside: as `set_aside` gives them.
    """
    # Left out here: with a condition more SQLite would sort the line rather than go by its index.
    more = Counter(aside.values())
    live = _of_teams(conn, _IN_LINE_LIVE, teams, limit, more)
    # Among the first of all are as many who have left as there is room for behind those.
    line = _of_teams(conn, _IN_LINE, teams, limit, more)
    found = {row.id: row for row in (*live, *line) if row.id not in aside}.values()
    rows = sorted(
        found, key=lambda row: (not row.urgent, row.left_at is not None, row.created_at, row.id)
    )
    return _open_ones(conn, rows[:limit])


def others(
    conn: Connection,
    teams: Collection[str],
    agent_id: int,
    limit: int,
    doubles: Iterable[DoubleCase],
) -> tuple[OpenOne, ...]:
    """The first conversations that other agents have, in the same order as `waiting`.

    Args:
        conn: a transaction.
        teams: only those of these teams.
        agent_id: the person.
        limit: at most so many.
        doubles: as `joined_cases.doubles` gives them.
    """
    twice = {each.id: each.team for each in doubles if each.is_taken}
    more = Counter(twice.values())
    rows = _of_teams(conn, _OTHERS, teams, limit, more, agent=agent_id)
    return _open_ones(conn, [row for row in rows if row.id not in twice][:limit])


def mine(
    conn: Connection, agent_id: int, limit: int, doubles: Iterable[DoubleCase]
) -> tuple[OpenOne, ...]:
    """The first conversations that this agent has: those with a waiting customer come first.

    Those that are set aside are left out.

    Args:
        conn: a transaction.
        agent_id: the agent.
        limit: at most so many.
        doubles: as `joined_cases.doubles` gives them.
    """
    return _own(conn, _MINE, agent_id, limit, doubles)


def asleep(
    conn: Connection, agent_id: int, limit: int, doubles: Iterable[DoubleCase]
) -> tuple[OpenOne, ...]:
    """The first conversations that this agent set aside, in the order in which they come back.

    The arguments are those of `mine`.
    """
    return _own(conn, _ASLEEP, agent_id, limit, doubles)


def _own(
    conn: Connection, query: Select, agent_id: int, limit: int, doubles: Iterable[DoubleCase]
) -> tuple[OpenOne, ...]:
    twice = {each.id for each in doubles if each.agent_id == agent_id}
    rows = conn.execute(query, {"agent": agent_id, "limit": limit + len(twice)})
    return _open_ones(conn, [row for row in rows if row.id not in twice][:limit])


def of_conversations(conn: Connection, ids: Collection[str]) -> tuple[OpenOne, ...]:
    """The newest hand-over of each of a few conversations, open or closed; oldest first."""
    newest = (handovers.newest(conn, each) for each in ids)
    numbers = [each.id for each in newest if each is not None]
    if not numbers:
        return ()
    rows = conn.execute(_THESE, {"ids": numbers, "limit": len(numbers)}).all()
    return _open_ones(conn, rows)


def _of_teams(
    conn: Connection,
    query: Select,
    teams: Collection[str],
    limit: int,
    more: Mapping[str, int] | None = None,
    **where: Any,
) -> list[Row]:
    # Team by team, each in the order of the index: one query for all would have to sort them.
    # `more` says by team how many rows besides are read, which are left out afterwards.
    besides = more or {}
    rows = [
        row
        for team in sorted(teams)
        for row in conn.execute(
            query, {"team": team, "limit": limit + besides.get(team, 0), **where}
        )
    ]
    rows.sort(key=lambda row: (not row.urgent, row.created_at, row.id))
    return rows[: limit + sum(besides.values())]


def _open_ones(conn: Connection, rows: Iterable[Row]) -> tuple[OpenOne, ...]:
    found = list(rows)
    ids = [row.conversation_id for row in found]
    asked = set(conn.execute(_ASKED_BACK, {"ids": ids}).scalars()) if ids else set()
    last, names = last_messages.of(conn, ids), last_messages.names(conn, ids)
    return tuple(
        _open_one(
            row,
            callback=row.conversation_id in asked,
            last=last.get(row.conversation_id),
            name=names.get(row.conversation_id, ""),
        )
        for row in found
    )


def _open_one(row: Row, *, callback: bool, last: LastMessage | None, name: str) -> OpenOne:
    channel, address, heard, said, left, wiped, by = row[len(handovers.COLUMNS) :]
    handover = handovers.from_row(row)
    where = (handover, channel, address)
    return OpenOne(*where, heard, said, left, wiped, by, callback, last, name)
