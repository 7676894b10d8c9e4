"""A fresh database for each test: SQLite always, PostgreSQL where a server can be reached."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import OperationalError

from bot.store.sql.database import Database
from bot.store.sql.tables import metadata

#: Where a server is looked for when LOKET_TEST_POSTGRES_URL does not say.
SERVERS = (
    "postgresql://root@127.0.0.1:5432/postgres",
    "postgresql://postgres@127.0.0.1:5432/postgres",
)


def _administer(server: URL, statement: str) -> None:
    engine = create_engine(
        server, isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": 3}
    )
    try:
        with engine.connect() as conn:
            conn.exec_driver_sql(statement)
    finally:
        engine.dispose()


@pytest.fixture(scope="session")
def make_postgres() -> Iterator[Callable[[], str]]:
    """Makes empty databases on the server; gives their URLs, and drops them in the end."""
    given = os.environ.get("LOKET_TEST_POSTGRES_URL")
    found = None
    for candidate in (given,) if given else SERVERS:
        try:
            _administer(make_url(candidate), "SELECT 1")
        except OperationalError:
            continue
        found = make_url(candidate)
        break
    if found is None:
        pytest.skip(
            "no PostgreSQL server answers; give one where databases may be created with"
            " LOKET_TEST_POSTGRES_URL=postgresql://user@host/postgres"
        )
    server: URL = found
    made: list[str] = []

    def make() -> str:
        name = f"loket_test_{secrets.token_hex(6)}"
        _administer(server, f"CREATE DATABASE {name}")
        made.append(name)
        return str(server.set(database=name).render_as_string(hide_password=False))

    yield make
    for name in made:
        _administer(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def postgres_url(make_postgres: Callable[[], str]) -> str:
    """A database with tables, which the tests share one after another."""
    url = make_postgres()
    database = Database(url)
    database.upgrade()
    database.dispose()
    return url


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A SQLite file with tables."""
    path = tmp_path_factory.mktemp("template") / "loket.db"
    database = Database(f"sqlite:///{path}")
    database.upgrade()
    database.dispose()
    return path.read_bytes()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def kind(request: pytest.FixtureRequest) -> str:
    """Each kind of database in turn."""
    return str(request.param)


@pytest.fixture
def url(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database with empty tables."""
    if kind == "sqlite":
        path = tmp_path / "loket.db"
        path.write_bytes(request.getfixturevalue("sqlite_template"))
        return f"sqlite:///{path}"
    address: str = request.getfixturevalue("postgres_url")
    engine = create_engine(address)
    # Emptying so few rows takes a fraction of what TRUNCATE does, which makes every file anew.
    with engine.begin() as conn:
        for table in reversed(metadata.sorted_tables):
            conn.execute(table.delete())
        conn.exec_driver_sql(
            "SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'"
        )
    engine.dispose()
    return address


@pytest.fixture
def empty_url(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database without tables."""
    if kind == "sqlite":
        return f"sqlite:///{tmp_path / 'new' / 'loket.db'}"
    make: Callable[[], str] = request.getfixturevalue("make_postgres")
    return make()


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    """A database with empty tables."""
    opened = Database(url)
    yield opened
    opened.dispose()


@pytest.fixture
def other(url: str) -> Iterator[Database]:
    """The same database as another process would open it."""
    opened = Database(url)
    yield opened
    opened.dispose()
