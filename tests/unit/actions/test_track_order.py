"""Where the parcel is, for each state it can be in."""

from __future__ import annotations

import pytest

from actions.track_order import ActionTrackOrder
from tests.support.form_driver import Conversation


@pytest.mark.parametrize(
    ("number", "response", "buttons"),
    [
        ("PP-100234", "utter_track_on_the_way", ["Bezorging wijzigen"]),
        ("PP-100733", "utter_track_delayed", ["Bezorging wijzigen"]),
        ("PP-100871", "utter_track_delivered", ["Artikel terugsturen"]),
        ("PP-100985", "utter_track_cancelled", []),
    ],
)
async def test_says_where_the_parcel_is(number: str, response: str, buttons: list[str]) -> None:
    """Each state has its own text, and the next step that fits."""
    talk = Conversation(order_number=number, verified_orders=[number])
    said = await talk.act(ActionTrackOrder(), "/track_order", "track_order")
    assert said.responses == (response,)
    assert said.buttons == buttons


async def test_names_day_and_hours() -> None:
    """The customer reads the day in words."""
    talk = Conversation(order_number="PP-100234", verified_orders=["PP-100234"])
    said = await talk.act(ActionTrackOrder(), "/track_order", "track_order")
    assert said.messages[0]["day"] == "donderdag 26 november"
    assert said.messages[0]["hours"].endswith("uur")
