"""Order number and postcode before anything personal; three tries."""

from __future__ import annotations

import pytest
from rasa_sdk import Tracker

from actions.invoice_payment import InvoicePaymentForm
from actions.track_order import ActionTrackOrder, TrackOrderForm
from actions.verification import verified_order
from tests.support.form_driver import Conversation

TRACK = TrackOrderForm()


async def test_a_right_combination_is_remembered_for_the_next_task() -> None:
    """A second task asks nothing twice."""
    talk = Conversation()
    await talk.start(TRACK)
    said = await talk.say(TRACK, "x", order_number="PP-100234", postcode="1234 AB")
    assert said.slots["form_outcome"] == "complete"
    assert talk.slots["verified_order"] == "PP-100234"
    said = await talk.start(InvoicePaymentForm())
    assert said.slots["form_outcome"] == "complete"


async def test_another_order_is_verified_anew() -> None:
    """What was right for one order does not open another."""
    talk = Conversation(verified_order="PP-100234")
    said = await talk.start(TRACK, "PP-100871", order_number="PP-100871")
    assert said.responses == ("utter_question_postcode",)


@pytest.mark.parametrize("number", ["PP-100234", "PP-999999"])
async def test_a_wrong_postcode_tells_nothing_about_the_number(number: str) -> None:
    """The reply is the same whether the order exists or not."""
    talk = Conversation()
    await talk.start(TRACK)
    said = await talk.say(TRACK, "x", order_number=number, postcode="9999 ZZ")
    assert said.responses == ("utter_refusal_verification",)
    assert talk.slots["requested_slot"] == "postcode"


async def test_three_wrong_tries_go_to_a_person() -> None:
    """Tries count over corrections of the order number too."""
    talk = Conversation()
    await talk.start(TRACK)
    await talk.say(TRACK, "x", order_number="PP-100234", postcode="9999 ZZ")
    await talk.say(TRACK, "x", order_number="PP-100871", postcode="9999 ZZ")
    said = await talk.say(TRACK, "x", postcode="9999 ZX")
    assert said.slots["form_outcome"] == "handover"
    assert said.slots["handover_reason"] == "verification_failed"
    assert said.responses == ("utter_verification_failed",)
    assert talk.slots.get("verified_order") is None
    assert talk.slots["order_number"] == "PP-100871", "the person needs it"


async def test_after_three_tries_only_a_person() -> None:
    """Coming back gives no three more tries; an order verified before stays open."""
    talk = Conversation(verification_attempts=3)
    said = await talk.start(TRACK, "x", order_number="PP-100234", postcode="1234 AB")
    assert said.slots["handover_reason"] == "verification_failed"
    talk = Conversation(verification_attempts=3, verified_order="PP-100234")
    said = await talk.start(TRACK)
    assert said.slots["form_outcome"] == "complete"


async def test_another_order_with_its_postcode_in_one_message() -> None:
    """After a verified order the postcode is not asked again, nor in the middle of a form."""
    talk = Conversation(verified_order="PP-100234", order_number="PP-100234", postcode="1234 AB")
    text = "waar is PP-100733 6811 KM"
    said = await talk.start(TRACK, text, order_number="PP-100733", postcode="6811 KM")
    assert said.slots["form_outcome"] == "complete"


async def test_a_corrected_number_keeps_the_postcode() -> None:
    """The postcode that was refused beside a wrong number is tried with the right one."""
    talk = Conversation()
    await talk.start(TRACK)
    await talk.say(TRACK, "x", order_number="PP-100235", postcode="1234 AB")
    said = await talk.say(TRACK, "PP-100234", order_number="PP-100234")
    assert said.slots["form_outcome"] == "complete"


async def test_a_right_answer_in_the_second_try_is_enough() -> None:
    """One slip costs nothing."""
    talk = Conversation()
    await talk.start(TRACK)
    await talk.say(TRACK, "x", order_number="PP-100234", postcode="1234 AC")
    said = await talk.say(TRACK, "1234ab")
    assert said.slots["form_outcome"] == "complete"


async def test_an_action_refuses_an_order_that_is_not_verified() -> None:
    """A mistake in a rule shows nobody's order."""
    talk = Conversation(order_number="PP-100234")
    with pytest.raises(PermissionError):
        await talk.act(ActionTrackOrder(), "/track_order", "track_order")


def test_the_verified_order_is_the_one_asked_about() -> None:
    """Both slots must agree."""
    slots = {"order_number": "PP-100234", "verified_order": "PP-100234"}
    tracker = Tracker("x", slots, None, [], False, None, {}, None)
    assert verified_order(tracker) == "PP-100234"
