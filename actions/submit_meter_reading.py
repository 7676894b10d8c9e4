"""The task to pass on a meter reading."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from typing import Any

from rasa_sdk import Action

from actions.backends import contracts, meter_readings, orders, shop
from actions.backends.contracts import Contract
from actions.backends.meter_readings import HIGHEST, Meter, Reading, is_plausible
from actions.other_meters import POWER, names_other, of_power, own_part
from actions.verification import ORDER, verified_order
from bot.dialogue import formatting, runtime
from bot.dialogue.additions import adds
from bot.dialogue.buttons import button, person
from bot.dialogue.choice_patterns import first, says
from bot.dialogue.questions import (
    Accepted,
    Answers,
    Prompt,
    Question,
    RefusedAnswer,
    Remark,
    Stopped,
)
from bot.dialogue.replies import Replies
from bot.dialogue.task import CONFIRM, Events, Step, TaskForm
from bot.dialogue.turn_message import TurnMessage
from bot.topics.topic import Topic

#: Digits that say who is asking: an order number, a postcode.
_IDENTITY = re.compile(r"\bPP\W{0,3}\d{6}\b|\b\d{4} ?[A-Z]{2}\b", re.IGNORECASE)


def _digits(text: str) -> int | None:
    """The one number in the words, or None; decimals are read over."""
    own = _IDENTITY.sub(" ", own_part(text))
    found = re.findall(r"\d[\d. ]*", re.sub(r",\d+", "", own))
    return int(re.sub(r"\D", "", found[0])) if len(found) == 1 else None


_GAS = r"\bgas|\bm3\b|\bm³|\bkuub\b"
_FEEDS_BACK = r"zonnepane|terug ?lever|\bteruggeleverd\b|\bzelf stroom\b"


def _digits_or_both(text: str) -> int | dict[str, int] | None:
    """The one number in the words, or both tariffs': high first, as they are asked."""
    own = _IDENTITY.sub(" ", own_part(text))
    both = re.fullmatch(r"\D*(\d{3,6})\D+(\d{3,6})\D*", own)
    return {"high": int(both[1]), "low": int(both[2])} if both else _digits(text)


HIGH = Question(
    "meter_reading",
    parse=_digits_or_both,
    names=("hoog", "hoge tarief", "hoge", "normaal", "normaaltarief", "dagtarief"),
)
LOW = Question(
    "meter_reading_low",
    entity="meter_reading",
    parse=_digits,
    names=("laag", "lage tarief", "lage", "dal", "daltarief", "nachttarief"),
)
#: Asked of who has, or may have, more than one number to read.
SOLAR = Question("meter_solar", intents={"affirm": "yes", "deny": "no"})
WHICH = Question("meter_kind", parse=partial(first, (("power", POWER), ("gas", _GAS))))


