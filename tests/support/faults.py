"""A database that fails where a test wants it to: at any statement, for as long as it says.

The real store underneath: what was committed before a fault is there after it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import create_engine, event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from bot.store.sql.database import Database

#: Where a transaction fails: before or after a statement took effect, or before or after its commit
#: did. After the commit means that the answer is lost, not what was written.
Where = Literal["before", "after", "commit", "committed"]


@dataclass(frozen=True, slots=True)
class Span:
    """A time of trouble.

    Attributes:
        start: the statement at which it begins, counted over the whole process from 0.
        length: how many statements it lasts.
        where: where transactions fail meanwhile.
    """

    start: int
    length: int
    where: Where


class Faulty(Database):
    """Loket's database as a process in trouble sees it."""

    def __init__(self, url: str, spans: Sequence[Span]) -> None:
        """Opens the real one.

        Args:
            url: where it is.
            spans: when it fails.
        """
        super().__init__(url)
        self._spans = spans
        self._count = 0
        self._lock = threading.Lock()
        self._here = threading.local()
        self._admin: Engine | None = None
        if self.dialect == "postgresql":
            self._admin = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        for engine in {id(e): e for e in (self._engines.write, self._engines.read)}.values():
            event.listen(engine, "before_cursor_execute", self._before)
            event.listen(engine, "after_cursor_execute", self._after)
            event.listen(engine, "commit", self._at_commit)

    @property
    def over(self) -> bool:
        """Whether no trouble is left to come."""
        return all(self._count >= span.start + span.length for span in self._spans)

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """As `Database.begin`."""
        with self._answering(super().begin) as conn:
            yield conn

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """As `Database.read`."""
        with self._answering(super().read) as conn:
            yield conn

    @contextmanager
    def _answering(self, transaction: Callable[[], Any]) -> Iterator[Connection]:
        self._here.fault = None
        with transaction() as conn:
            yield conn
        if self._here.fault == "committed":
            raise self._error("COMMIT")

    def _error(self, statement: str) -> OperationalError:
        # Without a code, as drivers have it when the connection is gone.
        cause = self._engines.write.dialect.dbapi.OperationalError("gone")
        return OperationalError(statement, {}, cause)

    def _before(self, conn: Connection, _cursor: object, statement: str, *_: object) -> None:
        with self._lock:
            number = self._count
            self._count += 1
        faults = [s.where for s in self._spans if s.start <= number < s.start + s.length]
        self._here.fault = faults[0] if faults else getattr(self._here, "fault", None)
        if self._here.fault == "before":
            if self._admin is None:
                raise self._error(statement)
            self._cut(conn)  # the statement fails as it does when a server goes down

    def _after(self, _conn: Connection, _cursor: object, statement: str, *_: object) -> None:
        if self._here.fault == "after":
            raise self._error(statement)

    def _at_commit(self, conn: Connection) -> None:
        if self._here.fault == "commit":
            raise self._error("COMMIT")

    def _cut(self, conn: Connection) -> None:
        pid = conn.connection.dbapi_connection.get_backend_pid()
        assert self._admin is not None
        with self._admin.connect() as admin:
            admin.exec_driver_sql("SELECT pg_terminate_backend(%s)", (pid,))
