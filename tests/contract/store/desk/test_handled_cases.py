"""The cases of a period: who had them, how long they took, and the score that belongs to each."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy.engine import Connection

from bot.desk.conversations.snoozing import Snoozing
from bot.desk.errors import DeskError
from bot.messages import Notice, Quote
from bot.store.conversation import conversations, quote_votes, ratings
from bot.store.delivery import outbox
from bot.store.desk import handled_cases
from bot.store.desk.agents import Agent
from bot.store.handover import handovers, snoozes
from bot.store.sql.database import Database
from tests.support.desk import MINUTE, NOW, customer, person, queued, service

DESK = service()
ASIDE = Snoozing(DESK.desk)
MOVES = ("take", "release", "pass", "over", "aside", "wake", "answer", "hear", "watch")
DISCLOSURE = Notice("Een AI-assistent.", "disclosure", "1")
QUOTE = Quote("Gratis.", "Gratis.", "Retour", "/kennis/retour")


def test_the_cases_of_a_period(database: Database) -> None:
    """The latest first; of one agent if wanted; a score goes to the case before it."""
    with database.begin() as conn:
        samira, tom = person(conn), person(conn, "Tom")
        first = queued(conn, "anna")
        DESK.take(conn, first, samira, NOW + MINUTE)
        DESK.reply(conn, first, samira, "Dag", NOW + 3 * MINUTE, "k")
        DESK.close(conn, first, samira, "Klaar", NOW + 9 * MINUTE)
        ratings.give(conn, first, 0, "human", 2, NOW + 10 * MINUTE)
        again = queued(conn, "anna", now=NOW + 20 * MINUTE)
        DESK.take(conn, again, tom, NOW + 21 * MINUTE)
        DESK.close(conn, again, tom, "Klaar", NOW + 30 * MINUTE, resolution="solved")
        ratings.give(conn, again, 1, "human", 5, NOW + 31 * MINUTE)
        waits = queued(conn, "bert")
        DESK.take(conn, waits, tom, NOW)
        hour = timedelta(hours=1)
        cases = handled_cases.between(conn, NOW, NOW + hour, None, 9)
        assert [(each.agent, each.score) for each in cases] == [("Tom", 5), ("Samira", 2)]
        assert [each.resolution for each in cases] == ["solved", None]
        mine = handled_cases.between(conn, NOW, NOW + hour, samira.id, 9)
        assert [each.conversation_id for each in mine] == [first]
        (case,) = mine
        assert (case.waited, case.had, case.first_reply_at, case.closed_at) == (
            MINUTE,
            8 * MINUTE,
            NOW + 3 * MINUTE,
            NOW + 9 * MINUTE,
        )
        assert handled_cases.between(conn, NOW, NOW + 9 * MINUTE, None, 9) == ()
        assert len(handled_cases.between(conn, NOW, NOW + hour, None, 1)) == 1


def move_on(
    conn: Connection, move: str, talk: str, people: tuple[Agent, Agent], now: datetime
) -> None:
    """An agent, a supervisor, the customer or the watch of the desk does something."""
    samira, els = people
    moves: dict[str, Callable[[], object]] = {
        "take": lambda: DESK.take(conn, talk, samira, now),
        "release": lambda: DESK.transfers.release(conn, talk, els, now),
        "pass": lambda: DESK.transfers.transfer(conn, talk, els, "bezorging", "", now),
        "over": lambda: DESK.assignments.take_over(conn, talk, els, now),
        "aside": lambda: ASIDE.snooze(conn, talk, samira, now + timedelta(days=9), now),
        "wake": lambda: ASIDE.wake(conn, talk, samira, now),
        "answer": lambda: DESK.reply(conn, talk, samira, "Dag", now, f"k{now}"),
        "hear": lambda: customer(conn, now=now),
        "watch": lambda: None,
        "close": lambda: DESK.close(conn, talk, els, "Klaar", now),
    }
    moves[move]()
    # The watch looks long before anything else happens.
    snoozes.wake_due(conn, now)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.sampled_from(MOVES), st.integers(1, 30)), max_size=6))
@example([("take", 2), ("aside", 3), ("hear", 40), ("aside", 5), ("answer", 60), ("aside", 7)])
def test_waiting_and_handling_are_sums(database: Database, steps: list[tuple[str, int]]) -> None:
    """Each minute counts once: with whoever had it, in the queue, or nowhere while set aside."""
    with database.begin() as conn, conn.begin_nested() as undone:
        samira, els = person(conn), person(conn, "Els", "supervisor")
        talk, now = queued(conn), NOW
        spent = {"queued": timedelta(0), "human": timedelta(0), "asleep": timedelta(0)}
        for move, minutes in [*steps, ("take", 1), ("close", 5)]:
            open_ = handovers.find_open(conn, talk)
            assert open_
            talked = conversations.get(conn, talk)
            where = "asleep" if open_.asleep(talked.last_inbound_at) else talked.owner
            spent[where] += minutes * MINUTE
            now += minutes * MINUTE
            with suppress(DeskError):
                move_on(conn, move, talk, (samira, els), now)
        (case,) = handled_cases.between(conn, NOW, now + MINUTE, None, 9)
        assert (case.waited, case.had) == (spent["queued"], spent["human"])
        undone.rollback()


def test_an_answer_ends_what_was_set_aside(database: Database) -> None:
    """When the customer wrote before it and nothing looked since, from then on."""
    with database.begin() as conn:
        samira = person(conn)
        talk = queued(conn)
        DESK.take(conn, talk, samira, NOW)
        ASIDE.snooze(conn, talk, samira, NOW + timedelta(days=1), NOW + MINUTE)
        customer(conn, now=NOW + 50 * MINUTE)
        DESK.reply(conn, talk, samira, "Dag", NOW + 51 * MINUTE, "k")
        DESK.close(conn, talk, samira, "Klaar", NOW + 52 * MINUTE)
        (case,) = handled_cases.between(conn, NOW, NOW + timedelta(hours=1), None, 9)
        assert case.had == 3 * MINUTE


def test_votes_go_to_the_case_that_ended_after_them(database: Database) -> None:
    """Of its own conversation, and not of long before."""
    with database.begin() as conn:
        samira = person(conn)
        for who, at in (("anna", NOW), ("bert", NOW)):
            talk = queued(conn, who, now=at)
            said = [("bot", DISCLOSURE), *[("bot", QUOTE)] * 4]
            _, *quotes = outbox.add(conn, talk, None, said, NOW)
            days = (-3 * 1440, -5, 2, 40)
            for quote, minutes, helpful in zip(quotes, days, (0, 1, 0, 0), strict=True):
                given = NOW + minutes * MINUTE
                quote_votes.give(conn, talk, quote.id, given, helpful=bool(helpful))
            DESK.close(conn, talk, samira, "Klaar", NOW + 9 * MINUTE)
        queued(conn, "anna", now=NOW + 30 * MINUTE)
        again = conversations.open_(conn, "webchat", "anna", NOW).id
        DESK.close(conn, again, samira, "Klaar", NOW + 59 * MINUTE)
        cases = handled_cases.between(conn, NOW, NOW + timedelta(hours=1), None, 9)
        assert [(each.yes, each.no) for each in cases] == [(0, 1), (1, 1), (1, 1)]


def votes(conn: Connection, talk: str, at: datetime, *helpful: bool) -> None:
    """What a customer says of quotes in a conversation, all at one moment."""
    said = [("bot", DISCLOSURE), *[("bot", QUOTE)] * len(helpful)]
    _, *quotes = outbox.add(conn, talk, None, said, at)
    for quote, each in zip(quotes, helpful, strict=True):
        assert quote_votes.give(conn, talk, quote.id, at, helpful=each)


def test_a_vote_counts_once_whichever_cases_are_asked_for(database: Database) -> None:
    """Not again in the next period, nor with the agent who had the next case."""
    with database.begin() as conn:
        samira, tom = person(conn), person(conn, "Tom")
        talk = queued(conn)
        votes(conn, talk, NOW, True, True)
        DESK.take(conn, talk, samira, NOW)
        DESK.close(conn, talk, samira, "Klaar", NOW + 9 * MINUTE)
        queued(conn, now=NOW + 20 * MINUTE)
        votes(conn, talk, NOW + 21 * MINUTE, False)
        DESK.take(conn, talk, tom, NOW + 22 * MINUTE)
        DESK.close(conn, talk, tom, "Klaar", NOW + 30 * MINUTE)
        hour = NOW + timedelta(hours=1)
        for since, until, agent, found in (
            (NOW, hour, None, [(0, 1), (2, 0)]),
            (NOW, NOW + 10 * MINUTE, None, [(2, 0)]),
            (NOW + 10 * MINUTE, hour, None, [(0, 1)]),
            (NOW, hour, tom.id, [(0, 1)]),
            (NOW, hour, samira.id, [(2, 0)]),
        ):
            cases = handled_cases.between(conn, since, until, agent, 9)
            assert [(each.yes, each.no) for each in cases] == found


def test_votes_before_what_no_person_ended_are_the_next_cases(database: Database) -> None:
    """A customer who went back by herself has not been helped yet; one settled elsewhere has."""
    with database.begin() as conn:
        samira = person(conn)
        for who, outcome in (("anna", "resumed"), ("bert", "joined")):
            talk = queued(conn, who)
            votes(conn, talk, NOW, True)
            handovers.close(conn, talk, outcome, NOW + MINUTE)
            queued(conn, who, now=NOW + 2 * MINUTE)
            DESK.close(conn, talk, samira, "Klaar", NOW + 3 * MINUTE)
        cases = handled_cases.between(conn, NOW, NOW + timedelta(hours=1), None, 9)
        assert [(each.channel, each.yes) for each in cases] == [("webchat", 0), ("webchat", 1)]


def test_all_votes_of_a_case_are_counted(database: Database) -> None:
    """Also more than there may be cases, and beside those of customers whom no person had."""
    with database.begin() as conn:
        samira = person(conn)
        talk = queued(conn)
        votes(conn, talk, NOW, True, False, True)
        customer(conn, "bert")
        alone = conversations.open_(conn, "webchat", "bert", NOW).id
        votes(conn, alone, NOW + MINUTE, False, False)
        DESK.close(conn, talk, samira, "Klaar", NOW + 9 * MINUTE)
        (case,) = handled_cases.between(conn, NOW, NOW + timedelta(hours=1), None, 1)
        assert (case.yes, case.no) == (2, 1)
