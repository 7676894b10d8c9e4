"""One chosen person: a supervisor takes over, a colleague gets a conversation, or is mentioned."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.engine import Connection

from bot.desk.conversations import presence
from bot.desk.conversations.mentioning import mentioned
from bot.desk.errors import Forbidden, Full, Over, TakenByAnother, Unknown, Unusable
from bot.store.conversation import conversations
from bot.store.delivery import outbox_queries
from bot.store.desk import agents, mentions, viewers, workload
from bot.store.desk.agents import Agent
from bot.store.handover import audit_log, handovers, notes
from bot.store.sql.database import Database
from tests.support.at_once import at_once
from tests.support.desk import MINUTE, NOW, person, queued, service

DESK = service()
GIVE = DESK.assignments


@pytest.fixture
def conn(database: Database) -> Iterator[Connection]:
    with database.begin() as connection:
        yield connection


def holder(conn: Connection, talk: str) -> int | None:
    found = handovers.find_open(conn, talk)
    assert found is not None
    return found.agent_id


def told(conn: Connection, talk: str) -> str:
    return str(outbox_queries.since(conn, talk, 0, 99)[-1].message.text)


def acts(conn: Connection, talk: str) -> list[str]:
    return [each.act for each in audit_log.of(conn, talk)]


def test_a_supervisor_takes_over(conn: Connection) -> None:
    """The customer hears the name; again changes nothing; nobody else may."""
    samira, tom, els = person(conn), person(conn, "Tom"), person(conn, "Els", "supervisor")
    talk = queued(conn)
    with pytest.raises(Over):
        GIVE.take_over(conn, talk, els, NOW)
    DESK.take(conn, talk, samira, NOW)
    with pytest.raises(Forbidden):
        GIVE.take_over(conn, talk, tom, NOW)
    GIVE.take_over(conn, talk, els, NOW)
    GIVE.take_over(conn, talk, els, NOW)
    assert holder(conn, talk) == els.id
    assert told(conn, talk) == "U chat nu met Els van Pakket & Plug."
    assert acts(conn, talk) == ["queued", "taken", "taken_over"]
    with pytest.raises(TakenByAnother, match="Els"):
        DESK.reply(conn, talk, samira, "Dag", NOW, "k")


def test_a_conversation_goes_to_a_colleague(conn: Connection) -> None:
    """From one's own hands or the queue, with a note; the customer hears the new name."""
    samira, tom = person(conn), person(conn, "Tom")
    had, waits = queued(conn), queued(conn, "bert")
    DESK.take(conn, had, samira, NOW)
    for talk in (had, waits):
        GIVE.assign(conn, talk, samira, tom.id, "Jij kent deze klant", NOW + MINUTE)
        assert conversations.get(conn, talk).owner == "human"
        assert holder(conn, talk) == tom.id
        assert "met Tom van" in told(conn, talk)
        assert [each.text for each in notes.of(conn, talk)] == ["Jij kent deze klant"]
    assert acts(conn, waits) == ["queued", "assigned"]
    with pytest.raises(TakenByAnother, match="Tom"):
        GIVE.assign(conn, had, samira, samira.id, "", NOW)


def test_who_cannot_get_it(conn: Connection) -> None:
    """Nothing changes, and the agent reads why; a supervisor may overrule a pause."""
    samira, els = person(conn), person(conn, "Els", "supervisor")
    tom, bas = person(conn, "Tom"), person(conn, "Bas", "agent", "bezorging")
    gone = person(conn, "Gijs")
    agents.change(conn, gone.id, active=False)
    presence.set_(conn, tom, "pause", NOW)
    talk = queued(conn)
    DESK.take(conn, talk, samira, NOW)
    for to, error, words in (
        (tom.id, Full, "Tom is niet beschikbaar"),
        (bas.id, Unusable, "Bas werkt niet voor dit team"),
        (samira.id, Unusable, "Samira heeft dit gesprek al"),
        (gone.id, Unknown, "Kies een ander"),
        (0, Unknown, "Kies een ander"),
    ):
        with pytest.raises(error, match=words):
            GIVE.assign(conn, talk, samira, to, "een notitie", NOW)
        assert holder(conn, talk) == samira.id
    assert notes.of(conn, talk) == ()
    names = [each.name for each in GIVE.colleagues(conn, samira, "algemeen")]
    assert names == ["Els"]  # only who can get it
    assert [each.name for each in GIVE.colleagues(conn, els, "algemeen")] == ["Samira", "Tom"]
    workload.set_capacity(conn, els.id, 1)
    GIVE.assign(conn, queued(conn, "bert"), samira, els.id, "", NOW)
    assert GIVE.colleagues(conn, samira, "algemeen") == ()
    GIVE.assign(conn, talk, els, tom.id, "", NOW)
    assert holder(conn, talk) == tom.id


