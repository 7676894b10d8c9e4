"""What agents set aside: until a moment, or until the customer writes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.engine import Connection

from bot.desk.conversations import presence, snoozing
from bot.desk.conversations.silent_agents import SilentAgents, silent_since
from bot.desk.conversations.snoozing import Snoozing
from bot.desk.errors import TakenByAnother, Unusable
from bot.store.conversation import conversations
from bot.store.desk import agents, desk_fingerprint, workload
from bot.store.desk.agents import Agent
from bot.store.handover import audit_log, handovers, snoozes
from bot.store.handover.handovers import find_open
from bot.store.sql.database import Database
from tests.support.desk import MINUTE, NOW, ORGANISATION, customer, person, queued, service

DESK = service()
ASIDE, WATCH = Snoozing(DESK.desk), SilentAgents(DESK.desk)
HOUR = timedelta(hours=1)
DUE = NOW + HOUR


@pytest.fixture
def conn(database: Database) -> Iterator[Connection]:
    with database.begin() as connection:
        yield connection


def lists(conn: Connection, agent: Agent) -> tuple[list[str], list[str]]:
    """What the agent has, and what the agent set aside."""
    work = DESK.desk.lists.work(conn, agent)
    assert work.mine.total == len(work.mine.shown)
    mine = [each.conversation_id for each in work.mine.shown]
    return mine, [each.conversation_id for each in work.asleep]


def aside(conn: Connection, agent: Agent, who: str = "anna") -> str:
    """A conversation that an agent took and set aside."""
    talk = queued(conn, who)
    DESK.take(conn, talk, agent, NOW)
    ASIDE.snooze(conn, talk, agent, DUE, NOW)
    return talk


def test_it_leaves_and_comes_back_by_itself(conn: Connection) -> None:
    """With a mark, until the customer is answered; also for a process that began anew."""
    samira = person(conn)
    talk = aside(conn, samira)
    assert lists(conn, samira) == ([], [talk])
    assert snoozes.wake_due(conn, DUE - MINUTE) == ()
    before = desk_fingerprint.fingerprint(conn, 9)
    assert snoozes.wake_due(conn, DUE) == (talk,)
    assert snoozes.wake_due(conn, DUE) == ()
    assert desk_fingerprint.fingerprint(conn, 9) != before
    assert lists(conn, samira) == ([talk], [])
    assert DESK.desk.lists.work(conn, samira).mine.shown[0].woken
    acts = [(each.act, each.by, each.detail) for each in audit_log.of(conn, talk)][-2:]
    assert acts == [("snoozed", "Samira", DUE.isoformat()), ("woken", "", "")]
    DESK.reply(conn, talk, samira, "Dag", DUE, "k")
    assert not DESK.desk.lists.work(conn, samira).mine.shown[0].woken


def test_the_customer_wakes_it(conn: Connection) -> None:
    """At once, before anything looks; what was written before it was set aside does not."""
    samira = person(conn)
    talk = aside(conn, samira)
    customer(conn, now=NOW + MINUTE)
    assert lists(conn, samira) == ([talk], [])
    assert DESK.desk.lists.work(conn, samira).mine.shown[0].woken
    assert snoozes.wake_due(conn, NOW + 2 * MINUTE) == (talk,)
    handover = find_open(conn, talk)
    assert handover
    assert handover.woken_at == NOW + MINUTE


def test_nobody_is_silent_or_full_meanwhile(conn: Connection) -> None:
    """Nor gone: it stays with who went home. The wait counts from when it came back."""
    samira = person(conn)
    workload.set_capacity(conn, samira.id, 1)
    talk = aside(conn, samira)
    late = DUE - MINUTE
    assert WATCH.look(conn, late) == ()
    assert DESK.transfers.release_lost(conn, late) == ()
    assert workload.in_hand(conn, samira.id) == ()
    presence.check_room(conn, samira.id, None)
    snoozes.wake_due(conn, DUE)
    handover = find_open(conn, talk)
    assert handover
    assert silent_since(conn, handover) == DUE
    agents.seen(conn, samira.id, DUE)
    assert WATCH.look(conn, DUE + 4 * MINUTE) == ()
    assert WATCH.look(conn, DUE + 6 * MINUTE) == (talk,)
    assert DESK.transfers.release_lost(conn, DUE + 5 * MINUTE) == ()
    assert DESK.transfers.release_lost(conn, DUE + HOUR) == (talk,)


def test_who_has_it_sets_it_aside(conn: Connection) -> None:
    """For a time to come; an answer, or giving it away, ends that."""
    samira, tom = person(conn), person(conn, "Tom")
    talk = aside(conn, samira)
    with pytest.raises(TakenByAnother):
        ASIDE.snooze(conn, talk, tom, DUE, NOW)
    for until in (NOW, NOW + timedelta(days=400)):
        with pytest.raises(Unusable):
            ASIDE.snooze(conn, talk, samira, until, NOW)
    ASIDE.wake(conn, talk, samira, NOW)
    assert lists(conn, samira) == ([talk], [])
    for ends in (
        lambda: DESK.reply(conn, talk, samira, "Dag", NOW, "k"),
        lambda: DESK.assignments.assign(conn, talk, samira, tom.id, "", NOW),
    ):
        ASIDE.snooze(conn, talk, samira, DUE, NOW)
        ends()
        handover = handovers.find_open(conn, talk)
        assert handover
        assert not handover.asleep(conversations.get(conn, talk).last_inbound_at)


def test_the_moments_to_choose() -> None:
    """By the organisation's clock, winter time too."""
    assert snoozing.moment("hour", "", ORGANISATION, NOW) == DUE
    tomorrow = snoozing.moment("tomorrow", "", ORGANISATION, NOW)
    assert tomorrow.astimezone(UTC) == datetime(2026, 11, 3, 8, tzinfo=UTC)
    own = snoozing.moment("", "2026-11-04T14:30", ORGANISATION, NOW)
    assert own.astimezone(UTC) == datetime(2026, 11, 4, 13, 30, tzinfo=UTC)
    with pytest.raises(Unusable):
        snoozing.moment("", "straks", ORGANISATION, NOW)
