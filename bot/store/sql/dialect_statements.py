"""Statements that each database needs in its own way, or that a planner may misjudge."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, insert, tuple_
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import IntegrityError

if TYPE_CHECKING:
    from sqlalchemy import Table
    from sqlalchemy.engine import Connection
    from sqlalchemy.sql import Select
    from sqlalchemy.sql.dml import Insert

#: SQLite's error codes for "this unique key is taken", unlike those for other broken rules.
_TAKEN = (sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY)


#: Larger than any row's number: all rows are before it.
NO_ROW: Final = 2**62


# With a plain "of this conversation, in order of ids" PostgreSQL may read all rows there are in
# order of their ids until it has found enough of the conversation's: for one that is long and
# quiet, the whole table. Comparing the columns together, and giving an order of all, leaves it only
# their index.


def onwards(query: Select, conversation: Any, number: Any) -> Select:
    """The rows of a conversation after a number, in order: read from an index, whatever happens.

    Args:
        query: selects from the table, joined to nothing; it gets the parameters `conversation`,
            `after` and `limit`.
        conversation: the column with the conversation.
        number: the column with the row's number; there is an index of both.
    """
    this: Any = bindparam("conversation")
    return (
        query.where(
            tuple_(conversation, number) > tuple_(this, bindparam("after")), conversation <= this
        )
        .order_by(conversation, number)
        .limit(bindparam("limit"))
    )


def backwards(query: Select, conversation: Any, number: Any) -> Select:
    """As `onwards`, but the rows before a number, newest first; `before` in place of `after`."""
    this: Any = bindparam("conversation")
    return (
        query.where(
            tuple_(conversation, number) < tuple_(this, bindparam("before")), conversation >= this
        )
        .order_by(conversation.desc(), number.desc())
        .limit(bindparam("limit"))
    )


def newest(query: Select, conversation: Any, number: Any) -> Select:
    """As `onwards`, but newest first, back to and with a number; `first` in place of `after`."""
    this: Any = bindparam("conversation")
    return (
        query.where(
            tuple_(conversation, number) >= tuple_(this, bindparam("first")), conversation <= this
        )
        .order_by(conversation.desc(), number.desc())
        .limit(bindparam("limit"))
    )


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
        result = conn.execute(_insert_unless_taken(table), values)
        if result.rowcount != 1:
            return None
    else:
        try:
            result = conn.execute(_insert(table), values)
        except IntegrityError as error:
            if getattr(error.orig, "sqlite_errorcode", None) in _TAKEN:
                return None
            raise
    key: int | str = result.inserted_primary_key[0]
    return key


@cache
def _insert(table: Table) -> Insert:
    made: Insert = insert(table)
    return made


@cache
def _insert_unless_taken(table: Table) -> Insert:
    made: Insert = postgresql.insert(table).on_conflict_do_nothing()
    return made
