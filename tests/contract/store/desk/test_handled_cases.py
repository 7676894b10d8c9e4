"""The cases of a period: who had them, how long they took, and the score that belongs to each."""

from __future__ import annotations

from datetime import timedelta

from bot.store.conversation import ratings
from bot.store.desk import handled_cases
from bot.store.sql.database import Database
from tests.support.desk import MINUTE, NOW, person, queued, service

DESK = service()


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
        DESK.close(conn, again, tom, "Klaar", NOW + 30 * MINUTE)
        ratings.give(conn, again, 1, "human", 5, NOW + 31 * MINUTE)
        waits = queued(conn, "bert")
        DESK.take(conn, waits, tom, NOW)
        hour = timedelta(hours=1)
        cases = handled_cases.between(conn, NOW, NOW + hour, None, 9)
        assert [(each.agent, each.score) for each in cases] == [("Tom", 5), ("Samira", 2)]
        mine = handled_cases.between(conn, NOW, NOW + hour, samira.id, 9)
        assert [each.conversation_id for each in mine] == [first]
        (case,) = mine
        assert (case.taken_at, case.first_reply_at, case.closed_at) == (
            NOW + MINUTE,
            NOW + 3 * MINUTE,
            NOW + 9 * MINUTE,
        )
        assert handled_cases.between(conn, NOW, NOW + 9 * MINUTE, None, 9) == ()
        assert len(handled_cases.between(conn, NOW, NOW + hour, None, 1)) == 1
