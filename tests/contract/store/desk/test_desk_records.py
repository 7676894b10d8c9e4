"""Notes, call-backs, codes to another channel, links to another desk, and who said what."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import delete
from sqlalchemy.engine import Connection

from bot.messages import Notice, Text
from bot.store.conversation import channel_switch_codes, conversations
from bot.store.delivery import outbox, outbox_queries
from bot.store.desk import agents, external_desk_links
from bot.store.handover import callbacks, handovers, notes
from bot.store.handover.callbacks import CallbackRequest
from bot.store.sql.database import Database
from bot.store.sql.tables import conversations as conversations_table

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
CODE = "c" * 64


def opened(conn: Connection, who: str = "anna", channel: str = "webchat") -> str:
    return conversations.open_(conn, channel, who, NOW).id


def test_notes_stay_in_order(database: Database) -> None:
    """With who wrote them; the system's have no name."""
    with database.begin() as conn:
        conversation_id, other = opened(conn), opened(conn, "bert")
        samira = agents.add(conn, "samira", "Samira", "agent", [], NOW)
        first = notes.add(conn, conversation_id, samira.id, "belt \x00 terug", NOW + MINUTE)
        second = notes.add(conn, conversation_id, None, "was weg", NOW)
        notes.add(conn, other, samira.id, "elders", NOW)
        assert notes.of(conn, conversation_id) == (
            notes.Note(
                first, conversation_id, samira.id, "Samira", "belt \ufffd terug", NOW + MINUTE
            ),
            notes.Note(second, conversation_id, None, "", "was weg", NOW),
        )


def test_a_callback_waits_until_it_is_done(database: Database) -> None:
    """Once: of two agents the second hears that it was done."""
    with database.begin() as conn:
        conversation_id = opened(conn)
        samira = agents.add(conn, "samira", "Samira", "agent", [], NOW)
        first, second = (
            callbacks.add(
                conn,
                CallbackRequest(
                    conversation_id, "a", "return_item", "Anna", "0612345678", when, "?"
                ),
                NOW,
            )
            for when in ("morgen", "vrijdag")
        )
        assert callbacks.waiting(conn, ["a"], 10) == (first, second)
        assert callbacks.done(conn, first.id, samira.id, NOW + MINUTE)
        assert not callbacks.done(conn, first.id, samira.id, NOW + MINUTE)
        assert callbacks.waiting(conn, ["a"], 10) == (second,)
        done = callbacks.get(conn, first.id)
        assert (done.done_at, done.done_by) == (NOW + MINUTE, samira.id)
        assert callbacks.of(conn, conversation_id) == (done, second)
        with pytest.raises(LookupError):
            callbacks.get(conn, second.id + 1)


def test_a_code_is_used_once(database: Database, other: Database) -> None:
    """Also by ten at once: exactly one is joined."""
    with database.begin() as conn:
        conversation_id, later = opened(conn), opened(conn, "31612345678", "whatsapp")
        channel_switch_codes.add(conn, CODE, conversation_id, "whatsapp", NOW, NOW + 10 * MINUTE)
    start = Barrier(10)

    def use(number: int) -> str | None:
        start.wait()
        with (database, other)[number % 2].begin() as conn:
            return channel_switch_codes.use(conn, CODE, "whatsapp", later, NOW + MINUTE)

    with ThreadPoolExecutor(10) as pool:
        found = list(pool.map(use, range(10)))
    assert found.count(conversation_id) == 1
    assert found.count(None) == 9


def test_a_code_counts_only_where_and_when_it_may(database: Database) -> None:
    """Not elsewhere, not later, not when a newer one was made for the same channel."""
    with database.begin() as conn:
        conversation_id, later = opened(conn), opened(conn, "31612345678", "whatsapp")
        expires = NOW + 10 * MINUTE

        def use(code: str, channel: str = "whatsapp", now: datetime = NOW) -> str | None:
            return channel_switch_codes.use(conn, code * 64, channel, later, now)

        channel_switch_codes.add(conn, "a" * 64, conversation_id, "whatsapp", NOW, expires)
        assert use("a", "sms") is None
        assert use("b") is None
        assert use("a", now=expires) is None
        channel_switch_codes.add(conn, "s" * 64, conversation_id, "sms", NOW, expires)
        channel_switch_codes.add(conn, "b" * 64, conversation_id, "whatsapp", NOW, expires)
        assert use("a") is None
        assert use("b") == conversation_id
        used = channel_switch_codes.JoinCode(conversation_id, "whatsapp", expires, NOW, later)
        assert channel_switch_codes.find(conn, "b" * 64) == used
        assert channel_switch_codes.joined(conn, later) == (used,)
        assert channel_switch_codes.sweep(conn, NOW) == 0
        assert channel_switch_codes.sweep(conn, expires) == 1
        assert channel_switch_codes.find(conn, "s" * 64) is None
        assert channel_switch_codes.find(conn, "b" * 64) == used


