"""Hand-overs in the queue and in somebody's hands, and what stays on record of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.engine import Connection

from bot.records.handover_record import Handover
from bot.store.conversation import conversations
from bot.store.desk import agents, desk_figures, external_desk_links
from bot.store.handover import audit_log, handover_moves, handovers
from bot.store.sql.database import Database

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def queued(
    conn: Connection, who: str, minutes: int = 0, team: str = "a", *, urgent: bool = False
) -> Handover:
    conversation = conversations.open_(conn, "webchat", who, NOW)
    return handovers.open_(
        conn,
        conversation.id,
        "asked",
        "",
        {},
        NOW + minutes * MINUTE,
        team=team,
        urgent=urgent,
    )


def agent(conn: Connection, login: str = "samira") -> int:
    return agents.add(conn, login, login.title(), "agent", [], NOW).id


def test_urgent_goes_first_then_the_oldest(database: Database) -> None:
    """Each team has its own line, and its places go with that."""
    with database.begin() as conn:
        anna = queued(conn, "anna", 0)
        bert = queued(conn, "bert", 1)
        carla = queued(conn, "carla", 2, urgent=True)
        dirk = queued(conn, "dirk", 3, urgent=True)
        eva = queued(conn, "eva", 1, "b")
        assert handovers.waiting(conn) == (carla, dirk, anna, bert, eva)
        assert handovers.waiting(conn, "b") == (eva,)
        places = [handovers.place(conn, each, 100) for each in (anna, bert, carla, dirk, eva)]
        assert places == [3, 4, 1, 2, 1]
        # Counting ends: the last place that is told stands for all behind it.
        cut = [handovers.place(conn, each, 2) for each in (anna, bert, carla, dirk, eva)]
        assert cut == [2, 2, 1, 2, 1]


def test_handed_over_at_the_same_moment_the_first_row_is_first(database: Database) -> None:
    """No two customers have the same place."""
    with database.begin() as conn:
        line = [queued(conn, who) for who in ("carla", "anna", "bert")]
        assert handovers.waiting(conn) == tuple(line)
        assert [handovers.place(conn, each, 100) for each in line] == [1, 2, 3]


def test_taken_once(database: Database) -> None:
    """Who comes second hears so, also after it was closed; the call-back form is off the table."""
    with database.begin() as conn:
        samira, tom = agent(conn), agent(conn, "tom")
        handover = queued(conn, "anna")
        handovers.set_form(conn, handover.id, {"step": "name"})
        assert handovers.get(conn, handover.id).form == {"step": "name"}
        assert handover_moves.take(conn, handover, samira, NOW + MINUTE)
        assert not handover_moves.take(conn, handover, tom, NOW + MINUTE)
        taken = handovers.find_open(conn, handover.conversation_id)
        assert taken is not None
        assert (taken.agent_id, taken.taken_at, taken.form) == (samira, NOW + MINUTE, None)
        assert handovers.waiting(conn) == ()
        handovers.close(conn, handover.conversation_id, "closed", NOW, agent_id=samira)
        assert not handover_moves.take(conn, handover, tom, NOW + MINUTE)
        assert handovers.find_open(conn, handover.conversation_id) is None


def test_given_back_it_stands_in_front(database: Database) -> None:
    """Its age counts, not the moment it came back; the wait that is told begins anew."""
    with database.begin() as conn:
        samira = agent(conn)
        first, second = queued(conn, "anna"), queued(conn, "bert", 5)
        handover_moves.take(conn, first, samira, NOW + MINUTE)
        handover_moves.release(conn, first, samira, NOW + 30 * MINUTE)
        again, other = handovers.waiting(conn)
        assert (again.id, other) == (first.id, second)
        assert (again.agent_id, again.taken_at) == (None, None)
        assert again.waits_since == NOW + 30 * MINUTE


def test_passed_on_it_is_another_team_s(database: Database) -> None:
    with database.begin() as conn:
        samira = agent(conn)
        handover = queued(conn, "anna")
        handover_moves.take(conn, handover, samira, NOW)
        handover_moves.transfer(conn, handover, "b", samira, NOW + MINUTE)
        (passed,) = handovers.waiting(conn, "b")
        assert (passed.id, passed.agent_id, passed.team) == (handover.id, None, "b")


def test_answers_are_noted(database: Database) -> None:
    """The first for how long it took, the last for who waits now."""
    with database.begin() as conn:
        handover = queued(conn, "anna")
        for minutes in (1, 2, 3):
            handover_moves.replied(conn, handover, NOW + minutes * MINUTE)
        found = handovers.get(conn, handover.id)
        assert (found.first_reply_at, found.last_reply_at) == (NOW + MINUTE, NOW + 3 * MINUTE)


def test_a_later_person_reads_what_was_before(database: Database) -> None:
    """Every hand-over with its outcome, and every act with its name."""
    with database.begin() as conn:
        samira, tom = agent(conn), agent(conn, "tom")
        first = queued(conn, "anna")
        conversation_id = first.conversation_id
        handover_moves.take(conn, first, samira, NOW + MINUTE)
        handover_moves.transfer(conn, first, "b", samira, NOW + 2 * MINUTE)
        handover_moves.take(conn, first, tom, NOW + 3 * MINUTE)
        closed = NOW + 4 * MINUTE
        handovers.close(
            conn, conversation_id, "closed", closed, agent_id=tom, settled="Label gestuurd."
        )
        second = queued(conn, "anna", 9)
        handovers.set_topic(conn, second.id, "return_item", "c", urgent=True)
        handovers.close(conn, conversation_id, "resumed", NOW + 10 * MINUTE)
        before, after = handovers.history(conn, conversation_id)
        assert (before.outcome, before.settled, before.agent_id) == (
            "closed",
            "Label gestuurd.",
            tom,
        )
        assert (after.outcome, after.topic, after.team, after.urgent) == (
            "resumed",
            "return_item",
            "c",
            True,
        )
        assert handovers.newest(conn, conversation_id) == after
        assert [(act.act, act.by, act.detail) for act in audit_log.of(conn, conversation_id)] == [
            ("queued", "", "a"),
            ("taken", "Samira", ""),
            ("transferred", "Samira", "b"),
            ("taken", "Tom", ""),
            ("closed", "Tom", ""),
            ("queued", "", "a"),
            ("resumed", "", ""),
        ]


def test_an_unknown_hand_over(database: Database) -> None:
    with database.begin() as conn:
        assert handovers.history(conn, "x") == ()
        assert handovers.newest(conn, "x") is None
        assert not handovers.close(conn, "x", "closed", NOW)
        with pytest.raises(LookupError):
            handovers.get(conn, 1)


def test_who_lost_a_conversation(database: Database) -> None:
    """Not seen for long, barred, or gone; not who just took one, nor another desk's people."""
    with database.begin() as conn:
        late = NOW + 60 * MINUTE
        people = {name: agent(conn, name) for name in ("here", "away", "never", "barred", "desk")}
        agents.seen(conn, people["here"], late)
        for name in ("away", "barred"):
            agents.seen(conn, people[name], NOW)
        taken = {}
        for name, agent_id in people.items():
            taken[name] = queued(conn, f"klant van {name}")
            moment = late if name == "barred" else NOW
            handover_moves.take(conn, taken[name], agent_id, moment)
        agents.change(conn, people["barred"], active=False)
        desk = taken["desk"]
        external_desk_links.open_(conn, desk.id, desk.conversation_id, "chatwoot", "open", NOW)
        fresh = queued(conn, "nieuw")
        handover_moves.take(conn, fresh, people["away"], late)
        queued(conn, "wacht")
        lost = handover_moves.lost(conn, late - 15 * MINUTE)
        assert [each.id for each in lost] == [
            taken[name].id for name in ("away", "never", "barred")
        ]


def test_recent_waits_are_the_team_s(database: Database) -> None:
    """Newest first, no older than asked, at most so many; who still waits does not count."""
    with database.begin() as conn:
        samira = agent(conn)
        for minutes in (1, 2, 3):
            handover = queued(conn, f"klant {minutes}")
            handover_moves.take(conn, handover, samira, NOW + minutes * MINUTE)
        handover_moves.take(conn, queued(conn, "elders", 0, "b"), samira, NOW + 9 * MINUTE)
        queued(conn, "wacht")

        def waits(team: str, since: int, opened: int = 0, limit: int = 20) -> list[int]:
            found = desk_figures.recent_waits(
                conn, team, NOW + since * MINUTE, NOW + opened * MINUTE, limit
            )
            return [wait // MINUTE for wait in found]

        assert waits("a", 0) == [3, 2, 1]
        assert waits("a", 2) == [3, 2]
        assert waits("a", 0, limit=1) == [3]
        assert waits("c", 0) == []
        # Who wrote before the team was there waited from its opening on.
        assert waits("a", 0, opened=2) == [1, 0, 0]
        assert waits("a", 0, opened=-60) == [3, 2, 1]
