"""Conversations of one customer, joined and split again, on each kind of database."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.engine import Connection

from bot.desk.errors import Forbidden, NotYours, TakenByAnother, Unknown, Unusable
from bot.desk.pages import joined_view
from bot.store.conversation import conversations, customer_links
from bot.store.desk import desk_figures, desk_fingerprint, workload
from bot.store.handover import handovers
from bot.store.sql import tables
from bot.store.sql.database import Database
from tests.support.desk import MINUTE, NOW, customer, person, queued, service

PHONE = "+31612345678"
HOW = "Bestelnummer en postcode aan de telefoon nagevraagd"


def two(conn: Connection) -> tuple[str, str]:
    """One customer in the web chat, who waits, and by WhatsApp, who waits since later."""
    return queued(conn), queued(conn, PHONE, "whatsapp", now=NOW + MINUTE)


def settle(conn: Connection, conversation_id: str) -> None:
    """As an agent did before."""
    handovers.close(conn, conversation_id, "closed", NOW + MINUTE, settled="Morgen.")
    conversations.change(conn, conversation_id, owner="closed")


def kept(conn: Connection) -> dict[str, object]:
    """Everything but the links, to see that a join rewrites nothing."""
    return {
        table.name: conn.execute(select(table).order_by(*table.primary_key)).all()
        for table in tables.metadata.sorted_tables
        if table.name != "customer_links"
    }


def test_joining_rewrites_nothing_and_can_be_undone(database: Database) -> None:
    """Who joined them, when and why is kept, also after they are split."""
    desk = service().joins
    with database.begin() as conn:
        samira = person(conn)
        chat, app = two(conn)
        settle(conn, app)
        before = kept(conn)
        desk.join(conn, chat, samira, app, f"  {HOW}\n", NOW)
        assert customer_links.group(conn, app) == (chat, app)
        (link,) = customer_links.links(conn, chat)
        assert (link.by, link.at, link.proved, link.stated) == ("Samira", NOW, "", HOW)
        assert customer_links.joined(conn, [chat, app, "x"]) == {chat: chat, app: chat}
        desk.split(conn, app, samira, link.id, NOW + MINUTE)
        assert customer_links.group(conn, chat) == (chat,)
        assert customer_links.group(conn, app) == (app,)
        assert kept(conn) == before
        row = conn.execute(select(tables.customer_links)).one()
        assert (row.joined_by, row.ended_by, row.ended_at) == (samira.id, samira.id, NOW + MINUTE)
        with pytest.raises(Unknown):
            desk.split(conn, app, samira, link.id, NOW)
        desk.join(conn, app, samira, chat, HOW, NOW)  # again, the other way round
        assert customer_links.group(conn, chat) == (app, chat)


def test_a_proof_is_needed(database: Database) -> None:
    """The same number proved in both, or the agent's words; never nothing."""
    desk = service().joins
    with database.begin() as conn:
        samira = person(conn)
        chat, app = two(conn)
        with pytest.raises(Unusable, match="Schrijf op hoe u weet"):
            desk.join(conn, chat, samira, app, "  ", NOW)
        with pytest.raises(Unusable, match="300 tekens"):
            desk.join(conn, chat, samira, app, "x" * 301, NOW)
        for each, numbers in ((chat, ["PP-1", "PP-2"]), (app, ["PP-2"])):
            found = handovers.find_open(conn, each)
            assert found
            handovers.set_summary(conn, found.id, {"proved": numbers})
        desk.join(conn, chat, samira, app, "", NOW)
        (link,) = customer_links.links(conn, chat)
        assert (link.proved, link.stated) == ("PP-2", "")


def test_what_cannot_be_joined(database: Database) -> None:
    """Itself, what is joined already, what another team has, what does not exist."""
    desk = service().joins
    with database.begin() as conn:
        samira = person(conn, "Samira", "agent", "algemeen")
        chat, app = two(conn)
        third = queued(conn, "+31600000003", "sms")
        theirs = queued(conn, "bert", team="bezorging")
        with pytest.raises(Unusable, match="hetzelfde gesprek"):
            desk.join(conn, chat, samira, chat, HOW, NOW)
        for one, other in ((chat, theirs), (theirs, chat), (chat, "f" * 32)):
            with pytest.raises(Forbidden):
                desk.join(conn, one, samira, other, HOW, NOW)
        desk.join(conn, chat, samira, app, HOW, NOW)
        for other in (app, chat):
            with pytest.raises(Unusable, match="al samengevoegd"):
                desk.join(conn, third, samira, other, HOW, NOW)
        desk.join(conn, app, samira, third, HOW, NOW)
        assert customer_links.group(conn, third) == (chat, app, third)


