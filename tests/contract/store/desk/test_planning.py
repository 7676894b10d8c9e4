"""Answers for later: within the channel's window, shown until they go, never lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy.engine import Connection

from bot.desk.conversations.planning import Planning
from bot.desk.conversations.silent_agents import SilentAgents
from bot.desk.conversations.snoozing import Snoozing
from bot.desk.errors import Planned, TakenByAnother, Unknown, Unreachable, Unusable
from bot.store.conversation import conversations, customer_links
from bot.store.delivery import outbox_queries
from bot.store.desk import drafts, planned_replies
from bot.store.desk.agents import Agent
from bot.store.handover import handovers, notes, snoozes
from bot.store.sql.database import Database
from channels import wiping
from tests.support.desk import MINUTE, NOW, customer, person, queued, service, with_template

DESK = service()
LATER = Planning(DESK)
HOUR = timedelta(hours=1)
DUE = NOW + HOUR


@pytest.fixture
def conn(database: Database) -> Iterator[Connection]:
    with database.begin() as connection:
        yield connection


def said(conn: Connection, conversation_id: str) -> list[str]:
    found = outbox_queries.since(conn, conversation_id, 0, 99)
    return [each.message.text for each in found if each.author == "human"]


def sent(conn: Connection, now: datetime) -> tuple[str, ...]:
    """Sends what is due; the conversations."""
    due = planned_replies.due(conn, now)
    return tuple(each.conversation_id for each in due if LATER.send(conn, each, now))


def test_it_goes_when_it_is_due(conn: Connection) -> None:
    """Once, also when it was planned twice by a page; nobody is reminded meanwhile."""
    samira, talk = person(conn), queued(conn)
    DESK.take(conn, talk, samira, NOW)
    drafts.keep(conn, talk, samira.id, "Tot straks", NOW)
    for _ in range(2):
        LATER.plan(conn, talk, samira, "Tot straks", DUE, NOW, "k")
    assert drafts.of(conn, talk, samira.id) == ""
    assert [each.text for each in planned_replies.of(conn, talk)] == ["Tot straks"]
    assert SilentAgents(DESK.desk).look(conn, DUE - MINUTE) == ()
    assert sent(conn, DUE - MINUTE) == ()
    with pytest.raises(Planned):
        DESK.close(conn, talk, samira, "Klaar", NOW)
    assert sent(conn, DUE) == (talk,)
    assert sent(conn, DUE + MINUTE) == ()
    assert said(conn, talk) == ["Tot straks"]
    assert [each.conversation_id for each in DESK.desk.lists.work(conn, samira).mine.shown] == [
        talk
    ]
    DESK.close(conn, talk, samira, "Klaar", DUE)


def test_it_can_be_withdrawn(conn: Connection) -> None:
    """By who has the conversation; then it is in hand again."""
    samira, tom, talk = person(conn), person(conn, "Tom"), queued(conn)
    DESK.take(conn, talk, samira, NOW)
    LATER.plan(conn, talk, samira, "Tot straks", DUE, NOW, "k")
    (planned,) = planned_replies.of(conn, talk)
    with pytest.raises(TakenByAnother):
        LATER.withdraw(conn, talk, tom, planned.id, NOW)
    assert LATER.withdraw(conn, talk, samira, planned.id, NOW) == "Tot straks"
    with pytest.raises(Unknown):
        LATER.withdraw(conn, talk, samira, planned.id, NOW)
    assert len(DESK.desk.lists.work(conn, samira).mine.shown) == 1
    assert sent(conn, DUE) == ()


def test_what_came_back_before_is_still_to_be_answered(conn: Connection) -> None:
    """By itself or by its customer, seen or not yet: who withdraws finds it marked as it was."""
    samira = person(conn)
    by_itself, by_customer, just_now = (queued(conn, who) for who in ("anna", "bert", "cor"))
    for talk in (by_itself, by_customer, just_now):
        DESK.take(conn, talk, samira, NOW)
        Snoozing(DESK.desk).snooze(conn, talk, samira, DUE, NOW)
    customer(conn, "bert", now=NOW + MINUTE)
    snoozes.wake_due(conn, DUE)
    Snoozing(DESK.desk).snooze(conn, just_now, samira, DUE + HOUR, DUE)
    customer(conn, "cor", now=DUE + MINUTE)
    later = DUE + 2 * MINUTE
    for talk in (by_itself, by_customer, just_now):
        LATER.plan(conn, talk, samira, "Tot straks", later + HOUR, later, talk)
        (planned,) = planned_replies.of(conn, talk)
        LATER.withdraw(conn, talk, samira, planned.id, later)
    assert [each.woken for each in DESK.desk.lists.work(conn, samira).mine.shown] == [True] * 3
    DESK.reply(conn, by_itself, samira, "Dag", later, "n")
    woken = {e.conversation_id: e.woken for e in DESK.desk.lists.work(conn, samira).mine.shown}
    assert not woken[by_itself]


@pytest.mark.parametrize("desk", [DESK, with_template()], ids=["window", "template"])
def test_beyond_the_window_of_the_channel(conn: Connection, desk: object) -> None:
    """An invitation is no answer: the moment must lie within; the sentence says until when."""
    acts = Planning(desk)  # type: ignore[arg-type]
    samira, talk = person(conn), queued(conn, "31612345678", "whatsapp")
    acts.service.take(conn, talk, samira, NOW)
    with pytest.raises(Unreachable, match="WhatsApp kunt u antwoorden tot morgen 10:30 uur"):
        acts.plan(conn, talk, samira, "Dag", NOW + 25 * HOUR, NOW, "k")
    acts.plan(conn, talk, samira, "Dag", NOW + 23 * HOUR, NOW, "k")
    for due in (NOW, NOW + timedelta(days=400)):
        with pytest.raises(Unusable):
            acts.plan(conn, talk, samira, "Dag", due, NOW, "n")


def test_what_cannot_go_any_more_is_a_note(conn: Connection) -> None:
    """With the reason. Where the customer writes meanwhile, the agent has it in hand; it goes."""
    samira, tom = person(conn), person(conn, "Tom")
    given, wrote = queued(conn), queued(conn, "bert")
    for talk in (given, wrote):
        DESK.take(conn, talk, samira, NOW)
        LATER.plan(conn, talk, samira, "Tot straks", DUE, NOW, "k")
    DESK.assignments.assign(conn, given, samira, tom.id, "", NOW)
    customer(conn, "bert", now=NOW + MINUTE)
    mine = DESK.desk.lists.work(conn, samira).mine.shown
    assert [each.conversation_id for each in mine] == [wrote]
    assert set(sent(conn, DUE)) == {given, wrote}
    assert (said(conn, given), said(conn, wrote)) == ([], ["Tot straks"])
    (note,) = notes.of(conn, given)
    assert "Tom heeft dit gesprek al opgepakt" in note.text
    assert note.text.endswith("Tot straks")
    assert conversations.get(conn, given).owner == "human"


def asleep(conn: Connection, samira: Agent) -> tuple[list[str], list[str]]:
    """What the agent has in hand, and what is set aside; a case by one of its conversations."""
    work = DESK.desk.lists.work(conn, samira)
    return (
        [each.conversation_id for each in work.mine.shown],
        [each.conversation_id for each in work.asleep],
    )


def joined(conn: Connection, samira: Agent) -> tuple[str, str]:
    """One customer in two web chats, both with the agent."""
    one, other = queued(conn), queued(conn, "bert", now=NOW + MINUTE)
    for each in (one, other):
        DESK.take(conn, each, samira, NOW + MINUTE)
    customer_links.add(conn, other, one, "", "Zelf gezegd", samira.id, NOW)
    return one, other


def until(conn: Connection, talk: str) -> datetime | None:
    found = handovers.find_open(conn, talk)
    assert found
    return found.snoozed_until


def withdraw(conn: Connection, talk: str, samira: Agent) -> None:
    planned = planned_replies.of(conn, talk)[-1]
    LATER.withdraw(conn, talk, samira, planned.id, NOW + 3 * MINUTE)


def wipe(conn: Connection, talk: str, _: Agent) -> None:
    wiping.wipe(conn, "webchat", conversations.get(conn, talk).address, NOW + 3 * MINUTE)


Ends = Callable[[Connection, str, Agent], None]


@pytest.mark.parametrize("end", [withdraw, wipe])
def test_a_whole_case_is_in_hand_again(conn: Connection, end: Ends) -> None:
    """It waited, all of it, for an answer that does not go, and waits for no moment."""
    samira = person(conn)
    one, other = joined(conn, samira)
    LATER.plan(conn, one, samira, "Tot straks", DUE, NOW + 2 * MINUTE, "k")
    assert asleep(conn, samira) == ([], [other])
    end(conn, one, samira)
    assert asleep(conn, samira)[1] == []
    assert [until(conn, each) for each in (one, other)] == [None, None]


@pytest.mark.parametrize("end", [withdraw, wipe])
def test_a_case_waits_for_what_still_goes(conn: Connection, end: Ends) -> None:
    """Another of its conversations has an answer planned: it is set aside until that one goes."""
    samira = person(conn)
    one, other = joined(conn, samira)
    LATER.plan(conn, other, samira, "Later", DUE, NOW + 2 * MINUTE, "first")
    LATER.plan(conn, one, samira, "Nog later", DUE + HOUR, NOW + 2 * MINUTE, "second")
    end(conn, one, samira)
    assert [until(conn, each) for each in (one, other)] == [DUE, DUE]
    withdraw(conn, other, samira)
    assert [until(conn, each) for each in (one, other)] == [None, None]


@pytest.mark.parametrize("end", [withdraw, wipe])
def test_what_was_set_aside_anew_stays_so(conn: Connection, end: Ends) -> None:
    """The agent chose another moment after the answer was planned."""
    samira = person(conn)
    one, other = joined(conn, samira)
    LATER.plan(conn, one, samira, "Tot straks", DUE, NOW + 2 * MINUTE, "k")
    Snoozing(DESK.desk).snooze(conn, other, samira, DUE + HOUR, NOW + 2 * MINUTE)
    end(conn, one, samira)
    assert [until(conn, each) for each in (one, other)] == [DUE + HOUR, DUE + HOUR]
