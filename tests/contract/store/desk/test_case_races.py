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

from bot.desk.conversations.planning import Planning
from bot.desk.conversations.silent_agents import SilentAgents
from bot.desk.conversations.snoozing import Snoozing
from bot.store.conversation import conversations, customer_links
from bot.store.delivery import outbox_queries
from bot.store.desk import planned_replies
from bot.store.desk.agents import Agent
from bot.store.handover import handovers
from bot.store.sql.database import Database
from channels import wiping
from tests.support.desk import MINUTE, NOW, person, queued, service

pytestmark = [pytest.mark.postgres, pytest.mark.parametrize("kind", ["postgresql"])]

DESK = service()
PLANNING = Planning(DESK)
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
    """One goes back to the assistant; the act goes for the other, and for nothing that is over."""
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


def take(conn: Connection, talk: str, agent: Agent) -> None:
    DESK.take(conn, talk, agent, NOW)


def plan(conn: Connection, talk: str, agent: Agent) -> None:
    PLANNING.plan(conn, talk, agent, "Tot straks", LATER, NOW, talk)


def withdraw(conn: Connection, talk: str, agent: Agent) -> None:
    (planned,) = planned_replies.of(conn, talk)
    PLANNING.withdraw(conn, talk, agent, planned.id, NOW)


def send(conn: Connection, talk: str, agent: Agent) -> None:
    (planned,) = planned_replies.of(conn, talk)
    PLANNING.send(conn, planned, LATER)


def answer_at(conn: Connection, talk: str, agent: Agent) -> None:
    there = next(each for each in customer_links.group(conn, talk) if each != talk)
    DESK.joins.answer_at(conn, talk, agent, there, NOW)


def release_all(conn: Connection, talk: str, agent: Agent) -> None:
    DESK.transfers.release_all(conn, agent, NOW)


def remind(conn: Connection, talk: str, agent: Agent) -> None:
    SilentAgents(DESK.desk).look(conn, NOW + 600 * MINUTE)


def wipe(conn: Connection, talk: str, agent: Agent) -> None:
    wiping.wipe(conn, "webchat", "anna", NOW)


@contextmanager
def locks(conn: Connection) -> Iterator[list[set[str]]]:
    """The conversations that each statement of a transaction locks, in turn."""
    found: list[set[str]] = []

    def note(_conn: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        if "FOR NO KEY UPDATE" in statement and "FROM conversations" in statement:
            found.append(set(dict(values).values()))

    event.listen(conn.engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(conn.engine, "before_cursor_execute", note)


@pytest.mark.parametrize("lead", [0, 1])
@pytest.mark.parametrize(
    ("before", "act"),
    [
        ((), take),
        ((), close),
        ((take,), close),
        ((take,), snooze),
        ((take,), answer_at),
        ((take,), plan),
        ((take, plan), withdraw),
        ((take, plan), send),
        ((take,), remind),
        ((take,), release_all),
        ((take, plan), wipe),
    ],
)
def test_a_customer_s_conversations_are_locked_at_once(
    database: Database, lead: int, before: tuple[Act, ...], act: Act
) -> None:
    """In one statement, in order: else who acts from the one waits for who acts from the other."""
    with database.begin() as conn:
        samira = person(conn)
        two = [queued(conn), queued(conn, "bert")]
        joined(conn, two[lead], two[1 - lead], samira)
        for each in before:
            each(conn, two[0], samira)
    with database.begin() as conn, locks(conn) as found:
        act(conn, two[0], samira)
    assert found[0] == set(two)
