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
        ("2026-11-25", "utter_refusal_day_early"),
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
    assert said.responses == ("utter_confirm_delivery_moment_fee",)


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


async def test_what_the_evening_costs_is_said_before_the_yes() -> None:
    """When the part of the day is asked for, and in the summary; the morning costs nothing."""
    talk = await begun()
    said = await talk.say(FORM, "vrijdag", date="2026-11-27")
    assert said.responses == ("utter_question_day_part_fee",)
    assert said.messages[0]["fee"] == "€ 1,50"
    said = await talk.say(FORM, "'s avonds")
    assert said.responses == ("utter_confirm_delivery_moment_fee",)
    assert said.messages[0]["fee"] == "€ 1,50"
    said = await talk.say(FORM, "toch de ochtend")
    assert said.responses[-1] == "utter_confirm_delivery_moment"


async def test_the_moment_that_was_planned_is_no_change() -> None:
    """The day alone may stand; with its part of the day there is nothing to do."""
    before = await shop.query(deliveries.get, "PP-100234")
    assert before is not None
    assert before.day_part is not None
    talk = await begun()
    said = await talk.say(FORM, "donderdag", date="2026-11-26")
    assert said.responses == ("utter_question_day_part_same_day",)
    said = await talk.say(FORM, before.day_part)
    assert said.responses == ("utter_delivery_already_planned",)
    assert said.slots["form_outcome"] == "stopped"


@pytest.mark.parametrize(
    ("text", "response"),
    [
        ("maandag ben ik er niet, dan ben ik bij mijn zus", "utter_question_delivery_change"),
        ("volgende week zit ik bij m'n ouders", "utter_question_delivery_change"),
        ("kan het naar mijn zus", "utter_question_new_postcode"),
        ("ik ben niet thuis", "utter_question_delivery_date"),
    ],
)
async def test_a_hint_at_both_is_asked_about(text: str, response: str) -> None:
    """Who will be elsewhere on a day wants another day, or another address: nobody guesses."""
    talk = Conversation(verified_orders=["PP-100234"])
    said = await talk.start(FORM, text)
    assert said.responses == (response,)


@pytest.mark.parametrize(
    ("text", "moves"),
    [
        ("we krijgen een nieuw adres", True),
        ("ik ga verhuizen", True),
        ("ik ben verhuisd, kan mijn pakket naar mijn nieuwe adres", False),
        ("PP-100234 naar ons nieuwe adres", False),
    ],
)
async def test_moving_house_is_no_delivery(text: str, *, moves: bool) -> None:
    """Unless a parcel is named."""
    said = await Conversation(verified_orders=["PP-100234"]).start(FORM, text)
    assert (said.responses == ("utter_moving_house",)) is moves
    assert ("Medewerker" in said.buttons) is moves


async def test_a_day_that_is_named_beside_a_place_is_kept() -> None:
    """Asked which of the two, and not asked for the day again."""
    talk = Conversation(verified_orders=["PP-100234"])
    said = await talk.start(FORM, "kan het vrijdag naar mijn zus", date="2026-11-27")
    assert said.responses == ("utter_question_delivery_change",)
    said = await talk.say(FORM, "de dag")
    assert said.responses == ("utter_question_day_part_fee",)


async def test_a_delivery_that_was_put_off_may_come_earlier_again() -> None:
    """Not before the day on which the parcel was expected, however often it was moved."""
    await shop.change(deliveries.change_moment, "PP-100234", date(2026, 12, 2), "ochtend")
    await shop.change(deliveries.change_moment, "PP-100234", date(2026, 12, 3), "ochtend")
    talk = await begun()
    said = await talk.say(FORM, "woensdag", date="2026-11-25")
    assert said.responses == ("utter_refusal_day_early",)
    assert said.messages[0]["first"] == "donderdag 26 november"
    said = await talk.say(FORM, "vrijdag", date="2026-11-27")
    assert said.responses == ("utter_question_day_part_fee",)
