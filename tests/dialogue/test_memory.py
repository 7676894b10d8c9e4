"""Interrupted for hours or weeks, by a person, or by a model with other content: it goes on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update

from bot.messages import Notice
from bot.records.conversation import Conversation
from bot.store import conversations, handovers, tables
from tests.support.dialogue import Customer, Shop

pytestmark = pytest.mark.model

RETURN = ("ik wil iets terugsturen", "PP-100871", "3511 LX", "regenjas")


def conversation_of(shop: Shop, customer: Customer) -> Conversation:
    """The customer's conversation."""
    with shop.database.read() as conn:
        found = conversations.find(conn, "webchat", customer.terminal.address)
    assert found is not None
    return found


def pass_time(shop: Shop, customer: Customer, time: timedelta) -> None:
    """Makes all that was said so much older."""
    e, mine = tables.events.c, conversation_of(shop, customer).id
    with shop.database.begin() as conn:
        for row in conn.execute(select(e.id, e.data).where(e.conversation_id == mine)).all():
            data = {**row.data, "timestamp": row.data["timestamp"] - time.total_seconds()}
            conn.execute(update(tables.events).where(e.id == row.id).values(data=data))
        # As when another process wrote: what is kept of the last turn does not hold any more.
        t = tables.trackers.c
        head = conn.execute(select(t.head).where(t.conversation_id == mine)).scalar_one()
        changed = update(tables.trackers).where(t.conversation_id == mine)
        conn.execute(changed.values(head={**head, "mark": ""}))


def begun(shop: Shop, customer: Customer, time: timedelta) -> None:
    """A return that was left half-way, so long ago."""
    for text in RETURN:
        customer.say(text)
    assert "Waarom" in customer.text
    pass_time(shop, customer, time)


@pytest.mark.parametrize("text", ["hallo", "asdf qwer", "ik wil iets terugsturen"])
def test_asked_to_go_on(text: str, shop: Shop, customer: Customer) -> None:
    """Days later, one tap; who is asking is checked anew, the rest is remembered."""
    begun(shop, customer, timedelta(days=3))
    customer.say(text)
    assert "Verder waar we waren? (retour aanmelden)" in customer.text
    assert [option.title for option in customer.options] == ["Ja, verder", "Nee, iets anders"]
    customer.tap("Ja, verder")
    assert "postcode" in customer.text
    customer.say("3511 LX")
    assert "Waarom" in customer.text
    customer.say("te klein")
    assert "egenjas" in customer.text


def test_no_something_else(shop: Shop, customer: Customer) -> None:
    """Also in words; nothing of it comes back."""
    begun(shop, customer, timedelta(days=1))
    customer.say("goedemorgen")
    customer.say("nee")
    assert "We stoppen hiermee" in customer.text.replace("we stoppen", "We stoppen")
    assert customer.say("waar is mijn pakket").intent == "track_order"
    assert "bestelnummer" in customer.text


def test_a_question_in_between_comes_first(shop: Shop, customer: Customer) -> None:
    """It is answered; then the customer is asked to go on, also after a second question."""
    begun(shop, customer, timedelta(hours=9))
    customer.say("hoe laat gaan jullie morgen open")
    assert "open" in customer.said[-2].text or "gesloten" in customer.said[-2].text
    assert "Verder waar we waren?" in customer.text
    customer.say("en zijn jullie ook zondag open")
    assert "Verder waar we waren?" in customer.text
    customer.say("ja graag")
    assert "postcode" in customer.text


def test_the_answer_itself_goes_on(shop: Shop, customer: Customer) -> None:
    """Who simply answers is not asked."""
    begun(shop, customer, timedelta(hours=5))
    customer.say("te klein")
    assert "Verder waar we waren" not in customer.text
    assert "postcode" in customer.text


def test_within_the_hour_nothing_is_asked(shop: Shop, customer: Customer) -> None:
    """A short pause is no interruption."""
    begun(shop, customer, timedelta(minutes=50))
    customer.say("hallo")
    assert "Verder waar we waren?" not in customer.text
    assert "Waarom" in customer.text


