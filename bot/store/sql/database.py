"""The database: transactions for synchronous code, and the same on a few threads for coroutines."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from bot.phone_identity import DEFAULT_COUNTRY
from bot.store.sql.engines import Engines, open_engines

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

P = ParamSpec("P")
T = TypeVar("T")

#: Transactions at once in one process: enough to keep the database busy, few enough that any
#: number of customers cannot use up its connections.
THREADS = 8


class Database:
    """A database by URL: `sqlite:///path/to/file.db` or `postgresql://user@host/name`.

    On SQLite one transaction writes at a time, and others read beside it; on PostgreSQL up to
    `THREADS` of a process write at once.
    """

    def __init__(self, url: str) -> None:
        """Prepare; nothing is opened until the first transaction.

        Args:
            url: where it is.

        Raises:
            ConfigurationError: neither SQLite in a file nor PostgreSQL.
        """
        self.url = url
        self._engines: Engines = open_engines(url, THREADS)
        self._writers = ThreadPoolExecutor(self._engines.writers, "loket-write")
        self._readers = ThreadPoolExecutor(THREADS, "loket-read")

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return str(self._engines.write.dialect.name)

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """A write transaction: commits at the end, rolls back on an exception. Does not nest."""
        with self._engines.turn(), self._engines.write.begin() as conn:
            yield conn

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that can only read, and sees one state of the database throughout."""
        with self._engines.read.begin() as conn:
            yield conn

    async def run(
        self, fn: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `fn(connection, ...)` in a write transaction on a thread; returns when committed.

        Cancelling the waiting task does not undo it: the transaction may still be committed.
        """

        def transaction() -> T:
            with self.begin() as conn:
                return fn(conn, *args, **kwargs)

        return await _on_thread(self._writers, transaction)

    async def query(
        self, fn: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `fn(connection, ...)` in a reading transaction on a thread."""

        def transaction() -> T:
            with self.read() as conn:
                return fn(conn, *args, **kwargs)

        return await _on_thread(self._readers, transaction)

    def upgrade(self, country: str = DEFAULT_COUNTRY) -> None:
        """Bring the tables up to date. Safe at every start, and from several processes at once.

        Args:
            country: two letters; by it the telephone numbers of an earlier version are read.

        Raises:
            ConfigurationError: the tables are newer than this version of Loket.
        """
        from bot.store.sql.migrate import upgrade  # noqa: PLC0415 - Alembic takes 0.3 s to import

        with self.begin() as conn:
            upgrade(conn, country)

    def dispose(self) -> None:
        """Finish what runs and close the connections."""
        self._writers.shutdown()
        self._readers.shutdown()
        self._engines.dispose()


async def _on_thread(pool: ThreadPoolExecutor, transaction: Callable[[], T]) -> T:
    # In the caller's context, so that a log line of the transaction carries the caller's ids.
    context = contextvars.copy_context()
    return await asyncio.get_running_loop().run_in_executor(pool, context.run, transaction)
