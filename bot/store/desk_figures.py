"""What the desk looks like now: lists and figures, without reading all that ever was.

Open hand-overs are found by the index of open ones, closed ones and scores by their time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from bot.messages import Subject
from bot.store import handovers
from bot.store.handovers import Handover
from bot.store.tables import agents, callbacks, conversations, ratings
from bot.store.tables import handovers as handovers_table

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection, Row


@dataclass(frozen=True, slots=True)
class OpenOne:
    """An open hand-over with what the desk shows of its conversation.

    Attributes:
        handover: the hand-over.
        channel: name of the customer's channel.
        last_inbound_at: when the customer last wrote (UTC), or None.
        last_outbound_at: when the customer was last written to (UTC), or None.
        left_at: since when the customer has no page open (UTC), or None.
        by: name of who has it, or empty.
        callback: whether the customer left a request to be called back.
    """

    handover: Handover
    channel: str
    last_inbound_at: datetime | None
    last_outbound_at: datetime | None
    left_at: datetime | None
    by: str
    callback: bool


@dataclass(frozen=True, slots=True)
class Score:
    """Scores that customers gave.

    Attributes:
        count: how many.
        mean: from 1 to 5, or None without any.
        last: the newest one, or None.
    """

    count: int
    mean: float | None
    last: int | None


_h, _c, _r = handovers_table.c, conversations.c, ratings.c
_ASKED_BACK = (
    select(callbacks.c.id)
    .where(callbacks.c.conversation_id == _h.conversation_id, callbacks.c.done_at.is_(None))
    .exists()
)
_OPEN = (
    select(
        *handovers.COLUMNS,
        _c.channel,
        _c.last_inbound_at,
        _c.last_outbound_at,
        _c.left_at,
        func.coalesce(agents.c.name, ""),
        _ASKED_BACK,
    )
    .select_from(handovers_table.join(conversations).outerjoin(agents, agents.c.id == _h.agent_id))
    .where(_h.closed_at.is_(None))
    .order_by(*handovers.ORDER)
)


def open_ones(conn: Connection) -> tuple[OpenOne, ...]:
    """All open hand-overs, waiting and taken: urgent ones first, then oldest first."""
    return tuple(map(_open_one, conn.execute(_OPEN)))


def waiting_ones(conn: Connection) -> tuple[OpenOne, ...]:
    """Those of `open_ones` that nobody took yet."""
    return tuple(map(_open_one, conn.execute(_OPEN.where(_h.taken_at.is_(None)))))


def taken_ones(conn: Connection, agent_id: int | None = None) -> tuple[OpenOne, ...]:
    """Those of `open_ones` that somebody has; with `agent_id`, that this person has."""
    query = _OPEN.where(_h.taken_at.isnot(None))
    if agent_id is not None:
        query = query.where(_h.agent_id == agent_id)
    return tuple(map(_open_one, conn.execute(query)))


def _open_one(row: Row) -> OpenOne:
    channel, heard, said, left, by, callback = row[len(handovers.COLUMNS) :]
    return OpenOne(handovers.from_row(row), channel, heard, said, left, by, bool(callback))


def recent_waits(
    conn: Connection, team: str, since: datetime, opened: datetime, limit: int = 20
) -> tuple[timedelta, ...]:
    """How long a team's last customers waited until somebody took them, newest first.

    Args:
        conn: a transaction.
        team: id of the team.
        since: only those taken since then: last week's quiet morning says nothing about today.
        opened: when the team came to work today: who wrote at night waited from then.
        limit: at most so many.
    """
    rows = conn.execute(
        select(_h.taken_at, _h.queued_at)
        .where(_h.team == team, _h.taken_at >= since, _h.queued_at.isnot(None))
        .order_by(_h.taken_at.desc())
        .limit(limit)
    )
    waits = (taken - max(queued, min(opened, taken)) for taken, queued in rows)
    return tuple(waits)


def handled(conn: Connection, since: datetime) -> int:
    """How many conversations people settled since a moment."""
    found = conn.execute(
        select(func.count())
        .select_from(handovers_table)
        .where(_h.closed_at >= since, _h.outcome.in_(("closed", "to_bot")))
    ).scalar()
    return int(found or 0)


def score(conn: Connection, of: Subject, since: datetime) -> Score:
    """The scores that were given to somebody since a moment."""
    this = (_r.of == of, _r.given_at >= since)
    count, mean = conn.execute(select(func.count(), func.avg(_r.score)).where(*this)).one()
    last = conn.execute(
        select(_r.score).where(*this).order_by(_r.given_at.desc(), _r.id.desc()).limit(1)
    ).scalar()
    return Score(count, None if mean is None else float(mean), last)
