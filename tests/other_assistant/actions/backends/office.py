"""The organisation's database: opened once a process, at the address in the settings."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from actions.backends import loans
from actions.backends.appointments import METADATA
from bot.dialogue import runtime
from bot.store.sql.database import Database

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

P = ParamSpec("P")
T = TypeVar("T")


async def query(fn: Callable[Concatenate[Connection, P], T], *args: P.args, **kw: P.kwargs) -> T:
    """Runs `fn(connection, ...)`, which only reads, without blocking the event loop.

    Raises:
        SQLAlchemyError: the database cannot be reached; the turn is handed to a person then.
    """
    return await database().query(fn, *args, **kw)


async def change(fn: Callable[Concatenate[Connection, P], T], *args: P.args, **kw: P.kwargs) -> T:
    """Runs `fn(connection, ...)` in a write transaction; returns when it is committed.

    Raises:
        SQLAlchemyError: the database cannot be reached; nothing was changed.
    """
    return await database().run(fn, *args, **kw)


def ensure(url: str) -> None:
    """Makes and fills the tables that are missing. Safe at every start, and for several at once."""
    opened = Database(url)
    try:
        with opened.begin() as conn:
            METADATA.create_all(conn)
            loans.fill(conn, runtime.today())
    finally:
        opened.dispose()


@cache
def database() -> Database:
    """The database of this process."""
    url = runtime.settings().own["office_database_url"]
    ensure(url)
    return Database(url)
