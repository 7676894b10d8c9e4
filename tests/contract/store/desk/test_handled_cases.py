"""The cases of a period: who had them, how long they took, and the score that belongs to each."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.desk.errors import DeskError
from bot.store.conversation import conversations, ratings
from bot.store.desk import handled_cases
from bot.store.sql.database import Database
from tests.support.desk import MINUTE, NOW, person, queued, service

DESK = service()
MOVES = ("take", "release", "pass", "over")


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


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.sampled_from(MOVES), st.integers(1, 30)), max_size=6))
def test_waiting_and_handling_are_sums(database: Database, steps: list[tuple[str, int]]) -> None:
    """Each minute counts once: with whoever had it, or in the queue."""
    with database.begin() as conn, conn.begin_nested() as undone:
        samira, els = person(conn), person(conn, "Els", "supervisor")
        talk, now = queued(conn), NOW
        spent = {"queued": timedelta(0), "human": timedelta(0)}
        for move, minutes in [*steps, ("take", 1), ("close", 5)]:
            spent[conversations.get(conn, talk).owner] += minutes * MINUTE
            now += minutes * MINUTE
            with suppress(DeskError):
                if move == "take":
                    DESK.take(conn, talk, samira, now)
                elif move == "release":
                    DESK.transfers.release(conn, talk, els, now)
                elif move == "pass":
                    DESK.transfers.transfer(conn, talk, els, "bezorging", "", now)
                elif move == "over":
                    DESK.assignments.take_over(conn, talk, els, now)
                else:
                    DESK.close(conn, talk, els, "Klaar", now)
        (case,) = handled_cases.between(conn, NOW, now + MINUTE, None, 9)
        assert (case.waited, case.had) == (spent["queued"], spent["human"])
        undone.rollback()
