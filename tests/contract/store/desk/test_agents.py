"""The people at the desk, and who is logged in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete
from sqlalchemy.engine import Connection

from bot.messages import Text
from bot.store.conversation import conversations
from bot.store.delivery import outbox, outbox_queries
from bot.store.desk import agents, desk_sessions
from bot.store.desk.agents import Agent
from bot.store.handover import audit_log, callbacks, handover_moves, handovers, notes
from bot.store.handover.callbacks import CallbackRequest
from bot.store.sql.database import Database
from bot.store.sql.tables import agents as agents_table

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def samira(conn: Connection) -> Agent:
    return agents.add(conn, " Samira@Voorbeeld.NL ", " Samira ", "agent", ["bezorging"], NOW)


def test_an_account_is_kept(database: Database) -> None:
    """The log-in name in lower case, found in any; spaces around names go."""
    with database.begin() as conn:
        assert not agents.exist(conn)
        agent = samira(conn)
        assert agent == Agent(agent.id, "samira@voorbeeld.nl", "Samira", "agent", ("bezorging",))
        account = agents.by_login(conn, "SAMIRA@voorbeeld.nl ")
        assert account == agents.Account(agent, None, None, True, NOW, None)
        assert agents.account(conn, agent.id) == account
        assert agents.everyone(conn) == (account,)
        assert agents.exist(conn)
        assert agents.by_login(conn, "bert") is None
        assert agents.by_login(conn, "samira\0\ud800") is None  # what no database can hold
        assert agents.by_subject(conn, "s") is None
        with pytest.raises(LookupError):
            agents.get(conn, agent.id + 1)


def test_a_login_is_used_once(database: Database) -> None:
    """The same goes for the identity provider's subject; nothing is half made."""
    with database.begin() as conn:
        first = agents.add(conn, "a", "A", "agent", [], NOW, oidc_subject="s")
        for login, subject in (("A", None), ("b", "s")):
            with pytest.raises(agents.LoginTaken, match="inlognaam"):
                agents.add(conn, login, "B", "agent", [], NOW, oidc_subject=subject)
        second = agents.add(conn, "b", "B", "supervisor", [], NOW)
        assert [account.agent for account in agents.everyone(conn)] == [first, second]


def test_a_change_leaves_the_rest(database: Database) -> None:
    """What is not given stays; an unknown account is reported."""
    with database.begin() as conn:
        agent = samira(conn)
        agents.change(conn, agent.id, password_hash="argon", teams=[])
        agents.change(conn, agent.id, role="supervisor")
        agents.change(conn, agent.id, name="Samira B.", oidc_subject="s", active=False)
        agents.change(conn, agent.id)
        account = agents.by_subject(conn, "s")
        assert account is not None
        assert account.agent == Agent(
            agent.id, "samira@voorbeeld.nl", "Samira B.", "supervisor", ()
        )
        assert (account.password_hash, account.active) == ("argon", False)
        with pytest.raises(LookupError):
            agents.change(conn, agent.id + 1, name="x")


def test_who_is_on_line(database: Database) -> None:
    """Seen lately and active; a late note of an earlier moment takes nobody off line."""
    with database.begin() as conn:
        there, gone, barred = (
            agents.add(conn, login, login, "agent", [], NOW) for login in ("a", "b", "c")
        )
        for agent, when in ((there, NOW), (gone, NOW - HOUR), (barred, NOW), (there, NOW - HOUR)):
            agents.seen(conn, agent.id, when)
        agents.change(conn, barred.id, active=False)
        assert agents.online(conn, NOW - MINUTE) == (there,)


def test_serving_teams() -> None:
    """No teams means all of them."""
    assert Agent(1, "a", "A", "agent").serves("x")
    assert Agent(1, "a", "A", "agent", ("x", "y")).serves("y")
    assert not Agent(1, "a", "A", "agent", ("x",)).serves("y")


