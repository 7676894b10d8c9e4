"""The shop's database: opened once a process, filled with sample data that stays current."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from actions.backends import sample
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
    await _prepared()
    return await _database().query(fn, *args, **kw)


async def change(fn: Callable[Concatenate[Connection, P], T], *args: P.args, **kw: P.kwargs) -> T:
    """Runs `fn(connection, ...)` in a write transaction; returns when it is committed.

    Raises:
        SQLAlchemyError: the database cannot be reached; nothing was changed.
    """
    await _prepared()
    return await _database().run(fn, *args, **kw)


@cache
def _database() -> Database:
    return Database(runtime.settings().own["shop_database_url"])


async def _prepared() -> None:
    """Brings the sample data up to today; costs nothing after the first time each day."""
    today = runtime.today()
    if today not in _days_prepared(_database()):
        await asyncio.to_thread(sample.refresh, _database(), today)
        _days_prepared(_database()).add(today)


@cache
def _days_prepared(_: Database) -> set[date]:
    return set()
