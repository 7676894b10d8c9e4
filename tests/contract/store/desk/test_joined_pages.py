"""What the desk's pages show of joined conversations: names that tell them apart, and one proof."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from html import unescape

import pytest
from sqlalchemy.engine import Connection

from bot.catalogue import say
from bot.desk.conversations import proven_identity
from bot.desk.errors import Unreachable, Unusable
from bot.desk.pages import templates
from bot.desk.pages.conversation_reader import ConversationReader
from bot.records.site_customer import SiteCustomer
from bot.store.conversation import customer_links
from bot.store.desk.agents import Agent
from bot.store.handover import handovers
from bot.store.identity import site_customers
from bot.store.sql.database import Database
from channels import wiping
from tests.support.desk import MINUTE, NOW, person, queued, service

DESK = service()
READER = ConversationReader(DESK.desk)
HOW = "Bestelnummer en postcode nagevraagd"


@pytest.fixture
def conn(database: Database) -> Iterator[Connection]:
    with database.begin() as connection:
        yield connection


def proves(conn: Connection, talk: str, **kept: list[str]) -> None:
    """What the summary of the open hand-over says of the customer's identity."""
    found = handovers.find_open(conn, talk)
    assert found
    handovers.set_summary(conn, found.id, {**found.summary, **kept})


def test_two_web_chats_are_told_apart(conn: Connection) -> None:
    """By when each began: at each message, in the list, and where the answer goes."""
    samira = person(conn)
    one = queued(conn, now=NOW)
    other = queued(conn, "anna-elders", now=NOW + 20 * MINUTE)
    app = queued(conn, "+31612345678", "whatsapp", now=NOW + 30 * MINUTE)
    for each in (other, app):
        DESK.joins.join(conn, one, samira, each, HOW, NOW + 30 * MINUTE)
    page = READER.talk(conn, one, samira, NOW + 31 * MINUTE)
    names = ["Webchat van 10:30", "Webchat van 10:50", "WhatsApp"]
    assert page.joined
    assert page.channel_name == page.joined.here.channel == names[0]
    assert [each.channel for each in page.joined.others] == names[1:]
    assert [each.channel for each in page.joined.links] == names[1:]
    said = [line.channel for line in page.piece.lines if line.who == "customer"]
    assert said == names
    assert READER.talk(conn, other, samira, NOW + 31 * MINUTE).channel_name == names[1]


def test_those_of_one_minute_are_numbered(conn: Connection) -> None:
    """A moment that is the same tells nothing."""
    samira = person(conn)
    one, other = queued(conn), queued(conn, "anna-elders")
    DESK.joins.join(conn, one, samira, other, HOW, NOW)
    joined = READER.talk(conn, one, samira, NOW).joined
    assert joined
    named = {joined.here.channel, *(each.channel for each in joined.others)}
    assert named == {"Webchat van 10:30 (1)", "Webchat van 10:30 (2)"}


def test_one_rule_says_what_is_proved(conn: Connection) -> None:
    """What an earlier hand-over proved counts no more, also not for a join."""
    samira = person(conn)
    one, other = queued(conn), queued(conn, "+31612345678", "whatsapp")
    for talk in (one, other):
        proves(conn, talk, proved=["PP-1"])
    assert proven_identity.shared(conn, one, other) == ("PP-1",)
    DESK.close(conn, one, samira, "Klaar", NOW + MINUTE)
    queued(conn, now=NOW + 2 * MINUTE)
    proves(conn, one, unproved=["PP-1"])
    shown = READER.talk(conn, one, samira, NOW + 3 * MINUTE).summary
    assert shown
    assert (shown.proved, shown.unproved) == ((), ("PP-1",))
    assert proven_identity.shared(conn, one, other) == ()
    with pytest.raises(Unusable):
        DESK.joins.join(conn, one, samira, other, "", NOW + 3 * MINUTE)


def test_what_the_website_vouches_for_is_proved(conn: Connection) -> None:
    """In the summary and for a join alike; what it says of one customer is none of another's."""
    samira = person(conn)
    one, other = queued(conn), queued(conn, "anna-elders")
    for talk in (one, other):
        proves(conn, talk, unproved=["PP-1", "PP-2"])
        anna = SiteCustomer("k-1", "Anna", "", {"verified_orders": ("PP-1",)})
        site_customers.told(conn, talk, anna, NOW)
    shown = READER.talk(conn, one, samira, NOW).summary
    assert shown
    assert (shown.proved, shown.unproved) == (("PP-1",), ("PP-2",))
    DESK.joins.join(conn, one, samira, other, "", NOW)
    (link,) = customer_links.links(conn, one)
    assert link.proved == "PP-1"


