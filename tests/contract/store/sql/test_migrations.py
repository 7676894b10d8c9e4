"""A database of an earlier version keeps what it holds."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from bot.messages import RemoteFile
from bot.store.conversation import attachments, disclosures
from bot.store.desk import agents
from bot.store.handover import callbacks, handovers
from bot.store.history import conversation_search
from bot.store.history.conversation_search import Term
from bot.store.sql.database import Database
from bot.store.sql.migrate import MIGRATIONS

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
ROWS = """
INSERT INTO conversations (id, channel, address, owner, session, disclosed,
    turns_since_disclosure, rating_asked, created_at)
    VALUES ('c', 'webchat', 'anna', 'bot', 0, true, 0, false, '2026-11-02 09:00:00');
INSERT INTO inbox (id, conversation_id, channel, message_id, text, received_at, status, attempts)
    VALUES (7, 'c', 'webchat', 'm', 'hoi', '2026-11-02 09:00:00', 'new', 0);
INSERT INTO outbox (id, conversation_id, inbox_id, position, author, kind, content, created_at,
    status) VALUES (9, 'c', 7, 0, 'bot', 'text', '{}', '2026-11-02 09:00:00', 'sent');
INSERT INTO handovers (id, conversation_id, reason, topic, summary, created_at)
    VALUES (3, 'c', 'asked', '', '{}', '2026-11-02 09:00:00')
"""
DISCLOSURES = """
INSERT INTO outbox (id, conversation_id, inbox_id, position, author, kind, content, created_at,
    status, sent_at) VALUES (10, 'c', NULL, 0, 'bot', 'notice', '{"notice": "disclosure"}',
    '2026-11-02 09:05:00.000000', 'sent', '2026-11-02 09:06:00.000000');
INSERT INTO disclosures (id, conversation_id, channel, version, text, at)
    VALUES (1, 'c', 'webchat', '1', 'x', '2026-11-02 09:05:00.000000');
INSERT INTO disclosures (id, conversation_id, channel, version, text, at)
    VALUES (2, 'c', 'webchat', '1', 'x', '2026-11-02 09:00:00.000000');
INSERT INTO disclosures (id, conversation_id, channel, version, text, at)
    VALUES (3, 'gone', 'webchat', '1', 'x', '2026-11-02 09:00:00.000000')
