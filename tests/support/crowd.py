"""A database as it is after a year: very many conversations of very different lengths.

Made by the database itself, in a few statements, so that a hundred thousand take seconds. Most
conversations are short and a few are huge, most hand-overs are closed, most messages arrived, and
of everything a little is under way, as in real ones.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import insert

from bot.store.sql.tables import agents
from tests.support.desk_people import password_hash

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

#: People at the desk: the first is a supervisor, the second serves all teams, the others one each.
AGENTS = 30
TEAMS = ("bezorging", "algemeen", "retour_betaling", "energie_abonnementen")
#: The first three conversations are the long ones: the bot's, one that waits, and an agent's.
BOT, QUEUED, HUMAN = 0, 1, 2
#: Hand-overs that each of the long ones had before. Late in the evening all of them were closed
#: today, and what counts today's reads three times as many rows.
EARLIER = 150


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is.

    Attributes:
        conversations: how many.
        turns: how many turns each of the long ones has.
    """

    conversations: int
    turns: int


def conversation_id(number: int) -> str:
    """The id of a conversation: as random to look at as real ones are."""
    return hashlib.md5(str(number).encode()).hexdigest()


def fill(conn: Connection, size: Size, now: datetime) -> None:
    """Fills empty tables.

    Args:
        conn: a write transaction.
        size: how much to make.
        now: the present; nothing is later.
    """
    _people(conn, now)
    if conn.dialect.name == "sqlite":
        conn.connection.connection.create_function("md5", 1, _md5, deterministic=True)
    else:
        # The rows fit together; looking each reference up takes longer than all the rest.
        conn.exec_driver_sql("SET LOCAL session_replication_role = replica")
    sql = _Sql(conn.dialect.name, now)
    for statement in (*_crowd(sql, size), *_said(sql, size), *_desk(sql, size), *_memory(sql)):
        conn.exec_driver_sql(sql.driver(statement))


@dataclass(frozen=True, slots=True)
class _Sql:
    """What the two databases say differently."""

    dialect: str
    now: datetime

    def ago(self, seconds: str) -> str:
        """The moment so many seconds before the present."""
        present = f"'{self.now.astimezone(UTC):%Y-%m-%d %H:%M:%S}'"
        if self.dialect == "sqlite":  # as the driver writes it, with six digits of a second
            moment = f"strftime('%Y-%m-%d %H:%M:%f', {present}, (-({seconds})) || ' seconds')"
            return f"({moment} || '000')"
        return f"({present}::timestamp AT TIME ZONE 'UTC' - ({seconds}) * interval '1 second')"

    def json(self, text: str) -> str:
        """A text as a JSON value."""
        return f"CAST({text} AS json)" if self.dialect == "postgresql" else text

    def driver(self, statement: str) -> str:
        """The statement as the driver takes it without parameters."""
        return statement.replace("%", "%%") if self.dialect == "postgresql" else statement


def _md5(text: str) -> str:
    return hashlib.md5(text.encode()).hexdigest()


def _people(conn: Connection, now: datetime) -> None:
    row = {"active": True, "created_at": now, "password_hash": password_hash()}
    conn.execute(
        insert(agents),
        [
            {
                **row,
                "login": f"agent{number}",
                "name": f"Agent {number}",
                "role": "supervisor" if number == 1 else "agent",
                "teams": [] if number < 3 else [TEAMS[number % len(TEAMS)]],
                "last_seen_at": now - timedelta(seconds=number),
            }
            for number in range(1, AGENTS + 1)
        ],
    )


#: Each turn of each conversation, and how many seconds ago it was. (Of tables that are cross joined
#: SQLite keeps the order.)
_TURNS = "crowd CROSS JOIN numbers"
_EACH = "numbers.n < crowd.turns"
_AT = "began - 60 * n"


