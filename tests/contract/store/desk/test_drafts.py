"""What agents type and have not sent: each agent's own, gone when it is sent or all is over."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any, cast

import pytest
from sanic.request import Request, RequestParameters
from sqlalchemy import Table, select
from sqlalchemy.engine import Connection
from sqlalchemy.exc import OperationalError

from bot.desk.login.auth import Access
from bot.desk.pages.draft_routes import DraftRoutes
from bot.records.handover_record import Outcome
from bot.settings_loading import load_settings
from bot.store.conversation import conversations
from bot.store.desk import drafts
from bot.store.desk.agents import Agent
from bot.store.handover import handovers
from bot.store.history import linked_conversations
from bot.store.sql import tables
from bot.store.sql.database import Database
from channels import wiping
from tests.support.assistant_root import ROOT
from tests.support.desk import NOW, person, queued, service

DESK = service()
End = Callable[[Connection, str, Agent], object]


def test_each_agent_has_one(database: Database) -> None:
    """The last words count; spaces alone are none."""
    with database.begin() as conn:
        samira, tom, talk = person(conn), person(conn, "Tom"), queued(conn)
        for text in ("Dag", "Dag mevrouw"):
            drafts.keep(conn, talk, samira.id, text, NOW)
        drafts.keep(conn, talk, tom.id, "Hoi", NOW)
        assert drafts.of(conn, talk, samira.id) == "Dag mevrouw"
        drafts.keep(conn, talk, samira.id, " \n", NOW)
        assert (drafts.of(conn, talk, samira.id), drafts.of(conn, talk, tom.id)) == ("", "Hoi")


def test_what_was_agreed_is_kept_beside_the_answer(database: Database) -> None:
    """Each by itself: one is sent or emptied, and the other stays."""
    with database.begin() as conn:
        samira, talk = person(conn), queued(conn)
        DESK.take(conn, talk, samira, NOW)
        drafts.keep(conn, talk, samira.id, "Komt morgen", NOW, "settled")
        assert drafts.of(conn, talk, samira.id) == ""
        drafts.keep(conn, talk, samira.id, "Dag", NOW)
        DESK.reply(conn, talk, samira, "Dag", NOW, "k")
        assert drafts.of(conn, talk, samira.id) == ""
        assert drafts.of(conn, talk, samira.id, "settled") == "Komt morgen"
        drafts.keep(conn, talk, samira.id, "Dag", NOW)
        drafts.keep(conn, talk, samira.id, " ", NOW, "settled")
        assert drafts.of(conn, talk, samira.id, "settled") == ""
        assert drafts.of(conn, talk, samira.id) == "Dag"
        drafts.keep(conn, talk, samira.id, "", NOW)
        assert conn.execute(select(tables.drafts)).all() == []


@pytest.mark.parametrize(
    ("end", "others"),
    [
        pytest.param(lambda c, t, a: DESK.reply(c, t, a, "Dag", NOW, "k"), "Hoi", id="sent"),
        pytest.param(lambda c, t, a: DESK.close(c, t, a, "Klaar", NOW), "", id="closed"),
        pytest.param(lambda c, t, a: DESK.to_bot(c, t, a, NOW), "", id="to the assistant"),
    ],
)
def test_when_it_is_gone(database: Database, end: End, others: str) -> None:
    """Sent: one's own; over: everybody's."""
    with database.begin() as conn:
        samira, tom, talk = person(conn), person(conn, "Tom"), queued(conn)
        DESK.take(conn, talk, samira, NOW)
        drafts.keep(conn, talk, samira.id, "Dag", NOW)
        drafts.keep(conn, talk, tom.id, "Hoi", NOW)
        drafts.keep(conn, talk, tom.id, "Klaar", NOW, "settled")
        end(conn, talk, samira)
        assert (drafts.of(conn, talk, samira.id), drafts.of(conn, talk, tom.id)) == ("", others)
        assert bool(drafts.of(conn, talk, tom.id, "settled")) == bool(others)


@pytest.mark.parametrize("by", ["wiped", "resumed"])
def test_the_next_case_begins_empty(database: Database, by: Outcome) -> None:
    """Also where the customer ends the wait: what was agreed then is of another case."""
    with database.begin() as conn:
        samira, talk = person(conn), queued(conn)
        drafts.keep(conn, talk, samira.id, "Dag", NOW)
        drafts.keep(conn, talk, samira.id, "Komt morgen", NOW, "settled")
        if by == "wiped":
            wiping.wipe(conn, "webchat", "anna", NOW)
        else:
            handovers.close(conn, talk, by, NOW)
        assert conn.execute(select(tables.drafts)).all() == []


def test_it_goes_along_to_another_channel(database: Database) -> None:
    """With the hand-over that it is for."""
    with database.begin() as conn:
        samira, talk = person(conn), queued(conn)
        there = conversations.open_(conn, "whatsapp", "31612345678", NOW).id
        drafts.keep(conn, talk, samira.id, "Dag", NOW)
        drafts.keep(conn, there, samira.id, "Van een vorige keer", NOW)
        linked_conversations.carry_handover(conn, talk, there)
        found = [drafts.of(conn, each, samira.id) for each in (talk, there)]
        assert found == ["", "Dag"]


def test_what_was_there_first_after_all_is_written_over(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both parts at one moment, as a page does that is left: neither is lost."""
    made = drafts.insert_new

    def after_the_other(conn: Connection, table: Table, values: Mapping[str, Any]) -> object:
        """The other part's row comes between looking for one and making one."""
        made(conn, table, {**values, "text": "Dag", "settled": None})
        return made(conn, table, values)

    with database.begin() as conn:
        samira, talk = person(conn), queued(conn)
        monkeypatch.setattr(drafts, "insert_new", after_the_other)
        drafts.keep(conn, talk, samira.id, "Klaar", NOW, "settled")
        assert drafts.of(conn, talk, samira.id) == "Dag"
        assert drafts.of(conn, talk, samira.id, "settled") == "Klaar"