"""


def migrate(conn: Connection, revision: str, *, down: bool = False) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = conn
    (command.downgrade if down else command.upgrade)(config, revision)


def held(conn: Connection) -> list[tuple[object, ...]]:
    query = (
        "SELECT i.id, i.text, o.id, o.inbox_id, o.status FROM inbox i"
        " JOIN outbox o ON o.inbox_id = i.id ORDER BY o.id"
    )
    return [tuple(row) for row in conn.exec_driver_sql(query)]


def test_messages_survive_an_upgrade_and_the_way_back(empty_url: str) -> None:
    """With their ids and references; an id is never given twice."""
    database = Database(empty_url)
    expected = [(7, "hoi", 9, 7, "sent")]
    with database.begin() as conn:
        migrate(conn, "0001")
        for row in ROWS.split(";"):
            conn.exec_driver_sql(row)
    database.upgrade()
    with database.begin() as conn:
        assert held(conn) == expected
        (waiting,) = handovers.waiting(conn)
        assert (waiting.id, waiting.team, waiting.urgent) == (3, "", False)
        assert waiting.queued_at == waiting.created_at
        conn.exec_driver_sql("UPDATE outbox SET status = 'delivered'")
    with database.begin() as conn:
        migrate(conn, "0001", down=True)
        assert held(conn) == expected
    database.upgrade()
    with database.begin() as conn:
        assert held(conn) == expected
        conn.exec_driver_sql("DELETE FROM conversations")
        assert held(conn) == []
        if database.dialect == "sqlite":
            counters = dict(
                tuple(row) for row in conn.exec_driver_sql("SELECT name, seq FROM sqlite_sequence")
            )
            assert (counters["inbox"], counters["outbox"]) == (7, 9)
    database.dispose()


def test_earlier_disclosures_are_found_in_the_outbox(empty_url: str) -> None:
    """As far as it still has them; the others stay as offered."""
    database = Database(empty_url)
    with database.begin() as conn:
        migrate(conn, "0003")
        for row in (*ROWS.split(";")[:3], *DISCLOSURES.split(";")):
            conn.exec_driver_sql(row)
    database.upgrade()
    with database.begin() as conn:
        kept = disclosures.of(conn, "c")
        assert [(each.status, each.sent_at is not None) for each in kept] == [
            ("sent", True),
            ("offered", False),
        ]
        assert [each.status for each in disclosures.of(conn, "gone")] == ["offered"]


def test_what_was_said_before_can_be_looked_up(empty_url: str) -> None:
    """Also after a way back, by which the indexes of words go."""
    database = Database(empty_url)
    with database.begin() as conn:
        migrate(conn, "0001")
        for row in ROWS.split(";"):
            conn.exec_driver_sql(row)
    for _ in range(2):
        database.upgrade()
        with database.begin() as conn:
            assert list(conversation_search.by_words(conn, [Term((("ho",),))]).hits) == ["c"]
            migrate(conn, "0009", down=True)
    database.dispose()


def waiting(conn: Connection) -> None:
    """What an earlier version left in the queue: conversations by channel, then their messages."""
    times = "'2026-11-02 09:00:00'"
    for name, channel, address in (
        ("a", "sms", "+31600000001"),
        ("b", "sms", "+31600000002"),
        ("c", "webchat", "anna"),
        ("d", "sms", "terminal:1"),
    ):
        conn.exec_driver_sql(
            "INSERT INTO conversations (id, channel, address, owner, session, disclosed,"
            " turns_since_disclosure, rating_asked, created_at)"
            f" VALUES ('{name}', '{channel}', '{address}', 'bot', 0, true, 0, false, {times})"
        )
    rows = [
        # outbox row, conversation, its status, its delivery's status
        (1, "a", "sent", "sent"),
        (2, "a", "queued", "queued"),
        (3, "a", "queued", "queued"),
        (4, "a", "queued", ""),
        (5, "b", "queued", "queued"),
        (6, "b", "queued", "sending"),
        (7, "c", "queued", ""),
        (8, "c", "sent", ""),
        (9, "d", "queued", ""),
    ]
    for number, name, status, delivery in rows:
        conn.exec_driver_sql(
            "INSERT INTO outbox (id, conversation_id, position, author, kind, content, created_at,"
            f" status) VALUES ({number}, '{name}', 0, 'human', 'text', '{{}}', {times}, '{status}')"
        )
        if delivery:
            conn.exec_driver_sql(
                "INSERT INTO deliveries (id, conversation_id, outbox_id, part, channel, content,"
                " status, attempts, resends, queued_at, next_attempt_at, updated_at, error) VALUES"
                f" ({number}, '{name}', {number}, 0, 'sms', '{{}}', '{delivery}', 0, 0, {times},"
                f" {times}, {times}, '')"
            )


def test_what_waits_is_still_sent_after_an_upgrade(empty_url: str) -> None:
    """The front of each line is marked, and what is not planned yet."""
    database = Database(empty_url)
    with database.begin() as conn:
        migrate(conn, "0003")
        waiting(conn)
    database.upgrade()
    with database.begin() as conn:
        fronts = conn.exec_driver_sql("SELECT id FROM deliveries WHERE front ORDER BY id")
        assert [row.id for row in fronts] == [2, 6]
        new = conn.exec_driver_sql("SELECT id, to_plan FROM outbox WHERE to_plan <> '' ORDER BY id")
        assert [tuple(row) for row in new] == [(4, "sms"), (7, "webchat")]
    database.dispose()


def test_a_late_failure_is_the_last_word_to_an_earlier_version(empty_url: str) -> None:
    """It knows of no decision that is still to be made; all else stays as it is."""
    database = Database(empty_url)
    with database.begin() as conn:
        migrate(conn, "0003")
        waiting(conn)
    database.upgrade()
    query = "SELECT d.id, d.status, o.status FROM deliveries d JOIN outbox o ON o.id = d.outbox_id"
    with database.begin() as conn:
        before = [tuple(row) for row in conn.exec_driver_sql(f"{query} ORDER BY d.id")]
        conn.exec_driver_sql("UPDATE deliveries SET late_error = '131000' WHERE id IN (2, 6)")
    with database.begin() as conn:
        migrate(conn, "0009", down=True)
        after = [tuple(row) for row in conn.exec_driver_sql(f"{query} ORDER BY d.id")]
        assert after == [
            (number, "failed", "failed") if number in (2, 6) else (number, *rest)
            for number, *rest in before
        ]
        fronts = conn.exec_driver_sql("SELECT id FROM deliveries WHERE front")
        assert fronts.all() == []
    database.upgrade()
    with database.begin() as conn:
        columns = "SELECT DISTINCT late_error, late_failures FROM deliveries"
        assert [tuple(row) for row in conn.exec_driver_sql(columns)] == [("", 0)]
    database.dispose()


def test_accounts_and_counts_outlive_the_lock_of_accounts(empty_url: str) -> None:
    """Forward and back, with somebody locked before and somebody who waits after."""
    database = Database(empty_url)
    times = "'2026-11-02 09:00:00'"
    tally = (
        "INSERT INTO identity_tallies (scope, key, level, at, opens_at)"
        " VALUES ('{}', 'k', {}, {}, {})"
    )

    def tallies(conn: Connection) -> list[tuple[str, float]]:
        rows = conn.exec_driver_sql("SELECT scope, level FROM identity_tallies ORDER BY scope")
        return [tuple(row) for row in rows]  # type: ignore[misc]

    with database.begin() as conn:
        migrate(conn, "0009")
        conn.exec_driver_sql(
            "INSERT INTO agents (id, login, name, role, teams, active, failed_logins, locked_until,"
            f" created_at) VALUES (4, 'loes', 'Loes', 'agent', '[]', true, 3, {times}, {times})"
        )
        conn.exec_driver_sql(tally.format("claim", 2.5, times, times))
    database.upgrade()
    with database.begin() as conn:
        found = agents.by_login(conn, "loes")
        assert found
        assert (found.agent.id, found.active) == (4, True)
        conn.exec_driver_sql(tally.format("login", 10, times, times))
        assert tallies(conn) == [("claim", 2.5), ("login", 10)]
    for scope in ("other", "claim"):  # of no kind, and there already
        with pytest.raises(IntegrityError), database.begin() as conn:
            conn.exec_driver_sql(tally.format(scope, 1, times, times))
    with database.begin() as conn:
        migrate(conn, "0009", down=True)
        assert tallies(conn) == [("claim", 2.5)]
        row = conn.exec_driver_sql("SELECT failed_logins, locked_until FROM agents").one()
        assert tuple(row) == (0, None)
    with pytest.raises(IntegrityError), database.begin() as conn:
        conn.exec_driver_sql(tally.format("login", 1, times, times))
    database.upgrade()
    with database.begin() as conn:
        assert tallies(conn) == [("claim", 2.5)]
    database.dispose()


def test_files_survive_what_their_messages_survive(empty_url: str) -> None:
    """An earlier version forgets them and keeps the messages; a deleted message takes its own."""
    database = Database(empty_url)
    database.upgrade()
    with database.begin() as conn:
        for row in ROWS.replace(", attempts)", ")").replace("'new', 0)", "'new')").split(";"):
            conn.exec_driver_sql(row)
        attachments.came(conn, "c", 7, "webchat", [RemoteFile("a"), RemoteFile("b")], NOW)
        assert len(attachments.of_inbox(conn, [7])[7]) == 2
        migrate(conn, "0009", down=True)
        assert held(conn) == [(7, "hoi", 9, 7, "sent")]
    database.upgrade()
    with database.begin() as conn:
        assert attachments.of_inbox(conn, [7]) == {}
        attachments.came(conn, "c", 7, "webchat", [RemoteFile("a")], NOW)
        conn.exec_driver_sql("DELETE FROM conversations")
        assert attachments.of_inbox(conn, [7]) == {}
    database.dispose()


DESK = """
INSERT INTO agents (id, login, name, role, teams, active, failed_logins, created_at)
    VALUES (5, 'samira', 'Samira', 'agent', '[]', true, 0, '2026-11-02 09:00:00');
