"""Meter readings: lower, much higher, two tariffs."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from actions.backends import meter_readings, orders, shop
from actions.backends.meter_readings import Reading
from actions.backends.tables import energy_contracts
from actions.submit_meter_reading import ActionSubmitMeterReading, SubmitMeterReadingForm
from bot.dialogue.domain_names import names_in
from tests.support.form_driver import Conversation, Said, domain

FORM = SubmitMeterReadingForm()


async def begun(number: str = "PP-100456") -> tuple[Conversation, Said]:
    """A conversation with a customer who has a meter."""
    talk = Conversation(verified_orders=[number])
    return talk, await talk.start(FORM)


async def kept(number: str) -> Reading | None:
    """The newest reading that the shop knows."""
    order = await shop.query(orders.get, number)
    assert order is not None
    return await shop.query(meter_readings.last, order.customer_id)


async def test_nobody_reads_what_the_meter_showed_before() -> None:
    """Who guessed an order and its postcode learns no use of power from it."""
    talk, said = await begun()
    assert said.responses == ("utter_question_meter_reading_single",)
    heard = [said, await talk.say(FORM, "50000", meter_reading=50_000)]
    heard += [await talk.say(FORM, "99999", meter_reading=99_999) for _ in range(2)]
    assert [each.responses[-1] for each in heard[1:]] == [
        "utter_refusal_reading_lower",
        "utter_refusal_reading_jump_again",
        "utter_confirm_meter_reading_high",
    ]
    said_all = str([each.messages for each in heard])
    assert "50.893" not in said_all, "the reading before"
    assert "49.106" not in said_all, "the difference tells it just as well"


async def test_lower_than_before_is_asked_about_twice_with_a_way_out() -> None:
    """A meter counts up; the second time a person is offered."""
    talk, _ = await begun()
    said = await talk.say(FORM, "50000", meter_reading=50000)
    assert said.responses == ("utter_refusal_reading_lower",)
    said = await talk.say(FORM, "49000", meter_reading=49000)
    assert said.responses == ("utter_refusal_reading_lower_again",)


@pytest.mark.parametrize(
    ("reading", "response"),
    [
        (51100, "utter_confirm_meter_reading"),
        (51823, "utter_confirm_meter_reading"),  # 30 kWh on each of 31 days
        (51824, "utter_confirm_meter_reading_high"),
        (53000, "utter_confirm_meter_reading_high"),
        (60000, "utter_refusal_reading_jump"),
    ],
)
async def test_much_higher_is_asked_about(reading: int, response: str) -> None:
    """An unlikely reading is not refused, only asked about."""
    talk, _ = await begun()
    said = await talk.say(FORM, str(reading), meter_reading=reading)
    assert said.responses == (response,)


@pytest.mark.parametrize("text", ["blub", "12345678", "12 of 13"])
async def test_what_is_no_reading_is_refused(text: str) -> None:
    """No digits, too many, or two numbers."""
    talk, _ = await begun()
    said = await talk.say(FORM, text, "nlu_fallback")
    assert said.responses == ("utter_refusal_meter_reading",)


@pytest.mark.parametrize("text", ["51.100", "51100,7", "hij staat op 51100"])
async def test_a_reading_in_any_notation_is_kept_once(text: str) -> None:
    """Dots and decimals do not matter, and a repeated turn keeps one row."""
    talk, _ = await begun()
    await talk.say(FORM, text, "nlu_fallback")
    await talk.say(FORM, "ja", "affirm")
    for _ in range(2):
        said = await talk.act(ActionSubmitMeterReading())
        assert said.messages[0]["reading"] == "51.100 kWh"
    assert await kept("PP-100456") == Reading(date(2026, 11, 24), 51100)


async def test_two_tariffs_at_once() -> None:
    """'Hoog 21500 laag 19000' answers both questions."""
    talk, said = await begun("PP-100558")
    assert said.responses == ("utter_question_meter_reading_high",)
    pair = {"high": 21500, "low": 19000}
    said = await talk.say(FORM, "hoog 21500 laag 19000", meter_reading=pair)
    assert said.responses == ("utter_confirm_meter_reading",)
    await talk.say(FORM, "ja", "affirm")
    await talk.act(ActionSubmitMeterReading())
    assert await kept("PP-100558") == Reading(date(2026, 11, 24), 21500, 19000)


async def test_two_tariffs_one_by_one() -> None:
    """The second number is for the low tariff, and checked against its own last one."""
    talk, _ = await begun("PP-100558")
    said = await talk.say(FORM, "21500", meter_reading=21500)
    assert said.responses == ("utter_question_meter_reading_low",)
    said = await talk.say(FORM, "18000", meter_reading=18000)
    assert said.responses == ("utter_refusal_reading_lower",)


async def test_the_digits_of_an_answer_are_not_an_order_number() -> None:
    """Six digits can be both; the question asked decides."""
    talk, _ = await begun()
    said = await talk.say(FORM, "100456", order_number="PP-100456", meter_reading=100456)
    assert said.responses == ("utter_refusal_reading_jump",)
    assert talk.slots["order_number"] == "PP-100456"


async def test_without_energy_nothing_is_asked() -> None:
    """A customer without a contract is told so."""
    talk = Conversation(verified_orders=["PP-100985"])
    said = await talk.start(FORM)
    assert said.responses == ("utter_meter_none",)
    assert said.slots["form_outcome"] == "stopped"


async def test_two_bare_numbers_are_high_and_low() -> None:
    """In the order in which they are asked; the confirmation says which is which."""
    talk, _ = await begun("PP-100558")
    said = await talk.say(FORM, "21500 en 19000")
    assert said.messages[0]["reading"] == "hoog 21.500 kWh en laag 19.000 kWh"


@pytest.mark.parametrize("text", ["ik wil mijn gasstand doorgeven", "watermeter", "stand 34 m3"])
async def test_only_electricity(text: str) -> None:
    """Another meter's reading is not noted as electricity."""
    talk = Conversation()
    said = await talk.start(FORM, text)
    assert said.responses == ("utter_meter_only_power",)
    assert "Medewerker" in said.buttons


