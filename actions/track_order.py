"""The task to track an order: where is my parcel? Also for who never got it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from rasa_sdk import Action
from rasa_sdk.events import SlotSet

from actions import shop_rules
from actions.backends import deliveries, shop
from actions.backends.deliveries import Delivery
from actions.verification import ORDER, verified_order
from bot.dialogue import formatting, runtime
from bot.dialogue.buttons import button, person
from bot.dialogue.choice_patterns import says
from bot.dialogue.questions import Accepted, Answers, Question, Stopped, ToPerson
from bot.dialogue.replies import Replies
from bot.dialogue.task import Events, Step, TaskForm
from bot.dialogue.turn_message import TurnMessage
from bot.topics.topic import Topic

#: Words of somebody who has nothing, whatever was delivered.
_NOTHING_CAME = (
    r"\b(niks|nix|niets|nada|noppes)\b"
    r"|\b(niet|nie|nooit|geen) (\w+ ){0,3}(ontvangen|gekregen|gehad|aangekomen|gezien|binnen)\b"
    r"|\b(kwijt|zoek|verdwenen|spoorloos|weg|leeg|gestolen)\b|\b(hem|het|m) niet\b"
    r"|\bniet (van mij|bij mij|mijn (voor)?deur)\b|\bgeen (pakket|pakje|pakske|pakketje)\b"
)
#: Says of the parcel that it did not come, rather than of a wish that there is none.
_NOT_HERE = (
    r"\b(heb|had|hebben|hadden|kreeg|kregen|krijg|ontving\w*)\b.*\b(niks|nix|niets|nada|noppes|niet|nie|geen)\b"
    r"|\b(niks|nix|niets|niet|nie|nooit|geen)\b.*\b(gehad|gekregen|ontvangen|binnen|aangekomen|gezien|bezorgd)\b"
    r"|\b(is|ligt|staat|was|zit) (hier |er |nergens |toch |echt )+(niet|nie)\b|\bnergens te\b"
    r"|\b(is|ligt|staat) (hier |er )?nergens\b|\b(kwijt|verdwenen|gestolen|spoorloos)\b"
)
_NO_MORE = r"\b(niks|niets|niet|geen) (meer|anders|verder|nodig|te)\b|\bvra(ag|gen)\b"
#: Who heard nothing of it may have it at the neighbours'.
_HEARD = r"\b(gehoord|vernomen|bericht|mail\w*|update)\b"
MISSING = Question("parcel_missing")


class TrackOrderForm(TaskForm):
    """Asks only which order; a parcel that was delivered and never came goes to a person."""

    topic = Topic(
        "track_order",
        "Bestelling volgen",
        team="bezorging",
        belongings=("pakket", "bestelling", "order", "bezorging"),
        slots={"parcel_missing": "Pakket"},
        values={"parcel_missing": {"yes": "klant zegt niets ontvangen te hebben"}},
        fleeting=("told_delivered", "told_status", "told_missing"),
    )
    proof = ORDER

    def questions(self, answers: Answers) -> tuple[Question, ...]:
        """No question of its own; that nothing came is only read."""
        return (MISSING,) if answers["parcel_missing"] else ()

    def infer(self, message: TurnMessage, answers: Answers) -> None:
        """Reads whether the customer has nothing."""
        text = message.typed
        nothing = says(_NOTHING_CAME, text) and not says(_HEARD, text)
        if nothing or (answers["told_status"] and self.goes_on(text)):
            answers.give("parcel_missing", "yes")

    def goes_on(self, text: str) -> bool:
        """Whether somebody who was told of a delivery has nothing; "nee, niks meer" is no such."""
        return says(_NOT_HERE, text) and not says(rf"{_HEARD}|{_NO_MORE}|\?", text)

    async def check(self, question: Question, value: Any, answers: Answers) -> Step:
        """Looks for a parcel that was delivered and is not there; else it is only late."""
        number = answers["order_number"]
        delivery = await shop.query(deliveries.get, number)
        if delivery is None or delivery.delivered_on is None:
            return _not_there_yet(number, delivery, value, answers)
        if answers["told_delivered"] == number or _is_long_ago(delivery.delivered_on):
            return ToPerson("asked", "utter_missing_person")
        values = {"order": number, "day": formatting.day(delivery.delivered_on)}
        return Stopped("utter_missing_recent", values, (person(),))


def _not_there_yet(number: str, delivery: Delivery | None, value: Any, answers: Answers) -> Step:
    """What comes of a parcel that is missed before it was delivered: the second time a person."""
    if delivery is None or delivery.planned_on is None:
        return Accepted(value)
    late = delivery.planned_on < runtime.today()
    if late or answers["told_missing"] == number:
        return ToPerson("asked", "utter_missing_person")
    answers["told_missing"] = number
    if answers["told_status"] != _state(number, delivery):
        return Accepted(value)
    hours = deliveries.HOURS.get(delivery.day_part or "", "")
    values = {"order": number, "day": formatting.day(delivery.planned_on), "hours": hours}
    return Stopped("utter_missing_not_due", values, (person(),))


def _state(number: str, delivery: Delivery) -> str:
    """What can be told of an order, so that it shows whether anything changed since."""
    return f"{number} {delivery.status} {delivery.planned_on} {delivery.day_part}"


def _is_long_ago(delivered_on: date) -> bool:
    """Whether the neighbours had time to bring it: so many working days have passed."""
    days, day = 0, delivered_on
    while days < shop_rules.number("missing_after_days"):
        day += timedelta(days=1)
        days += deliveries.is_delivery_day(day, runtime.holidays())
    return day <= runtime.today()


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
        # Of what is still to come nothing new is known to who asks on.
        state = _state(number, delivery)
        again = tracker.get_slot("told_status") == state and planned is not None
        status = "today" if arrives_today else delivery.status
        buttons = []
        if delivery.may_change(today):
            buttons = [button("Bezorging wijzigen", "change_delivery")]
        elif delivered:
            buttons = [button("Artikel terugsturen", "return_item")]
        replies.say(
            "utter_track_again" if again else f"utter_track_{status}",
            buttons,
            order=number,
            day=formatting.day(planned or delivered or today),
            hours=deliveries.HOURS.get(delivery.day_part or "", ""),
        )
        # Who then says that nothing came need not hear it again.
        return [
            SlotSet("told_delivered", number if delivered else None),
            SlotSet("told_status", state),
        ]
