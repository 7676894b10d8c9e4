"""Two at once: whatever the order, one of them wins whole and the other hears so."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy.engine import Connection

from bot.conversation.ownership import Event, Impossible, step
from bot.desk.errors import NotYours, Over, TakenByAnother, Unread
from bot.messages import Inbound, RatingRequest, Text
from bot.records.outbox_message import OutboxMessage
from bot.store.conversation import conversations
from bot.store.delivery import outbox_queries
from bot.store.desk import agents
from bot.store.desk.agents import Agent
from bot.store.handover import audit_log, callbacks, handovers
from bot.store.handover.callbacks import CallbackRequest
from bot.store.sql.database import Database
from bot.store.worker import inbox
from tests.support.at_once import Act, at_once
from tests.support.desk import MINUTE, NOW, person, queued, service

DESK = service()
LATER = NOW + MINUTE
ROUNDS = range(3)


def customer_does(conversation_id: str, event: Event) -> Act:
    """What the worker writes for a customer: a locked step of the same machine."""

    def act(conn: Connection) -> str:
        before = conversations.get(conn, conversation_id, lock=True)
        after = replace(before, owner=step(before.owner, event))
        if event == "resume":
            handovers.close(conn, conversation_id, "resumed", LATER)
        elif before.owner != "queued" and after.owner == "queued":
            handovers.open_(conn, conversation_id, "asked", "", {}, LATER, team="algemeen")
        conversations.save(conn, after)
        return after.owner

    return act


def owner(database: Database, conversation_id: str) -> str:
    with database.read() as conn:
        return conversations.get(conn, conversation_id).owner


def started(database: Database, *names: str, who: str = "anna") -> tuple[str, list[Agent]]:
    """A customer in the queue and some agents, who are there already or new."""
    with database.begin() as conn:
        people = []
        for name in names:
            found = agents.by_login(conn, name)
            people.append(found.agent if found else person(conn, name))
        return queued(conn, who), people


def taken(database: Database, who: str = "anna") -> tuple[str, Agent]:
    conversation_id, (samira,) = started(database, "Samira", who=who)
    with database.begin() as conn:
        DESK.take(conn, conversation_id, samira, NOW)
    return conversation_id, samira


def test_one_of_many_takers_wins(database: Database, other: Database) -> None:
    """The others read who; the customer hears one name, and that is who has it."""
    names = [f"agent {number}" for number in range(12)]
    conversation_id, people = started(database, *names)

    def take(agent: Agent) -> Act:
        return lambda conn: DESK.take(conn, conversation_id, agent, LATER)

    results = at_once(database, other, *map(take, people))
    lost = [each for each in results if isinstance(each, TakenByAnother)]
    assert len(lost) == len(people) - 1
    (winner,) = (
        agent
        for agent, each in zip(people, results, strict=True)
        if not isinstance(each, TakenByAnother)
    )
    assert {each.by for each in lost} == {winner.name}
    with database.read() as conn:
        handover = handovers.find_open(conn, conversation_id)
        assert handover is not None
        assert handover.agent_id == winner.id
        (notice,) = outbox_queries.since(conn, conversation_id, 0, 99)
        assert winner.name in notice.message.text
        assert [act.act for act in audit_log.of(conn, conversation_id)] == ["queued", "taken"]


def test_a_double_click_sends_once(database: Database, other: Database) -> None:
    """Also from two pages, through two processes."""
    conversation_id, samira = taken(database)

    def reply(conn: Connection) -> OutboxMessage:
        return DESK.reply(conn, conversation_id, samira, "Dag", LATER, "k")

    results = at_once(database, other, *[reply] * 8)
    assert len({each.id for each in results}) == 1
    with database.read() as conn:
        said = [
            one
            for one in outbox_queries.since(conn, conversation_id, 0, 99)
            if one.author == "human"
        ]
    assert [one.message for one in said] == [Text("Dag")]


@pytest.mark.parametrize("number", ROUNDS)
def test_an_answer_and_a_second_medewerker(
    database: Database, other: Database, number: int
) -> None:
    """The customer who asks for a person to whom a person just speaks keeps that person."""
    conversation_id, samira = taken(database, f"klant {number}")
    results = at_once(
        database,
        other,
        lambda conn: DESK.reply(conn, conversation_id, samira, "Dag", LATER, "k"),
        customer_does(conversation_id, "hand_over"),
    )
    assert results[1] == "human"
    assert owner(database, conversation_id) == "human"
    with database.read() as conn:
        assert len(handovers.history(conn, conversation_id)) == 1


@pytest.mark.parametrize("number", ROUNDS)
def test_agent_and_customer_end_it_at_once(
    database: Database, other: Database, number: int
) -> None:
    """Closed or with the bot, never both: the second step starts from where the first one led."""
    conversation_id, samira = taken(database, f"klant {number}")
    closed, resumed = at_once(
        database,
        other,
        lambda conn: DESK.close(conn, conversation_id, samira, "Klaar", LATER),
        customer_does(conversation_id, "resume"),
    )
    with database.read() as conn:
        (handover,) = handovers.history(conn, conversation_id)
        asked = [
            one
            for one in outbox_queries.since(conn, conversation_id, 0, 99)
            if isinstance(one.message, RatingRequest)
        ]
    if isinstance(closed, Over):
        assert resumed == owner(database, conversation_id) == "bot"
        assert (handover.outcome, asked) == ("resumed", [])
    else:
        assert isinstance(resumed, Impossible)
        assert owner(database, conversation_id) == "closed"
        assert (handover.outcome, len(asked)) == ("closed", 1)


@pytest.mark.parametrize("number", ROUNDS)
def test_taken_and_given_up_at_once(database: Database, other: Database, number: int) -> None:
    """The customer goes back to the bot while an agent takes: no agent is left with nobody."""
    conversation_id, (samira,) = started(database, "Samira", who=f"klant {number}")
    took, resumed = at_once(
        database,
        other,
        lambda conn: DESK.take(conn, conversation_id, samira, LATER),
        customer_does(conversation_id, "resume"),
    )
    # The state machine lets the customer's step come after the take as well.
    assert resumed == owner(database, conversation_id) == "bot"
    assert isinstance(took, Over) or took.owner == "human"
    with database.read() as conn:
        assert handovers.find_open(conn, conversation_id) is None
        assert DESK.desk.lists.work(conn, samira).mine.shown == ()


@pytest.mark.parametrize("number", ROUNDS)
def test_closed_while_the_customer_writes(database: Database, other: Database, number: int) -> None:
    """Either the agent is told to read it first, or it came after and is for the assistant."""
    conversation_id, samira = taken(database, f"klant {number}")
    with database.read() as conn:
        seen = inbox.newest(conn, conversation_id)
    inbound = Inbound("webchat", f"klant {number}", f"nog iets {number}", "Nog iets")
    closed, accepted = at_once(
        database,
        other,
        lambda conn: DESK.close(conn, conversation_id, samira, "Klaar", LATER, seen=seen),
        lambda conn: inbox.accept(conn, inbound, LATER),
    )
    assert accepted.inbox_id > seen
    unread = isinstance(closed, Unread)
    assert owner(database, conversation_id) == ("human" if unread else "closed")


@pytest.mark.parametrize("number", ROUNDS)
def test_an_agent_who_comes_back_as_it_is_given_away(
    database: Database, other: Database, number: int
) -> None:
    """The answer went out and it went back afterwards, or the agent hears that it is gone."""
    conversation_id, samira = taken(database, f"klant {number}")
    late = NOW + 20 * MINUTE
    answer, back = at_once(
        database,
        other,
        lambda conn: DESK.reply(conn, conversation_id, samira, "Dag", late, "k"),
        lambda conn: DESK.transfers.release_lost(conn, late),
    )
    with database.read() as conn:
        said = [one.author for one in outbox_queries.since(conn, conversation_id, 0, 99)]
    if isinstance(answer, NotYours):
        assert "human" not in said
    else:
        assert said.count("human") == 1
    assert owner(database, conversation_id) == ("queued" if conversation_id in back else "human")


def test_two_watchers_give_it_back_once(database: Database, other: Database) -> None:
    """Several workers look who is gone; each conversation goes back once."""
    ids = {taken(database, f"klant {number}")[0] for number in range(6)}
    late = NOW + 20 * MINUTE
    results = at_once(database, other, *[lambda conn: DESK.transfers.release_lost(conn, late)] * 4)
    back = [each for result in results for each in result]
    assert len(back) == len(set(back))
    with database.begin() as conn:
        back += DESK.transfers.release_lost(conn, late)  # what all of them saw locked
        assert set(back) == ids
        assert len(handovers.waiting(conn)) == 6
        lost = [act for each in ids for act in audit_log.of(conn, each) if act.act == "lost"]
        assert len(lost) == 6


def test_a_callback_is_settled_by_one(database: Database, other: Database) -> None:
    """Two agents do not both call the same customer and both think they were the one."""
    conversation_id, people = started(database, "Samira", "Tom")
    with database.begin() as conn:
        asked = callbacks.add(
            conn, CallbackRequest(conversation_id, "algemeen", "", "Anna", "06", "nu", "?"), NOW
        )

    def settle(agent: Agent) -> Act:
        return lambda conn: DESK.call_backs.done(conn, asked.id, agent, "reached", "", LATER)

    assert sorted(at_once(database, other, *map(settle, people))) == [False, True]
