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


ADDRESS_TOO = {"postcode": "6822 AA", "house_number": "14"}


@pytest.mark.parametrize(
    "text",
    [
        "ander adres én een andere dag",
        "allebei",
        "verplaats de dag en bezorg bij de buren",
        "het adres en ook het tijdstip",
    ],
)
async def test_who_asks_for_both_gets_both(text: str) -> None:
    """Day, part, postcode and number are asked, and one summary says it all."""
    talk = Conversation(verified_orders=["PP-100234"])
    said = await talk.start(FORM, text)
    assert said.responses == ("utter_question_delivery_date",)
    await talk.say(FORM, "vrijdag", date="2026-11-27")
    said = await talk.say(FORM, "'s avonds")
    assert said.responses == ("utter_question_new_postcode",)
    await talk.say(FORM, "6822 AA", postcode="6822 AA")
    said = await talk.say(FORM, "14", house_number="14")
    assert said.responses == ("utter_confirm_delivery_both_fee",)
    await talk.say(FORM, "ja", "affirm")
    for _ in range(2):
        said = await talk.act(ActionChangeDelivery())
        assert said.responses == ("utter_delivery_both_changed",)
    after = await shop.query(deliveries.get, "PP-100234")
    assert after is not None
    assert (after.planned_on, after.day_part) == (date(2026, 11, 27), "avond")
    assert (after.house_number, after.postcode) == ("14", "6822 AA")


async def test_a_day_and_an_address_in_one_message_lose_nothing() -> None:
    """The number of the neighbours is kept while the postcode is asked, which may be the same."""
    talk = Conversation(verified_orders=["PP-100234"])
    text = "verplaats naar vrijdag en bezorg bij de buren op nr 12"
    await talk.start(FORM, text, date="2026-11-27")
    said = await talk.say(FORM, "middag")
    assert said.responses == ("utter_question_new_postcode",)
    said = await talk.say(FORM, "dezelfde postcode")
    assert said.responses == ("utter_confirm_delivery_both",)
    shown = said.messages[0]
    assert (shown["number"], shown["postcode"], shown["part"]) == ("12", "1234 AB", "middag")


@pytest.mark.parametrize(
    ("text", "entities", "response"),
    [
        ("en graag naar een ander adres", {}, "utter_question_new_postcode"),
        ("bezorg hem ook bij mijn werk, 6822 AA 14", ADDRESS_TOO, "utter_confirm_delivery_both"),
        ("6822 AA 14", ADDRESS_TOO, "utter_confirm_delivery_both"),
    ],
)
async def test_an_address_that_is_told_later_joins_the_day(
    text: str, entities: dict[str, str], response: str
) -> None:
    """To the summary of a new day: the day stays."""
    talk = await begun()
    await talk.say(FORM, "vrijdag", date="2026-11-27")
    await talk.say(FORM, "middag")
    said = await talk.say(FORM, text, **entities)
    assert said.responses[-1] == response
    assert talk.slots["delivery_date"] == "2026-11-27"


async def test_a_day_that_is_told_later_joins_the_address() -> None:
    """To the summary of a new address: the address stays."""
    talk = await begun("naar een ander adres")
    await talk.say(FORM, "6822 AA 14", **ADDRESS_TOO)
    said = await talk.say(FORM, "en dan op vrijdag graag", date="2026-11-27")
    assert said.responses[-1] == "utter_question_day_part_fee"
    said = await talk.say(FORM, "ochtend")
    assert said.responses[-1] == "utter_confirm_delivery_both"


@pytest.mark.parametrize("text", ["komt hij dan nog op vrijdag?", "vrijdag ben ik bij mijn zus"])
async def test_a_day_that_is_only_spoken_of_is_no_wish(text: str) -> None:
    """A question or a story adds nothing to a new address."""
    talk = await begun("naar een ander adres")
    await talk.say(FORM, "6822 AA 14", **ADDRESS_TOO)
    await talk.say(FORM, text, date="2026-11-27")
    assert talk.slots["delivery_change"] == "address"


async def test_the_address_instead_of_the_day() -> None:
    """What was denied does not come back with the new address."""
    talk = await begun()
    await talk.say(FORM, "vrijdag", date="2026-11-27")
    await talk.say(FORM, "middag")
    said = await talk.say(FORM, "nee niet de dag maar het adres", "deny")
    assert said.responses[-1] == "utter_question_new_postcode"
    said = await talk.say(FORM, "6822 AA 14", **ADDRESS_TOO)
    assert said.responses[-1] == "utter_confirm_delivery_address"
