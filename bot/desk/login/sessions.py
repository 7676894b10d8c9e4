"""Sessions of the desk. The browser holds a random token, the database only its SHA-256."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from bot.store.desk import desk_sessions, workload
from bot.store.desk.desk_sessions import DeskSession

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

#: A session ends after this long without a request: a working day.
IDLE: Final = timedelta(hours=8)
#: A session ends in any case after this long.
LONGEST: Final = timedelta(hours=24)
#: How far a session's record of its last use may lie behind: not every request writes.
_STEP: Final = timedelta(seconds=30)
#: Longer values are no token of ours and are not looked at.
_MAX_TOKEN = 128


def start(conn: Connection, agent_id: int, now: datetime, *, old_token: str = "") -> str:
    """Starts a session: logs somebody in, who is available then.

    Args:
        conn: a write transaction.
        agent_id: the agent who logs in.
        now: the present.
        old_token: what the browser brought; that session ends, so nobody can have planted it.

    Returns:
        The new token, for the cookie.
    """
    desk_sessions.sweep(conn, now)
    if old_token:
        desk_sessions.end(conn, key(old_token))
    token = secrets.token_urlsafe(32)
    csrf = secrets.token_urlsafe(32)
    desk_sessions.open_(conn, key(token), agent_id, csrf, now, now + IDLE)
    workload.set_presence(conn, agent_id, "available", now)
    return token


def find(conn: Connection, token: str, now: datetime) -> DeskSession | None:
    """The session of a token; None when there is none (any more)."""
    if not token or len(token) > _MAX_TOKEN:
        return None
    return desk_sessions.find(conn, key(token), now)


def stale(session: DeskSession, now: datetime) -> bool:
    """Whether `touch` has something to write."""
    return now - session.seen_at > _STEP


def touch(conn: Connection, session: DeskSession, now: datetime) -> None:
    """Notes that a session is used: it lasts from here, within its longest life."""
    expires_at = min(now + IDLE, session.created_at + LONGEST)
    desk_sessions.seen(conn, session.id, now, expires_at)


def end(conn: Connection, token: str) -> None:
    """Logs this browser out; without a session there is nothing to do."""
    desk_sessions.end(conn, key(token))


def key(token: str) -> str:
    """The SHA-256 under which the database knows a token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
