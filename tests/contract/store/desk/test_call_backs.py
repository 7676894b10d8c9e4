"""Requests to be called back: somebody's, at a time, done with a result, undone; never twice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.engine import Connection

from bot.desk.conversations.moments import AHEAD
from bot.desk.errors import DeskError, Forbidden, Over, TakenByAnother, Unknown, Unusable
from bot.store.conversation import conversations
from bot.store.delivery import outbox_queries
from bot.store.desk.agents import Agent
from bot.store.handover import callbacks, handovers, notes
from bot.store.handover.callbacks import Callback, CallbackRequest
from bot.store.sql.database import Database
from tests.support.at_once import at_once
from tests.support.desk import MINUTE, NOW, customer, person, queued, service

DESK = service()
DOING = DESK.call_backs
LATER = NOW + MINUTE


@pytest.fixture
def conn(database: Database) -> Iterator[Connection]:
    with database.begin() as connection:
        yield connection


def left(
    conn: Connection, who: str = "anna", team: str = "algemeen", **handed: str
) -> tuple[str, Callback]:
    """A customer in the queue who asked to be called."""
    talk = queued(conn, who, team=team, **handed)  # type: ignore[arg-type]
    request = CallbackRequest(talk, team, "", "Anna Bos", "0612345678", "nu", "?")
    return talk, callbacks.add(conn, request, NOW)


def owner(conn: Connection, talk: str) -> str:
    return conversations.get(conn, talk).owner


def said(conn: Connection, talk: str) -> list[str]:
    return [one.message.text for one in outbox_queries.since(conn, talk, 0, 99)]


def test_the_customer_hears_of_another_moment_once(conn: Connection) -> None:
    """By the channel; a note tells the agent when that takes no message."""
    samira = person(conn)
    talk, asked = left(conn)
    when = NOW + timedelta(days=1)
    DOING.plan(conn, asked.id, samira, when, NOW)
    DOING.plan(conn, asked.id, samira, when, NOW)
    moved = "Wij bellen u op een ander moment: morgen om 10.30 uur. Komt dat niet uit? Schrijf"
    assert [each.startswith(moved) for each in said(conn, talk)] == [True]
    conversations.change(conn, talk, channel="telegram")  # which is not set up here
    DOING.plan(conn, asked.id, samira, when + MINUTE, NOW)
    assert len(said(conn, talk)) == 1
    assert [each.text for each in notes.of(conn, talk)] == [
        "De klant weet niet van het nieuwe moment: het kanaal liet geen bericht toe."
    ]
    by_mail = CallbackRequest(talk, "algemeen", "", "Anna", "anna@voorbeeld.example", "", "?")
    mailed = callbacks.add(conn, by_mail, NOW)
    conversations.change(conn, talk, channel="webchat")
    DOING.plan(conn, mailed.id, samira, when, NOW)
    assert said(conn, talk)[-1].startswith("U krijgt ons antwoord op een ander moment: morgen")


def test_one_says_that_one_does_it(conn: Connection) -> None:
    """Then nobody else does, except a supervisor; it can be left again."""
    samira, tom, els = person(conn), person(conn, "Tom"), person(conn, "Els", "supervisor")
    _, asked = left(conn)
    DOING.claim(conn, asked.id, samira, NOW)
    DOING.claim(conn, asked.id, samira, NOW)
    for act in (
        lambda: DOING.claim(conn, asked.id, tom, NOW),
        lambda: DOING.unclaim(conn, asked.id, tom),
        lambda: DOING.plan(conn, asked.id, tom, LATER, NOW),
        lambda: DOING.done(conn, asked.id, tom, "reached", "", NOW),
    ):
        with pytest.raises(TakenByAnother, match="Samira"):
            act()
    DOING.unclaim(conn, asked.id, els)
    DOING.claim(conn, asked.id, tom, NOW)
    assert callbacks.get(conn, asked.id).claimed_by == tom.id


def test_of_many_who_claim_one_does(database: Database, other: Database) -> None:
    """The others read who."""
    with database.begin() as conn:
        people = [person(conn, f"agent {number}") for number in range(6)]
        _, asked = left(conn)

    def claim(agent: Agent) -> object:
        return lambda conn: DOING.claim(conn, asked.id, agent, NOW)

    results = at_once(database, other, *map(claim, people))  # type: ignore[arg-type]
    refused = [each for each in results if isinstance(each, TakenByAnother)]
    with database.read() as conn:
        whose = callbacks.get(conn, asked.id).claimed_by
    assert len(refused) == 5
    assert {each.by for each in refused} == {agent.name for agent in people if agent.id == whose}


def test_what_is_due_first_comes_first(conn: Connection) -> None:
    """A time that was named, or set by an agent, goes before when it was asked."""
    samira = person(conn)
    (_, first), (_, second), (_, third) = (left(conn, who) for who in "abc")
    DOING.plan(conn, first.id, samira, NOW + timedelta(days=1), NOW)
    waiting = DESK.desk.lists.work(conn, samira).callbacks.shown
    assert [each.id for each in waiting] == [second.id, third.id, first.id]
    for when in (NOW, NOW - MINUTE, NOW + AHEAD + MINUTE):
        with pytest.raises(Unusable, match="in de komende 90 dagen"):
            DOING.plan(conn, first.id, samira, when, NOW)


@pytest.mark.parametrize(
    ("result", "agreed", "told"),
    [
        ("reached", "Nieuwe box komt dinsdag", "Nieuwe box komt dinsdag"),
        ("reached", " ", "Wij hebben elkaar gesproken"),
        ("unreached", "", "dat lukte niet"),
    ],
)
def test_done_ends_what_only_waited_for_it(
    conn: Connection, result: str, agreed: str, told: str
) -> None:
    """The customer reads how it ended; it is no case any more, in no list."""
    samira = person(conn)
    talk, asked = left(conn)
    assert DOING.done(conn, asked.id, samira, result, agreed, LATER)
    assert not DOING.done(conn, asked.id, samira, result, agreed, LATER)
    assert owner(conn, talk) == "closed"
    assert any(told in each for each in said(conn, talk))
    work = DESK.desk.lists.work(conn, samira, LATER)
    assert (work.waiting.total, work.callbacks.total) == (0, 0)
    assert [(each.id, each.result) for each in work.called] == [(asked.id, result)]
    with pytest.raises(Over):
        DOING.claim(conn, asked.id, samira, LATER)


@pytest.mark.parametrize("agreed", ["", "Wij bellen morgen weer"])
@pytest.mark.parametrize("result", ["reached", "written", "unreached", "needless"])
def test_the_customer_reads_what_is_true(conn: Connection, result: str, agreed: str) -> None:
    """Who was not helped spoke with nobody, agreed on nothing, and has nobody to score."""
    samira = person(conn)
    talk, asked = left(conn)
    DOING.done(conn, asked.id, samira, result, agreed, LATER)
    told, *scores = said(conn, talk)
    assert ("U sprak met Samira" in told) == (result == "reached")
    assert ("Samira" in told) == bool(scores) == (result in ("reached", "written"))
    assert ("Afgesproken:" in told) == (bool(agreed) and bool(scores))
    assert agreed in told
    assert ("geprobeerd u te bereiken" in told) == (result == "unreached")
    assert ("Typ hier ‘medewerker’" in told) == (result == "unreached")
    closed = handovers.newest(conn, talk)
    assert closed is not None
    assert closed.settled == (agreed or None)


def test_who_wrote_since_still_gets_an_answer(conn: Connection) -> None:
    """In the queue again as soon as they write, and after they were called."""
    samira = person(conn)
    talk, asked = left(conn)
    customer(conn, "anna", now=LATER, text="En nog iets")
    work = DESK.desk.lists.work(conn, samira)
    assert (work.waiting.total, work.callbacks.total) == (1, 0)
    assert work.waiting.shown[0].callback
    DOING.done(conn, asked.id, samira, "reached", "", LATER + MINUTE)
    assert owner(conn, talk) == "queued"
    assert DESK.desk.lists.work(conn, samira).waiting.total == 1


def test_undoing(conn: Connection) -> None:
    """By who did it, or a supervisor; not when a newer request took its place."""
    samira, tom, els = person(conn), person(conn, "Tom"), person(conn, "Els", "supervisor")
    _, asked = left(conn)
    with pytest.raises(Over):
        DOING.undo(conn, asked.id, samira)
    DOING.done(conn, asked.id, samira, "needless", "", NOW)
    with pytest.raises(TakenByAnother, match="Samira"):
        DOING.undo(conn, asked.id, tom)
    DOING.undo(conn, asked.id, samira)
    again = callbacks.get(conn, asked.id)
    assert (again.done_at, again.done_by, again.result) == (None, None, None)
    assert DESK.desk.lists.work(conn, samira).callbacks.total == 1
    DOING.done(conn, asked.id, samira, "needless", "", NOW)
    DOING.undo(conn, asked.id, els)
    DOING.done(conn, asked.id, samira, "needless", "", NOW)
    request = CallbackRequest(asked.conversation_id, "algemeen", "", "Anna", "06", "nu", "?")
    newer = callbacks.add(conn, request, LATER)
    with pytest.raises(Over, match="nieuw verzoek"):
        DOING.undo(conn, asked.id, samira)
    callbacks.done(conn, newer.id, None, LATER)
    with pytest.raises(Over):
        DOING.undo(conn, newer.id, samira)  # nobody settled it: another took its place


def test_another_teams_and_none(conn: Connection) -> None:
    """Are told apart from what is one's own; a result that is none changes nothing."""
    samira, tom = person(conn), person(conn, "Tom", "agent", "bezorging")
    _, asked = left(conn)
    for act in (
        lambda: DOING.claim(conn, asked.id, tom, NOW),
        lambda: DOING.done(conn, asked.id, tom, "reached", "", NOW),
        lambda: DOING.undo(conn, asked.id, tom),
    ):
        with pytest.raises(Forbidden):
            act()
    with pytest.raises(Unknown):
        DOING.claim(conn, asked.id + 1, samira, NOW)
    with pytest.raises(Unusable):
        DOING.done(conn, asked.id, samira, "misschien", "", NOW)
    assert callbacks.get(conn, asked.id).done_at is None


