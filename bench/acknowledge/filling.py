"""A database with old conversations: a few real ones, and any number of copies of them.

The real ones came in through the web process, were answered and delivered, and got their receipts;
a copy differs in its ids, addresses and message ids only. So old conversations look as they do in
any version of Loket, whatever its tables hold.
"""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Column, Table, create_engine
from sqlalchemy.engine import Connection

from bot.store.sql.tables import metadata

#: Columns that name something outside, once: each copy needs words of its own.
_NAMES: Final = frozenset(("address", "alias", "message_id", "provider_id", "client_id"))
#: Columns that hold an id although they are no foreign key.
_IDS: Final = frozenset(("sent_with",))
#: Tables that belong to the installation and not to its customers, or hold what is soon gone.
_LEFT_ALONE: Final = frozenset(
    (
        *("agents", "desk_sessions", "desk_links", "join_codes"),
        *("heartbeats", "identity_attempts", "identity_tallies", "write_checks"),
    )
)
#: Copies made in one statement.
_AT_ONCE: Final = 200


def copy_sqlite(source: Path, target: Path) -> None:
    """The same data in another file."""
    with (
        contextlib.closing(sqlite3.connect(source)) as old,
        contextlib.closing(sqlite3.connect(target)) as new,
    ):
        old.backup(new)


def multiply(url: str, wanted: int) -> int:
    """Copies the conversations of a database until there are about so many; returns how many.

    Nobody waits for a person any more in what is copied.

    Args:
        url: the database.
        wanted: how many there should be.
    """
    engine = create_engine(url, future=True)
    try:
        with engine.begin() as conn:
            for statement in _OLD:
                conn.exec_driver_sql(statement)
            there = _one(conn, "SELECT count(*) FROM conversations")
            _multiply(conn, max(0, round(wanted / there) - 1))
            made = _one(conn, "SELECT count(*) FROM conversations")
        if engine.dialect.name == "postgresql":
            # As autovacuum would have done long before.
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
                conn.exec_driver_sql("VACUUM ANALYZE")
        return made
    finally:
        engine.dispose()


#: What has happened to old conversations since.
_OLD: Final = (
    "UPDATE handovers SET closed_at = created_at, outcome = 'closed' WHERE closed_at IS NULL",
    "UPDATE conversations SET owner = 'closed' WHERE owner = 'queued'",
    "DELETE FROM timers",
)


def _multiply(conn: Connection, times: int) -> None:
    copied = [each for each in metadata.sorted_tables if each.name not in _LEFT_ALONE]
    # Above all that is there, so that no copy's id meets another's.
    step = 1 + max(_one(conn, f"SELECT coalesce(max(id), 0) FROM {n}") for n in _numbered(copied))
    for table in copied:
        conn.exec_driver_sql(f"CREATE TEMPORARY TABLE old_{table.name} AS SELECT * FROM {table}")
    for first in range(1, times + 1, _AT_ONCE):
        last = min(times, first + _AT_ONCE - 1)
        for table in copied:
            names = ", ".join(f'"{column.name}"' for column in table.columns)
            values = ", ".join(_changed(table, column, step, conn) for column in table.columns)
            conn.exec_driver_sql(
                f"WITH RECURSIVE copies(n) AS (SELECT {first} UNION ALL"
                f" SELECT n + 1 FROM copies WHERE n < {last})"
                f" INSERT INTO {table} ({names}) SELECT {values} FROM old_{table.name}, copies"
            )
    if conn.dialect.name == "postgresql":
        for name in _numbered(copied):
            conn.exec_driver_sql(
                f"SELECT setval(pg_get_serial_sequence('{name}', 'id'),"
                f" (SELECT coalesce(max(id), 1) FROM {name}))"
            )


def _changed(table: Table, column: Column[Any], step: int, conn: Connection) -> str:
    """What copy n has in a column, in SQL."""
    value = f'old_{table.name}."{column.name}"'
    refers = {key.column.table.name for key in column.foreign_keys}
    if (
        column.name == "conversation_id"
        or "conversations" in refers
        or (table.name, column.name) == ("conversations", "id")
    ):
        hexadecimal = "lpad(to_hex(n), 8, '0')" if _is_postgres(conn) else "printf('%08x', n)"
        return f"substr({value}, 1, 24) || {hexadecimal}"
    if column.name in _NAMES:
        return f"{value} || '.' || n"
    if refers - _LEFT_ALONE or column.name in _IDS or (column.name == "id" and _is_number(column)):
        return f"{value} + n * {step}"
    return value


def _numbered(copied: list[Table]) -> list[str]:
    return [each.name for each in copied if "id" in each.c and _is_number(each.c.id)]


def _is_number(column: Column[Any]) -> bool:
    return column.autoincrement is True


def _is_postgres(conn: Connection) -> bool:
    return bool(conn.dialect.name == "postgresql")


def _one(conn: Connection, query: str) -> int:
    return int(conn.exec_driver_sql(query).scalar_one())