def test_words_for_colleagues_are_called_no_agreement(conn: Connection) -> None:
    """At the head of the page, and among what was settled before."""
    samira = person(conn)
    talk = queued(conn)
    for told, words in ((False, "Alleen voor collega’s: Reclame"), (True, "Afgesproken: Reclame")):
        queued(conn)
        DESK.close(conn, talk, samira, "Reclame", NOW, told=told)
        page = READER.talk(conn, talk, samira, NOW)
        assert page.settled == words
        assert page.earlier[0].settled == words.removeprefix("Afgesproken: ")


@pytest.mark.parametrize("held", [False, True])
def test_nobody_is_led_to_what_was_wiped(conn: Connection, held: bool) -> None:
    """From either page the agent is sent where the customer reads, and may look at the other."""
    samira = person(conn)
    app, chat = queued(conn, "+31612345678", "whatsapp"), queued(conn, now=NOW + MINUTE)
    DESK.joins.join(conn, chat, samira, app, HOW, NOW + MINUTE)
    DESK.take(conn, app, samira, NOW + MINUTE)
    if not held:
        DESK.transfers.release(conn, chat, samira, NOW + MINUTE)
    assert "Antwoord via Webchat" in shown(conn, app, samira)
    wiping.wipe(conn, "webchat", "anna", NOW + 2 * MINUTE)
    there, here = shown(conn, app, samira), shown(conn, chat, samira)
    assert "Daar schreef de klant het laatst." in there
    assert "gesprek gewist" in there
    assert "Bekijk dit gesprek" in there
    assert "Antwoord via" not in there
    assert "Hier leest de klant niets meer." in here
    assert "U antwoordt via" not in here
    assert "De klant schreef hier het laatst" in here
    assert "Antwoord via WhatsApp" in here


def test_nobody_is_led_to_a_channel_that_takes_no_answer(conn: Connection) -> None:
    """A day after the last message WhatsApp is closed, here without an invitation."""
    samira = person(conn)
    chat, app = queued(conn), queued(conn, "+31612345678", "whatsapp")
    DESK.close(conn, app, samira, "Klaar", NOW)
    DESK.joins.join(conn, chat, samira, app, HOW, NOW)
    DESK.take(conn, chat, samira, NOW)
    assert "Antwoord via WhatsApp" in shown(conn, chat, samira)
    late = NOW + timedelta(days=2)
    assert "Antwoord via" not in shown(conn, chat, samira, late)
    with pytest.raises(Unreachable):
        DESK.joins.answer_at(conn, chat, samira, app, late)
    assert handovers.find_open(conn, app) is None


def shown(conn: Connection, talk: str, agent: Agent, now: datetime = NOW + 3 * MINUTE) -> str:
    """What the page of a conversation says of those that are joined to it."""
    page = READER.talk(conn, talk, agent, now)
    return templates.render("_joined.html", talk=page, csrf="")


def closing(conn: Connection, talk: str, agent: Agent, now: datetime) -> tuple[str, list[str]]:
    """What the form for closing says of its field, and its buttons."""
    page = READER.talk(conn, talk, agent, now)
    form = templates.render("_acts.html", talk=page, agent=agent, csrf="").partition("menu-close")[
        2
    ]
    hint = re.search(r'id="settled-hint">([^<]*)<', form)
    assert hint
    buttons = re.findall(r'<button type="submit"[^>]*>([^<]*)<', form)
    return unescape(hint[1]), buttons


def test_closing_is_offered_with_a_word_where_any_of_the_case_can_be_told(conn: Connection) -> None:
    """One of two was wiped: the other is named. Without a word where the customer reads in none."""
    samira = person(conn)
    one, app = queued(conn), queued(conn, "31612345678", "whatsapp")
    DESK.take(conn, one, samira, NOW)
    both = [say("desk_page.close"), say("desk_page.close_untold")]
    assert closing(conn, one, samira, NOW) == (say("desk_page.settled_hint"), both)
    DESK.joins.join(conn, one, samira, app, HOW, NOW)
    assert closing(conn, one, samira, NOW) == (say("desk_page.settled_hint"), both)
    wiping.wipe(conn, "webchat", "anna", NOW)
    elsewhere = say("desk_page.settled_elsewhere_hint", channel="WhatsApp")
    assert closing(conn, one, samira, NOW) == (elsewhere, both)
    assert closing(conn, app, samira, NOW) == (say("desk_page.settled_hint"), both)
    late = NOW + 30 * 60 * MINUTE
    for each in (one, app):
        silent = (say("desk_page.settled_untold_hint"), both[1:])
        assert closing(conn, each, samira, late) == silent
