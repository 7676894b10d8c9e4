"""Where is my parcel?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa_sdk import Action

from actions import surroundings, wording
from actions.answers import Answers, Question
from actions.backends import deliveries, shop
from actions.forms import Events, TaskForm
from actions.options import button
from actions.talk import Talk
from actions.verification import verified_order


class TrackOrderForm(TaskForm):
    """Asks only which order."""

    task = "track_order"

    def questions(self, answers: Answers) -> tuple[Question, ...]:
        """None beyond the verification."""
        return ()


class ActionTrackOrder(Action):
    """Tells where the parcel is."""

    def name(self) -> str:
        """Name in rules."""
        return "action_track_order"

    async def run(self, dispatcher: Any, tracker: Any, domain: Mapping[str, Any]) -> Events:
        """Says the status of the verified order."""
        number = verified_order(tracker)
        delivery = await shop.query(deliveries.get, number)
        today = surroundings.today()
        talk = Talk(dispatcher, domain)
        if delivery is None:
            talk.say("utter_track_unknown")
            return []
        planned, delivered = delivery.planned_on, delivery.delivered_on
        arrives_today = delivery.status == "on_the_way" and planned == today
        buttons = []
        if delivery.may_change(today):
            buttons = [button("Bezorging wijzigen", "change_delivery")]
        elif delivered:
            buttons = [button("Artikel terugsturen", "return_item")]
        talk.say(
            "utter_track_today" if arrives_today else f"utter_track_{delivery.status}",
            buttons,
            order=number,
            day=wording.day(planned or delivered or today),
            hours=deliveries.HOURS.get(delivery.day_part or "", ""),
        )
        return []