async def kept(database: Database, agent: Agent, talk: str) -> object:
    """What the route says of a draft."""
    access = Access(database, load_settings({"LOKET_SECRET": "x" * 40}, ROOT), lambda: NOW)
    form = RequestParameters({"text": ["Dag"]})
    request = SimpleNamespace(ctx=SimpleNamespace(agent=agent), form=form)
    routes = DraftRoutes(access, DESK.desk.visibility)
    answer = await routes.keep_draft(cast(Request, request), talk)
    return json.loads(answer.body or b"")["kept"]


async def test_what_comes_after_the_end_is_not_kept(database: Database) -> None:
    """The answer says which it was; the page's own copy goes with either."""
    with database.begin() as conn:
        samira, talk = person(conn), queued(conn)
    assert await kept(database, samira, talk) is True
    with database.begin() as conn:
        handovers.close(conn, talk, "resumed", NOW)
    assert await kept(database, samira, talk) is False
    with database.read() as conn:
        assert conn.execute(select(tables.drafts)).all() == []


async def test_a_draft_waits_for_the_act_that_ends_all(
    database: Database, other: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It looks whether the hand-over is open once nobody else can end it."""
    found, locked = handovers.find_open, []

    def find(conn: Connection, conversation_id: str) -> object:
        with pytest.raises(OperationalError, match="lock"), other.begin() as elsewhere:
            elsewhere.execute(select(tables.conversations).with_for_update(nowait=True))
        locked.append(conversation_id)
        return found(conn, conversation_id)

    if database.dialect == "sqlite":
        pytest.skip("one writes at a time")
    with database.begin() as conn:
        samira, talk = person(conn), queued(conn)
    monkeypatch.setattr(handovers, "find_open", find)
    assert await kept(database, samira, talk)
    assert locked == [talk]
