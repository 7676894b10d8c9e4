"""The task to track an order: where is my parcel?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa_sdk import Action

from actions.backends import deliveries, shop
from actions.verification import ORDER, verified_order
from bot.dialogue import formatting, runtime
from bot.dialogue.buttons import button
from bot.dialogue.questions import Answers, Question
from bot.dialogue.replies import Replies
from bot.dialogue.task import Events, TaskForm
from bot.topics.topic import Topic


class TrackOrderForm(TaskForm):
    """Asks only which order."""

    topic = Topic(
        "track_order",
        "Bestelling volgen",
        team="bezorging",
        belongings=("pakket", "bestelling", "order", "bezorging"),
    )
    proof = ORDER

    def questions(self, answers: Answers) -> tuple[Question, ...]:
        """No questions beyond those of the proof."""
        return ()


class ActionTrackOrder(Action):
    """Tells where the parcel is."""

    def name(self) -> str:
        """Name of the action in rules."""
        return "action_track_order"

    async def run(self, dispatcher: Any, tracker: Any, domain: Mapping[str, Any]) -> Events:
        """Says the status of the verified order."""
        number = verified_order(tracker)
        delivery = await shop.query(deliveries.get, number)
        today = runtime.today()
        replies = Replies(dispatcher, domain)
        if delivery is None:
            replies.say("utter_track_unknown")
            return []
        planned, delivered = delivery.planned_on, delivery.delivered_on
        arrives_today = delivery.status == "on_the_way" and planned == today
        buttons = []
        if delivery.may_change(today):
            buttons = [button("Bezorging wijzigen", "change_delivery")]
        elif delivered:
            buttons = [button("Artikel terugsturen", "return_item")]
        replies.say(
            "utter_track_today" if arrives_today else f"utter_track_{delivery.status}",
            buttons,
            order=number,
            day=formatting.day(planned or delivered or today),
            hours=deliveries.HOURS.get(delivery.day_part or "", ""),
        )
        return []
