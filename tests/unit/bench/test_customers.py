"""The customers of a bench: what they say, and that the bot kept them all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.measuring.customers import RETURN, VISIT, check_nobody_gave_up, fill, left, messages
from bot.store.sql.database import Database


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """An empty one."""
    made = Database(f"sqlite:///{tmp_path / 'loket.db'}")
    made.upgrade()
    yield made
    made.dispose()


def test_messages() -> None:
    """Every visit has as many messages, so that twenty turns are whole visits anywhere."""
    assert len(VISIT) == len(RETURN) == 10
    assert messages(25) == [*VISIT, *RETURN, *RETURN[:5]]


def test_fill(database: Database) -> None:
    """All messages wait at once, each customer's in a conversation of its own."""
    with database.begin() as conn:
        assert not left(conn)
        assert fill(conn, "somebody", 3) == 30
        assert left(conn)
        count = "select count(distinct conversation_id), count(*) from inbox"
        assert tuple(conn.exec_driver_sql(count).one()) == (3, 30)


def test_a_person_was_called(database: Database) -> None:
    """A run in which the bot gave a conversation away ends: its turns would be cheap."""
    with database.begin() as conn:
        fill(conn, "somebody", 2, each=1)
        check_nobody_gave_up(conn)
        conn.exec_driver_sql("update conversations set owner = 'queued'")
        with pytest.raises(SystemExit, match="2 conversations"):
            check_nobody_gave_up(conn)
