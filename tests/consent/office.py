"""The shop's database in memory: what is written is seen, and each conversation begins anew."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

import sqlalchemy as sa

from actions.backends import shop
from actions.backends.sample_rows import generate
from actions.backends.tables import METADATA
from bot.dialogue import runtime
from tests.support.shop_fixtures import NOW

Row = tuple[Any, ...]
Rows = Mapping[str, frozenset[Row]]
#: Rows that are new or other than before, and the rows that are no more, by table.
Changes = Mapping[str, tuple[frozenset[Row], frozenset[Row]]]


class Proofs:
    """Lets every proof be looked at, and keeps none."""

    async def begin(self, *_: Any) -> timedelta:
        """Never makes anybody wait."""
        return timedelta(0)

    async def proved(self, *_: Any) -> None:
        """Keeps nothing."""


class Office:
    """The shop's rows and its clock.

    Attributes:
        now: the time it is.
    """

    def __init__(self) -> None:
        """Fills the sample data as of `NOW`."""
        self.now: datetime = NOW
        self._file = sqlite3.connect(":memory:", check_same_thread=False)
        engine = sa.create_engine(
            "sqlite://", creator=lambda: self._file, poolclass=sa.pool.StaticPool, future=True
        )
        self._conn = engine.connect()
        METADATA.create_all(self._conn)
        for table, rows in generate(NOW.date()):
            self._conn.execute(table.insert(), list(rows))
        self._conn.commit()
        self._first = sqlite3.connect(":memory:")
        self._file.backup(self._first)
        self._answers: dict[Any, Any] = {}
        self._untouched = self.writes
        self._kept: Rows = self._read()

    @property
    def writes(self) -> int:
        """How many rows were ever inserted, changed or deleted, by whatever means."""
        return self._file.total_changes

    def reset(self) -> None:
        """Brings back rows and clock as they were first."""
        self.now = NOW
        if self.writes != self._untouched:
            self._first.backup(self._file)
            self._answers.clear()
            self._untouched = self.writes
            self._kept = self._read()

    def changed(self) -> Changes:
        """What is other than when this was asked before; tables without a change are left out."""
        before, self._kept = self._kept, self._read()
        return {
            name: (rows - before[name], before[name] - rows)
            for name, rows in self._kept.items()
            if rows != before[name]
        }

    def article(self, order: str, line: int) -> str:
        """The name of an article in an order."""
        found = self._file.execute(
            "SELECT article FROM order_lines WHERE order_number = ? AND line = ?", (order, line)
        )
        return str(found.fetchone()[0])

    def customer(self, order: str) -> int:
        """The customer whose order it is."""
        found = self._file.execute("SELECT customer_id FROM orders WHERE number = ?", (order,))
        return int(found.fetchone()[0])

    async def query(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Reads; the same is read once until something is written."""
        key = (fn, args, tuple(kwargs.items()))
        if key not in self._answers:
            self._answers[key] = fn(self._conn, *args, **kwargs)
            self._conn.rollback()
        return self._answers[key]

    async def change(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Writes."""
        self._answers.clear()
        done = fn(self._conn, *args, **kwargs)
        self._conn.commit()
        return done

    @contextmanager
    def open(self) -> Iterator[None]:
        """Stands in for the shop's database, for the proofs and for the clock of actions."""
        proofs = Proofs()

        async def its_proofs() -> Proofs:
            return proofs

        with (
            patch.object(shop, "query", self.query),
            patch.object(shop, "change", self.change),
            patch.object(runtime, "proofs", its_proofs),
            patch.object(runtime, "now", lambda: self.now),
        ):
            yield

    def _read(self) -> Rows:
        return {
            name: frozenset(self._file.execute(f"SELECT * FROM {name}")) for name in METADATA.tables
        }
