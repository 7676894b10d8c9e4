"""Number, e-mail address and moving house: an answer of their own, and no hand-over."""

from __future__ import annotations

import pytest

from actions.moving_house import ActionMovingHouse
from bot.dialogue import runtime
from bot.dialogue.actions.contact_details import ActionContactDetails
from tests.support.form_driver import Conversation


async def test_the_number_is_told_with_the_hours() -> None:
    """The number of data/organisation.yml."""
    action = ActionContactDetails()
    said = await Conversation().act(action, "wat is jullie nummer", "contact_details")
    assert said.responses[0] in {"utter_contact_details", "utter_contact_details_closed"}
    assert said.messages[0]["phone"] == runtime.organisation().phone
    assert "maandag" in said.messages[0]["week"].casefold()
    assert said.buttons == ["Medewerker"]


async def test_the_address_alone_is_told_alone() -> None:
    """Who asks for it need not read about calling first."""
    text = "Ik wil geen terugbelverzoek, alleen het mailadres"
    said = await Conversation().act(ActionContactDetails(), text, "contact_details")
    assert said.responses == ("utter_contact_details_email",)
    assert said.messages[0]["email"] == runtime.organisation().email
    assert said.buttons == ["Medewerker"]


@pytest.mark.parametrize(
    ("text", "response"),
    [
        ("ik ga verhuizen", "utter_moving_house"),
        ("verhuizing, gaat mijn contract mee", "utter_moving_house_contract"),
        ("welke meterstand bij een verhuizing", "utter_moving_house_meter"),
    ],
)
async def test_moving_house_gets_its_page_and_a_person(text: str, response: str) -> None:
    """Which part of the page depends on what is asked."""
    said = await Conversation().act(ActionMovingHouse(), text, "moving_house")
    assert said.responses == (response,)
    assert said.buttons == ["Medewerker"]
    assert said.slots == {"topic": "moving_house"}
