"""Says in a sentence why a database cannot be used, where a command has nothing to do without."""

from __future__ import annotations

import sqlite3
from typing import Final

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from bot.errors import ConfigurationError
from bot.store.sql.outages import is_outage

_WAY_OUT: Final = (
    "Is it running, and is its address right (LOKET_DATABASE_URL, or that of the assistant's own "
    "database)?"
)
#: SQLite's primary result codes (sqlite.org/rescode.html) of a file that holds no database, or half
#: of one.
_DAMAGED: Final = (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT)


def told(error: Exception) -> ConfigurationError | None:
    """The error for who runs a command, when its cause is a database that cannot be used.

    Args:
        error: what ended the command.

    Returns:
        None when the cause is another one. The sentence holds the driver's own, which may name the
        host, database and user, and never a password.
    """
    if not isinstance(error, SQLAlchemyError):
        return None
    original = error.orig if isinstance(error, DBAPIError) else error
    code = getattr(original, "sqlite_errorcode", 0) & 0xFF
    if code in _DAMAGED:
        return ConfigurationError(
            "The database's file is damaged, or no database of SQLite. Restore a backup "
            "(docs/operations.md), or name another file in LOKET_DATABASE_URL."
        )
    if not is_outage(error):
        return None
    if code:
        return ConfigurationError(
            f"The database cannot be used: {original}. Look at its file, its folder and the room "
            "on the disk; LOKET_DATABASE_URL says where it is."
        )
    why = str(original).partition("\n")[0].rstrip(". ")  # further lines are further addresses
    return ConfigurationError(f"The database cannot be reached: {why}. {_WAY_OUT}")