class SubmitMeterReadingForm(TaskForm):
    """Asks what the meter shows, once or for each tariff."""

    topic = Topic(
        "submit_meter_reading",
        "Meterstand doorgeven",
        team="energie_abonnementen",
        entities=("meter_reading",),
        called=("stroom", "stand", "meter"),
        extractors=("actions.extractors.MeterReadings",),
        slots={
            "meter_reading": "Meterstand",
            "meter_reading_low": "Meterstand laag tarief",
            "meter_solar": "Zonnepanelen",
            "meter_kind": "Meter",
            "meter_doubted": "",
        },
        values={
            "meter_solar": {"yes": "ja", "no": "nee"},
            "meter_kind": {"power": "stroom", "gas": "gas"},
        },
    )
    proof = ORDER

    def questions(self, answers: Answers) -> tuple[Question, ...]:
        """Questions for the number, or one for each of two tariffs; then whether it is right."""
        meter: Meter | None = answers.facts.get("meter")
        contract: Contract | None = answers.facts.get("contract")
        first_of_all = (
            *((SOLAR,) if contract and contract.solar is None else ()),
            *((WHICH,) if contract and contract.gas else ()),
        )
        readings = (HIGH, LOW) if meter and meter.two_tariffs else (HIGH,)
        return (*first_of_all, *readings, CONFIRM)

    def read(self, tracker: Any) -> TurnMessage:
        """The message; of two meters' readings only that of the power meter counts."""
        return of_power(super().read(tracker))

    def objection(self, message: TurnMessage, answers: Answers) -> Stopped | Remark | None:
        """Stops for a meter of another kind, or one that also counts power fed back.

        Who asks about another meter, or names it besides, keeps what was told of this one.
        """
        if names_other(message.typed):
            beside = says(POWER, message.typed) or _tells_beside(message)
            if beside or (not message.started and (message.is_question or adds(message.typed))):
                return Remark("utter_meter_only_power", buttons=(person(),))
            return Stopped("utter_meter_only_power", buttons=(person(),))
        tells = not (message.started or message.is_question)
        if tells and says(_FEEDS_BACK, message.typed):
            return Stopped("utter_meter_solar", buttons=(person(),))
        return None

    def infer(self, message: TurnMessage, answers: Answers) -> None:
        """Takes "mijn stroommeter staat op ..." for the meter of which the reading is."""
        if message.started and says(POWER, message.typed):
            answers.give("meter_kind", "power")

    async def prepare(self, answers: Answers) -> Stopped | None:
        """Stops for a customer without an energy contract."""
        order = await shop.query(orders.get, answers["order_number"])
        meter = await shop.query(meter_readings.meter_of, order.customer_id) if order else None
        if meter is None:
            return Stopped("utter_meter_none")
        today, who = runtime.today(), meter.customer_id
        contract = await shop.query(contracts.of_customer, who)
        if contract is not None and contract.solar:
            return Stopped("utter_meter_solar", buttons=(person(),))
        answers.facts.update(
            meter=meter,
            contract=contract,
            last=await shop.query(meter_readings.last, who, today),
            usual=await shop.query(meter_readings.usual_a_day, who, today),
        )
        return None

    async def check(self, question: Question, value: Any, answers: Answers) -> Step:
        """Checks a reading: a meter counts up, and not by ten times what is usual."""
        if question == SOLAR:
            return _only("no", value, Stopped("utter_meter_solar", buttons=(person(),)))
        if question == WHICH:
            return _only("power", value, Stopped("utter_meter_only_power", buttons=(person(),)))
        meter, last = answers.facts["meter"], answers.facts["last"]
        number = _own_number(question, value, meter, answers)
        if number is None or not 0 <= number <= HIGHEST:
            return RefusedAnswer()
        before = _before(last, low=question == LOW)
        if before is not None and number < before:
            return RefusedAnswer("utter_refusal_reading_lower", {"given": formatting.whole(number)})
        if before is not None and _jumps(number, before, question, answers):
            # Asked back once: who reads the same number again has looked.
            answers["meter_doubted"] = number
            again = button(formatting.whole(number), self.task, **{question.slot: number})
            given = {"given": formatting.whole(number)}
            return RefusedAnswer("utter_refusal_reading_jump", given, (again, person()))
        return Accepted(number)

    async def prompt(self, question: Question, answers: Answers) -> Prompt:
        """Says which number is asked, and asks about a very high one; never shows the last one."""
        meter, last = answers.facts["meter"], answers.facts["last"]
        if question == CONFIRM:
            return _confirmation(answers, meter, last)
        if question in (SOLAR, WHICH):
            return Prompt()
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


def _tells_beside(message: TurnMessage) -> bool:
    """Whether a reading of this meter stands beside that of another."""
    return own_part(message.typed) != message.typed and message.entity("meter_reading") is not None


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


def _only(wanted: str, value: Any, otherwise: Stopped) -> Step:
    return Accepted(value) if value == wanted else otherwise


def _jumps(number: int, before: int, question: Question, answers: Answers) -> bool:
    """Whether a number is beyond belief, and was not given before."""
    last, usual = answers.facts["last"], answers.facts["usual"]
    if usual is None or answers["meter_doubted"] == number:
        return False
    days = (runtime.today() - last.read_on).days
    return meter_readings.is_jump(number, before, days, usual[1 if question == LOW else 0])


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
