"""Acts on a case of several conversations, beside others who act on the same: on PostgreSQL alone.

SQLite has one writer at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Connection

from bot.desk.conversations.snoozing import Snoozing
from bot.store.conversation import conversations, customer_links
from bot.store.delivery import outbox_queries
from bot.store.desk.agents import Agent
from bot.store.handover import handovers
from bot.store.sql.database import Database
from tests.support.desk import MINUTE, NOW, person, queued, service

pytestmark = [pytest.mark.postgres, pytest.mark.parametrize("kind", ["postgresql"])]

DESK = service()
PHONE = "+31612345678"
LATER = NOW + 60 * MINUTE

Act = Callable[[Connection, str, Agent], object]


def close(conn: Connection, talk: str, agent: Agent) -> None:
    DESK.close(conn, talk, agent, "Morgen bezorgd", NOW + MINUTE)


def snooze(conn: Connection, talk: str, agent: Agent) -> None:
    Snoozing(DESK.desk).snooze(conn, talk, agent, LATER, NOW + MINUTE)


def joined(conn: Connection, lead: str, other: str, agent: Agent) -> None:
    customer_links.add(conn, other, lead, "", "Zelf gezegd", agent.id, NOW)


@contextmanager
def meanwhile(database: Database, talk: str, act: Callable[[], object]) -> Iterator[None]:
    """Somebody else acts in the last moment before this conversation is first locked."""
    left = [act]

    def note(_conn: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        if left and "FOR NO KEY UPDATE" in statement and talk in dict(values).values():
            left.pop()()

    with database.begin() as conn:
        engine = conn.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert not left


def test_what_a_colleague_takes_just_now_is_no_longer_of_the_case(
    database: Database, other: Database
) -> None:
    """It waited as this one does; closing this one neither ends it nor tells its customer."""
    with database.begin() as conn:
        samira, tom = person(conn), person(conn, "Tom")
        one, theirs = queued(conn), queued(conn, PHONE, "whatsapp")
        joined(conn, one, theirs, samira)

    def taken() -> None:
        with other.begin() as conn:
            DESK.assignments.assign(conn, theirs, samira, tom.id, "", NOW)

    with meanwhile(database, theirs, taken), database.begin() as conn:
        close(conn, one, samira)
    with database.read() as conn:
        found = handovers.find_open(conn, theirs)
        assert found
        assert found.agent_id == tom.id
        said = [each.message.text for each in outbox_queries.since(conn, theirs, 0, 99)]
        assert not any("afgehandeld" in each for each in said)


@pytest.mark.parametrize("act", [close, snooze])
def test_what_ends_just_now_stops_nothing(database: Database, other: Database, act: Act) -> None:
    """One goes back to the assistant; the other is closed, or set aside, and no hand-over that is over."""
    with database.begin() as conn:
        samira = person(conn)
        one, gone = queued(conn, PHONE, "whatsapp"), queued(conn)
        for each in (one, gone):
            DESK.take(conn, each, samira, NOW)
        joined(conn, one, gone, samira)

    def ended() -> None:
        with other.begin() as conn:
            handovers.close(conn, gone, "resumed", NOW)
            conversations.change(conn, gone, owner="bot")

    with meanwhile(database, gone, ended), database.begin() as conn:
        act(conn, one, samira)
    with database.read() as conn:
        here, there = handovers.newest(conn, one), handovers.newest(conn, gone)
        assert here
        assert there
        assert (here.closed_at or here.snoozed_until) is not None
        assert (there.outcome, there.snoozed_until) == ("resumed", None)
