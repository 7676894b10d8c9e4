"""Opens each kind of database: pools, transactions and SQLite's settings."""

from __future__ import annotations

import sqlite3
import time
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import create_engine, event
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler
from sqlalchemy.engine import URL, Engine, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import QueuePool

from bot.errors import ConfigurationError
from bot.store.sql.sqlite_write_lock import WriteLock

#: Seconds a transaction waits for a connection, or for another process's lock, before it fails.
PATIENCE = 30.0


@dataclass(frozen=True, slots=True)
class Engines:
    """The connection pools of a database, from which transactions begin.

    Attributes:
        write: transactions that write.
        read: transactions that cannot write, with one view of the data throughout.
        writers: how many may write at once in this process.
        line: where writers wait for each other, or None when the database sees to that.
    """

    write: Engine
    read: Engine
    writers: int
    line: WriteLock | None = None

    def turn(self) -> AbstractContextManager[None]:
        """Waits until this process may begin to write."""
        return self.line.turn() if self.line else nullcontext()

    def dispose(self) -> None:
        """Closes all connections."""
        self.write.dispose()
        self.read.dispose()
        if self.line:
            self.line.close()


def open_engines(url: str, threads: int) -> Engines:
    """The engines for a URL, with pools of at most `threads` connections.

    Raises:
        ConfigurationError: neither SQLite in a file nor PostgreSQL.
    """
    try:
        address = make_url(url)
    except ArgumentError as error:
        raise _unusable() from error
    kind = address.get_backend_name()
    if kind == "sqlite" and address.database not in (None, "", ":memory:"):
        line = WriteLock(Path(f"{address.database}-line"), PATIENCE)
        return Engines(_sqlite(address, 1), _sqlite(address, threads, read_only=True), 1, line)
    if kind == "postgresql":
        return _postgresql(address, threads)
    raise _unusable()


def _unusable() -> ConfigurationError:
    # Does not repeat the URL: it may hold a password.
    return ConfigurationError(
        "The database URL is not one Loket can use. Give LOKET_DATABASE_URL as"
        " sqlite:///var/loket.db or postgresql://user:password@host/name."
    )


#: How soon a server that vanished without a word is noticed: the kernel alone waits a quarter of an
#: hour, with every thread. Seconds, but for the last (milliseconds); see libpq's manual, 34.1.2. A
#: URL may say otherwise.
_LINE: Final = {
    "connect_timeout": 10,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}
#: Milliseconds after which the server ends a transaction that does nothing, and lets go of its
#: locks: its process was stopped, or its machine vanished. Loket's own never think in between.
IDLE = 20_000


def _end_if_idle(connection: Any, _record: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET idle_in_transaction_session_timeout = {IDLE}")
    connection.commit()


def _postgresql(address: URL, threads: int) -> Engines:
    write = create_engine(
        address.set(drivername="postgresql+psycopg2"),
        future=True,
        hide_parameters=True,  # an exception would quote what a customer wrote
        poolclass=QueuePool,
        pool_size=threads,
        max_overflow=threads,  # readers and writers have their own threads
        pool_timeout=PATIENCE,
        pool_pre_ping=True,  # a restart of the database costs no transaction
        connect_args={name: value for name, value in _LINE.items() if name not in address.query},
    )
    event.listen(write, "connect", _end_if_idle)
    read = write.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return Engines(write, read, threads)


class _Hinting(SQLiteCompiler):
    """Writes hints such as INDEXED BY into statements, which SQLAlchemy leaves out for SQLite."""

    def get_from_hint_text(self, _table: Any, text: str) -> str:
        """The text of the hint, unchanged."""
        return text


def _sqlite(address: URL, connections: int, *, read_only: bool = False) -> Engine:
    engine = create_engine(
        address.set(drivername="sqlite+pysqlite"),
        future=True,
        hide_parameters=True,  # an exception would quote what a customer wrote
        poolclass=QueuePool,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=PATIENCE,
        connect_args={
            "timeout": PATIENCE,
            # Transactions are begun below; the driver would begin them late, without the lock.
            "isolation_level": None,
            "check_same_thread": False,  # the pool gives a connection to one thread at a time
            "cached_statements": 256,
        },
    )
    engine.dialect.statement_compiler = _Hinting
    how = "BEGIN" if read_only else "BEGIN IMMEDIATE"

    def begin(connection: Any) -> None:
        connection.execute(how)

    def make_file(*_: Any) -> None:
        file = Path(str(address.database))
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not file.exists():
            file.touch(0o600)  # customers' words: for nobody else on the machine

    def configure(connection: sqlite3.Connection, _: Any) -> None:
        _use_wal(connection)
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = ON")
        if read_only:
            connection.execute("PRAGMA query_only = ON")

    event.listen(engine, "do_connect", make_file)
    event.listen(engine, "connect", configure)
    # Not as a listener of "begin": with one of those, every statement looks for listeners too.
    engine.dialect.do_begin = begin  # type: ignore[method-assign,assignment]
    return engine


def _use_wal(connection: sqlite3.Connection) -> None:
    """Switch the file to WAL, so that readers and the writer do not wait for each other.

    SQLite does not wait for this lock by itself when two processes create the file at once.
    """
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return
