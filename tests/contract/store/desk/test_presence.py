"""What agents say of being there, how much they have at once, and what becomes of who is silent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.engine import Connection

from bot.conversation.ownership import UNACCEPTED
from bot.desk.conversations import presence
from bot.desk.conversations.desk_context import DeskContext
from bot.desk.conversations.service import Service
from bot.desk.conversations.silent_agents import SilentAgents, silent_since
from bot.desk.errors import DeskError, Full, Unusable
from bot.desk.login import sessions
from bot.store.conversation import conversations
from bot.store.delivery import outbox_queries
from bot.store.desk import agents, workload
from bot.store.desk.agents import Agent
from bot.store.handover import audit_log, handovers
from bot.store.sql.database import Database
from bot.store.worker import timers
from tests.support.at_once import at_once
from tests.support.desk import MINUTE, NOW, ORGANISATION, customer, person, queued, service

DESK = service()
WATCH = SilentAgents(DESK.desk)
SILENT = DESK.desk.silent


@pytest.fixture
def conn(database: Database) -> Iterator[Connection]:
    with database.begin() as connection:
        yield connection


def said(conn: Connection, conversation_id: str) -> list[str]:
    return [one.message.text for one in outbox_queries.since(conn, conversation_id, 0, 99)]


def owner(conn: Connection, conversation_id: str) -> str:
    return conversations.get(conn, conversation_id).owner


@pytest.mark.parametrize("chosen", ["pause", "away"])
def test_who_is_not_available_takes_nothing(conn: Connection, chosen: str) -> None:
    """And reads how to; what the agent has already goes on."""
    samira, had, waits = person(conn), queued(conn), queued(conn, "bert")
    DESK.take(conn, had, samira, NOW)
    presence.set_(conn, samira, chosen, NOW)
    with pytest.raises(Full, match="Zet uzelf op ‘Beschikbaar’"):
        DESK.take(conn, waits, samira, NOW)
    assert owner(conn, waits) == "queued"
    DESK.reply(conn, had, samira, "Dag", NOW, "k")
    presence.set_(conn, samira, "available", NOW)
    DESK.take(conn, waits, samira, NOW)
    with pytest.raises(Unusable):
        presence.set_(conn, samira, "lunch", NOW)


def test_the_limit_is_the_agents_own_or_the_desks(conn: Connection) -> None:
    """One more is refused with the way out; closing or giving back makes room."""
    desk = Service(DeskContext(ORGANISATION, DESK.desk.channels, capacity=2))
    samira, tom = person(conn), person(conn, "Tom")
    workload.set_capacity(conn, tom.id, 1)
    ids = [queued(conn, who) for who in "abcd"]
    for conversation_id in ids[:2]:
        desk.take(conn, conversation_id, samira, NOW)
    with pytest.raises(Full, match="U hebt al 2 gesprekken"):
        desk.take(conn, ids[2], samira, NOW)
    desk.take(conn, ids[2], tom, NOW)
    with pytest.raises(Full, match="U hebt al 1 gesprek"):
        desk.take(conn, ids[3], tom, NOW)
    desk.transfers.release(conn, ids[0], samira, NOW)
    desk.take(conn, ids[3], samira, NOW)
    assert workload.in_hand(conn, samira.id) == (ids[1], ids[3])


@pytest.mark.parametrize("number", range(3))
def test_two_taken_at_once_are_not_one_too_many(
    database: Database, other: Database, number: int
) -> None:
    """From two pages, through two processes: the limit holds."""
    desk = Service(DeskContext(ORGANISATION, DESK.desk.channels, capacity=2))
    with database.begin() as conn:
        samira = person(conn)
        ids = [queued(conn, f"{who} {number}") for who in "abcdef"]

    def take(conversation_id: str) -> object:
        return lambda conn: desk.take(conn, conversation_id, samira, NOW)

    results = at_once(database, other, *map(take, ids))  # type: ignore[arg-type]
    assert len([each for each in results if isinstance(each, Full)]) == 4
    with database.read() as conn:
        assert len(workload.in_hand(conn, samira.id)) == 2


@pytest.mark.parametrize(
    ("typed", "kept"), [("", None), (" ", None), ("1", 1), (" 12 ", 12), ("99", 99)]
)
def test_a_limit_as_it_is_typed(typed: str, kept: int | None) -> None:
    """A number, or nothing for what holds for everybody."""
    assert presence.capacity(typed) == kept


@pytest.mark.parametrize("typed", ["0", "100", "-1", "vier", "1.5", "9" * 40, "²"])
def test_a_limit_that_is_none(typed: str) -> None:
    """Told with what fits."""
    with pytest.raises(Unusable, match="van 1 tot 99"):
        presence.capacity(typed)


def test_logging_in_is_being_there(conn: Connection) -> None:
    """Who went home as `weg` need not remember it the next morning."""
    samira = person(conn)
    presence.set_(conn, samira, "away", NOW)
    sessions.start(conn, samira.id, NOW + MINUTE)
    assert agents.get(conn, samira.id).presence == "available"


def test_who_is_away_loses_conversations_with_the_page_open(conn: Connection) -> None:
    """As who closed the laptop does; a pause keeps them."""
    samira, tom = person(conn), person(conn, "Tom")
    gone, stays = queued(conn), queued(conn, "bert")
    DESK.take(conn, gone, samira, NOW)
    DESK.take(conn, stays, tom, NOW)
    presence.set_(conn, samira, "away", NOW + MINUTE)
    presence.set_(conn, tom, "pause", NOW + MINUTE)
    presence.set_(conn, samira, "away", NOW + 10 * MINUTE)  # again: no new beginning
    later = NOW + 2 * MINUTE + DESK.desk.away
    for each in (samira, tom):
        agents.seen(conn, each.id, later)
    assert DESK.transfers.release_lost(conn, later) == (gone,)
    assert (owner(conn, gone), owner(conn, stays)) == ("queued", "human")


def test_leaving_gives_all_back(conn: Connection) -> None:
    """Each customer hears so, and waits again."""
    samira, ids = person(conn), [queued(conn, who) for who in "ab"]
    for conversation_id in ids:
        DESK.take(conn, conversation_id, samira, NOW)
    assert DESK.transfers.release_all(conn, samira, NOW) == tuple(ids)
    assert [owner(conn, each) for each in ids] == ["queued", "queued"]
    assert all("Een collega neemt uw vraag over" in said(conn, each)[-1] for each in ids)
    assert DESK.transfers.release_all(conn, samira, NOW) == ()


def test_the_silent_are_reminded_and_then_lose_it(conn: Connection) -> None:
    """Twice as long as is patient; the customer is told why, the colleagues too."""
    samira, conversation_id = person(conn), queued(conn)
    DESK.take(conn, conversation_id, samira, NOW)
    assert WATCH.look(conn, NOW + SILENT - MINUTE) == ()
    assert WATCH.look(conn, NOW + SILENT + MINUTE) == (conversation_id,)
    (line,) = DESK.desk.lists.work(conn, samira).mine.shown
    assert line.reminded
    assert WATCH.look(conn, NOW + SILENT + 2 * MINUTE) == ()
    assert WATCH.look(conn, NOW + 9 * SILENT, returns=False) == ()
    assert owner(conn, conversation_id) == "human"
    assert WATCH.look(conn, NOW + 2 * SILENT + MINUTE) == (conversation_id,)
    assert owner(conn, conversation_id) == "queued"
    assert said(conn, conversation_id)[-1].startswith(
        "Uw medewerker kwam niet aan antwoorden toe. Een collega neemt uw vraag over. "
        "U hoeft niets te herhalen. U bent als eerste aan de beurt."
    )
    assert [act.act for act in audit_log.of(conn, conversation_id)][-1] == "silent"
    assert [each.kind for each in timers.due(conn, NOW + 99 * SILENT)] == [UNACCEPTED]


def test_an_answer_ends_a_reminder(conn: Connection) -> None:
    """Who is answered waits no more until the next message; asking again begins nothing anew."""
    samira, conversation_id = person(conn), queued(conn)
    DESK.take(conn, conversation_id, samira, NOW)
    WATCH.look(conn, NOW + SILENT + MINUTE)
    answered = NOW + SILENT + 2 * MINUTE
    DESK.reply(conn, conversation_id, samira, "Ik zoek het uit", answered, "k")
    (line,) = DESK.desk.lists.work(conn, samira).mine.shown
    assert not line.reminded
    assert WATCH.look(conn, NOW + 99 * SILENT) == ()
    wrote = NOW + 100 * SILENT
    customer(conn, now=wrote)
    customer(conn, now=wrote + SILENT - MINUTE, text="Hallo?")
    assert WATCH.look(conn, wrote + SILENT + MINUTE) == (conversation_id,)
    assert owner(conn, conversation_id) == "human"


def test_agents_of_another_desk_are_not_watched(conn: Connection) -> None:
    """Nobody can log in with their accounts: they are not seen here."""
    samira, conversation_id = person(conn), queued(conn)
    DESK.take(conn, conversation_id, samira, NOW)
    agents.change(conn, samira.id, active=False)
    assert WATCH.look(conn, NOW + 99 * SILENT) == ()


@pytest.mark.parametrize("number", range(3))
def test_an_answer_and_the_watch_at_once(database: Database, other: Database, number: int) -> None:
    """The answer goes out and the agent keeps it, or it went back and the answer is refused."""
    with database.begin() as conn:
        samira, conversation_id = person(conn), queued(conn, f"klant {number}")
        DESK.take(conn, conversation_id, samira, NOW)
        WATCH.look(conn, NOW + SILENT + MINUTE)
    late = NOW + 3 * SILENT
    answered, _ = at_once(
        database,
        other,
        lambda conn: DESK.reply(conn, conversation_id, samira, "Dag", late, "k"),
        lambda conn: WATCH.look(conn, late),
    )
    with database.read() as conn:
        kept = owner(conn, conversation_id) == "human"
        assert kept is not isinstance(answered, DeskError)
        assert ("Dag" in said(conn, conversation_id)) is kept


STEPS = st.lists(
    st.tuples(st.sampled_from(["wait", "write", "reply", "look"]), st.integers(1, 4)), max_size=12
)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_nobody_loses_a_conversation_unwarned(
    conn: Connection, steps: list[tuple[str, int]]
) -> None:
    """However it goes: only after a reminder, a full wait, and no word in between."""
    with conn.begin_nested() as undone:
        samira, conversation_id = person(conn, "Samira"), queued(conn, "anna")
        DESK.take(conn, conversation_id, samira, NOW)
        now, reminded, spoke = NOW, None, NOW
        for number, (what, minutes) in enumerate(steps):
            now += timedelta(minutes=2 * minutes)
            if what == "write":
                customer(conn, "anna", now=now, text=f"bericht {number}")
            elif what == "reply":
                DESK.reply(conn, conversation_id, samira, "Dag", now, f"k{number}")
                spoke, reminded = now, None
            elif what == "look":
                changed = WATCH.look(conn, now)
                if owner(conn, conversation_id) == "queued":
                    assert reminded is not None
                    assert now - reminded >= SILENT
                    assert reminded - spoke >= SILENT
                    break
                reminded = now if changed else reminded
                handover = handovers.find_open(conn, conversation_id)
                assert handover is not None
                since = silent_since(conn, handover)
                assert since is None or since >= spoke
        undone.rollback()


def test_a_person_says_whether_to_be_there(conn: Connection) -> None:
    """Supervisors see it beside the name."""
    samira: Agent = person(conn)
    presence.set_(conn, samira, "pause", NOW)
    (online,) = DESK.desk.lists.figures(conn, NOW).online
    assert (online.name, online.presence) == ("Samira", "pause")
