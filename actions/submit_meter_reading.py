"""The task to pass on a meter reading."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from rasa_sdk import Action

from actions.backends import meter_readings, orders, shop
from actions.backends.meter_readings import HIGHEST, Meter, Reading, is_plausible
from actions.verification import ORDER, verified_order
from bot.dialogue import formatting, runtime
from bot.dialogue.buttons import person
from bot.dialogue.choice_patterns import says
from bot.dialogue.questions import Accepted, Answers, Prompt, Question, RefusedAnswer, Stopped
from bot.dialogue.replies import Replies
from bot.dialogue.task import CONFIRM, Events, Step, TaskForm
from bot.dialogue.turn_message import TurnMessage
from bot.topics.topic import Topic


def _digits(text: str) -> int | None:
    """The one number in the words, or None; decimals are read over."""
    found = re.findall(r"\d[\d. ]*", re.sub(r",\d+", "", text))
    return int(re.sub(r"\D", "", found[0])) if len(found) == 1 else None


_OTHER_METER = r"\b(gas|water|warmte)(stand|meter|verbruik)?(en|s)?\b|\bm3\b|\bm³|\bkuub\b"
_POWER = r"stroom|elektr|kwh"
_FEEDS_BACK = r"zonnepane|terug ?lever|\bteruggeleverd\b|\bzelf stroom\b"


def _digits_or_both(text: str) -> int | dict[str, int] | None:
    """The one number in the words, or both tariffs': high first, as they are asked."""
    both = re.fullmatch(r"\D*(\d{3,6})\D+(\d{3,6})\D*", text)
    return {"high": int(both[1]), "low": int(both[2])} if both else _digits(text)


HIGH = Question("meter_reading", parse=_digits_or_both)
LOW = Question("meter_reading_low", entity="meter_reading", parse=_digits)


class SubmitMeterReadingForm(TaskForm):
    """Asks what the meter shows, once or for each tariff."""

    topic = Topic(
        "submit_meter_reading",
        "Meterstand doorgeven",
        team="energie_abonnementen",
        entities=("meter_reading",),
        extractors=("actions.extractors.MeterReadings",),
        slots={"meter_reading": "Meterstand", "meter_reading_low": "Meterstand laag tarief"},
    )
    proof = ORDER

    def questions(self, answers: Answers) -> tuple[Question, ...]:
        """Questions for the number, or one for each of two tariffs; then whether it is right."""
        meter: Meter | None = answers.facts.get("meter")
        return (HIGH, LOW, CONFIRM) if meter and meter.two_tariffs else (HIGH, CONFIRM)

    def objection(self, message: TurnMessage, answers: Answers) -> Stopped | None:
        """Stops for a meter of another kind, or one that also counts power fed back."""
        if says(_OTHER_METER, message.typed) and not says(_POWER, message.typed):
            return Stopped("utter_meter_only_power", buttons=(person(),))
        if says(_FEEDS_BACK, message.typed) and not message.started:
            return Stopped("utter_meter_solar", buttons=(person(),))
        return None

    async def prepare(self, answers: Answers) -> Stopped | None:
        """Stops for a customer without an energy contract."""
        order = await shop.query(orders.get, answers["order_number"])
        meter = await shop.query(meter_readings.meter_of, order.customer_id) if order else None
        if meter is None:
            return Stopped("utter_meter_none")
        today = runtime.today()
        last = await shop.query(meter_readings.last, meter.customer_id, today)
        answers.facts.update(meter=meter, last=last)
        return None

    async def check(self, question: Question, value: Any, answers: Answers) -> Step:
        """Checks a reading: a lower number than the last was read wrongly, as a meter counts up."""
        meter, last = answers.facts["meter"], answers.facts["last"]
        number = _own_number(question, value, meter, answers)
        if number is None or not 0 <= number <= HIGHEST:
            return RefusedAnswer()
        before = _before(last, low=question == LOW)
        if before is not None and number < before:
            return RefusedAnswer("utter_refusal_reading_lower", {"given": formatting.whole(number)})
        return Accepted(number)

    async def prompt(self, question: Question, answers: Answers) -> Prompt:
        """Says which number is asked, and asks about a very high one; never shows the last one."""
        meter, last = answers.facts["meter"], answers.facts["last"]
        if question == CONFIRM:
            return _confirmation(answers, meter, last)
        which = ("low" if question == LOW else "high") if meter.two_tariffs else "single"
        return Prompt(f"utter_question_meter_reading_{which}")


class ActionSubmitMeterReading(Action):
    """Stores the reading that was confirmed."""

    def name(self) -> str:
        """Name of the action in rules."""
        return "action_submit_meter_reading"

    async def run(self, dispatcher: Any, tracker: Any, domain: Mapping[str, Any]) -> Events:
        """Stores the reading and repeats it to the customer."""
        order = await shop.query(orders.get, verified_order(tracker))
        replies, answers = Replies(dispatcher, domain), Answers(tracker.slots)
        meter = await shop.query(meter_readings.meter_of, order.customer_id) if order else None
        if meter is None:
            replies.say("utter_meter_none")
            return []
        low = int(answers["meter_reading_low"]) if meter.two_tariffs else None
        reading = Reading(runtime.today(), int(answers["meter_reading"]), low)
        await shop.change(meter_readings.submit, meter.customer_id, reading)
        replies.say("utter_meter_reading_kept", reading=_said(reading.high, low))
        return []


def _own_number(question: Question, value: Any, meter: Meter, answers: Answers) -> int | None:
    """Picks the number for a question from what was given: one number, or one for each tariff."""
    if not isinstance(value, Mapping):
        return int(value)
    if not meter.two_tariffs:
        return int(next(iter(value.values()))) if len(value) == 1 else None
    wanted, other = ("low", "high") if question == LOW else ("high", "low")
    if other in value:
        slot = HIGH.slot if question == LOW else LOW.slot
        answers.give(slot, int(value[other]))
    return int(value[wanted]) if wanted in value else None


def _before(last: Reading | None, *, low: bool) -> int | None:
    if last is None:
        return None
    return last.low if low else last.high


def _said(high: int, low: int | None) -> str:
    if low is None:
        return f"{formatting.whole(high)} kWh"
    return f"hoog {formatting.whole(high)} kWh en laag {formatting.whole(low)} kWh"


def _confirmation(answers: Answers, meter: Meter, last: Reading | None) -> Prompt:
    high = int(answers["meter_reading"])
    low = int(answers["meter_reading_low"]) if meter.two_tariffs else None
    values = {"reading": _said(high, low)}
    if last is None:
        return Prompt("utter_confirm_meter_reading", values)
    days = (runtime.today() - last.read_on).days
    plausible = is_plausible(high, last.high, days)
    if low is not None and last.low is not None:
        plausible = plausible and is_plausible(low, last.low, days)
    if plausible:
        return Prompt("utter_confirm_meter_reading", values)
    return Prompt("utter_confirm_meter_reading_high", values)
