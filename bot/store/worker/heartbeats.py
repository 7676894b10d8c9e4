"""Heartbeats: a row for each worker and delivery process, kept fresh, and whether it is ready.

Others read it: `/readyz` and `loket doctor` whether anybody answers, and a worker whether another
one has its model while its own still loads. Times are the workers' own clocks: those of several
machines must agree to within a few seconds, as leases need too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, Literal

from sqlalchemy import bindparam, delete, or_, select, update

from bot.store.sql.dialect_statements import insert_new
from bot.store.sql.tables import heartbeats

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

#: Seconds between a process's calls of `beat`; beside that, it calls at once when `ready` changes.
EVERY: Final = 2.0
#: How long a beat counts: the length of a lease, after which others take a worker's conversations.
FRESH: Final = timedelta(seconds=10)
#: How long the row of a process that vanished is kept: long enough to see that it is missing.
KEPT: Final = timedelta(days=1)

Role = Literal["worker", "delivery"]


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """A process's last sign of life.

    Attributes:
        worker: its name, at most 128 characters.
        role: the role of the process.
        started_at: when its process began (UTC).
        beat_at: when it last gave a sign (UTC).
        ready: whether it can do its work: a worker has loaded its model.
    """

    worker: str
    role: Role
    started_at: datetime
    beat_at: datetime
    ready: bool


_h = heartbeats.c
_THIS = _h.worker == bindparam("this")
_MOVE = update(heartbeats).where(_THIS)
_REMOVE = delete(heartbeats).where(_THIS)
_PRUNE = delete(heartbeats).where(_h.beat_at < bindparam("before"))
_ALIVE = (
    select(_h.worker, _h.role, _h.started_at, _h.beat_at, _h.ready)
    .where(_h.beat_at >= bindparam("since"))
    .order_by(_h.worker)
)
_READY = (
    select(_h.worker)
    .where(
        _h.beat_at >= bindparam("since"),
        _h.role == bindparam("role"),
        _h.ready.is_(True),
        or_(bindparam("except").is_(None), _h.worker != bindparam("except")),
    )
    .limit(1)
)


def beat(conn: Connection, sign: Heartbeat) -> None:
    """Note a process's sign of life. Its first one removes rows of those that vanished long ago.

    Args:
        conn: a write transaction.
        sign: the process and the moment.
    """
    values = {
        "role": sign.role,
        "started_at": sign.started_at,
        "beat_at": sign.beat_at,
        "ready": sign.ready,
    }
    if conn.execute(_MOVE, {"this": sign.worker, **values}).rowcount:
        return
    conn.execute(_PRUNE, {"before": sign.beat_at - KEPT})
    if insert_new(conn, heartbeats, {"worker": sign.worker, **values}) is None:
        conn.execute(_MOVE, {"this": sign.worker, **values})  # it is there after all


def stopped(conn: Connection, worker: str) -> None:
    """Remove the row of a process that ended as it should: nobody need miss it."""
    conn.execute(_REMOVE, {"this": worker})


def alive(conn: Connection, since: datetime) -> tuple[Heartbeat, ...]:
    """The processes that gave a sign at or after `since` (UTC), by name."""
    return tuple(Heartbeat(*row) for row in conn.execute(_ALIVE, {"since": since}))


def any_ready(
    conn: Connection, since: datetime, other_than: str | None = None, role: Role = "worker"
) -> bool:
    """Whether a process that can do its work gave a sign at or after `since`.

    Args:
        conn: any transaction.
        since: how old a sign may be (UTC).
        other_than: a process that does not count, if any.
        role: what it does.
    """
    where = {"since": since, "except": other_than, "role": role}
    return conn.execute(_READY, where).first() is not None
