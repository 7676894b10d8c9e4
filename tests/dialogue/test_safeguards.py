"""The safeguards in the shop's own tasks; what holds for any assistant: tests/any_assistant."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.messages import Notice
from tests.support.dialogue import Customer, Shop, waiting_of

pytestmark = pytest.mark.model

#: Ways into the states in which a customer may want out.
STATES: dict[str, list[str]] = {
    "asked for the order number": ["waar is mijn pakket"],
    "asked for the postcode": ["waar is mijn pakket", "PP-100234"],
    "after a wrong postcode": ["waar is mijn pakket", "PP-100234", "9999 ZZ"],
    "after refused answers": ["waar is mijn pakket", "weet ik niet", "12"],
    "asked for a day": ["ik wil een andere bezorgdag", "PP-100234", "1234 AB"],
    "asked for an article": ["ik wil iets terugsturen", "PP-100871", "3511 LX"],
    "asked for a meter reading": ["meterstand doorgeven", "PP-100456", "9712 HM"],
    "asked what happened": ["ik heb een klacht"],
    "after an answer": ["wanneer zijn jullie open"],
    "after a sensitive matter": ["mijn man is overleden"],
}
WAYS = [
    "medewerker",
    "medewerkr",
    "MEDEWERKER!!",
    "mag ik een medewerker aub",
    "ik wil geen robot",
    "kan ik iemand spreken",
    "human",
]


@pytest.mark.parametrize("state", STATES)
def test_the_escape_word_works_in_every_state(
    state: str, shop: Shop, customers: Callable[[], Customer]
) -> None:
    """In one turn, from anywhere, announced, with a summary, and with the form ended."""
    for way in WAYS:
        customer = customers()
        for text in STATES[state]:
            assert customer.say(text).owner == "bot", f"{text!r} already handed over"
        customer.say(way)
        assert customer.owner == "queued", f"{way!r} did not hand over"
        assert any(isinstance(m, Notice) and m.notice == "to_human" for m in customer.said)
        assert waiting_of(shop, customer).summary["last"]


def test_a_mention_is_answered(customer: Customer) -> None:
    """A sentence that mentions an employee is an ordinary question."""
    handled = customer.say("uw medewerker heeft mij gisteren geholpen, waar is mijn pakket")
    assert (handled.owner, handled.intent) == ("bot", "track_order")


def test_the_summary_says_what_was_tried(shop: Shop, customer: Customer) -> None:
    """The person sees the question, the data, what was proved, and the reason."""
    for text in ("ik wil graag iets terugsturen", "PP-100871", "3511 LX", "medewerker"):
        customer.say(text)
    waiting = waiting_of(shop, customer)
    summary = waiting.summary
    assert (waiting.reason, waiting.topic) == ("asked", "return_item")
    assert summary["question"] == "ik wil graag iets terugsturen"
    assert summary["data"]["Bestelnummer"] == "PP-100871"
    assert (summary["proved"], summary["unproved"]) == (["PP-100871"], [])
    assert summary["steps"] == ["Retour aanmelden"]


def test_a_slot_refused_three_times(shop: Shop, customer: Customer) -> None:
    """The third refusal offers a person first; the first repeat after it gets one."""
    customer.say("waar is mijn pakket")
    replies = []
    for text in ("12", "weet ik niet", "abc 9"):
        assert customer.say(text).owner == "bot"
        replies.append(customer.said[0].text)
    assert len(set(replies)) > 1, "the same refusal three times"
    assert customer.options[0].payload == "/medewerker"
    customer.say("13")
    assert customer.owner == "queued"
    assert waiting_of(shop, customer).reason == "loop"


def test_yes_to_a_person_after_the_third_refusal(customer: Customer) -> None:
    """What is offered can be accepted in a word."""
    customer.say("waar is mijn pakket")
    for wrong in ("geen idee", "weet ik veel", "hoezo eigenlijk"):
        customer.say(wrong)
        if "Wilt u dat een medewerker" in customer.text:
            break
    assert "Wilt u dat een medewerker dit overneemt?" in customer.text
    customer.say("ja")
    assert customer.owner == "queued"


def test_three_wrong_postcodes(shop: Shop, customer: Customer) -> None:
    """Three wrong combinations: a person, who knows why."""
    customer.say("waar is mijn pakket")
    customer.say("PP-100234")
    for postcode in ("9999 ZZ", "8888 ZZ"):
        assert customer.say(postcode).owner == "bot"
    customer.say("7777 ZZ")
    assert customer.owner == "queued"
    assert waiting_of(shop, customer).reason == "verification_failed"


def test_a_complaint_reaches_a_person_with_its_text(shop: Shop, customer: Customer) -> None:
    """One question, then a person who has read the complaint."""
    customer.say("ik wil een klacht indienen")
    customer.say("de bezorger heeft het pakket over de schutting gegooid en nu is het kapot")
    assert customer.owner == "queued"
    assert "schutting" in waiting_of(shop, customer).summary["data"]["Klacht"]


def test_a_sensitive_matter_is_for_a_person(customer: Customer) -> None:
    """Death, debts, illness, fraud: a person is the first option, or has it already."""
    customer.say("mijn moeder is overleden en zij had een abonnement")
    assert customer.owner == "queued" or customer.options[0].payload == "/medewerker"
