"""Hand-overs to a person: their reason, topic, summary, team and agent.

A conversation has one open hand-over at most; closed ones stay, for whoever helps this customer
later.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, func, select, tuple_, update

from bot.messages import Reason
from bot.records.handover_record import Handover, Outcome, Resolution, Told
from bot.store.handover import audit_log
from bot.store.sql.dialect_statements import NO_ROW, backwards, insert_new
from bot.store.sql.tables import drafts, handovers

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection, Row
    from sqlalchemy.sql import Select

_h = handovers.c
#: The columns of `Handover`, in its order.
COLUMNS = (
    _h.id,
    _h.conversation_id,
    _h.reason,
    _h.topic,
    _h.summary,
    _h.created_at,
    _h.closed_at,
    _h.outcome,
    _h.team,
    _h.urgent,
    _h.queued_at,
    _h.agent_id,
    _h.taken_at,
    _h.first_reply_at,
    _h.last_reply_at,
    _h.form,
    _h.settled,
    _h.reminded_at,
    _h.resolution,
    _h.snoozed_at,
    _h.snoozed_until,
    _h.woken_at,
    _h.told,
)
#: First come, first served; but what is urgent goes first.
ORDER: tuple[Any, ...] = (_h.urgent.desc(), _h.created_at, _h.id)


_NEWEST = backwards(select(*COLUMNS), _h.conversation_id, _h.id)
_ENDED = backwards(select(*COLUMNS), _h.conversation_id, _h.id).where(_h.closed_at.isnot(None))
_SETTLED = backwards(select(_h.closed_at), _h.conversation_id, _h.id).where(
    _h.outcome.in_(("closed", "joined"))
)
_LAST: Mapping[str, int] = {"before": NO_ROW, "limit": 1}
# In the order of the index of waiting hand-overs, so that counting goes by that index.
_IN_LINE = (
    select(_h.id)
    .where(_h.closed_at.is_(None), _h.taken_at.is_(None), _h.team == bindparam("team"))
    .order_by(_h.created_at, _h.id)
)
_BEFORE = tuple_(_h.created_at, _h.id) < tuple_(
    bindparam("created", type_=_h.created_at.type), bindparam("this")
)
_URGENT = _IN_LINE.where(_h.urgent)
_URGENT_BEFORE = _URGENT.where(_BEFORE)
_OTHERS_BEFORE = _IN_LINE.where(~_h.urgent, _BEFORE)


def from_row(row: Row) -> Handover:
    """The hand-over of a row that begins with `COLUMNS`."""
    return Handover(*row[: len(COLUMNS)])


def _open_ones() -> Select:
    return select(*COLUMNS).where(_h.closed_at.is_(None))


def open_(
    conn: Connection,
    conversation_id: str,
    reason: Reason,
    topic: str,
    summary: Mapping[str, Any],
    now: datetime,
    *,
    team: str = "",
    urgent: bool = False,
) -> Handover:
    """Put a conversation in the queue for a person.

    Args:
        conn: a write transaction.
        conversation_id: the conversation.
        reason: why.
        topic: what it is about, or empty.
        summary: what the person must know; JSON values.
        now: the present.
        team: id of the team it is for.
        urgent: whether it goes before all that are not.

    Returns:
        The open hand-over; when one was open already, that one, unchanged.
    """
    values = {
        "conversation_id": conversation_id,
        "reason": reason,
        "topic": topic,
        "summary": dict(summary),
        "created_at": now,
        "team": team,
        "urgent": urgent,
        "queued_at": now,
    }
    is_new = insert_new(conn, handovers, values) is not None
    handover = from_row(
        conn.execute(_open_ones().where(_h.conversation_id == conversation_id)).one()
    )
    if is_new:
        audit_log.add(conn, handover, None, "queued", now, handover.team)
    return handover


def close(
    conn: Connection,
    conversation_id: str,
    outcome: Outcome,
    now: datetime,
    *,
    agent_id: int | None = None,
    settled: str | None = None,
    resolution: Resolution | None = None,
    told: Told | None = None,
) -> bool:
    """Close the open hand-over; returns False when there is none.

    What agents typed for it goes: the next case of this conversation is another one.

    Args:
        conn: a write transaction.
        conversation_id: the conversation.
        outcome: how it ended.
        now: the present.
        agent_id: the agent who ended it; None for the customer.
        settled: what was agreed, if anything.
        resolution: what came of it, if the agent said so.
        told: what the customer is told, where a person ends it; the audit log says when nothing.
    """
    handover = find_open(conn, conversation_id)
    if handover is None:
        return False
    result = conn.execute(
        update(handovers)
        .where(_h.id == handover.id, _h.closed_at.is_(None))
        .values(
            closed_at=now,
            outcome=outcome,
            settled=settled,
            resolution=resolution,
            told=told,
            form=None,
        )
    )
    if result.rowcount:
        conn.execute(delete(drafts).where(drafts.c.conversation_id == conversation_id))
        audit_log.add(
            conn, handover, agent_id, outcome, now, audit_log.UNTOLD if told == "nothing" else ""
        )
    return bool(result.rowcount)


def get(conn: Connection, handover_id: int) -> Handover:
    """The hand-over with this id.

    Raises:
        LookupError: there is none.
    """
    row = conn.execute(select(*COLUMNS).where(_h.id == handover_id)).first()
    if row is None:
        raise LookupError(f"there is no hand-over {handover_id}")
    return from_row(row)


def find_open(conn: Connection, conversation_id: str) -> Handover | None:
    """The open hand-over of a conversation, waiting or taken, or None."""
    row = conn.execute(_open_ones().where(_h.conversation_id == conversation_id)).first()
    return None if row is None else from_row(row)


def newest(conn: Connection, conversation_id: str) -> Handover | None:
    """The newest hand-over of a conversation, open or closed, or None."""
    row = conn.execute(_NEWEST, {**_LAST, "conversation": conversation_id}).first()
    return None if row is None else from_row(row)


def ended(conn: Connection, conversation_id: str, limit: int) -> tuple[Handover, ...]:
    """The hand-overs of a conversation that are over, the newest first, at most so many."""
    where = {"conversation": conversation_id, "before": NO_ROW, "limit": limit}
    return tuple(map(from_row, conn.execute(_ENDED, where)))


def settled_at(conn: Connection, conversation_id: str) -> datetime | None:
    """The time when a person last settled a conversation (UTC), or None: nobody ever did."""
    where = {**_LAST, "conversation": conversation_id}
    moment: datetime | None = conn.execute(_SETTLED, where).scalar()
    return moment


def history(conn: Connection, conversation_id: str) -> tuple[Handover, ...]:
    """All hand-overs a conversation ever had, oldest first."""
    rows = conn.execute(
        select(*COLUMNS).where(_h.conversation_id == conversation_id).order_by(_h.id)
    )
    return tuple(map(from_row, rows))


def waiting(conn: Connection, team: str | None = None) -> tuple[Handover, ...]:
    """Hand-overs that nobody took yet, urgent ones first, then longest waiting first.

    Args:
        conn: a transaction.
        team: only those for this team; None for all.
    """
    query = _open_ones().where(_h.taken_at.is_(None)).order_by(*ORDER)
    if team is not None:
        query = query.where(_h.team == team)
    return tuple(map(from_row, conn.execute(query)))


def place(conn: Connection, handover: Handover, most: int) -> int:
    """A hand-over's place in its team's queue: 1 is next, also for one that does not wait.

    Every customer who waits is told, again and again: counting all who wait each time would cost
    the square of their number, when it is busiest.

    Args:
        conn: a transaction.
        handover: the hand-over.
        most: where counting ends: this place stands for itself and all after it.
    """
    where = {"team": handover.team, "created": handover.created_at, "this": handover.id}
    urgent = _count(conn, _URGENT_BEFORE if handover.urgent else _URGENT, where, most - 1)
    if handover.urgent or urgent == most - 1:
        return urgent + 1
    return urgent + _count(conn, _OTHERS_BEFORE, where, most - 1 - urgent) + 1


def _count(conn: Connection, query: Select, where: Mapping[str, Any], most: int) -> int:
    ahead = query.limit(most).subquery()
    return int(conn.execute(select(func.count()).select_from(ahead), where).scalar_one())


def set_form(conn: Connection, handover_id: int, form: Mapping[str, Any] | None) -> None:
    """Keep how far the call-back form got; None: it is not being filled in."""
    kept = None if form is None else dict(form)
    conn.execute(update(handovers).where(_h.id == handover_id).values(form=kept))


def set_summary(conn: Connection, handover_id: int, summary: Mapping[str, Any]) -> None:
    """Replace the summary: a customer who waits goes on telling."""
    conn.execute(update(handovers).where(_h.id == handover_id).values(summary=dict(summary)))


def set_topic(conn: Connection, handover_id: int, topic: str, team: str, *, urgent: bool) -> None:
    """Note the topic that it turns out to have, and so the team; it keeps its place."""
    conn.execute(
        update(handovers).where(_h.id == handover_id).values(topic=topic, team=team, urgent=urgent)
    )


def mark_dangerous(conn: Connection, conversation_id: str) -> None:
    """Have an open hand-over go first, as one about danger; nothing happens where there is none."""
    conn.execute(
        update(handovers)
        .where(_h.conversation_id == conversation_id, _h.closed_at.is_(None))
        .values(reason="danger", urgent=True)
    )