def _crowd(sql: _Sql, size: Size) -> Iterator[str]:
    ago = sql.ago
    most = max(size.conversations, 2 * size.turns, EARLIER)
    yield f"""
        CREATE TEMP TABLE numbers AS
        WITH RECURSIVE n(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n < {most})
        SELECT n FROM n"""
    yield "CREATE UNIQUE INDEX by_n ON numbers (n)"
    yield f"""
        CREATE TEMP TABLE crowd AS
        SELECT n AS i, md5(CAST(n AS text)) AS id,
            CASE WHEN n = {HUMAN} OR n % 4 = 0 THEN 'webchat' WHEN n % 4 = 1 THEN 'whatsapp'
                WHEN n % 4 = 2 THEN 'sms' ELSE 'telegram' END AS channel,
            CASE WHEN n <= {HUMAN} THEN {size.turns} WHEN n % 100 = 50 THEN 20
                WHEN n % 10 = 1 THEN 5 WHEN n % 3 = 0 THEN 2 ELSE 1 END AS turns,
            CASE WHEN n <= {HUMAN} THEN 60 * {size.turns} + 600
                ELSE 3600 + (n * 7919) % 7776000 END AS began,
            CASE WHEN n = {BOT} THEN 'bot' WHEN n = {QUEUED} OR n % 20 = 7 THEN 'queued'
                WHEN n = {HUMAN} OR n % 200 = 11 THEN 'human' WHEN n % 50 = 13 THEN 'closed'
                ELSE 'bot' END AS owner
        FROM numbers WHERE n < {size.conversations}"""
    yield "CREATE UNIQUE INDEX by_i ON crowd (i)"
    if sql.dialect == "postgresql":
        yield "ANALYZE numbers"
        yield "ANALYZE crowd"
    yield f"""
        INSERT INTO conversations (id, channel, address, owner, session, disclosed,
            turns_since_disclosure, rating_asked, created_at, last_inbound_at, last_outbound_at,
            left_at)
        SELECT id, channel, CASE channel WHEN 'sms' THEN '+316' || (10000000 + i)
                WHEN 'telegram' THEN CAST(500000000 + i AS text)
                WHEN 'whatsapp' THEN '316' || (20000000 + i) ELSE md5('address' || i) END,
            owner, 0, true, 1, false, {ago("began")}, {ago("began - 60 * turns")},
            {ago("began - 60 * turns")}, CASE WHEN i % 7 = 0 THEN {ago("60")} END
        FROM crowd"""


def _said(sql: _Sql, size: Size) -> Iterator[str]:
    ago, json = sql.ago, sql.json
    reply = json("""'{"kind": "text", "text": "Hij is er bijna."}'""")
    part = json("""'{"text": "Hij is er bijna."}'""")
    yield f"""
        INSERT INTO inbox (conversation_id, channel, message_id, text, received_at, status, done_at,
            intent)
        SELECT id, channel, id || '-' || n, 'Waar is mijn pakket?', {ago(_AT)},
            CASE WHEN i % 1000 = 17 AND n = turns - 1 THEN 'new' ELSE 'done' END,
            CASE WHEN i % 1000 = 17 AND n = turns - 1 THEN NULL ELSE {ago(f"{_AT} - 1")} END,
            'track_order'
        FROM {_TURNS} WHERE {_EACH} ORDER BY n, i"""
    # To each message two replies; on SMS the second goes along with the first.
    yield f"""
        INSERT INTO outbox (id, conversation_id, inbox_id, position, author, kind, content,
            created_at, status, sent_at, sent_with)
        SELECT 2 * inbox.id + n, conversation_id, inbox.id, n, 'bot', 'text', {reply}, done_at,
            CASE WHEN inbox.id % 500 = 3 THEN 'queued' ELSE 'delivered' END, done_at,
            CASE WHEN n = 1 AND channel = 'sms' THEN 2 * inbox.id END
        FROM inbox CROSS JOIN numbers WHERE n < 2 AND done_at IS NOT NULL"""
    if sql.dialect == "postgresql":
        yield "SELECT setval(pg_get_serial_sequence('outbox', 'id'), max(id)) FROM outbox"
    # What an agent said in the long one, and what was said unasked to who waits.
    yield f"""
        INSERT INTO outbox (conversation_id, position, author, kind, content, created_at, status,
            sent_at, agent_id)
        SELECT id, 0, CASE WHEN i = {HUMAN} THEN 'human' ELSE 'bot' END, 'text',
            {reply}, {ago(f"{_AT} - 2")}, 'delivered',
            {ago(f"{_AT} - 3")}, CASE WHEN i = {HUMAN} THEN 1 END
        FROM {_TURNS} WHERE {_EACH} AND i <= {HUMAN} ORDER BY n, i"""
    yield f"""
        INSERT INTO deliveries (conversation_id, outbox_id, part, channel, content, status,
            attempts, resends, queued_at, next_attempt_at, sent_at, updated_at, provider_id, error)
        SELECT outbox.conversation_id, outbox.id, 0, channel, {part},
            CASE WHEN outbox.status = 'queued' THEN 'queued' WHEN outbox.id % 500 = 7 THEN 'dead'
                WHEN outbox.id % 2000 = 9 THEN 'sending' ELSE 'delivered' END,
            0, 0, outbox.created_at, outbox.created_at, outbox.sent_at, outbox.created_at,
            'p' || outbox.id, CASE WHEN outbox.id % 500 = 7 THEN 'ambiguous' ELSE '' END
        FROM outbox JOIN conversations ON conversations.id = outbox.conversation_id
        WHERE channel <> 'webchat' AND sent_with IS NULL AND outbox.id % 100 <> 3
        ORDER BY outbox.id"""
    # The front of each line: what is being sent, else what is to be sent next.
    yield """
        UPDATE deliveries SET front = true WHERE id IN (
            SELECT coalesce(min(CASE WHEN status = 'sending' THEN id END), min(id))
            FROM deliveries WHERE status IN ('queued', 'sending') GROUP BY conversation_id)"""
    yield """
        UPDATE outbox SET to_plan = (
            SELECT channel FROM conversations WHERE conversations.id = outbox.conversation_id)
        WHERE status = 'queued' AND sent_with IS NULL
            AND NOT EXISTS (SELECT 1 FROM deliveries WHERE outbox_id = outbox.id)"""


