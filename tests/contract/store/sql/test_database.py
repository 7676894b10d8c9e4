"""Transactions, threads, times and migrations."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import func, inspect, select, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError, StatementError

from bot.errors import ConfigurationError
from bot.messages import Inbound
from bot.store.conversation import conversations
from bot.store.sql import engines
from bot.store.sql.database import THREADS, Database
from bot.store.sql.tables import metadata
from bot.store.worker import inbox, timers

ROOT = Path(__file__).parents[4]
NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def count(conn: Connection) -> int:
    table = metadata.tables["conversations"]
    return int(conn.execute(select(func.count()).select_from(table)).scalar_one())


def test_an_exception_rolls_back(database: Database) -> None:
    """And the next transaction works."""

    def fail() -> None:
        with database.begin() as conn:
            conversations.open_(conn, "webchat", "anna", NOW)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with database.begin() as conn:
        assert count(conn) == 0
        conversations.open_(conn, "webchat", "anna", NOW)
    with database.read() as conn:
        assert count(conn) == 1


def test_a_reader_cannot_write(database: Database) -> None:
    """And the connections serve writers again."""
    for _ in range(2 * THREADS):
        with pytest.raises(SQLAlchemyError), database.read() as conn:
            conversations.open_(conn, "webchat", "anna", NOW)
        with database.begin() as conn:
            conversations.open_(conn, "webchat", "bert", NOW)


def test_a_reader_sees_one_state(database: Database) -> None:
    """Whatever is committed meanwhile."""
    with database.read() as conn:
        assert count(conn) == 0
        with database.begin() as writer:
            conversations.open_(writer, "webchat", "anna", NOW)
        assert count(conn) == 0
    with database.read() as conn:
        assert count(conn) == 1


def test_references_are_checked(database: Database) -> None:
    """On SQLite too, which does not by itself."""
    with pytest.raises(IntegrityError), database.begin() as conn:
        timers.set_(conn, "f" * 32, "rating", NOW)


def test_times_come_back_aware_and_in_utc(database: Database) -> None:
    """To the microsecond, across a change to summer time, and compared in SQL as moments."""
    cet, cest = timezone(timedelta(hours=1)), timezone(timedelta(hours=2))
    moments = [
        datetime(2026, 3, 29, 1, 59, 59, 999999, tzinfo=cet),
        datetime(2026, 3, 29, 3, 0, 0, 1, tzinfo=cest),
        datetime(2026, 10, 25, 2, 30, tzinfo=cest),
        datetime(2026, 10, 25, 2, 30, tzinfo=cet),
        datetime(1970, 1, 1, tzinfo=UTC),
    ]
    with database.begin() as conn:
        for number, moment in enumerate(moments):
            made = conversations.open_(conn, "webchat", str(number), moment)
            assert made.created_at == moment
            assert made.created_at.tzinfo is UTC
            timers.set_(conn, made.id, "rating", moment)
        taken = timers.due(conn, moments[2])
        assert [timer.due_at for timer in taken] == [moments[4], *moments[:3]]
        assert [timer.due_at for timer in timers.due(conn, moments[3])] == [moments[3]]


def test_a_time_without_zone_is_refused(database: Database) -> None:
    """It would mean something else on each machine."""
    with pytest.raises(StatementError, match="time zone"), database.begin() as conn:
        conversations.open_(conn, "webchat", "anna", datetime(2026, 1, 1))  # noqa: DTZ001 - the point


async def test_coroutines_use_a_few_threads(database: Database) -> None:
    """A hundred at once all get done, on a bounded number of threads."""
    used: set[int] = set()

    def accept(conn: Connection, number: int) -> int:
        used.add(threading.get_ident())
        message = Inbound("webchat", f"c{number % 10}", str(number), "hoi")
        return inbox.accept(conn, message, NOW).inbox_id

    numbers = await asyncio.gather(*(database.run(accept, number) for number in range(100)))
    assert len(set(numbers)) == 100
    assert await database.query(count) == 10
    assert len(used) <= THREADS
    with pytest.raises(LookupError):
        await database.query(conversations.get, "0" * 32)


async def test_readers_do_not_wait_for_the_writer(database: Database) -> None:
    """A long transaction delays no event stream."""
    go_on = threading.Event()

    def hold(conn: Connection) -> None:
        conversations.open_(conn, "webchat", "anna", NOW)
        assert go_on.wait(10)

    writing = asyncio.create_task(database.run(hold))
    await asyncio.sleep(0.05)
    async with asyncio.timeout(30):
        assert await database.query(count) == 0
    go_on.set()
    await writing
    assert await database.query(count) == 1


#: The indexes of words, their own tables and triggers: each database has them in its own language,
#: so that they are made by a migration alone (tests/contract/store/history tries them).
OF_WORDS = re.compile(r"_words($|_)")


def _of_words(name: str | None) -> bool:
    return bool(name and OF_WORDS.search(name))


# An index on an expression is not read back; the next test compares those too.
@pytest.mark.filterwarnings("ignore:.*expression-based index")
def test_migrations_make_the_tables(empty_url: str) -> None:
    """Exactly those of `tables`; a second time changes nothing."""
    database = Database(empty_url)
    database.upgrade()
    database.upgrade()
    with database.begin() as conn:
        names = set(inspect(conn).get_table_names()) - {"sqlite_sequence"}
        tables = {name for name in names if not _of_words(name)}
        assert tables == {*metadata.tables, "alembic_version"}
        options = {
            "include_name": lambda name, *_: name != "sqlite_sequence" and not _of_words(name),
            # SQLAlchemy does not read a reference that came with ADD COLUMN whole; the next test
            # compares those, word for word.
            "include_object": lambda _, name, kind, *__: (
                kind != "foreign_key_constraint" or database.dialect != "sqlite"
            ),
        }
        context = MigrationContext.configure(conn, opts=options)
        assert compare_metadata(context, metadata) == []
    database.dispose()


def parts(statement: str) -> Iterator[str]:
    """Head, columns and constraints of a CREATE, whichever way and order they were written in."""
    head, _, body = statement.partition("(")
    yield " ".join(head.replace('"', "").split())  # SQLite quotes the name of a table it renamed
    for part in re.split(r",(?![^()]*(?:\([^()]*\)[^()]*)*\))", body.strip().removesuffix(")")):
        words = " ".join(part.split())
        if added := re.fullmatch(r"(\w+) (.*?) CONSTRAINT (\w+) (REFERENCES .*)", words):
            column, kind, name, reference = added.groups()
            yield f"{column} {kind}"
            yield f"CONSTRAINT {name} FOREIGN KEY({column}) {reference}"
        elif checked := re.fullmatch(r"(\w+ .*?) (CONSTRAINT \w+ CHECK .*)", words):
            yield from checked.groups()
        else:
            yield words


def test_migrations_say_the_same_as_the_tables(tmp_path: Path) -> None:
    """Down to the conditions of checks and indexes, which Alembic does not compare."""

    def statements(conn: Connection) -> dict[str, set[str]]:
        rows = conn.exec_driver_sql(
            "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"
            " AND tbl_name NOT LIKE 'alembic%'"
        )
        return {row.name: set(parts(row.sql)) for row in rows if not _of_words(row.name)}

    migrated = Database(f"sqlite:///{tmp_path / 'migrated.db'}")
    migrated.upgrade()
    made = Database(f"sqlite:///{tmp_path / 'made.db'}")
    with made.begin() as conn:
        metadata.create_all(conn)
        expected = statements(conn)
    with migrated.begin() as conn:
        assert statements(conn) == expected
    made.dispose()
    migrated.dispose()


def test_migrations_by_several_processes_at_once(empty_url: str) -> None:
    """All succeed, on a database that did not exist yet."""
    program = (
        "import sys; from bot.store.sql.database import Database;"
        "database = Database(sys.argv[1]); sys.stdin.readline(); database.upgrade()"
    )
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", program, empty_url],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors
    database = Database(empty_url)
    with database.begin() as conn:
        assert count(conn) == 0
    database.dispose()


def test_a_failed_migration_leaves_nothing(empty_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """All or none, so that the next start can try again."""
    from alembic import op

    def refuse(*_: object, **__: object) -> None:
        raise RuntimeError

    database = Database(empty_url)
    with monkeypatch.context() as patched:
        patched.setattr(op, "create_index", refuse)
        with pytest.raises(RuntimeError):
            database.upgrade()
    with database.begin() as conn:
        assert inspect(conn).get_table_names() == []
    database.upgrade()
    database.dispose()


def test_tables_of_a_newer_version_are_left_alone(database: Database) -> None:
    """With a sentence that says what to do."""
    with database.begin() as conn:
        before = conn.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one()
        conn.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    try:
        with pytest.raises(ConfigurationError, match="newer version"):
            database.upgrade()
    finally:
        with database.begin() as conn:
            conn.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{before}'")


def test_a_sqlite_file_is_for_its_owner_only(tmp_path: Path) -> None:
    """With the files that SQLite and Loket keep beside it."""
    database = Database(f"sqlite:///{tmp_path / 'var' / 'loket.db'}")
    database.upgrade()
    with database.begin() as conn:
        conversations.open_(conn, "webchat", "anna", NOW)
        files = list((tmp_path / "var").iterdir())
    assert len(files) == 4
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    database.dispose()


@pytest.mark.parametrize(
    "url",
    ["sqlite://", "sqlite:///:memory:", "mysql://u:secret@h/d", "postgres://u:secret@h/d", "", "x"],
)
def test_other_databases_are_refused(url: str) -> None:
    """With a sentence that shows the forms that work, and never the password."""
    with pytest.raises(ConfigurationError, match=r"sqlite:///var/loket\.db") as refused:
        Database(url)
    assert "secret" not in str(refused.value)


@pytest.mark.postgres
def test_who_stands_still_in_a_transaction_keeps_nobody_waiting(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server ends it and lets go of its locks; its process goes on with the next one."""
    monkeypatch.setattr(engines, "IDLE", 1500)
    still, other = Database(postgres_url), Database(postgres_url)
    still.upgrade()

    def stand_still() -> None:
        with still.begin() as conn:
            conversation = conversations.open_(conn, "sms", "+31612345678", NOW)
            with other.begin() as waiting:  # waits for the row
                assert conversations.open_(waiting, "sms", "+31612345678", NOW) != conversation
            conn.execute(text("select 1"))

    try:
        with pytest.raises(DBAPIError):
            stand_still()
        with still.begin() as conn:
            assert conversations.find(conn, "sms", "+31612345678") is not None
    finally:
        still.dispose()
        other.dispose()