def test_a_session_lasts_until_its_time(database: Database) -> None:
    """Using it makes it last, and shows that the agent is there."""
    with database.begin() as conn:
        agent = samira(conn)
        desk_sessions.open_(conn, "f" * 64, agent.id, "token", NOW, NOW + HOUR)
        found = desk_sessions.find(conn, "f" * 64, NOW)
        assert found == desk_sessions.DeskSession("f" * 64, agent, "token", NOW, NOW + HOUR, NOW)
        assert desk_sessions.find(conn, "e" * 64, NOW) is None
        assert desk_sessions.find(conn, "f" * 64, NOW + HOUR) is None
        desk_sessions.seen(conn, "f" * 64, NOW + MINUTE, NOW + 2 * HOUR)
        assert desk_sessions.find(conn, "f" * 64, NOW + HOUR) is not None
        assert agents.account(conn, agent.id).last_seen_at == NOW + MINUTE
        desk_sessions.seen(conn, "e" * 64, NOW, NOW + HOUR)  # an unknown one is nobody's
        assert desk_sessions.sweep(conn, NOW + HOUR) == 0
        assert desk_sessions.sweep(conn, NOW + 2 * HOUR) == 1


def test_a_barred_agent_is_out_at_once(database: Database) -> None:
    """Also with a session that is still good; and a change of role counts at once."""
    with database.begin() as conn:
        agent = samira(conn)
        for key in ("a", "b"):
            desk_sessions.open_(conn, key * 64, agent.id, "t", NOW, NOW + HOUR)
        agents.change(conn, agent.id, role="supervisor")
        found = desk_sessions.find(conn, "a" * 64, NOW)
        assert found is not None
        assert found.agent.role == "supervisor"
        agents.change(conn, agent.id, active=False)
        assert desk_sessions.find(conn, "a" * 64, NOW) is None
        agents.change(conn, agent.id, active=True)
        desk_sessions.end(conn, "a" * 64)
        assert desk_sessions.find(conn, "a" * 64, NOW) is None
        assert desk_sessions.end_all(conn, agent.id) == 1
        assert desk_sessions.find(conn, "b" * 64, NOW) is None


def test_history_outlives_an_account(database: Database) -> None:
    """Deactivated, the name stays; deleted, what was done stays without a name."""
    with database.begin() as conn:
        agent = samira(conn)
        desk_sessions.open_(conn, "f" * 64, agent.id, "t", NOW, NOW + HOUR)
        conversation = conversations.open_(conn, "webchat", "anna", NOW)
        handover = handovers.open_(conn, conversation.id, "asked", "", {}, NOW)
        handover_moves.take(conn, handover, agent.id, NOW)
        notes.add(conn, conversation.id, agent.id, "let op", NOW)
        said = [("human", Text("dag"))]
        outbox.add(conn, conversation.id, None, said, NOW, agent_id=agent.id)
        asked = callbacks.add(
            conn, CallbackRequest(conversation.id, "t", "", "Anna", "06", "nu", "?"), NOW
        )
        callbacks.done(conn, asked.id, agent.id, NOW)

        def who() -> list[int | None]:
            return [
                handovers.get(conn, handover.id).agent_id,
                notes.of(conn, conversation.id)[0].agent_id,
                audit_log.of(conn, conversation.id)[1].agent_id,
                outbox_queries.since(conn, conversation.id, 0, 9)[0].agent_id,
                callbacks.get(conn, asked.id).done_by,
            ]

        agents.change(conn, agent.id, active=False)
        assert who() == [agent.id] * 5
        assert notes.of(conn, conversation.id)[0].by == "Samira"
        conn.execute(delete(agents_table).where(agents_table.c.id == agent.id))
        assert who() == [None] * 5
        assert notes.of(conn, conversation.id)[0].by == ""
        assert callbacks.get(conn, asked.id).done_at == NOW
        assert desk_sessions.find(conn, "f" * 64, NOW) is None