def _desk(sql: _Sql, size: Size) -> Iterator[str]:
    ago, json = sql.ago, sql.json
    team = (
        "CASE WHEN i % 3 = 0 THEN 'bezorging' WHEN (i / 20) % 5 = 1 THEN 'retour_betaling'"
        " WHEN (i / 20) % 5 = 2 THEN 'energie_abonnementen' ELSE 'algemeen' END"
    )
    question = json("""'{"question": "Waar is mijn pakket?"}'""")
    waited = f"CASE WHEN i <= {HUMAN} THEN 60 * {size.turns} ELSE 60 + (i * 31) % 36000 END"
    # As many hand-overs before as fit in the long ones, one after the other.
    then = f"began - n * {60 * size.turns // EARLIER}"
    yield f"""
        INSERT INTO handovers (conversation_id, reason, topic, summary, created_at, queued_at,
            team, urgent, closed_at, outcome, agent_id, taken_at, settled)
        SELECT id, 'asked', '', {json("'{}'")}, {ago(then)}, {ago(then)}, 'bezorging', false,
            {ago(f"{then} - 50")}, 'closed', 2, {ago(f"{then} - 10")}, 'Klaar'
        FROM crowd CROSS JOIN numbers
        WHERE n < CASE WHEN i <= {HUMAN} THEN {EARLIER} WHEN i % 10 = 5 THEN 1 ELSE 0 END"""
    yield f"""
        INSERT INTO handovers (conversation_id, reason, topic, summary, created_at, queued_at, team,
            urgent, agent_id, taken_at, last_reply_at)
        SELECT id, 'asked', '', {question}, {ago(waited)},
            {ago(waited)}, {team}, i % 400 = 7,
            CASE WHEN i = {HUMAN} THEN 1 WHEN owner = 'human' THEN 1 + i % {AGENTS} END,
            CASE WHEN owner = 'human' THEN {ago(f"({waited}) - 30")} END,
            CASE WHEN owner = 'human' THEN {ago("0")} END
        FROM crowd WHERE owner IN ('queued', 'human')"""
    yield """
        INSERT INTO acts (conversation_id, handover_id, agent_id, act, detail, at)
        SELECT conversation_id, id, CASE WHEN n = 0 THEN NULL ELSE agent_id END,
            CASE n WHEN 0 THEN 'queued' WHEN 1 THEN 'taken' ELSE 'closed' END, '', created_at
        FROM handovers CROSS JOIN numbers WHERE n < CASE WHEN closed_at IS NOT NULL THEN 3
            WHEN taken_at IS NOT NULL THEN 2 ELSE 1 END"""
    yield """
        INSERT INTO notes (conversation_id, agent_id, text, created_at)
        SELECT conversation_id, 1, 'Gebeld.', created_at FROM handovers
        WHERE closed_at IS NOT NULL"""
    yield f"""
        INSERT INTO callbacks (conversation_id, team, topic, name, contact, moment, question,
            created_at, done_at)
        SELECT conversation_id, team, '', 'Anna', '06', 'nu', '?', created_at,
            CASE WHEN id % 4 = 0 THEN NULL ELSE created_at END
        FROM handovers WHERE id % 3 = 0 OR conversation_id = '{conversation_id(QUEUED)}'"""
    yield f"""
        INSERT INTO ratings (conversation_id, session, of, score, changes, given_at)
        SELECT id, 0, CASE WHEN i % 2 = 0 THEN 'bot' ELSE 'human' END, 1 + i % 5, 0, {ago("began")}
        FROM crowd WHERE i % 3 = 1"""
    yield """
        INSERT INTO desk_links (handover_id, conversation_id, desk, external_id, mirrored_inbox_id,
            mirrored_outbox_id, state, updated_at)
        SELECT id, conversation_id, 'chatwoot', CAST(id AS text), 0, 0,
            CASE WHEN closed_at IS NULL THEN 'free' ELSE 'over' END, created_at FROM handovers
        WHERE closed_at IS NOT NULL OR taken_at IS NULL"""


