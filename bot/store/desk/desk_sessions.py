"""The sessions of agents who are logged in. A cookie's token is not kept, only its SHA-256."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from bot.store.desk import agents
from bot.store.desk.agents import Agent
from bot.store.sql.tables import agents as agents_table
from bot.store.sql.tables import desk_sessions

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


@dataclass(frozen=True, slots=True)
class DeskSession:
    """A session of a logged-in agent.

    Attributes:
        id: SHA-256 of the cookie's token, 64 hex digits.
        agent: the agent who is logged in.
        csrf: token that each form of this session must bring.
        created_at: when the person logged in (UTC).
        expires_at: from when it does not count any more (UTC).
        seen_at: when it was last used (UTC).
    """

    id: str
    agent: Agent
    csrf: str
    created_at: datetime
    expires_at: datetime
    seen_at: datetime


_s, _a = desk_sessions.c, agents_table.c
_COLUMNS = (_s.id, _s.csrf, _s.created_at, _s.expires_at, _s.seen_at)


def open_(
    conn: Connection, session_id: str, agent_id: int, csrf: str, now: datetime, expires_at: datetime
) -> None:
    """Keep a new session.

    Args:
        conn: a write transaction.
        session_id: SHA-256 of the cookie's token, 64 hex digits.
        agent_id: the agent who logs in.
        csrf: the session's token for forms, at most 64 characters.
        now: the present.
        expires_at: from when it does not count any more.
    """
    conn.execute(
        desk_sessions.insert(),
        {
            "id": session_id,
            "agent_id": agent_id,
            "csrf": csrf,
            "created_at": now,
            "expires_at": expires_at,
            "seen_at": now,
        },
    )


def find(conn: Connection, session_id: str, now: datetime) -> DeskSession | None:
    """The session, with its agent as the account is now; None: unknown, expired, or not active."""
    row = conn.execute(
        select(*agents.COLUMNS, *_COLUMNS)
        .join(agents_table, _a.id == _s.agent_id)
        .where(_s.id == session_id, _s.expires_at > now, _a.active)
    ).first()
    if row is None:
        return None
    number, csrf, created_at, expires_at, seen_at = row[len(agents.COLUMNS) :]
    return DeskSession(number, agents.from_row(row), csrf, created_at, expires_at, seen_at)


def seen(conn: Connection, session_id: str, now: datetime, expires_at: datetime) -> None:
    """Note that a session is used, and how long it lasts from here; the agent is seen too."""
    conn.execute(
        update(desk_sessions).where(_s.id == session_id).values(seen_at=now, expires_at=expires_at)
    )
    agent_id = conn.execute(select(_s.agent_id).where(_s.id == session_id)).scalar()
    if agent_id is not None:
        agents.seen(conn, agent_id, now)


def end(conn: Connection, session_id: str) -> None:
    """End a session."""
    conn.execute(delete(desk_sessions).where(_s.id == session_id))


def end_all(conn: Connection, agent_id: int) -> int:
    """End all sessions of an agent; returns how many there were."""
    return int(conn.execute(delete(desk_sessions).where(_s.agent_id == agent_id)).rowcount)


def sweep(conn: Connection, now: datetime) -> int:
    """Remove expired sessions; returns how many."""
    return int(conn.execute(delete(desk_sessions).where(_s.expires_at <= now)).rowcount)
