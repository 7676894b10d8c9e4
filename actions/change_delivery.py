"""The task to get a delivery on another day or at another address."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from rasa_sdk import Action

from actions.backends import deliveries, shop
from actions.backends.deliveries import HOURS, MAX_DAYS_AHEAD, Delivery
from actions.delivery_questions import (
    ADDRESS,
    DAY,
    NEW_NUMBER,
    NEW_POSTCODE,
    PARCEL,
    PART,
    WHAT,
    corrected_number,
)
from actions.moving_house import moves_house
from actions.verification import ORDER, verified_order
from bot.dialogue import formatting, runtime
from bot.dialogue.buttons import Button, button, leave, person
from bot.dialogue.choice_patterns import says
from bot.dialogue.questions import Accepted, Answers, Prompt, Question, RefusedAnswer, Stopped
from bot.dialogue.replies import Replies
from bot.dialogue.task import CONFIRM, Events, Step, TaskForm
from bot.dialogue.turn_message import TurnMessage
from bot.topics.topic import Topic


class ChangeDeliveryForm(TaskForm):
    """Asks what has to change, and into what."""

    topic = Topic(
        "change_delivery",
        "Bezorging wijzigen",
        team="bezorging",
        entities=("date", "day_part"),
        slots={
            "delivery_change": "Wijziging bezorging",
            "delivery_date": "Gewenste bezorgdag",
            "day_part": "Dagdeel",
            "new_postcode": "Nieuwe postcode",
            "new_house_number": "Nieuw huisnummer",
            "delivery_extra": "",
        },
        values={"delivery_change": {"moment": "dag of tijd", "address": "adres"}},
    )
    proof = ORDER

    def questions(self, answers: Answers) -> tuple[Question, ...]:
        """Questions for a day and part of it, or an address; then whether it is right."""
        if answers["delivery_change"] == "moment":
            return (WHAT, DAY, PART, CONFIRM)
        if answers["delivery_change"] == "address":
            return (WHAT, NEW_POSTCODE, NEW_NUMBER, CONFIRM)
        # Whose delivery it is must be proved first: an address may prove it.
        proved = self.proof.is_proved(answers)
        return (WHAT, DAY, PART, *((NEW_POSTCODE, NEW_NUMBER) if proved else ()))

    def objection(self, message: TurnMessage, answers: Answers) -> Stopped | None:
        """Stops for who moves house and names no parcel: a person arranges that."""
        if message.started and moves_house(message.typed) and not says(PARCEL, message.typed):
            return Stopped("utter_moving_house", buttons=(person(),))
        return None

    def infer(self, message: TurnMessage, answers: Answers) -> None:
        """Infers the part to change: a day is another moment, a postcode another place."""
        if message.started and (number := corrected_number(message.typed)):
            answers.give(NEW_NUMBER.slot, number)
        named = answers["delivery_date"] or answers["day_part"]
        if answers["delivery_change"] is None and named and not says(ADDRESS, message.typed):
            answers.give("delivery_change", "moment")
        elif answers["delivery_change"] is None and (
            answers[NEW_POSTCODE.slot] or answers[NEW_NUMBER.slot]
        ):
            answers.give("delivery_change", "address")

    async def prepare(self, answers: Answers) -> Stopped | None:
        """Stops when the delivery cannot be changed any more."""
        number = answers["order_number"]
        delivery = await shop.query(deliveries.get, number)
        answers.facts["delivery"] = delivery
        today = runtime.today()
        if delivery is not None and delivery.may_change(today):
            return None
        status = delivery.status if delivery else "cancelled"
        if status in {"delivered", "cancelled"}:
            day = formatting.day(delivery.delivered_on or today) if delivery else ""
            return Stopped(f"utter_change_impossible_{status}", {"order": number, "day": day})
        return Stopped("utter_change_impossible_today", {"order": number})

    async def check(self, question: Question, value: Any, answers: Answers) -> Step:
        """Checks an answer; a day must be one on which the vans drive."""
        if question == DAY:
            return _check_day(str(value), answers)
        if question == PART:
            return _check_part(value, answers)
        if question == WHAT and value not in {"moment", "address"}:
            return RefusedAnswer()
        return Accepted(value)

    def day_known(self, question: Question, answers: Answers) -> date | None:
        """A day later is later than planned."""
        return _delivery(answers).planned_on if question == DAY else None

    async def prompt(self, question: Question, answers: Answers) -> Prompt:
        """Offers days to choose from, and says the whole change before it is made."""
        if question == DAY:
            return Prompt(buttons=_days(answers))
        if question == PART:
            return _which_part(answers)
        if question != CONFIRM:
            return Prompt()
        if answers["delivery_change"] == "address":
            where = {"postcode": answers["new_postcode"], "number": answers["new_house_number"]}
            where["order"] = answers["order_number"]
            return Prompt("utter_confirm_delivery_address", where)
        values = _moment(answers)
        if extra := _extra_cents(answers):
            values["fee"] = formatting.euros(extra)
            return Prompt("utter_confirm_delivery_moment_fee", values)
        return Prompt("utter_confirm_delivery_moment", values)


class ActionChangeDelivery(Action):
    """Makes the change that was confirmed."""

    def name(self) -> str:
        """Name of the action in rules."""
        return "action_change_delivery"

    async def run(self, dispatcher: Any, tracker: Any, domain: Mapping[str, Any]) -> Events:
        """Changes the delivery and tells so; says it plainly when it is too late by now."""
        number = verified_order(tracker)
        replies, slot = Replies(dispatcher, domain), tracker.get_slot
        delivery: Delivery | None = await shop.query(deliveries.get, number)
        if delivery is None or not delivery.may_change(runtime.today()):
            replies.say("utter_change_impossible_today", order=number)
        elif slot("delivery_change") == "address":
            place = (slot("new_postcode"), slot("new_house_number"))
            await shop.change(deliveries.change_address, number, *place)
            said = {"order": number, "postcode": place[0], "number": place[1]}
            replies.say("utter_delivery_address_changed", **said)
        else:
            day, part = date.fromisoformat(slot("delivery_date")), slot("day_part")
            said = {"order": number, "day": formatting.day(day), "part": part}
            said["hours"] = HOURS[part]
            await shop.change(deliveries.change_moment, number, day, part)
            replies.say("utter_delivery_moment_changed", **said)
        return []


def _delivery(answers: Answers) -> Delivery:
    found: Delivery = answers.facts["delivery"]
    return found


def _check_day(value: str, answers: Answers) -> Accepted | RefusedAnswer:
    expected = _delivery(answers).expected_on
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return RefusedAnswer(buttons=_days(answers))
    today, said = runtime.today(), {"day": formatting.day(day).capitalize()}
    if day < today:
        return RefusedAnswer("utter_refusal_day_past", said, _days(answers))
    if day == today:
        return RefusedAnswer("utter_refusal_day_today", said, _days(answers))
    if (day - today).days > MAX_DAYS_AHEAD:
        said["last"] = formatting.day(_possible(answers, 20)[-1])
        return RefusedAnswer("utter_refusal_day_far", said, _days(answers, near=day))
    if expected is not None and day < expected:
        said["first"] = formatting.day(expected)
        return RefusedAnswer("utter_refusal_day_early", said, _days(answers))
    if not deliveries.is_delivery_day(day, runtime.holidays()):
        return RefusedAnswer("utter_refusal_day_closed", said, _days(answers, near=day))
    return Accepted(value)


def _check_part(value: Any, answers: Answers) -> Step:
    """A part of the day must be one; the moment that is planned already is no change."""
    if value not in HOURS:
        return RefusedAnswer()
    delivery = _delivery(answers)
    if _is_planned_day(answers) and value == delivery.day_part:
        values = {"order": delivery.order_number, **_when(delivery)}
        return Stopped("utter_delivery_already_planned", values)
    return Accepted(value)


def _which_part(answers: Answers) -> Prompt:
    """Says what the evening costs before it is chosen, and what is planned on that day already."""
    delivery = _delivery(answers)
    values = {"fee": formatting.euros(deliveries.EVENING_FEE)}
    if _is_planned_day(answers):
        return Prompt("utter_question_day_part_same_day", {**values, **_when(delivery)})
    if delivery.extra_cents("avond"):
        return Prompt("utter_question_day_part_fee", values)
    return Prompt()


def _extra_cents(answers: Answers) -> int:
    """What the chosen part costs extra; noted with the summary, as after the change it is 0."""
    part, noted = answers["day_part"], answers["delivery_extra"] or {}
    if noted.get("part") != part:
        noted = {"part": part, "cents": _delivery(answers).extra_cents(part)}
        answers["delivery_extra"] = noted
    return int(noted["cents"])


def _is_planned_day(answers: Answers) -> bool:
    planned = _delivery(answers).planned_on
    return planned is not None and answers["delivery_date"] == planned.isoformat()


def _when(delivery: Delivery) -> dict[str, str]:
    planned, part = delivery.planned_on or runtime.today(), delivery.day_part or ""
    return {"day": formatting.day(planned), "part": part, "hours": HOURS.get(part, "")}


def _possible(
    answers: Answers, count: int, near: date | None = None, declined: Collection[str] = ()
) -> tuple[date, ...]:
    out = frozenset(map(date.fromisoformat, declined))
    expected = _delivery(answers).expected_on
    today, holidays = runtime.today(), runtime.holidays()
    return deliveries.possible_days(today, holidays, count, near, expected=expected, declined=out)


def _days(answers: Answers, near: date | None = None) -> tuple[Button, ...]:
    """Three days to choose from: in place of one that was declined stands the next."""
    choices = (
        button(formatting.short_day(day), "change_delivery", date=day.isoformat())
        for day in _possible(answers, 3, near, answers.declined.get("date", ()))
    )
    return (*choices, leave())


def _moment(answers: Answers) -> dict[str, object]:
    return {
        "order": answers["order_number"],
        "day": formatting.day(date.fromisoformat(answers["delivery_date"])),
        "part": answers["day_part"],
        "hours": HOURS[answers["day_part"]],
    }
