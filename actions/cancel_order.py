"""The task to cancel an order: what still can be done, and a person where only a person can."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa_sdk import Action

from actions.backends import deliveries, orders, returns, shop
from actions.verification import ORDER, verified_order
from bot.dialogue import formatting, runtime
from bot.dialogue.buttons import button
from bot.dialogue.questions import Answers, Question, ToPerson
from bot.dialogue.replies import Replies
from bot.dialogue.task import Events, TaskForm
from bot.topics.topic import Topic


class CancelOrderForm(TaskForm):
    """Asks only which order; one that is not packed yet goes to a person at once."""

    topic = Topic("cancel_order", "Bestelling annuleren", team="bezorging")
    proof = ORDER

    def questions(self, answers: Answers) -> tuple[Question, ...]:
        """No questions beyond those of the proof."""
        return ()

    async def prepare(self, answers: Answers) -> ToPerson | None:
        """Hands over while it can still be stopped: only a person can look in the warehouse."""
        delivery = await shop.query(deliveries.get, answers["order_number"])
        if delivery is not None and delivery.status == "preparing":
            return ToPerson("asked", "utter_cancel_order_preparing")
        return None


class ActionCancelOrder(Action):
    """Tells why an order cannot be cancelled any more, and what can be done instead."""

    def name(self) -> str:
        """Name of the action in rules."""
        return "action_cancel_order"

    async def run(self, dispatcher: Any, tracker: Any, domain: Mapping[str, Any]) -> Events:
        """Says what still can be done with the verified order."""
        number = verified_order(tracker)
        delivery = await shop.query(deliveries.get, number)
        replies = Replies(dispatcher, domain)
        if delivery is None:
            replies.say("utter_track_unknown")
        elif delivery.delivered_on is not None:
            order = await shop.query(orders.get, number)
            last = returns.last_day_of(order, delivery.delivered_on)
            day, until = formatting.day(delivery.delivered_on), formatting.day(last)
            if last < runtime.today():
                replies.say("utter_return_too_late", order=number, day=day, last=until)
            else:
                again = (button("Artikel terugsturen", "return_item"),)
                values = {"order": number, "day": day, "last": until}
                replies.say("utter_cancel_order_delivered", again, **values)
        elif delivery.status == "cancelled":
            replies.say("utter_cancel_order_cancelled", order=number)
        else:
            replies.say("utter_cancel_order_on_the_way", order=number)
        return []
