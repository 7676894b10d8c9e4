"""No private number gets into the database, unless a person at the desk asked for one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.engine import Connection

from bot.desk.errors import NotYours, Over, TakenByAnother, Unreachable, Unusable
from bot.messages import Inbound
from bot.store.conversation import conversations, optouts
from bot.store.delivery import outbox_queries
from bot.store.desk.agents import Agent
from bot.store.handover import audit_log, handovers
from bot.store.identity import private_number_requests
from bot.store.identity.private_number_requests import LASTS
from bot.store.sql.database import Database
from bot.store.sql.tables import metadata
from bot.store.sql.tables import number_asks as asks_table
from bot.store.worker import inbox
from tests.support.desk import MINUTE, NOW, own, person, queued, service

DESK = service()
IBAN, BSN, CARD = "NL91 ABNA 0417 1643 00", "111222333", "4111 1111 1111 1111"
RAW = (IBAN, BSN, CARD)
OWNERS = ("bot", "queued", "human", "closed")


@pytest.fixture
def conn(database: Database) -> Iterator[Connection]:
    with database.begin() as connection:
        yield connection


def write(
    conn: Connection, text: str, who: str = "anna", message_id: str = "", at: timedelta = MINUTE
) -> str:
    """A message of a customer; returns it as kept."""
    number = inbox.newest(conn, conversations.open_(conn, "webchat", who, NOW).id)
    inbound = Inbound("webchat", who, message_id or f"{who} {number + 1}", text)
    inbox_id = inbox.accept(conn, inbound, NOW + at).inbox_id
    found = conversations.find(conn, "webchat", who)
    assert found is not None
    kept = {each.id: each.inbound.text for each in inbox.pending(conn, found.id)}
    return kept[inbox_id]


def everything(conn: Connection) -> str:
    """All that is in the database."""
    tables = metadata.sorted_tables
    return json.dumps([[str(v) for v in row] for t in tables for row in conn.execute(select(t))])


def helped(conn: Connection) -> tuple[Agent, str]:
    """An agent who has Anna's conversation."""
    samira, conversation_id = person(conn), queued(conn)
    DESK.take(conn, conversation_id, samira, NOW)
    return samira, conversation_id


@pytest.mark.parametrize("owner", OWNERS)
@pytest.mark.parametrize("number", RAW)
def test_whoever_answers(conn: Connection, owner: str, number: str) -> None:
    """The assistant, nobody yet, a person, or nobody any more."""
    queued(conn)
    conversation = conversations.open_(conn, "webchat", "anna", NOW)
    own(conn, conversation, owner)
    assert number not in write(conn, f"mijn nummer is {number} dank u")
    assert number not in everything(conn)


@pytest.mark.parametrize(("kind", "number"), [("iban", IBAN), ("bsn", BSN)])
def test_one_number_that_was_asked_for_gets_through(
    conn: Connection, kind: str, number: str
) -> None:
    """Once; what was not asked for is taken out of the same message."""
    samira, conversation_id = helped(conn)
    DESK.ask_number(conn, conversation_id, samira, kind, NOW)
    kept = write(conn, f"hier: {number}, en {CARD}")
    assert kept == f"hier: {number}, en [kaartnummer]"
    assert number not in write(conn, f"nog eens {number}")
    (asked,) = [act for act in audit_log.of(conn, conversation_id) if act.act == "asked_number"]
    assert (asked.by, asked.detail, asked.at) == ("Samira", kind, NOW)
    row = conn.execute(select(asks_table)).one()
    assert (row.agent_id, row.used_at) == (samira.id, NOW + MINUTE)


def test_the_customer_hears_who_asks_for_what(conn: Connection) -> None:
    """And that there is no obligation."""
    samira, conversation_id = helped(conn)
    DESK.ask_number(conn, conversation_id, samira, "iban", NOW)
    said = outbox_queries.since(conn, conversation_id, 0, 99)[-1]
    assert said.author == "system"
    assert said.message.text == (
        "Samira vraagt uw rekeningnummer (IBAN). Stuur het in één bericht. Dat kan 15 minuten "
        "lang. U hoeft niet: vraag gerust waarom het nodig is."
    )


