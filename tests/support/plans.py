"""What a database does with the statements that a program sends: noted, explained and judged."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

from bot.store.sql.database import Database

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

#: SQLite: machine instructions between two calls of the counter.
STEP = 50


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement as it went to the database.

    Attributes:
        act: during what it was sent.
        text: the statement, with the driver's placeholders.
        values: those of its first row.
    """

    act: str
    text: str
    values: Any

    @property
    def short(self) -> str:
        """The beginning of it, on one line, without the columns."""
        line = re.sub(
            r"SELECT (?!count|min|max).*? FROM", "SELECT … FROM", " ".join(self.text.split())
        )
        return line[:240]


@dataclass(slots=True)
class Recorder:
    """Notes each statement that any engine of this process sends, by what is being done."""

    act: str = ""
    sent: list[Statement] = field(default_factory=list)

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Notes them while the context lasts."""
        event.listen(Engine, "before_cursor_execute", self._note)
        try:
            yield
        finally:
            event.remove(Engine, "before_cursor_execute", self._note)

    def _note(
        self, conn: Connection, _cursor: Any, text: str, values: Any, _context: Any, many: bool
    ) -> None:
        if text.split(None, 1)[0].upper() in ("SELECT", "UPDATE", "DELETE", "INSERT", "WITH"):
            self.sent.append(Statement(self.act, text, values[0] if many else values))

    def counts(self) -> Counter[str]:
        """How many there were, by act."""
        return Counter(each.act for each in self.sent)

    def different(self) -> Sequence[Statement]:
        """One of each text, the first."""
        return list({each.text: each for each in reversed(self.sent)}.values())[::-1]


@dataclass(frozen=True, slots=True)
class Rule:
    """What a statement may do.

    Attributes:
        small: tables that do not grow with the number of conversations.
        bounded: indexes that hold what is under way only, so reading all of one is allowed.
        rows: most rows that a statement may read.
        forced: whether PostgreSQL must do without reading tables whole if it can. It rightly reads
            small ones, so in a small crowd only this shows what it would do in a large one.
    """

    small: Collection[str]
    bounded: Collection[str]
    rows: int
    forced: bool = False


def faults(database: Database, statement: Statement, rule: Rule) -> list[str]:
    """What a statement does that it may not; it is run for that, and undone."""
    judge = _sqlite if database.dialect == "sqlite" else _postgresql
    with database._engines.write.connect() as conn:
        transaction = conn.begin()
        try:
            return judge(conn, statement, rule)
        finally:
            transaction.rollback()


def _sqlite(conn: Connection, statement: Statement, rule: Rule) -> list[str]:
    plan = [
        str(row[-1])
        for row in conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement.text}", statement.values)
    ]
    found = []
    for line in plan:
        scan = re.match(r"SCAN (\S+)(?: USING (?:COVERING )?INDEX (\S+))?", line)
        # An index of words that is asked for one: M says so.
        if re.search(r"VIRTUAL TABLE INDEX \d+:M", line):
            continue
        if scan is None or scan[2] in rule.bounded or re.match(r"\(|CONSTANT|anon_", scan[1]):
            continue
        if _table(scan[1], statement.text) not in rule.small:
            found.append(line)
    if statement.text.lstrip().upper().startswith("INSERT"):
        return found
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += STEP
        return 0

    raw = conn.connection.connection
    raw.set_progress_handler(count, STEP)
    try:
        result = conn.exec_driver_sql(statement.text, statement.values)
        if result.returns_rows:
            result.fetchall()
    finally:
        raw.set_progress_handler(None, 0)
    # A row that is read costs a dozen instructions, and several more if it is used.
    if steps > 12 * rule.rows:
        found.append(f"{steps} instructions: {' | '.join(plan)}")
    return found


def _table(alias: str, text: str) -> str:
    """The table that an alias stands for."""
    match = re.search(rf"(\w+) AS {re.escape(alias)}\b", text)
    return match[1] if match else alias


def _postgresql(conn: Connection, statement: Statement, rule: Rule) -> list[str]:
    is_insert = statement.text.lstrip().upper().startswith("INSERT")
    if rule.forced:
        conn.exec_driver_sql("SET LOCAL enable_seqscan = off")
    options = "FORMAT JSON" if is_insert else "ANALYZE, TIMING off, FORMAT JSON"
    explain = f"EXPLAIN ({options}) {statement.text}"
    (plan,) = conn.exec_driver_sql(explain, statement.values).one()
    root = (plan if isinstance(plan, list) else json.loads(plan))[0]["Plan"]
    found, read = [], 0
    for node in _nodes(root):
        kind, table, index = node["Node Type"], node.get("Relation Name"), node.get("Index Name")
        if kind == "Seq Scan" and table not in rule.small:
            found.append(f"Seq Scan on {table}: {node.get('Filter')}")
        whole = index and "Index Cond" not in node and kind != "Bitmap Heap Scan"
        if whole and index not in rule.bounded and table not in rule.small:
            found.append(f"{kind} of all of {index}: {node.get('Filter')}")
        if "Scan" in kind and kind not in ("Bitmap Heap Scan", "Subquery Scan"):
            each = node.get("Actual Rows", 0) + node.get("Rows Removed by Filter", 0)
            read += each * node.get("Actual Loops", 1)
    if read > rule.rows:
        scans = [
            n.get("Index Name") or n.get("Relation Name")
            for n in _nodes(root)
            if "Scan" in n["Node Type"]
        ]
        found.append(f"{read} rows read: {scans}")
    return found


def _nodes(node: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield node
    for child in node.get("Plans", ()):
        yield from _nodes(child)
