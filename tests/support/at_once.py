"""Several acts of people at the same moment, through the databases of two processes."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from sqlalchemy.engine import Connection

from bot.conversation.ownership import Impossible
from bot.desk.errors import DeskError
from bot.store.sql.database import Database

Act = Callable[[Connection], Any]


def at_once(database: Database, other: Database, *doing: Act) -> list[Any]:
    """The results in order; an act that was refused gives its error."""
    start = Barrier(len(doing))

    def run(number: int) -> Any:
        start.wait()
        try:
            with (database, other)[number % 2].begin() as conn:
                return doing[number](conn)
        except (DeskError, Impossible) as error:
            return error

    with ThreadPoolExecutor(len(doing)) as pool:
        return list(pool.map(run, range(len(doing))))