@pytest.mark.parametrize("how", ["late", "other kind", "other customer", "closed", "given back"])
def test_what_a_question_does_not_open(conn: Connection, how: str) -> None:
    """It is for one customer, one kind, a while, and the person who asked."""
    samira, conversation_id = helped(conn)
    DESK.ask_number(conn, conversation_id, samira, "bsn" if how == "other kind" else "iban", NOW)
    if how == "closed":
        DESK.close(conn, conversation_id, samira, "U krijgt uw geld.", NOW)
    elif how == "given back":
        DESK.transfers.release(conn, conversation_id, samira, NOW)
    write(
        conn,
        IBAN,
        "bert" if how == "other customer" else "anna",
        at=LASTS if how == "late" else MINUTE,
    )
    assert IBAN not in everything(conn)


def test_who_may_ask(conn: Connection) -> None:
    """Who has the conversation, for a number that may be asked, of a customer who can be asked."""
    samira, joost = person(conn), person(conn, "Joost")
    conversation_id = queued(conn)
    with pytest.raises(NotYours):
        DESK.ask_number(conn, conversation_id, samira, "iban", NOW)
    DESK.take(conn, conversation_id, samira, NOW)
    with pytest.raises(TakenByAnother):
        DESK.ask_number(conn, conversation_id, joost, "iban", NOW)
    for kind in ("card", "", "pin"):
        with pytest.raises(Unusable):
            DESK.ask_number(conn, conversation_id, samira, kind, NOW)
    DESK.close(conn, conversation_id, samira, "Klaar.", NOW)
    with pytest.raises(Over):
        DESK.ask_number(conn, conversation_id, samira, "iban", NOW)
    far = queued(conn, "+31612345678", "sms")
    DESK.take(conn, far, samira, NOW)
    optouts.opt_out(conn, "sms", "+31612345678", NOW)
    with pytest.raises(Unreachable):
        DESK.ask_number(conn, far, samira, "iban", NOW)
    assert conn.execute(select(asks_table)).all() == []


def test_asking_again_begins_anew(conn: Connection) -> None:
    """One number for two questions of one kind; each kind has its own."""
    samira, conversation_id = helped(conn)
    for kind in ("iban", "iban", "bsn"):
        DESK.ask_number(conn, conversation_id, samira, kind, NOW)
    assert set(private_number_requests.open_(conn, conversation_id, NOW)) == {"iban", "bsn"}
    assert IBAN in write(conn, IBAN)
    assert IBAN not in write(conn, IBAN)
    assert BSN in write(conn, BSN)


def test_a_message_that_comes_again_uses_up_no_question(conn: Connection) -> None:
    """A provider that delivers an old message once more answers nothing."""
    samira, conversation_id = helped(conn)
    write(conn, IBAN, message_id="old")
    DESK.ask_number(conn, conversation_id, samira, "iban", NOW)
    write_again = Inbound("webchat", "anna", "old", IBAN)
    assert inbox.accept(conn, write_again, NOW + MINUTE).duplicate
    assert set(private_number_requests.open_(conn, conversation_id, NOW)) == {"iban"}
    assert IBAN not in everything(conn)


def test_a_number_in_two_messages(conn: Connection) -> None:
    """Taken out of both, also when the first half was answered already."""
    assert write(conn, "mijn rekening is NL91 ABNA") == "mijn rekening is NL91 ABNA"
    assert write(conn, "0417 1643 00 graag") == "[rekeningnummer] graag"
    assert "NL91" not in everything(conn)
    assert "0417" not in everything(conn)
    assert write(conn, "de tafel van 7, en 4111 1111", "bert") != "[kaartnummer]"
    assert write(conn, "1111 1111", "bert") == "[kaartnummer]"
    assert write(conn, "NL91 ABNA", "carla", at=MINUTE) == "NL91 ABNA"
    assert write(conn, "0417 1643 00", "carla", at=10 * MINUTE) == "0417 1643 00", "not together"


numbers = st.sampled_from((*RAW, "NL91ABNA0417164300", "111.222.333", "4111-1111-1111-1111"))
filler = st.text(st.sampled_from("abc ABC.,?! \n"), max_size=12)
actions = st.one_of(
    st.tuples(st.just("write"), filler, numbers, filler),
    st.tuples(st.just("own"), st.sampled_from(OWNERS)),
)


@given(st.lists(actions, max_size=8))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_without_a_question_no_number_is_ever_kept(
    database: Database, steps: list[tuple[str, ...]]
) -> None:
    """Whatever the words around it, and whoever answers."""
    with database.begin() as conn:
        conversation = conversations.open_(conn, "webchat", "dirk", NOW)
        for step in steps:
            if step[0] == "own":
                own(conn, conversation, step[1])
                continue
            kept = write(conn, f"{step[1]} {step[2]} {step[3]}", "dirk")
            assert step[2] not in kept
            assert "[" in kept
        assert handovers.find_open(conn, conversation.id) is None