async def test_an_impossible_jump_is_asked_back_once() -> None:
    """A digit too many is found before the summary; the same number again is taken."""
    talk, _ = await begun()
    said = await talk.say(FORM, "510000", meter_reading=510_000)
    assert said.responses == ("utter_refusal_reading_jump",)
    assert said.buttons == ["510.000", "Medewerker"]
    said = await talk.say(FORM, "51000", meter_reading=51_000)
    assert said.responses[-1] == "utter_confirm_meter_reading"
    talk, _ = await begun()
    await talk.say(FORM, "510000", meter_reading=510_000)
    said = await talk.say(FORM, "/submit_meter_reading", FORM.task, meter_reading=510_000)
    assert said.responses == ("utter_confirm_meter_reading_high",)


@pytest.mark.parametrize("slot", ["meter_reading", "meter_reading_low"])
def test_a_reading_that_is_tapped_arrives(slot: str) -> None:
    """Rasa passes on what the domain has as an entity."""
    assert slot in names_in(domain()["entities"])


async def _house(**known: Any) -> None:
    """Has the shop know other things of the customer's house."""

    def change(conn: Any) -> None:
        where = energy_contracts.c.customer_id == 3
        conn.execute(energy_contracts.update().where(where).values(**known))

    await shop.change(change)


async def test_solar_panels_that_are_known_of_go_to_a_person() -> None:
    """Before a reading is taken; who has them reads more than one number."""
    await _house(solar=True)
    _, said = await begun()
    assert said.responses == ("utter_meter_solar",)
    assert said.buttons == ["Medewerker"]


async def test_solar_panels_that_nobody_knows_of_are_asked_about() -> None:
    """Only then; without them the reading is asked for."""
    await _house(solar=None)
    talk, said = await begun()
    assert said.responses == ("utter_question_meter_solar",)
    said = await talk.say(FORM, "nee", "deny")
    assert said.responses == ("utter_question_meter_reading_single",)
    talk, _ = await begun()
    said = await talk.say(FORM, "ja", "affirm")
    assert said.responses == ("utter_meter_solar",)


async def test_who_has_gas_as_well_says_which_meter_it_is() -> None:
    """A bare number may be of either; who said "stroom" is not asked."""
    await _house(gas=True)
    talk, said = await begun()
    assert said.responses == ("utter_question_meter_kind",)
    said = await talk.say(FORM, "de gasmeter", "nlu_fallback")
    assert said.responses == ("utter_meter_only_power",)
    talk = Conversation(verified_orders=["PP-100456"])
    said = await talk.start(FORM, "mijn stroommeter staat op 51100", meter_reading=51_100)
    assert said.responses == ("utter_confirm_meter_reading",)


async def test_an_order_number_is_no_reading() -> None:
    """Nor a postcode: "meterstand PP-100558 7511 JE" says who is asking."""
    talk = Conversation(verified_orders=["PP-100558"])
    said = await talk.start(FORM, "meterstand PP-100558 7511 JE", order_number="PP-100558")
    assert said.responses == ("utter_question_meter_reading_high",)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("en hoe zit het met gas?", {}),
        ("gas heb ik ook", {}),
        ("en de gasstand is 3400", {"meter_reading": 3400}),
    ],
)
async def test_a_reading_is_kept_when_another_meter_comes_by(
    text: str, values: dict[str, int]
) -> None:
    """It was lost; what the other meter shows is none of this one's."""
    talk, _ = await begun()
    await talk.say(FORM, "51200", meter_reading=51200)
    said = await talk.say(FORM, text, "nlu_fallback", **values)
    assert said.responses == ("utter_meter_only_power", "utter_confirm_meter_reading")
    assert talk.slots["meter_reading"] == 51200


@pytest.mark.parametrize(
    "text", ["51200 en gas 3400", "stroom 51200, gas 3400", "51200, moet ik gas ook doorgeven?"]
)
async def test_of_two_meters_in_a_message_this_one_counts(text: str) -> None:
    """The other is said to be for a person."""
    talk, _ = await begun()
    said = await talk.say(FORM, text, "submit_meter_reading")
    assert said.responses == ("utter_meter_only_power", "utter_confirm_meter_reading")
    assert talk.slots["meter_reading"] == 51200


async def test_the_reading_of_another_meter_alone_is_for_a_person() -> None:
    """Nothing was told of this one."""
    talk, _ = await begun()
    said = await talk.say(FORM, "gas is 3400", "submit_meter_reading", meter_reading=3400)
    assert said.responses == ("utter_meter_only_power",)
    assert said.slots["form_outcome"] == "stopped"
