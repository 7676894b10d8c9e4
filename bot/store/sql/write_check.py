"""Finds out whether a message can be stored at this moment, by storing something."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from typing import TYPE_CHECKING, Final, Literal

from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import DBAPIError

from bot.store.sql.dialect_statements import insert_new
from bot.store.sql.tables import conversations, inbox, outbox, write_checks

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

#: The reasons why nothing can be stored.
Trouble = Literal["disk_full", "read_only", "no_tables", "unreachable", "failing"]

#: SQLite's primary result codes (sqlite.org/rescode.html). An I/O error is mostly a disk (or quota)
#: that takes no more, and always one to look at.
_SQLITE: Final[dict[int, Trouble]] = {
    sqlite3.SQLITE_FULL: "disk_full",
    sqlite3.SQLITE_IOERR: "disk_full",
    sqlite3.SQLITE_READONLY: "read_only",
    sqlite3.SQLITE_CANTOPEN: "unreachable",
}
#: PostgreSQL's SQLSTATEs (appendix A of its manual); class 08 and 57 are connections that end.
_POSTGRESQL: Final[dict[str, Trouble]] = {
    "53100": "disk_full",
    "25006": "read_only",
    "42P01": "no_tables",
    "42703": "no_tables",
}
_ONE: Final = 1
_MOVE = update(write_checks).where(write_checks.c.id == bindparam("this"))
#: The tables and columns that taking in a message needs.
_NEEDED = (
    select(conversations.c.id).where(conversations.c.id == ""),
    select(inbox.c.id).where(inbox.c.id == 0),
    select(outbox.c.id).where(outbox.c.id == 0),
)


def store_something(conn: Connection, now: datetime) -> None:
    """Changes a row: when that commits, a message could have been stored too.

    Args:
        conn: a write transaction. A rollback would prove nothing: a full disk shows in the commit.
        now: the present (UTC).
    """
    for query in _NEEDED:
        conn.execute(query)
    if not conn.execute(_MOVE, {"this": _ONE, "at": now}).rowcount:
        insert_new(conn, write_checks, {"id": _ONE, "at": now})


def trouble(error: Exception) -> Trouble:
    """The reason why nothing can be stored, from an exception of a write transaction."""
    original = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(original, sqlite3.Error):
        if "no such" in str(original):  # a table or column; it has no code of its own
            return "no_tables"
        # The low byte is the primary code of an extended one.
        return _SQLITE.get(getattr(original, "sqlite_errorcode", 0) & 0xFF, "failing")
    if not isinstance(error, DBAPIError):
        return "failing"  # no connection or turn in time
    state: str = getattr(original, "pgcode", None) or ""
    lost = not state or state[:2] in ("08", "57")
    return _POSTGRESQL.get(state, "unreachable" if lost else "failing")
