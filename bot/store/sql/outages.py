"""Tells a database that is away from a statement that can never succeed.

A transaction that fails because the database is away says nothing about its work: it is simply
tried again. A statement that the database refuses is refused again.
"""

from __future__ import annotations

import sqlite3
from typing import Final

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection

#: SQLite's primary result codes (sqlite.org/rescode.html) for a file that cannot be used now:
#: busy, locked, no memory, read-only, interrupted, disk error, full, cannot open, protocol.
_SQLITE: Final = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_INTERRUPT,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL,
    }
)
#: PostgreSQL's classes of errors (its manual, appendix A): connection; state of the transaction,
#: such as read-only after a fail-over; rolled back, such as a deadlock; no disk, memory or
#: connections left; not available, such as a lock; an operator's doing; the system's.
_POSTGRESQL: Final = frozenset({"08", "25", "40", "53", "55", "57", "58"})


def is_outage(error: BaseException) -> bool:
    """Whether an error of a transaction means that the database cannot be used for now.

    Args:
        error: what `Database.run`, `query`, `begin` or `read` raised.
    """
    # An OSError comes from the file at which SQLite's writers line up
    # (bot/store/sql/sqlite_write_lock.py); to have waited there in vain is one too.
    if isinstance(error, OSError | NoConnection):
        return True
    if not isinstance(error, DBAPIError):
        return False
    if error.connection_invalidated:
        return True
    sqlite = getattr(error.orig, "sqlite_errorcode", None)
    if sqlite is not None:
        return (sqlite & 0xFF) in _SQLITE
    postgresql = getattr(error.orig, "pgcode", None)
    if postgresql is not None:
        return postgresql[:2] in _POSTGRESQL
    # Without a code it comes from the driver, not from the database: the connection is gone.
    return isinstance(error, OperationalError | InterfaceError)
