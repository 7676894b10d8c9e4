"""The one statement that each database needs in its own way."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import IntegrityError

if TYPE_CHECKING:
    from sqlalchemy import Table
    from sqlalchemy.engine import Connection

#: SQLite's error codes for "this unique key is taken", unlike those for other broken rules.
_TAKEN = (sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY)


def insert_new(conn: Connection, table: Table, values: Mapping[str, Any]) -> int | str | None:
    """Insert a row unless a unique key of it is taken.

    A failed statement ends PostgreSQL's transaction, so there it is ON CONFLICT DO NOTHING. On
    SQLite it does not, and SQLAlchemy compiles ON CONFLICT anew each time, which takes longer than
    the statement itself.

    Returns:
        The new row's primary key (its first column), or None when the key was taken: then another
        transaction's row is there, committed.
    """
    if conn.dialect.name == "postgresql":
        result = conn.execute(postgresql.insert(table).on_conflict_do_nothing(), values)
        if result.rowcount != 1:
            return None
    else:
        try:
            result = conn.execute(table.insert(), values)
        except IntegrityError as error:
            if getattr(error.orig, "sqlite_errorcode", None) in _TAKEN:
                return None
            raise
    key: int | str = result.inserted_primary_key[0]
    return key