def test_each_team_keeps_what_is_its_own(database: Database) -> None:
    """A supervisor joins across teams; an agent of one sees one, and splits nothing."""
    desk = service()
    with database.begin() as conn:
        samira = person(conn, "Samira", "agent", "algemeen")
        sofie = person(conn, "Sofie", "supervisor")
        chat, app = queued(conn), queued(conn, PHONE, "whatsapp", team="bezorging")
        desk.joins.join(conn, chat, sofie, app, HOW, NOW)
        sees = desk.desk.visibility.group
        assert sees(conn, sofie, chat) == (chat, app)
        assert sees(conn, samira, chat) == (chat,)
        assert joined_view.view(conn, desk.desk, (chat,), {}, samira, NOW) is None
        (link,) = customer_links.links(conn, chat)
        with pytest.raises(Forbidden):
            desk.joins.split(conn, chat, samira, link.id, NOW)
        with pytest.raises(Unknown):
            desk.joins.answer_at(conn, chat, samira, app, NOW)
        desk.take(conn, chat, samira, NOW)
        waiting = handovers.find_open(conn, app)
        assert waiting
        assert waiting.taken_at is None


def test_one_case_is_counted_and_shown_once(database: Database) -> None:
    """In the queue, in hand, against the limit, and among what was handled."""
    desk = service()
    lists = desk.desk.lists
    with database.begin() as conn:
        samira, joost = person(conn), person(conn, "Joost")
        chat, app = two(conn)
        assert lists.figures(conn, NOW).waiting == 2
        seen = desk_fingerprint.fingerprint(conn, 50)
        desk.joins.join(conn, chat, samira, app, HOW, NOW)
        assert desk_fingerprint.fingerprint(conn, 50) != seen
        assert lists.figures(conn, NOW).waiting == 1
        queue = lists.work(conn, samira).waiting
        assert ([each.conversation_id for each in queue.shown], queue.total) == ([app], 1)
        desk.take(conn, app, samira, NOW)
        for who, which in ((samira, "mine"), (joost, "others")):
            found = getattr(lists.work(conn, who), which)
            assert ([each.conversation_id for each in found.shown], found.total) == ([app], 1)
        assert lists.work(conn, samira).waiting.total == 0
        assert lists.figures(conn, NOW).underway == 1
        assert workload.cases(conn, samira.id) == 1
        customer(conn, now=NOW + 2 * MINUTE, text="Hallo?")
        (shown,) = lists.work(conn, samira).mine.shown
        assert (shown.conversation_id, shown.unanswered) == (chat, True)
        desk.reply(conn, chat, samira, "Morgen.", NOW + 3 * MINUTE, "a")
        replied = [handovers.find_open(conn, each) for each in (chat, app)]
        assert [each.last_reply_at for each in replied if each] == [NOW + 3 * MINUTE] * 2
        desk.close(conn, chat, samira, "Morgen bezorgd", NOW + 4 * MINUTE)
        assert [conversations.get(conn, each).owner for each in (chat, app)] == ["closed"] * 2
        assert desk_figures.handled(conn, NOW) == 1


def test_what_is_with_two_people_stays_two_cases(database: Database) -> None:
    """Nobody's customer is hidden behind a colleague's."""
    desk = service()
    with database.begin() as conn:
        samira, joost = person(conn), person(conn, "Joost")
        chat, app = two(conn)
        desk.take(conn, chat, samira, NOW)
        desk.take(conn, app, joost, NOW)
        desk.joins.join(conn, chat, samira, app, HOW, NOW)
        assert desk.desk.lists.figures(conn, NOW).underway == 2
        with pytest.raises(TakenByAnother, match="Joost"):
            desk.joins.answer_at(conn, chat, samira, app, NOW)
        desk.close(conn, chat, samira, "Klaar", NOW)
        assert handovers.find_open(conn, app) is not None


@pytest.mark.parametrize("before", ["closed", "bot", "queued"])
def test_an_agent_answers_where_the_customer_writes(database: Database, before: str) -> None:
    """Also where the assistant has it, or it was closed: it becomes the agent's, once."""
    desk = service()
    with database.begin() as conn:
        samira = person(conn)
        chat, app = two(conn)
        if before != "queued":
            settle(conn, app)
            conversations.change(conn, app, owner=before)
        desk.joins.join(conn, chat, samira, app, HOW, NOW)
        with pytest.raises(NotYours):
            desk.joins.answer_at(conn, chat, samira, app, NOW)
        desk.take(conn, chat, samira, NOW)
        assert joined_view.answered_at(conn, (chat, app), samira) == (
            app if before == "queued" else chat  # what waits is taken along
        )
        customer(conn, PHONE, "whatsapp", NOW + 2 * MINUTE)
        desk.joins.answer_at(conn, chat, samira, app, NOW + 2 * MINUTE)
        desk.joins.answer_at(conn, chat, samira, app, NOW + 2 * MINUTE)
        assert conversations.get(conn, app).owner == "human"
        assert joined_view.answered_at(conn, (chat, app), samira) == app
        desk.reply(conn, app, samira, "Dag", NOW + 3 * MINUTE, "a")
        assert desk.desk.lists.figures(conn, NOW).underway == 1
        assert desk_figures.handled(conn, NOW) == (0 if before == "queued" else 1)


def test_erasing_one_leaves_the_other_alone(database: Database) -> None:
    """The link goes with either of them."""
    desk = service().joins
    with database.begin() as conn:
        samira = person(conn)
        chat, app = two(conn)
        desk.join(conn, chat, samira, app, HOW, NOW)
        conn.execute(tables.conversations.delete().where(tables.conversations.c.id == chat))
        assert customer_links.group(conn, app) == (app,)
        assert conn.execute(select(tables.customer_links)).all() == []
