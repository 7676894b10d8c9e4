"""Hand-over: announced, effected, and why."""

from __future__ import annotations

import pytest

from bot.conversation.plea_subject import PLEA_SUBJECT
from bot.dialogue.actions.handover import ActionHandover, ActionSensitiveMatter
from bot.messages import HandOver, decode
from tests.support.form_driver import Conversation, Said


async def hand_over(**slots: object) -> Said:
    """The action with some slots set."""
    return await Conversation(**slots).act(ActionHandover(), "medewerker", "medewerker")


def effect(said: Said) -> object:
    """The value that the worker acts on."""
    return decode(said.messages[-1]["custom"])


async def test_announces_and_hands_over() -> None:
    """The switch is said; the worker adds what to expect, which only it knows."""
    said = await hand_over()
    assert said.responses == ("utter_handover", None)
    assert effect(said) == HandOver("asked", "")


@pytest.mark.parametrize(
    ("slots", "reason"),
    [
        ({"handover_reason": "loop"}, "loop"),
        ({"handover_reason": "asked", "offered_reason": "sensitive"}, "sensitive"),
        ({"handover_reason": "loop", "offered_reason": "low_rating"}, "loop"),
        ({"handover_reason": "no such reason"}, "asked"),
        ({}, "asked"),
    ],
)
async def test_the_reason_is_the_most_telling_one(slots: dict[str, str], reason: str) -> None:
    """Why a person was offered says more than that the customer took the offer."""
    assert effect(await hand_over(topic="return_item", **slots)) == HandOver(reason, "return_item")


async def test_a_complaint_is_a_reason_by_itself() -> None:
    """Its rule only has to hand over; what a safeguard gave says more."""
    said = await Conversation().act(ActionHandover(), "ik heb een klacht", "complaint")
    assert effect(said) == HandOver("complaint", "")
    stuck = Conversation(handover_reason="loop")
    said = await stuck.act(ActionHandover(), "ik heb een klacht", "complaint")
    assert effect(said) == HandOver("loop", "")


@pytest.mark.parametrize(
    ("told", "topic"),
    [("return_item", "return_item"), ("greet", "track_order"), ("nothing", "track_order")],
)
async def test_a_plea_that_says_its_subject_is_about_that(told: str, topic: str) -> None:
    """Before what the conversation was about; what is no subject of a person is none."""
    talk = Conversation(topic="track_order")
    talk.parsed = {PLEA_SUBJECT: told}
    said = await talk.act(ActionHandover(), "een medewerker over mijn retour", "medewerker")
    assert effect(said) == HandOver("asked", topic)


async def test_ends_any_form_and_forgets_the_reason() -> None:
    """After the person is done the bot starts afresh."""
    said = await hand_over(handover_reason="loop", requested_slot="postcode")
    assert {"event": "active_loop", "timestamp": None, "name": None} in said.events
    assert set(said.slots.values()) == {None}
    assert {"requested_slot", "handover_reason", "offered_reason", "second_request"} <= set(
        said.slots
    )


async def test_remembers_the_form_for_who_comes_back() -> None:
    """Name and open question; the answers are slots anyway."""
    talk = Conversation(requested_slot="return_reason")
    talk.loop = "return_item_form"
    said = await talk.act(ActionHandover(), "medewerker", "medewerker")
    (paused,) = said.slots["paused_tasks"]
    assert (paused["form"], paused["slot"]) == ("return_item_form", "return_reason")


async def test_a_sensitive_matter_offers_a_person_and_stops_the_form() -> None:
    """A person is one tap away; the reason is kept for when it is tapped."""
    said = await Conversation().act(ActionSensitiveMatter(), "ik heb schulden", "sensitive_matter")
    assert said.responses == ("utter_sensitive_matter",)
    assert said.slots["offered_reason"] == "sensitive"
    assert said.slots["requested_slot"] is None