def test_a_link_to_another_desk(database: Database) -> None:
    """One for each hand-over; what is not given in a change stays."""
    with database.begin() as conn:
        conversation_id = opened(conn)
        handover = handovers.open_(conn, conversation_id, "asked", "", {}, NOW)
        link = external_desk_links.open_(conn, handover.id, conversation_id, "chatwoot", "new", NOW)
        assert link == external_desk_links.DeskLink(
            handover.id, conversation_id, "chatwoot", "", 0, 0, "new", NOW
        )
        assert external_desk_links.open_(conn, handover.id, conversation_id, "x", "y", NOW) == link
        external_desk_links.change(conn, handover.id, NOW + MINUTE, external_id="42", state="open")
        external_desk_links.change(conn, handover.id, NOW + MINUTE, mirrored_inbox_id=7)
        external_desk_links.change(conn, handover.id, NOW + 2 * MINUTE, mirrored_outbox_id=9)
        changed = external_desk_links.DeskLink(
            handover.id, conversation_id, "chatwoot", "42", 7, 9, "open", NOW + 2 * MINUTE
        )
        assert external_desk_links.find(conn, handover.id) == changed
        assert external_desk_links.by_external(conn, "chatwoot", "42") == changed
        assert external_desk_links.by_external(conn, "other", "42") is None
        handovers.close(conn, conversation_id, "closed", NOW)
        newer = handovers.open_(conn, conversation_id, "asked", "", {}, NOW)
        assert external_desk_links.find(conn, newer.id) is None
        external_desk_links.open_(conn, newer.id, conversation_id, "chatwoot", "new", NOW)
        external_desk_links.change(conn, newer.id, NOW, external_id="42")
        found = external_desk_links.by_external(conn, "chatwoot", "42")
        assert found is not None
        assert found.handover_id == newer.id


def test_the_outbox_knows_who_spoke(database: Database) -> None:
    """A person's words carry the person and the browser's id; notices beside them do not."""
    with database.begin() as conn:
        conversation_id, other = opened(conn), opened(conn, "bert")
        samira = agents.add(conn, "samira", "Samira", "agent", [], NOW)
        assert not outbox_queries.people_spoke(conn, conversation_id, NOW)
        said = [("human", Text("dag")), ("system", Notice("klaar"))]
        answer, notice = outbox.add(
            conn, conversation_id, None, said, NOW, agent_id=samira.id, client_id="k1"
        )
        assert (answer.agent_id, notice.agent_id) == (samira.id, None)
        assert outbox_queries.since(conn, conversation_id, 0, 9) == (answer, notice)
        assert outbox_queries.by_client_id(conn, conversation_id, "k1") == answer
        assert outbox_queries.by_client_id(conn, conversation_id, "k2") is None
        assert outbox_queries.by_client_id(conn, other, "k1") is None
        assert outbox_queries.people_spoke(conn, conversation_id, NOW)
        assert not outbox_queries.people_spoke(conn, conversation_id, NOW + MINUTE)
        outbox.add(conn, other, None, [("human", Text("dag"))], NOW, client_id="k1")


def test_a_conversation_goes_on_from_another(database: Database) -> None:
    """Erasing the earlier one leaves the later one; a closed page is noted and unnoted."""
    with database.begin() as conn:
        earlier, later = opened(conn), opened(conn, "31612345678", "whatsapp")
        conversations.continue_from(conn, later, earlier)
        conversations.set_left(conn, earlier, NOW)
        assert conversations.get(conn, later).continues == earlier
        assert conversations.get(conn, earlier).left_at == NOW
        conversations.set_left(conn, earlier, None)
        assert conversations.get(conn, earlier).left_at is None
        conn.execute(delete(conversations_table).where(conversations_table.c.id == earlier))
        assert conversations.get(conn, later).continues is None
