"""A session begins with the disclosure and goes on where the last one was."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.dialogue import runtime
from bot.dialogue.actions.session_start import ActionSessionStart
from bot.messages import Notice, decode
from tests.support.form_driver import Conversation, domain


async def test_says_that_this_is_an_ai_and_how_to_reach_a_person() -> None:
    """Before anything else; the text stands in the domain as a notice."""
    said = await Conversation().act(ActionSessionStart())
    assert said.responses == ("utter_disclosure",)
    notice = decode(domain()["responses"]["utter_disclosure"][0]["custom"])
    assert isinstance(notice, Notice)
    assert notice.notice == "disclosure"
    assert "AI-assistent" in notice.text
    assert "medewerker" in notice.text


async def test_the_running_form_goes_on() -> None:
    """The form and what was answered are carried over, in Rasa's order of events."""
    talk = Conversation(delivery_date="2026-11-27", requested_slot="day_part", postcode=None)
    talk.loop = "change_delivery_form"
    said = await talk.act(ActionSessionStart())
    kinds = [event["event"] for event in said.events]
    assert kinds[:2] == ["session_started", "active_loop"]
    assert kinds[-1] == "action"
    assert said.slots == {"delivery_date": "2026-11-27", "requested_slot": "day_part"}


async def test_who_was_verified_has_to_be_verified_again() -> None:
    """Another person may hold the phone now; a new session may be rated anew."""
    talk = Conversation(
        order_number="PP-100234",
        verified_orders=["PP-100234"],
        postcode="1234 AB",
        noted_postcode="1234 AB",
        refused_pairs=[["PP-100234", "1234 AC"]],
        verification_attempts=1,
        rating_asked=True,
        ratings_given={"bot": 1},
        checked_slots=["order_number", "postcode"],
    )
    talk.loop = "track_order_form"
    said = await talk.act(ActionSessionStart())
    assert said.slots == {"order_number": "PP-100234", "checked_slots": ["order_number"]}


async def test_what_was_set_aside_forgets_who_was_asking() -> None:
    """The postcode that proved it is asked again with that task; the other answers are kept."""
    values = {"order_number": "PP-100456", "postcode": "9712 HM", "subscription": "box"}
    task = {"form": "change_subscription_form", "slot": "pause_weeks", "values": values}
    talk = Conversation(paused_tasks=[{**task, "checked": list(values)}])
    said = await talk.act(ActionSessionStart())
    (kept,) = said.slots["paused_tasks"]
    assert kept["values"] == {"order_number": "PP-100456", "subscription": "box"}
    assert kept["checked"] == ["order_number", "subscription"]


async def test_nothing_runs_on_after_a_person_closed() -> None:
    """The form, the topic and the reason are gone; the order number need not be typed again."""
    talk = Conversation(
        order_number="PP-100871",
        topic="return_item",
        requested_slot="return_reason",
        handover_reason="loop",
        paused_tasks=[{"form": "return_item_form", "slot": "return_reason"}],
        session_started_metadata={"fresh": True},
    )
    talk.loop = "return_item_form"
    said = await talk.act(ActionSessionStart())
    assert said.slots == {"order_number": "PP-100871"}
    assert "active_loop" not in [event["event"] for event in said.events]


@pytest.mark.parametrize(("days", "kept"), [(29, True), (31, False)])
async def test_forgotten_after_the_set_time(days: int, kept: bool) -> None:
    """Slots and form alike."""
    talk = Conversation(order_number="PP-100871", requested_slot="return_reason")
    talk.loop = "return_item_form"
    at = (runtime.now() - timedelta(days=days)).timestamp()
    talk.events.append({"event": "user", "text": "retour", "timestamp": at})
    talk.message = {"text": "retour"}
    said = await talk.act(ActionSessionStart())
    assert ("order_number" in said.slots) is kept
    assert ("active_loop" in [event["event"] for event in said.events]) is kept