def _memory(sql: _Sql) -> Iterator[str]:
    ago = sql.ago
    # The window that the assistant reads begins with the last turn.
    base = """{"seq": ' || (3 * (turns - 1)) || ', "slots": null, "loop": null}"""
    head = sql.json(f"""'{{"base": {base}, "following": {base}, "turns": 1, "slots": {{}}}}'""")
    yield f"""
        INSERT INTO trackers (conversation_id, head, seq)
        SELECT id, {head}, 3 * turns FROM crowd"""
    listen = sql.json("""'{"event": "action", "name": "action_listen"}'""")
    yield f"""
        INSERT INTO events (conversation_id, seq, type, timestamp, data)
        SELECT id, 3 * n + k + 1, 'action', 0, {listen}
        FROM {_TURNS} CROSS JOIN (SELECT n AS k FROM numbers WHERE n < 3) AS three
        WHERE {_EACH} ORDER BY n, i, k"""
    yield f"""
        INSERT INTO disclosures (conversation_id, channel, version, text, at)
        SELECT id, channel, '1', 'U chat met een AI-assistent.', {ago("began")} FROM crowd"""
    yield f"""
        INSERT INTO timers (conversation_id, kind, due_at)
        SELECT id, CASE WHEN owner = 'queued' THEN 'unaccepted' ELSE 'quiet' END,
            {ago("CASE WHEN i % 500 = 0 THEN 5 ELSE -600 - i % 3000 END")}
        FROM crowd WHERE i % 5 = 0 OR owner = 'queued'"""
    yield f"""
        INSERT INTO join_codes (code_hash, conversation_id, channel, created_at, expires_at,
            used_at, used_by)
        SELECT md5('code' || i) || md5(CAST(i AS text)), id, 'whatsapp', {ago("began")},
            {ago("began - 900")}, CASE WHEN i % 40 <> 9 THEN {ago("began - 60")} END,
            CASE WHEN i % 40 <> 9 THEN md5(CAST(i + 1 AS text)) END
        FROM crowd WHERE i % 20 = 9 AND i + 1 < (SELECT count(*) FROM crowd)"""
    yield f"""
        INSERT INTO addresses (channel, alias, address, rank, seen_at)
        SELECT 'whatsapp', 'NL.' || i, '316' || (20000000 + i), 0, {ago("began")}
        FROM crowd WHERE channel = 'whatsapp'"""
    yield f"""
        INSERT INTO optouts (channel, address, active, at)
        SELECT 'sms', '+316' || (10000000 + i), i % 3 = 0, {ago("began")}
        FROM crowd WHERE channel = 'sms' AND i % 50 = 6"""
