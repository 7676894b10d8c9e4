"""Agents' moves with an open hand-over: take it, give it back, pass it on, answer.

Lock the conversation first (`conversations.get(..., lock=True)`): its owner changes along. Each
move but the answer leaves an act on record.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import and_, func, literal, or_, select, update

from bot.records.handover_record import Handover
from bot.store.handover import audit_log, snoozes
from bot.store.handover.handovers import COLUMNS, from_row
from bot.store.handover.snoozes import AWAKE
from bot.store.sql.tables import agents, conversations, desk_links, handovers

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_h = handovers.c


def take(conn: Connection, handover: Handover, agent_id: int, now: datetime) -> bool:
    """Give a hand-over to an agent; False when somebody has it, or it is closed.

    Args:
        conn: a write transaction.
        handover: the hand-over.
        agent_id: the agent who takes it.
        now: the present.
    """
    result = conn.execute(
        update(handovers)
        .where(_h.id == handover.id, _h.closed_at.is_(None), _h.taken_at.is_(None))
        .values(agent_id=agent_id, taken_at=now, form=None, **AWAKE)
    )
    if result.rowcount:
        audit_log.add(conn, handover, agent_id, "taken", now)
    return bool(result.rowcount)


def release(
    conn: Connection,
    handover: Handover,
    agent_id: int | None,
    now: datetime,
    act: Literal["released", "lost", "silent"] = "released",
) -> None:
    """Put a hand-over back into the queue; its age brings it to the front, mostly.

    Args:
        conn: a write transaction.
        handover: an open hand-over.
        agent_id: the agent who had it.
        now: the present.
        act: the act to note in the audit log.
    """
    values = {"agent_id": None, "taken_at": None, "queued_at": now, **AWAKE}
    conn.execute(update(handovers).where(_h.id == handover.id).values(values))
    audit_log.add(conn, handover, agent_id, act, now)


def reassign(conn: Connection, handover: Handover, agent_id: int, now: datetime) -> None:
    """Give a hand-over to another agent than the one who has it; on record as given back and taken.

    Args:
        conn: a write transaction.
        handover: an open hand-over that somebody has.
        agent_id: the agent who gets it.
        now: the present.
    """
    release(conn, handover, handover.agent_id, now)
    take(conn, handover, agent_id, now)


def give(
    conn: Connection,
    handover: Handover,
    to: int,
    now: datetime,
    by: int,
    act: Literal["taken_over", "assigned"],
    detail: str,
) -> None:
    """Give a hand-over, waiting or taken, to an agent whom somebody chose.

    Args:
        conn: a write transaction.
        handover: an open hand-over.
        to: id of the agent who gets it.
        now: the present.
        by: id of the agent who decides so.
        act: the act to note in the audit log.
        detail: what the log tells besides: who gets it.
    """
    values = {"agent_id": to, "taken_at": now, "form": None, **AWAKE}
    conn.execute(update(handovers).where(_h.id == handover.id).values(values))
    audit_log.add(conn, handover, by, act, now, detail)


def transfer(
    conn: Connection,
    handover: Handover,
    team: str,
    agent_id: int,
    now: datetime,
) -> None:
    """Pass a hand-over to another team, where its age gives it its place.

    Args:
        conn: a write transaction.
        handover: an open hand-over.
        team: id of the team it goes to.
        agent_id: the agent who passes it on.
        now: the present.
    """
    values = {"agent_id": None, "taken_at": None, "queued_at": now, "team": team, **AWAKE}
    conn.execute(update(handovers).where(_h.id == handover.id).values(values))
    audit_log.add(conn, handover, agent_id, "transferred", now, team)


def lost(conn: Connection, since: datetime | None) -> tuple[Handover, ...]:
    """Taken hand-overs whose agent was not there since a moment, or may not log in any more; by id.

    Who says to be away is not there, though a page may be open. What is set aside is left alone,
    and is as if it was taken when it came back.

    Their conversations are locked; those that somebody else has locked just now are left for the
    next time, so that nobody waits for each other. Hand-overs at an external desk are left out:
    its agents are not seen here.

    Args:
        conn: a write transaction.
        since: the moment; None for only those whose agent may not log in any more.
    """
    # The agents come first: hand-overs of agents who are present are not read.
    whose = _whose(conn, agents.c.active.is_(False))
    gone = [_h.agent_id.is_(None), *([_h.agent_id.in_(whose)] if whose else ())]
    if since is not None:
        unseen = or_(
            agents.c.last_seen_at.is_(None),
            agents.c.last_seen_at < since,
            and_(agents.c.presence == "away", agents.c.presence_at < since),
        )
        if whose := _whose(conn, unseen):
            # What is set aside may wait for its agent, who went home.
            awake = and_(
                _h.snoozed_until.is_(None), func.coalesce(_h.woken_at, _h.taken_at) < since
            )
            gone.append(and_(_h.agent_id.in_(whose), _h.taken_at < since, awake))
    rows = conn.execute(
        select(*COLUMNS)
        .join(conversations, conversations.c.id == _h.conversation_id)
        .where(
            _h.closed_at.is_(None),
            _h.taken_at.isnot(None),
            or_(*gone),
            # Row by row: a join could read all links there ever were.
            select(desk_links.c.handover_id)
            .where(desk_links.c.handover_id == _h.id)
            .scalar_subquery()
            .is_(None),
        )
        .order_by(_h.id)
        .with_for_update(of=conversations, skip_locked=True, key_share=True)
    )
    return tuple(map(from_row, rows))


def _whose(conn: Connection, is_gone: Any) -> list[int]:
    return list(conn.execute(select(agents.c.id).where(is_gone)).scalars())


def reminded(conn: Connection, handover: Handover, now: datetime) -> None:
    """Note that the agent is reminded that the customer waits."""
    conn.execute(update(handovers).where(_h.id == handover.id).values(reminded_at=now))


def replied(conn: Connection, handover: Handover, now: datetime) -> None:
    """Note that the customer got an answer from a person; what was set aside is so no more."""
    snoozes.answered(conn, handover, now)
    values = {
        "first_reply_at": func.coalesce(_h.first_reply_at, literal(now, _h.first_reply_at.type)),
        "last_reply_at": now,
        **AWAKE,
    }
    conn.execute(update(handovers).where(_h.id == handover.id).values(values))
