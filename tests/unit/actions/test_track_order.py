"""Where the parcel is, for each state it can be in."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from actions.backends import shop
from actions.backends.tables import deliveries
from actions.track_order import ActionTrackOrder, TrackOrderForm
from bot.dialogue.actions.rating import ActionGoodbye
from tests.support.form_driver import Conversation

FORM = TrackOrderForm()


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


@pytest.mark.parametrize(
    "text",
    ["niks ontvangen", "ik heb niks gehad", "hij is hier nooit aangekomen", "mijn pakket is zoek"],
)
async def test_a_parcel_that_never_came_goes_to_a_person(text: str) -> None:
    """It stands as delivered for longer than the page says, so a person looks for it at once."""
    talk = Conversation(verified_orders=["PP-100640"])
    said = await talk.start(FORM, text)
    assert said.responses == ("utter_missing_person",)
    assert said.slots["form_outcome"] == "handover"


async def test_a_parcel_of_yesterday_may_be_at_the_neighbours() -> None:
    """First the page's advice; who was told already that it was delivered gets the person."""
    talk = Conversation(verified_orders=["PP-100640"])
    await _delivered("PP-100640", date(2026, 11, 23))
    said = await talk.start(FORM, "niks ontvangen")
    assert said.responses == ("utter_missing_recent",)
    assert said.buttons == ["Medewerker"]
    await talk.act(ActionTrackOrder())
    said = await talk.start(FORM, "ik heb niks gehad")
    assert said.responses == ("utter_missing_person",)


@pytest.mark.parametrize(
    ("number", "text"),
    [("PP-100234", "nog niks ontvangen"), ("PP-100640", "ik heb nog niks gehoord")],
)
async def test_what_is_not_missing_is_tracked(number: str, text: str) -> None:
    """A parcel on its way, and one of which the customer heard nothing."""
    said = await Conversation(verified_orders=[number]).start(FORM, text)
    assert said.slots["form_outcome"] == "complete"


async def _delivered(number: str, day: date) -> None:
    def change(conn: Any) -> None:
        where = deliveries.c.order_number == number
        conn.execute(deliveries.update().where(where).values(delivered_on=day))

    await shop.change(change)


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("nee ik heb niks gehad", True),
        ("dat klopt niet ik heb niks", True),
        ("hij is er niet", True),
        ("er ligt hier nergens een pakje, kwijt dus", True),
        ("heb hier niets binnen", True),
        ("nee niks meer dank u", False),
        ("nee hoor", False),
        ("ik heb geen vragen meer", False),
        ("heb je nog iets gehoord?", False),
        ("ik heb niets gehoord", False),
        ("dank u wel", False),
    ],
)
async def test_who_has_nothing_after_all_gets_a_person(text: str, *, missing: bool) -> None:
    """Behind "uw pakket is bezorgd", however it is understood; "nee, niks meer" is a goodbye."""
    talk = Conversation(order_number="PP-100640", verified_orders=["PP-100640"])
    await talk.start(FORM, "waar is mijn pakket")
    talk.events.append({"event": "active_loop", "name": None})
    talk.loop = None
    await talk.act(ActionTrackOrder())
    said = await talk.act(ActionGoodbye(), text, "deny")
    heard = [each["parse_data"]["intent"]["name"] for each in said.events if "parse_data" in each]
    assert heard == (["track_order"] if missing else [])
    if missing:
        said = await talk.start(FORM, text)
        assert said.responses == ("utter_missing_person",)


async def test_who_misses_a_parcel_that_is_still_to_come_gets_a_person_the_second_time() -> None:
    """It went in circles: the same status, and "that was not the question"."""
    talk = Conversation(order_number="PP-100234", verified_orders=["PP-100234"])
    assert (await talk.act(ActionTrackOrder(), "/track_order")).responses[0] is not None
    said = await talk.start(FORM, "ik heb het niet ontvangen")
    assert said.responses == ("utter_missing_not_due",)
    assert said.buttons == ["Medewerker"]
    said = await talk.start(FORM, "ik heb het nog steeds niet ontvangen")
    assert said.responses == ("utter_missing_person",)
    assert said.slots["form_outcome"] == "handover"


async def test_who_begins_with_a_missing_parcel_hears_its_status_first() -> None:
    """The second time a person comes."""
    talk = Conversation(verified_orders=["PP-100234"])
    said = await talk.start(FORM, "nog niks ontvangen")
    assert said.slots["form_outcome"] == "complete"
    await talk.act(ActionTrackOrder())
    said = await talk.start(FORM, "nog steeds niks ontvangen")
    assert said.responses == ("utter_missing_person",)


async def test_a_parcel_that_is_late_goes_to_a_person_at_once() -> None:
    """Its day has passed."""
    where = deliveries.c.order_number == "PP-100234"
    late = deliveries.update().where(where).values(planned_on=date(2026, 11, 20))
    await shop.change(lambda conn: conn.execute(late))
    said = await Conversation(verified_orders=["PP-100234"]).start(FORM, "niks ontvangen")
    assert said.responses == ("utter_missing_person",)


async def test_who_asks_on_hears_what_is_known_and_that_there_is_no_more() -> None:
    """Until something changed."""
    talk = Conversation(order_number="PP-100234", verified_orders=["PP-100234"])
    await talk.act(ActionTrackOrder(), "/track_order")
    said = await talk.act(ActionTrackOrder(), "waar blijft hij nou")
    assert said.responses == ("utter_track_again",)
    assert said.messages[0]["day"] == "donderdag 26 november"
    where = deliveries.c.order_number == "PP-100234"
    moved = deliveries.update().where(where).values(planned_on=date(2026, 11, 27))
    await shop.change(lambda conn: conn.execute(moved))
    said = await talk.act(ActionTrackOrder(), "waar is hij")
    assert said.responses == ("utter_track_on_the_way",)


async def test_it_is_for_the_task_that_ended_a_moment_ago_only() -> None:
    """Later the same words may be about anything."""
    talk = Conversation(order_number="PP-100640", topic="track_order")
    talk.events += [{"event": "active_loop", "name": None}, *[{"event": "user", "text": "x"}] * 2]
    said = await talk.act(ActionGoodbye(), "hij is er niet", "deny")
    assert said.responses[0] == "utter_goodbye"
