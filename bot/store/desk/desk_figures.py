"""The desk's figures: waits, settled conversations and scores, each found by time in an index."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from bot.messages import Subject
from bot.store.sql.tables import handovers as handovers_table
from bot.store.sql.tables import ratings

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


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


_h, _r = handovers_table.c, ratings.c


def recent_waits(
    conn: Connection, team: str, since: datetime, opened: datetime, limit: int = 20
) -> tuple[timedelta, ...]:
    """How long a team's last customers waited until somebody took them, newest first.

    Args:
        conn: a transaction.
        team: id of the team.
        since: only those taken since then: last week's quiet morning says nothing about today.
        opened: when the team came to work today: a customer who wrote at night waited from then.
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
