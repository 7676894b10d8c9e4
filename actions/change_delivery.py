"""The task to get a delivery on another day or at another address."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from rasa_sdk import Action

from actions import delivery_moments as moments
from actions.backends import deliveries, shop
from actions.backends.deliveries import HOURS, Delivery
from actions.delivery_questions import (
    ADDRESS,
    DAY,
    NEW_NUMBER,
    NEW_POSTCODE,
    PARCEL,
    PART,
    SAME_POSTCODE,
    WHAT,
    replaces,
    says_where,
    told_number,
    wants_both,
    wants_elsewhere,
)
from actions.moving_house import moves_house
from actions.verification import ORDER, verified_order
from bot.dialogue import formatting, runtime
from bot.dialogue.buttons import person
from bot.dialogue.choice_patterns import says
from bot.dialogue.questions import Accepted, Answers, Prompt, Question, RefusedAnswer, Stopped
from bot.dialogue.replies import Replies
from bot.dialogue.task import CONFIRM, Events, Step, TaskForm
from bot.dialogue.turn_message import TurnMessage
from bot.topics.topic import Topic

_MOMENT, _PLACE = (DAY, PART), (NEW_POSTCODE, NEW_NUMBER)
_CHANGES = frozenset({"moment", "address", "both"})
#: Kinds of entity and the slots of what they say about a new place, and a new moment.
_PLACE_SLOTS = {"postcode": NEW_POSTCODE.slot, "house_number": NEW_NUMBER.slot}
_DAY_SLOTS = {"date": DAY.slot, "day_part": PART.slot}


class ChangeDeliveryForm(TaskForm):
    """Asks what has to change, and into what."""

    topic = Topic(
        "change_delivery",
        "Bezorging wijzigen",
        team="bezorging",
        entities=("date", "day_part"),
        called=("pakket", "pakje", "levering", "adres", "bezorger", "dag", "plek"),
        slots={
            "delivery_change": "Wijziging bezorging",
            "delivery_date": "Gewenste bezorgdag",
            "day_part": "Dagdeel",
            "new_postcode": "Nieuwe postcode",
            "new_house_number": "Nieuw huisnummer",
            "delivery_extra": "",
        },
        values={
            "delivery_change": {"moment": "dag of tijd", "address": "adres", "both": "dag en adres"}
        },
    )
    proof = ORDER

    def questions(self, answers: Answers) -> tuple[Question, ...]:
        """Questions for a day and part of it, an address, or both; then whether it is right."""
        if change := answers["delivery_change"]:
            return (WHAT, *_parts(change), CONFIRM)
        # Whose delivery it is must be proved first: an address may prove it.
        proved = self.proof.is_proved(answers)
        return (WHAT, *_MOMENT, *(_PLACE if proved else ()))

    def objection(self, message: TurnMessage, answers: Answers) -> Stopped | None:
        """Stops for who moves house and names no parcel: a person arranges that."""
        if message.started and moves_house(message.typed) and not says(PARCEL, message.typed):
            return Stopped("utter_moving_house", buttons=(person(),))
        return None

    def infer(self, message: TurnMessage, answers: Answers) -> None:
        """Infers the part to change: a day is another moment, a postcode another place.

        Who wants the one, and tells the other as well, wants both.
        """
        undecided = answers[WHAT.slot] is None and not message.is_question
        if undecided and wants_both(message.typed):
            answers.give(WHAT.slot, "both")
        if (message.started or undecided) and (number := told_number(message.typed)):
            answers.give(NEW_NUMBER.slot, number)
        if not message.is_question:
            self._add(message, answers)
        named = answers["delivery_date"] or answers["day_part"]
        if answers["delivery_change"] is None and named and not says(ADDRESS, message.typed):
            answers.give("delivery_change", "moment")
        elif answers["delivery_change"] is None and (
            answers[NEW_POSTCODE.slot] or answers[NEW_NUMBER.slot]
        ):
            answers.give("delivery_change", "address")

    def _add(self, message: TurnMessage, answers: Answers) -> None:
        """Adds the other part to the one that is to change, with what is told of it."""
        if not self.proof.is_proved(answers) or replaces(message.typed):
            return
        told = {each.name: each.value for each in message.entities}
        place = {slot: told[name] for name, slot in _PLACE_SLOTS.items() if name in told}
        moment = {slot: told[name] for name, slot in _DAY_SLOTS.items() if name in told}
        if number := told_number(message.typed):
            place[NEW_NUMBER.slot] = number
        stays = says_where(message.typed)
        wants_place = NEW_POSTCODE.slot in place or wants_elsewhere(message.typed)
        wants_moment = bool(moment) and not stays
        had_moment, had_place = (_was_to_change(part, answers) for part in (_MOMENT, _PLACE))
        if (had_moment and (wants_place or _edits(message, _PLACE))) or (
            had_place and (wants_moment or _edits(message, _MOMENT))
        ):
            answers.give(WHAT.slot, "both")
            for slot, value in {**place, **(moment if wants_moment else {})}.items():
                answers.give(slot, value)

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
            return moments.check_day(str(value), answers)
        if question == PART:
            return moments.check_part(value, answers)
        if question == WHAT and value not in _CHANGES:
            return RefusedAnswer()
        if question == NEW_POSTCODE and value == SAME_POSTCODE:
            return Accepted(moments.delivery_of(answers).postcode)
        return Accepted(value)

    def day_known(self, question: Question, answers: Answers) -> date | None:
        """A day later is later than planned."""
        return moments.delivery_of(answers).planned_on if question == DAY else None

    async def prompt(self, question: Question, answers: Answers) -> Prompt:
        """Offers days to choose from, and says the whole change before it is made."""
        if question == DAY:
            return Prompt(buttons=moments.days_to_choose(answers))
        if question == PART:
            return moments.which_part(answers)
        if question != CONFIRM:
            return Prompt()
        change = answers["delivery_change"]
        values: dict[str, object] = {"order": answers["order_number"]}
        if change != "moment":
            values |= {"postcode": answers[NEW_POSTCODE.slot], "number": answers[NEW_NUMBER.slot]}
        if change == "address":
            return Prompt("utter_confirm_delivery_address", values)
        values |= moments.moment_values(answers)
        if extra := moments.extra_cents(answers):
            values["fee"] = formatting.euros(extra)
            return Prompt(f"utter_confirm_delivery_{change}_fee", values)
        return Prompt(f"utter_confirm_delivery_{change}", values)


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
            return []
        change: str = slot(WHAT.slot)
        said: dict[str, Any] = {"order": number}
        if change != "moment":
            place = (slot(NEW_POSTCODE.slot), slot(NEW_NUMBER.slot))
            await shop.change(deliveries.change_address, number, *place)
            said |= {"postcode": place[0], "number": place[1]}
        if change != "address":
            day, part = date.fromisoformat(slot(DAY.slot)), slot(PART.slot)
            await shop.change(deliveries.change_moment, number, day, part)
            said |= {"day": formatting.day(day), "part": part, "hours": HOURS[part]}
        replies.say(f"utter_delivery_{change}_changed", **said)
        return []


def _was_to_change(part: tuple[Question, ...], answers: Answers) -> bool:
    """Whether a part was to change before this message."""
    if WHAT.slot in answers.given:
        # What was to change is replaced now: its answers tell what it was.
        return any(answers.is_checked(each.slot) for each in part)
    return bool(answers[WHAT.slot] == ("moment" if part == _MOMENT else "address"))


def _edits(message: TurnMessage, part: tuple[Question, ...]) -> bool:
    """Whether a tap asks for another answer of a part."""
    edited = message.entity("edit")
    return edited is not None and str(edited.value) in {each.slot for each in part}


def _parts(change: str) -> tuple[Question, ...]:
    """The questions for what is to change."""
    return (*(_MOMENT if change != "address" else ()), *(_PLACE if change != "moment" else ()))