INSERT INTO conversations (id, channel, address, owner, session, disclosed,
    turns_since_disclosure, rating_asked, created_at)
    VALUES ('c', 'webchat', 'anna', 'human', 0, true, 0, false, '2026-11-02 09:00:00');
INSERT INTO handovers (id, conversation_id, reason, topic, summary, created_at, agent_id, taken_at)
    VALUES (3, 'c', 'asked', '', '{}', '2026-11-02 09:00:00', 5, '2026-11-02 09:05:00');
INSERT INTO callbacks (id, conversation_id, team, topic, name, contact, moment, question,
    created_at, done_at, done_by) VALUES (7, 'c', 'a', '', 'Anna', '06', 'nu', '?',
    '2026-11-02 09:00:00', '2026-11-02 09:30:00', 5);
INSERT INTO callbacks (id, conversation_id, team, topic, name, contact, moment, question,
    created_at) VALUES (8, 'c', 'a', '', 'Anna', '06', 'nu', '?', '2026-11-02 10:00:00')
"""


def test_the_desk_goes_on_after_an_upgrade_and_back(empty_url: str) -> None:
    """Everybody is available without a limit; requests are due since they were left."""
    database = Database(empty_url)
    with database.begin() as conn:
        migrate(conn, "0009")
        for row in DESK.split(";"):
            conn.exec_driver_sql(row)
    for _ in range(2):
        database.upgrade()
        with database.begin() as conn:
            samira = agents.get(conn, 5)
            assert (samira.presence, samira.capacity) == ("available", None)
            done, open_ = callbacks.of(conn, "c")
            assert [each.due_at for each in (done, open_)] == [done.created_at, open_.created_at]
            assert (done.done_by, done.result, open_.claimed_by) == (5, None, None)
            handover = handovers.find_open(conn, "c")
            assert handover is not None
            assert (handover.agent_id, handover.reminded_at) == (5, None)
            migrate(conn, "0009", down=True)
    database.dispose()


def test_what_was_closed_without_a_word_stays_so(empty_url: str) -> None:
    """It is known from the acts; of other cases nobody wrote down what was told."""
    database = Database(empty_url)
    acts = (
        "INSERT INTO acts (conversation_id, handover_id, act, detail, at) VALUES"
        " ('c', {}, 'closed', '{}', '2026-11-02 09:05:00.000000')"
    )
    with database.begin() as conn:
        migrate(conn, "0001")
        for row in ROWS.split(";"):
            conn.exec_driver_sql(row)
        migrate(conn, "0022")
        conn.exec_driver_sql("UPDATE handovers SET closed_at = created_at, outcome = 'closed'")
        conn.exec_driver_sql(
            "INSERT INTO handovers (id, conversation_id, reason, topic, summary, created_at)"
            " VALUES (4, 'c', 'asked', '', '{}', '2026-11-02 09:10:00.000000')"
        )
        for number, detail in ((3, "untold"), (4, "")):
            conn.exec_driver_sql(acts.format(number, detail))
    for _ in range(2):
        database.upgrade()
        with database.begin() as conn:
            assert [each.told for each in handovers.history(conn, "c")] == ["nothing", None]
            migrate(conn, "0022", down=True)
    database.dispose()
