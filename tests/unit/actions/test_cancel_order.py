"""Cancelling an order: a person while it can be stopped, else what can be done instead."""

from __future__ import annotations

from typing import Any

import pytest

from actions.backends import shop
from actions.backends.tables import deliveries
from actions.cancel_order import ActionCancelOrder, CancelOrderForm
from actions.return_item import ReturnItemForm
from tests.support.form_driver import Conversation

FORM = CancelOrderForm()


async def test_an_order_that_is_being_packed_goes_to_a_person() -> None:
    """At once, with what the page says: every minute counts."""

    def packing(conn: Any) -> None:
        where = deliveries.c.order_number == "PP-100234"
        conn.execute(deliveries.update().where(where).values(status="preparing"))

    await shop.change(packing)
    proved = await Conversation(verified_orders=["PP-100234"]).start(FORM)
    now = await Conversation().start(FORM, "annuleer", order_number="PP-100234", postcode="1234 AB")
    for said in (proved, now):
        assert said.responses == ("utter_cancel_order_preparing",)
        assert said.slots["form_outcome"] == "handover"


@pytest.mark.parametrize(
    ("number", "response"),
    [
        ("PP-100234", "utter_cancel_order_on_the_way"),
        ("PP-100871", "utter_cancel_order_delivered"),
        ("PP-100302", "utter_return_too_late"),
        ("PP-100985", "utter_cancel_order_cancelled"),
    ],
)
async def test_what_can_be_done_instead(number: str, response: str) -> None:
    """Refuse it at the door, send it back, or nothing at all."""
    talk = Conversation(verified_orders=[number])
    said = await talk.start(FORM)
    assert said.slots["form_outcome"] == "complete"
    said = await talk.act(ActionCancelOrder())
    assert said.responses == (response,)


async def test_taken_for_a_return_it_is_one_tap_away() -> None:
    """Nothing is sent back that should be cancelled."""
    said = await Conversation().start(ReturnItemForm(), "ik wil mijn bestelling annuleren")
    assert said.buttons == ["Bestelling annuleren", "Medewerker"]
