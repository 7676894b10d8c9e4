"""Counts wrong passwords of agents, and locks their accounts for a while."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.store.desk import agents
from bot.store.sql.tables import agents as table

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


def failed(
    conn: Connection, agent_id: int, now: datetime, limit: int, lock: timedelta
) -> datetime | None:
    """Count a wrong password; at the limit the account is locked for a while.

    Args:
        conn: a write transaction.
        agent_id: whose password was tried.
        now: the present.
        limit: wrong passwords in a row that are allowed.
        lock: how long it is locked then.

    Returns:
        Until when it is locked, or None.
    """
    agents.update_row(conn, agent_id, failed_logins=table.c.failed_logins + 1)
    found = agents.account(conn, agent_id)
    if found.failed_logins < limit:
        return None
    agents.update_row(conn, agent_id, failed_logins=0, locked_until=now + lock)
    return now + lock


def succeeded(conn: Connection, agent_id: int, now: datetime) -> None:
    """Forget the wrong passwords and note that the person is there."""
    agents.update_row(conn, agent_id, failed_logins=0, locked_until=None, last_seen_at=now)


def unlock(conn: Connection, agent_id: int) -> None:
    """Unlock the account and forget its wrong passwords: there is another password now."""
    agents.update_row(conn, agent_id, failed_logins=0, locked_until=None)