@pytest.mark.parametrize("plan", ["", "claimed", "dated"])
def test_closing_the_chat_leaves_what_is_planned(conn: Connection, plan: str) -> None:
    """A colleague is going to call, or tomorrow somebody does: that stands, and is told."""
    samira, tom = person(conn), person(conn, "Tom")
    talk, asked = left(conn)
    if plan == "claimed":
        DOING.claim(conn, asked.id, tom, NOW)
    if plan == "dated":
        DOING.plan(conn, asked.id, tom, NOW + timedelta(days=1), NOW)
    customer(conn, "anna", now=LATER, text="En nog iets")
    DESK.take(conn, talk, samira, LATER)
    DESK.close(conn, talk, samira, "Klaar", LATER)
    assert (callbacks.get(conn, asked.id).done_at is None) == bool(plan)
    assert DESK.desk.lists.work(conn, tom, LATER).callbacks.total == bool(plan)
    assert ("blijft staan" in said(conn, talk)[-2]) == bool(plan)


ACTS = ("write", "claim", "take", "release", "plan", "done", "undo", "bot", "close")


def act(conn: Connection, step: str, asked: Callback, agent: Agent, number: int) -> None:
    """Somebody does something; what is refused changes nothing."""
    now, talk = NOW + (number + 1) * MINUTE, asked.conversation_id
    acts = {
        "write": lambda: customer(conn, "anna", now=now, text=f"bericht {number}"),
        "claim": lambda: DOING.claim(conn, asked.id, agent, now),
        "take": lambda: DESK.take(conn, talk, agent, now),
        "release": lambda: DESK.transfers.release(conn, talk, agent, now),
        "plan": lambda: DOING.plan(conn, asked.id, agent, now + timedelta(days=1), now),
        "done": lambda: DOING.done(conn, asked.id, agent, "reached", "", now),
        "undo": lambda: DOING.undo(conn, asked.id, agent),
        "bot": lambda: DESK.to_bot(conn, talk, agent, now),
        "close": lambda: DESK.close(conn, talk, agent, "Klaar", now),
    }
    with suppress(DeskError):
        acts[step]()


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.sampled_from(ACTS), max_size=8), urgent=st.booleans())
def test_a_case_never_stands_twice(conn: Connection, steps: list[str], urgent: bool) -> None:
    """Whatever happens, the lists of one person show a conversation once at most."""
    with conn.begin_nested() as undone:
        samira = person(conn)
        talk, asked = left(conn, "anna", **({"reason": "sensitive"} if urgent else {}))
        for number, step in enumerate(steps):
            planned = callbacks.get(conn, asked.id).planned(NOW + (number + 1) * MINUTE)
            act(conn, step, asked, samira, number)
            if planned and step != "done":
                assert callbacks.get(conn, asked.id).done_at is None
            work = DESK.desk.lists.work(conn, samira)
            lists = (work.waiting, work.mine, work.others, work.callbacks)
            stands = [each.conversation_id for one in lists for each in one.shown]
            assert len(stands) <= 1
            assert len(stands) == 1 or owner(conn, talk) not in ("queued", "human")
            assert [one.total for one in lists] == [len(one.shown) for one in lists]
        undone.rollback()
