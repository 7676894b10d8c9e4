"""Conversations are found by what was said, noted and given in them; what is gone never is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, update
from sqlalchemy.engine import Connection

from bot.desk.conversations import search_terms
from bot.desk.conversations.conversation_finder import MOST, ConversationFinder, SearchQuery
from bot.desk.pages import earlier_contacts
from bot.messages import Text
from bot.store.conversation import conversations
from bot.store.delivery import outbox
from bot.store.desk.agents import Agent
from bot.store.handover import callbacks, handovers, notes
from bot.store.handover.callbacks import CallbackRequest
from bot.store.sql import tables
from bot.store.sql.database import Database
from tests.support.configured_channels import PROFILES
from tests.support.desk import MINUTE, NOW, ORGANISATION, customer, person, queued, service

FINDER = ConversationFinder(service().desk.visibility, PROFILES)
DAY = timedelta(days=1)


@pytest.fixture
def conn(database: Database) -> Iterator[Connection]:
    with database.begin() as connection:
        yield connection


@pytest.fixture
def boss(conn: Connection) -> Agent:
    return person(conn, "Karin", "supervisor")


def found(conn: Connection, agent: Agent, asked: str, **limits: object) -> list[str]:
    query = SearchQuery(asked, **limits)  # type: ignore[arg-type]
    result = FINDER.find(conn, query, agent, NOW + DAY)
    return [each.conversation.id for each in result.shown]


def test_every_place_is_searched(conn: Connection, boss: Agent) -> None:
    """What customers and people wrote, notes, facts, call-backs; not what the bot said."""
    talk_id = queued(conn, "anna")
    queued(conn, "bert")
    customer(conn, "anna", text="Mijn zéér oude stoel is stuk, zegt Renée")
    conversations.change(conn, talk_id, disclosed=True)
    said = [("bot", Text("Alstublieft: koelkast")), ("human", Text("Ik stuur een schroef"))]
    outbox.add(conn, talk_id, None, said, NOW)
    notes.add(conn, talk_id, boss.id, "belde boos over haar lamp", NOW)
    request = CallbackRequest(
        talk_id, "algemeen", "", "Anna van Dijk", "+31612345678", "vrijdag", "Over het dekbed"
    )
    callbacks.add(conn, request, NOW)
    facts = {"data": {"bestelnummer": "PP-100871"}, "proved": ["PP-100234"], "unproved": []}
    handover = handovers.newest(conn, talk_id)
    assert handover is not None
    conn.execute(
        update(tables.handovers)
        .where(tables.handovers.c.id == handover.id)
        .values(summary={"question": "?", **facts}, settled="Krijgt € 10 terug")
    )
    for asked in (
        *("zeer stoel", "STOEL", "renee", "Renée", "sto", "schroef", "lamp boos", "dekbed"),
        *("van dijk", "PP-100871", "pp100871", "100871", "PP-100234", "10 terug"),
        *("06 12345678", "+31 6 1234 5678", "0031612345678", "06-12 34 56 78", "stoel lamp dijk"),
    ):
        assert found(conn, boss, asked) == [talk_id], asked
    for asked in ("koelkast", "stoel koelkast", "oel", "PP-100872", "06 12345679", "question"):
        assert found(conn, boss, asked) == [], asked


@pytest.mark.parametrize(
    "stored",
    [
        *("06 12345678", "+31612345678", "06-12345678", "06 1234 5678", "06 12 34 56 78"),
        *("+31 6 12345678", "0031612345678", "0612345678"),
    ],
)
def test_a_telephone_number_is_found_however_it_is_spelled(
    conn: Connection, boss: Agent, stored: str
) -> None:
    """In what was written, in each spelling of the question; another number is another."""
    talk_id = queued(conn, "anna")
    customer(conn, "anna", text=f"Mijn nummer is {stored}.")
    for asked in (
        "0612345678",
        "06-12345678",
        "06 12 34 56 78",
        "+31 6 1234 5678",
        "0031612345678",
    ):
        assert found(conn, boss, asked) == [talk_id], asked
    assert found(conn, boss, "06 12345679") == []


def test_what_is_erased_or_changed_is_not_found(conn: Connection, boss: Agent) -> None:
    """With its conversation, by itself, or with other words."""
    talk_id = queued(conn, "anna")
    customer(conn, "anna", text="Het gaat om mijn hangmat")
    number = customer(conn, "anna", text="En om een parasol")
    notes.add(conn, talk_id, boss.id, "notitie over tuinstoel", NOW)
    conn.execute(
        update(tables.inbox).where(tables.inbox.c.id == number).values(text="En om een tent")
    )
    assert found(conn, boss, "parasol") == []
    assert found(conn, boss, "tent") == [talk_id]
    conn.execute(delete(tables.notes))
    assert found(conn, boss, "tuinstoel") == []
    conn.execute(delete(tables.conversations))
    for asked in ("hangmat", "tent", "waar is"):
        assert found(conn, boss, asked) == []


def test_a_customer_is_found_by_number_alone(conn: Connection, boss: Agent) -> None:
    """On each channel that has numbers, however they are written, and not with other words."""
    by_sms = queued(conn, "+31612345678", "sms")
    by_whatsapp = queued(conn, "31612345678", "whatsapp", now=NOW + MINUTE)
    queued(conn, "+31612345679", "sms")
    queued(conn, "visitor")
    assert found(conn, boss, "06-12345678") == [by_whatsapp, by_sms]
    assert found(conn, boss, "+31612345678 parasol") == []


def test_an_agent_finds_what_that_agent_may_read(conn: Connection, boss: Agent) -> None:
    """Of the own teams; supervisors also what nobody was asked for."""
    customer(conn, "carla", text="Een hangmat")
    mine = queued(conn, "anna", team="bezorging")
    theirs = queued(conn, "bert", team="energie", now=NOW + MINUTE)
    tom = person(conn, "Tom", "agent", "bezorging")
    assert found(conn, tom, "pakket") == [mine]
    assert found(conn, boss, "pakket") == [theirs, mine]
    assert found(conn, tom, "hangmat") == []
    assert len(found(conn, boss, "hangmat")) == 1


def test_team_state_and_period(conn: Connection, boss: Agent) -> None:
    """With words and without."""
    closed = queued(conn, "anna", team="bezorging")
    handover = handovers.newest(conn, closed)
    assert handover is not None
    handovers.close(conn, closed, "closed", NOW)
    later = queued(conn, "bert", team="energie", now=NOW + DAY / 2)
    for asked in ("pakket", ""):
        assert found(conn, boss, asked) == [later, closed]
        assert found(conn, boss, asked, team="bezorging") == [closed]
        assert found(conn, boss, asked, state="open") == [later]
        assert found(conn, boss, asked, state="closed") == [closed]
        assert found(conn, boss, asked, until=NOW + DAY / 4) == [closed]
        assert found(conn, boss, asked, since=NOW + DAY / 4) == [later]


def test_a_page_holds_the_newest_and_says_that_there_are_more(
    conn: Connection, boss: Agent
) -> None:
    """Fifty of them."""
    ids = [queued(conn, f"k{number}", now=NOW + number * MINUTE) for number in range(MOST + 5)]
    result = FINDER.find(conn, SearchQuery("pakket"), boss, NOW + DAY)
    assert [each.conversation.id for each in result.shown] == ids[: -MOST - 1 : -1]
    assert result.more
    assert {each.text for each in result.shown} == {"Waar is mijn pakket?"}
    assert not FINDER.find(conn, SearchQuery("pakket", state="closed"), boss, NOW + DAY).more


def test_nothing_that_is_typed_is_a_fault(database: Database) -> None:
    """Quotes, operators and signs of either database are words, or nothing."""
    with database.begin() as conn:
        boss = person(conn, "Karin", "supervisor")
        talk_id = queued(conn, "anna")

        @given(
            st.text(max_size=40)
            | st.text(alphabet="'\"\\*:&|!()<->^ AND OR NOT NEAR a1é", max_size=30)
        )
        def ask(asked: str) -> None:
            ids = found(conn, boss, asked)
            if search_terms.terms(asked):
                assert set(ids) <= {talk_id}

        ask()
        customer(conn, "anna", text='O\'Neill & Zn: "a:b" (c) d|e')
        for asked in ("O'Neill", "neill & zn", '"a:b"', "(c)", "d|e", "a:b c"):
            assert found(conn, boss, asked) == [talk_id], asked


def test_what_was_settled_before_stands_beside_a_conversation(conn: Connection) -> None:
    """The newest first, of the channel that the customer came from too; not what is open."""
    talk_id = queued(conn, "anna", topic="return_item")
    handovers.close(conn, talk_id, "closed", NOW, settled="Krijgt een label")
    queued(conn, "anna", now=NOW + MINUTE)
    handovers.close(conn, talk_id, "to_bot", NOW + MINUTE)
    queued(conn, "anna", now=NOW + 2 * MINUTE)
    found = earlier_contacts.earlier(conn, talk_id, ORGANISATION, NOW + DAY)
    assert [(each.topic, each.settled) for each in found] == [
        ("Onderwerp nog niet bekend", ""),
        ("Retour aanmelden", "Krijgt een label"),
    ]