def test_forgotten_in_time(shop: Shop, customer: Customer) -> None:
    """After the set time nothing is left: no form, no order number."""
    begun(shop, customer, timedelta(days=31))
    customer.say("hallo")
    assert "Verder waar we waren?" not in customer.text
    customer.say("waar is mijn pakket")
    assert "Wat is uw bestelnummer?" in customer.text


def test_the_escape_word_comes_first(shop: Shop, customer: Customer) -> None:
    """Instead of an answer to that question too."""
    begun(shop, customer, timedelta(days=2))
    customer.say("hallo")
    assert customer.say("medewerker").owner == "queued"


def test_back_from_the_queue_in_the_middle_of_a_form(shop: Shop, customer: Customer) -> None:
    """The form that the hand-over interrupted is taken up with one tap, nothing asked twice."""
    for text in (*RETURN, "medewerker"):
        customer.say(text)
    customer.tap("Naar AI-assistent")
    assert [m.notice for m in customer.said if isinstance(m, Notice)] == ["disclosure", "to_bot"]
    assert "Verder waar we waren? (retour aanmelden)" in customer.text
    customer.tap("Ja, verder")
    assert "Waarom" in customer.text
    assert customer.say("te klein").owner == "bot"
    assert "egenjas" in customer.text


def test_back_from_the_queue_with_a_topic(customer: Customer) -> None:
    """Without a form the assistant still knows what it was about."""
    for text in ("waar is mijn pakket", "PP-100234", "1234 AB", "medewerker"):
        customer.say(text)
    customer.tap("Naar AI-assistent")
    assert "bestelling volgen" in customer.text
    assert customer.options[0].payload == "/track_order"
    customer.say("ja")
    assert "onderweg" in customer.text


def test_after_closing_nothing_runs_on(shop: Shop, customer: Customer) -> None:
    """A new question is a new session: no form, no old reason, no second hand-over."""
    for text in (*RETURN, "medewerker"):
        customer.say(text)
    mine = conversation_of(shop, customer)
    with shop.database.begin() as conn:
        handovers.close(conn, mine.id, "closed", mine.created_at)
        conn.execute(
            update(tables.conversations)
            .where(tables.conversations.c.id == mine.id)
            .values(owner="closed")
        )
    customer.say("hallo")
    assert customer.owner == "bot"
    assert [m.notice for m in customer.said if isinstance(m, Notice)] == ["disclosure", "to_bot"]
    assert "Verder waar we waren?" not in customer.text
    assert "Waarom" not in customer.text
    assert conversation_of(shop, customer).session == mine.session + 1


def test_content_that_changed_meanwhile(shop: Shop, customer: Customer) -> None:
    """A form and a slot that are gone are forgotten; the conversation goes on."""
    customer.say("hoi")
    mine = conversation_of(shop, customer).id
    e = tables.events.c
    gone = [
        {"event": "active_loop", "name": "a_form_of_last_year", "timestamp": 0.0},
        {"event": "slot", "name": "a_slot_of_last_year", "value": 1, "timestamp": 0.0},
        {"event": "slot", "name": "requested_slot", "value": "a_slot_of_last_year"},
    ]
    with shop.database.begin() as conn:
        seq = conn.execute(
            select(tables.trackers.c.seq).where(tables.trackers.c.conversation_id == mine)
        ).scalar_one()
        rows = [
            {
                e.conversation_id.name: mine,
                "seq": seq + number,
                "type": data["event"],
                "timestamp": 0.0,
                "data": data,
            }
            for number, data in enumerate(gone, start=1)
        ]
        conn.execute(insert(tables.events), rows)
        conn.execute(
            update(tables.trackers)
            .where(tables.trackers.c.conversation_id == mine)
            .values(seq=seq + len(gone))
        )
    assert customer.say("waar is mijn pakket").intent == "track_order"
    assert customer.owner == "bot"
    assert "bestelnummer" in customer.text
