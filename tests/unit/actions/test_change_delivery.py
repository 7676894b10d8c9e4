"""Changing a delivery: days that can and cannot be, addresses, and the change itself."""

from __future__ import annotations

from datetime import date

import pytest

from actions.backends import deliveries, shop
from actions.change_delivery import ActionChangeDelivery, ChangeDeliveryForm
from tests.support.form_driver import Conversation

FORM = ChangeDeliveryForm()


async def begun(text: str = "andere dag") -> Conversation:
    """A conversation in which PP-100234 is verified."""
    talk = Conversation(verified_orders=["PP-100234"])
    await talk.start(FORM, text)
    return talk


@pytest.mark.parametrize(
    ("day", "response"),
    [
        ("2026-11-20", "utter_refusal_day_past"),
        ("2026-11-24", "utter_refusal_day_today"),
        ("2026-11-29", "utter_refusal_day_closed"),
        ("2027-02-01", "utter_refusal_day_far"),
        ("morgen", "utter_refusal_delivery_date"),
    ],
)
async def test_a_day_that_cannot_be_gets_days_that_can(day: str, response: str) -> None:
    """Every refusal says why and offers three days and a way out."""
    talk = await begun()
    said = await talk.say(FORM, "x", date=day)
    assert said.responses == (response,)
    assert len(said.buttons) == 4
    assert said.buttons[-1] == "Stoppen"


async def test_a_day_in_the_first_message_means_another_moment() -> None:
    """What to change is not asked of who names a day."""
    talk = Conversation(verified_orders=["PP-100234"])
    said = await talk.start(FORM, "mag het vrijdagavond", date="2026-11-27", day_part="avond")
    assert said.responses == ("utter_confirm_delivery_moment",)


async def test_the_moment_is_changed_after_a_yes() -> None:
    """Nothing changes before the confirmation, and once it is given the shop knows."""
    talk = await begun()
    await talk.say(FORM, "vrijdag", date="2026-11-27")
    await talk.say(FORM, "'s avonds")
    before = await shop.query(deliveries.get, "PP-100234")
    assert before is not None
    assert before.planned_on == date(2026, 11, 26)
    said = await talk.say(FORM, "ja", "affirm")
    assert said.slots["form_outcome"] == "complete"
    for _ in range(2):  # a turn that is repeated after a crash does no harm
        said = await talk.act(ActionChangeDelivery())
        assert said.responses == ("utter_delivery_moment_changed",)
    after = await shop.query(deliveries.get, "PP-100234")
    assert after is not None
    assert (after.planned_on, after.day_part) == (date(2026, 11, 27), "avond")


async def test_the_address_is_changed_after_a_yes() -> None:
    """The new postcode is not taken for the customer's own."""
    talk = await begun("naar een ander adres")
    said = await talk.say(FORM, "6822 AA", postcode="6822 AA")
    assert said.responses == ("utter_question_new_house_number",)
    await talk.say(FORM, "14b", house_number="14B")
    await talk.say(FORM, "ja", "affirm")
    await talk.act(ActionChangeDelivery())
    after = await shop.query(deliveries.get, "PP-100234")
    assert after is not None
    assert (after.street, after.house_number, after.postcode) == ("", "14B", "6822 AA")
    assert talk.slots.get("postcode") is None


@pytest.mark.parametrize(
    ("number", "why"),
    [("PP-100871", "delivered"), ("PP-100985", "cancelled")],
)
async def test_too_late_is_said_before_anything_is_asked(number: str, why: str) -> None:
    """A parcel that came or will not come cannot be changed."""
    talk = Conversation(verified_orders=[number])
    said = await talk.start(FORM)
    assert said.responses == (f"utter_change_impossible_{why}",)
    assert said.slots["form_outcome"] == "stopped"


async def test_too_late_between_question_and_answer() -> None:
    """The action looks again: the van may have left while the customer was thinking."""
    slots = {"order_number": "PP-100871", "verified_orders": ["PP-100871"]}
    talk = Conversation(**slots, delivery_change="moment", delivery_date="2026-11-27")
    said = await talk.act(ActionChangeDelivery(), "/affirm", "affirm")
    assert said.responses == ("utter_change_impossible_today",)