@pytest.mark.parametrize("number", range(3))
def test_taken_over_and_given_at_once(database: Database, other: Database, number: int) -> None:
    """One person has it afterwards, who is the one the customer heard of last."""
    with database.begin() as conn:
        samira, tom = person(conn), person(conn, "Tom")
        els = person(conn, "Els", "supervisor")
        talk = queued(conn, f"klant {number}")
        DESK.take(conn, talk, samira, NOW)
    at_once(
        database,
        other,
        lambda conn: GIVE.take_over(conn, talk, els, NOW),
        lambda conn: GIVE.assign(conn, talk, samira, tom.id, "", NOW),
        lambda conn: DESK.close(conn, talk, samira, "Klaar", NOW),
    )
    with database.read() as conn:
        newest = handovers.newest(conn, talk)
        assert newest is not None
        if newest.closed_at is None:
            name = agents.get(conn, newest.agent_id or 0).name
            assert f"met {name} van" in told(conn, talk)
        expected = "human" if newest.closed_at is None else "closed"
        assert conversations.get(conn, talk).owner == expected
        assert len(workload.in_hand(conn, samira.id)) == 0


def test_a_mention_is_seen_once(conn: Connection) -> None:
    """In the list of who was mentioned, until the conversation was looked at."""
    samira, tom = person(conn), person(conn, "Tom")
    talk = queued(conn)
    DESK.note(conn, talk, samira, "@Tom, weet jij dit? Ook @samira zelf.", NOW)
    work = DESK.desk.lists.work
    assert [each.conversation_id for each in work(conn, tom).mentioned] == [talk]
    assert work(conn, samira).mentioned == ()
    assert mentions.seen(conn, tom.id, talk, NOW)
    assert not mentions.seen(conn, tom.id, talk, NOW)
    assert work(conn, tom).mentioned == ()


def test_a_mention_lets_nobody_in(conn: Connection) -> None:
    """Who may not read it is not mentioned, and the writer hears so."""
    samira, bas = person(conn), person(conn, "Bas", "agent", "bezorging")
    talk = queued(conn)
    with pytest.raises(Unusable, match="Bas mag dit gesprek niet lezen"):
        DESK.note(conn, talk, samira, "@Bas kijk eens", NOW)
    assert notes.of(conn, talk) == ()
    assert mentions.unseen(conn, bas.id, 9) == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("@Jost kijk eens", "Jost heet. Bedoelt u @Joost?"),
        ("Weet jij dit, @JOOSST?", "Bedoelt u @Joost?"),
        ("@Wilhelmina en @Joost", "Wilhelmina heet. Schrijf de naam"),
    ],
)
def test_a_mention_of_nobody_is_told(conn: Connection, text: str, words: str) -> None:
    """Nothing is saved that its reader will never see; the way out is said."""
    samira = person(conn)
    person(conn, "Joost")
    talk = queued(conn)
    with pytest.raises(Unusable, match=re.escape(words)):
        DESK.note(conn, talk, samira, text, NOW)
    assert notes.of(conn, talk) == ()
    for fine in ("Mail info@jost.example", "om 3 @ 2 euro", "@samira @joost", "kijk @"):
        DESK.note(conn, talk, samira, fine, NOW)


PEOPLE = tuple(
    Agent(number, name, name, "agent")
    for number, name in enumerate(("Jan", "Jan de Vries", "Fatima", "Jan-Willem"))
)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("@jan kijk", ["Jan"]),
        ("hoi @Jan de Vries, en @FATIMA!", ["Jan de Vries", "Fatima"]),
        ("@Janneke", []),
        ("mail naar info@fatima.example", []),
        ("(@Fatima)", ["Fatima"]),
        ("@", []),
    ],
)
def test_whom_a_note_mentions(text: str, names: list[str]) -> None:
    """Whole names, the longest that fits; no e-mail address."""
    assert [each.name for each in mentioned(text, PEOPLE)] == names


@given(st.text())
def test_any_note_can_be_read(text: str) -> None:
    """Whatever was typed mentions only people there are."""
    assert set(mentioned(text, PEOPLE)) <= set(PEOPLE)


def test_who_looks(conn: Connection) -> None:
    """As long as a page tells so; oneself is not told."""
    samira, tom = person(conn), person(conn, "Tom")
    talk = queued(conn)
    assert viewers.looks(conn, talk, samira.id, NOW)
    assert not viewers.looks(conn, talk, samira.id, NOW + MINUTE)
    viewers.looks(conn, talk, tom.id, NOW + MINUTE)
    assert viewers.names(conn, talk, tom.id, NOW) == ("Samira",)
    assert viewers.names(conn, talk, samira.id, NOW + 2 * MINUTE) == ()
    viewers.leaves(conn, talk, samira.id)
    assert viewers.names(conn, talk, tom.id, NOW) == ()
