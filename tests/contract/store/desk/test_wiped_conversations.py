"""A customer whom nobody knows wipes a conversation: nobody waits there, and nobody is answered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy.engine import Connection

from bot.catalogue import say
from bot.desk.conversations.planning import Planning
from bot.desk.conversations.silent_agents import SilentAgents
from bot.desk.errors import Unreachable
from bot.desk.pages.joined_view import answered_at
from bot.messages import Reason
from bot.store.conversation import conversations, customer_links
from bot.store.delivery import outbox_queries
from bot.store.desk import desk_fingerprint, planned_replies
from bot.store.desk.agents import Agent
from bot.store.handover import audit_log, callbacks, handovers, notes
from bot.store.handover.callbacks import CallbackRequest
from bot.store.sql.database import Database
from bot.store.worker import inbox, timers
from channels import wiping
from tests.support.desk import MINUTE, NOW, customer, person, queued, service

DESK = service()
LATER = NOW + timedelta(hours=1)
PHONE = "+31612345678"


@pytest.fixture
def conn(database: Database) -> Iterator[Connection]:
    with database.begin() as connection:
        yield connection


@pytest.fixture
def samira(conn: Connection) -> Agent:
    return person(conn)


def wipe(conn: Connection, who: str = "anna") -> str:
    return wiping.wipe(conn, "webchat", who, NOW)


def calls_back(conn: Connection, talk: str) -> None:
    asked = CallbackRequest(talk, "algemeen", "", "Anna", "+31 6 12345678", "", "Waar is het?")
    callbacks.add(conn, asked, NOW)


def said(conn: Connection, talk: str) -> list[str]:
    return [each.message.text for each in outbox_queries.since(conn, talk, 0, 99)]


def acts(conn: Connection, talk: str) -> list[tuple[str, str]]:
    return [(each.act, each.detail) for each in audit_log.of(conn, talk)]


def test_who_waited_waits_no_longer(conn: Connection, samira: Agent) -> None:
    """The wait ends as wiped, in every list and count; the customer is told nothing."""
    talk = queued(conn)
    before = desk_fingerprint.fingerprint(conn, 9)
    assert wipe(conn) == talk
    found = conversations.get(conn, talk)
    assert (found.owner, found.wiped_at, found.left_at) == ("closed", NOW, NOW)
    (ended,) = handovers.history(conn, talk)
    assert (ended.outcome, ended.closed_at) == ("wiped", NOW)
    lists = DESK.desk.lists.work(conn, samira)
    assert (lists.waiting.total, lists.waiting.shown, said(conn, talk)) == (0, (), [])
    assert acts(conn, talk)[-1] == ("wiped", "")
    assert desk_fingerprint.fingerprint(conn, 9) != before


def test_again_changes_nothing(conn: Connection) -> None:
    """A request that comes twice finds it done, and keeps the first moment."""
    talk = queued(conn)
    wipe(conn)
    before = acts(conn, talk)
    assert wiping.wipe(conn, "webchat", "anna", LATER) == talk
    assert acts(conn, talk) == before
    assert conversations.get(conn, talk).wiped_at == NOW


def test_it_takes_no_messages(conn: Connection) -> None:
    """Neither a new one, nor one that came before, nor the first of all."""
    customer(conn)
    wipe(conn)
    wipe(conn, "bert")
    for who in ("anna", "bert"):
        with pytest.raises(conversations.Wiped):
            customer(conn, who)
    assert inbox.newest(conn, wipe(conn, "bert")) == 0


@pytest.mark.parametrize("wrote_since", [False, True])
def test_a_request_to_be_called_stays(conn: Connection, samira: Agent, wrote_since: bool) -> None:
    """It stands among the requests alone; whoever settles it closes the case and writes nothing."""
    talk = queued(conn)
    calls_back(conn, talk)
    if wrote_since:
        customer(conn, now=NOW + MINUTE)
    wipe(conn)
    lists = DESK.desk.lists.work(conn, samira)
    assert ([each.conversation_id for each in lists.callbacks.shown], lists.waiting.shown) == (
        [talk],
        (),
    )
    words = DESK.desk.reach.window(conn, conversations.get(conn, talk), NOW).words
    assert say("desk.window.wiped_call") in words
    DESK.call_backs.done(conn, lists.callbacks.shown[0].id, samira, "reached", "Morgen", NOW)
    assert conversations.get(conn, talk).owner == "closed"
    assert said(conn, talk) == []


@pytest.mark.parametrize("reason", ["danger", "asked"])
def test_what_is_urgent_waits_until_a_person_has_read_it(
    conn: Connection, samira: Agent, reason: Reason
) -> None:
    """Somebody may be in danger who cannot be answered; the line says that it was wiped."""
    queued(conn, reason=reason)
    wipe(conn)
    shown = DESK.desk.lists.work(conn, samira).waiting.shown
    assert [each.wiped for each in shown] == ([True] if reason == "danger" else [])


def test_who_has_a_person_is_told_nothing_more(conn: Connection, samira: Agent) -> None:
    """No answer, no question, no way back to the assistant; closing tells nobody and says so."""
    talk = queued(conn)
    DESK.take(conn, talk, samira, NOW)
    before = said(conn, talk)
    wipe(conn)
    assert conversations.get(conn, talk).owner == "human"
    window = DESK.desk.reach.window(conn, conversations.get(conn, talk), NOW)
    assert (window.open, say("desk.window.wiped_close") in window.words) == (False, True)
    for act in (
        lambda: DESK.reply(conn, talk, samira, "Dag", NOW, "k"),
        lambda: Planning(DESK).plan(conn, talk, samira, "Straks", LATER, NOW, "k"),
        lambda: DESK.ask_number(conn, talk, samira, "iban", NOW),
        lambda: DESK.to_bot(conn, talk, samira, NOW),
    ):
        with pytest.raises(Unreachable) as caught:
            act()
        assert caught.value.code == "wiped"
    (mine,) = DESK.desk.lists.work(conn, samira).mine.shown
    assert (mine.wiped, mine.unanswered) == (True, False)
    assert SilentAgents(DESK.desk).look(conn, NOW + timedelta(days=1)) == ()
    DESK.close(conn, talk, samira, "Opgelost", LATER)
    assert said(conn, talk) == before
    assert notes.of(conn, talk) == ()
    assert acts(conn, talk)[-2:] == [("wiped", ""), ("closed", audit_log.UNTOLD)]


@pytest.mark.parametrize("stays", ["", "called", "danger"])
def test_whose_agent_went_home_waits_only_for_what_stays(
    conn: Connection, samira: Agent, stays: str
) -> None:
    """Nobody meant to put it back: what waited in a queue when it was wiped decides here too."""
    talk = queued(conn, reason="danger" if stays == "danger" else "asked")
    DESK.take(conn, talk, samira, NOW)
    if stays == "called":
        calls_back(conn, talk)
    wipe(conn)
    evening = NOW + timedelta(hours=9)
    assert DESK.transfers.release_lost(conn, evening) == (talk,)
    (after,) = handovers.history(conn, talk)
    if stays:
        assert (after.outcome, conversations.get(conn, talk).owner) == (None, "queued")
        return
    assert (after.outcome, after.closed_at) == ("wiped", evening)
    assert conversations.get(conn, talk).owner == "closed"
    assert [act for act, _ in acts(conn, talk)][-3:] == ["wiped", "lost", "wiped"]
    assert timers.due(conn, evening + timedelta(days=1)) == ()
    assert DESK.desk.lists.figures(conn, evening).waiting == 0


def test_what_a_person_gives_back_waits(conn: Connection, samira: Agent) -> None:
    """Somebody meant that, and a colleague reads that it was wiped."""
    talk = queued(conn)
    DESK.take(conn, talk, samira, NOW)
    wipe(conn)
    DESK.transfers.release(conn, talk, samira, NOW)
    (waits,) = DESK.desk.lists.work(conn, samira).waiting.shown
    assert (waits.conversation_id, waits.wiped) == (talk, True)


def test_planned_answers_are_withdrawn(conn: Connection, samira: Agent) -> None:
    """Their words are kept in a note, and the conversation is in hand again."""
    talk = queued(conn)
    DESK.take(conn, talk, samira, NOW)
    Planning(DESK).plan(conn, talk, samira, "Tot straks", LATER, NOW, "k")
    wipe(conn)
    assert planned_replies.of(conn, talk) == ()
    assert planned_replies.due(conn, LATER) == ()
    (note,) = notes.of(conn, talk)
    assert "Tot straks" in note.text
    assert say("desk.window.wiped") in note.text
    assert [each.conversation_id for each in DESK.desk.lists.work(conn, samira).mine.shown] == [
        talk
    ]


def test_of_joined_conversations_the_other_is_answered(conn: Connection, samira: Agent) -> None:
    """Where the customer still reads, though the last words were in the one that was wiped."""
    first, last = queued(conn), queued(conn, "bert", now=NOW + MINUTE)
    customer_links.add(conn, last, first, "", "Zelf gezegd", samira.id, NOW)
    for each in (first, last):
        DESK.take(conn, each, samira, NOW + MINUTE)
    assert answered_at(conn, (first, last), samira) == last
    wipe(conn, "bert")
    assert answered_at(conn, (first, last), samira) == first


def joined(conn: Connection, by: Agent, *, reason: Reason = "asked") -> tuple[str, str]:
    """A web chat of today and one by WhatsApp of before, which are of one customer."""
    app, chat = queued(conn, PHONE, "whatsapp"), queued(conn, reason=reason, now=NOW + MINUTE)
    customer_links.add(conn, app, chat, "", "Zelf gezegd", by.id, NOW)
    return chat, app


def test_no_case_is_opened_in_it(conn: Connection, samira: Agent) -> None:
    """An agent who has the customer elsewhere goes on there."""
    chat, app = joined(conn, samira)
    DESK.take(conn, app, samira, NOW + MINUTE)
    DESK.close(conn, chat, samira, "Klaar", NOW + MINUTE)
    DESK.take(conn, queued(conn, PHONE, "whatsapp", now=LATER), samira, LATER)
    wipe(conn)
    before = acts(conn, chat)
    with pytest.raises(Unreachable) as caught:
        DESK.joins.answer_at(conn, app, samira, chat, LATER)
    assert caught.value.code == "wiped"
    assert (handovers.find_open(conn, chat), acts(conn, chat)) == (None, before)


def shown_to(conn: Connection, agent: Agent) -> list[tuple[str, bool]]:
    lists = DESK.desk.lists.work(conn, agent)
    assert lists.mine.total == len(lists.mine.shown)
    return [(each.conversation_id, each.unanswered) for each in lists.mine.shown]


def test_in_hand_it_hides_nobody_who_waits(conn: Connection, samira: Agent) -> None:
    """The conversation that can be answered stands for the case, with its mark."""
    chat, app = joined(conn, samira)
    for each in (chat, app):
        DESK.take(conn, each, samira, NOW + MINUTE)
    assert shown_to(conn, samira) == [(chat, True)]
    wipe(conn)
    assert shown_to(conn, samira) == [(app, True)]


def test_in_the_queue_it_hides_nobody_who_waits(conn: Connection, samira: Agent) -> None:
    """Its request to be called stands among the requests, and the other one waits."""
    chat, app = joined(conn, samira)
    calls_back(conn, chat)
    wipe(conn)
    lists = DESK.desk.lists.work(conn, samira)
    assert [each.conversation_id for each in lists.callbacks.shown] == [chat]
    assert [each.conversation_id for each in lists.waiting.shown] == [app]
    assert (lists.waiting.total, DESK.desk.lists.figures(conn, NOW).waiting) == (1, 1)


def test_in_the_queue_danger_is_hidden_by_nobody(conn: Connection, samira: Agent) -> None:
    """Also where it was wiped, and the customer wrote elsewhere since."""
    chat, app = joined(conn, samira, reason="danger")
    customer(conn, PHONE, "whatsapp", NOW + 2 * MINUTE)
    wipe(conn)
    waiting = DESK.desk.lists.work(conn, samira).waiting
    assert ([each.conversation_id for each in waiting.shown], waiting.total) == ([chat], 1)
    DESK.take(conn, chat, samira, NOW + 3 * MINUTE)
    assert shown_to(conn, samira) == [(app, True)]
