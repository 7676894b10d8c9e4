"""The task to pause, stop or change a subscription: the monthly box, or the energy contract."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from rasa_sdk import Action

from actions import subscription_terms
from actions.backends import contracts, orders, shop, subscriptions
from actions.backends.contracts import Contract
from actions.backends.subscriptions import PAUSE_WEEKS, PLANS, Subscription
from actions.moving_house import moves_house
from actions.subscription_questions import CHANGE, KIND, PLAN, WEEKS, change_in, kinds_in
from actions.verification import ORDER, verified_order
from bot.dialogue import formatting, runtime
from bot.dialogue.buttons import Button, button, leave, person
from bot.dialogue.questions import Accepted, Answers, Prompt, Question, RefusedAnswer, Stopped
from bot.dialogue.replies import Replies
from bot.dialogue.task import CONFIRM, Events, Step, TaskForm
from bot.dialogue.turn_message import TurnMessage
from bot.topics.topic import Topic

KIND_NAMES = {"box": "uw maandelijkse box", "energy": "uw energiecontract"}
_TITLES = {"box": "Maandelijkse box", "energy": "Energiecontract"}
_DOES = {"pause": "pauzeren", "stop": "opzeggen", "plan": "wijzigen"}
_TASK = "change_subscription"


#: Subscription, and what is to change, of intents that name them.
_BY_INTENT = {
    "box_pause": ("box", "pause"),
    "box_stop": ("box", "stop"),
    "box_change": ("box",),
    "energy_stop": ("energy", "stop"),
    "energy_change": ("energy", "plan"),
}


class ChangeSubscriptionForm(TaskForm):
    """Asks which subscription, and what to do with it."""

    topic = Topic(
        _TASK,
        "Abonnement wijzigen",
        team="energie_abonnementen",
        called=("stroom", "gas", "box", "doos", "contract", "boete"),
        slots={
            "subscription": "Abonnement",
            "subscription_change": "Wijziging abonnement",
            "subscription_plan": "Gekozen tarief of pakket",
            "pause_weeks": "Weken pauze",
            "subscription_fee": "",
        },
        values={
            "subscription": {"box": "maandelijkse box", "energy": "energiecontract"},
            "subscription_change": {
                "pause": "pauzeren",
                "stop": "opzeggen",
                "plan": "iets anders kiezen",
            },
            "subscription_plan": {
                "small": "kleine box",
                "medium": "middelgrote box",
                "large": "grote box",
                "fixed": "vast tarief",
                "variable": "variabel tarief",
                "dynamic": "dynamisch tarief",
            },
        },
    )
    proof = ORDER

    def questions(self, answers: Answers) -> tuple[Question, ...]:
        """Questions for kind and change; for a pause also how long, for another plan also which."""
        extra = {"pause": (WEEKS,), "plan": (PLAN,)}
        return (KIND, CHANGE, *extra.get(answers["subscription_change"], ()), CONFIRM)

    def objection(self, message: TurnMessage, answers: Answers) -> Stopped | None:
        """Stops for who moves house: the contract goes along, which a person arranges."""
        if message.started and moves_house(message.typed):
            return Stopped("utter_moving_house_contract", buttons=(person(),))
        return None

    def infer(self, message: TurnMessage, answers: Answers) -> None:
        """Takes what the intent says, and the plan that says by itself what is to change."""
        if answers[CHANGE.slot] == "plan" and CHANGE.slot in answers.given and PLAN.parse:
            plan = PLAN.parse(message.asserted)
            if plan and answers[PLAN.slot] is None:
                answers.give(PLAN.slot, plan)
        if message.started:
            for slot, value in zip(
                (KIND.slot, CHANGE.slot), _BY_INTENT.get(message.intent or "", ()), strict=False
            ):
                # The customer's own words go before what the message was taken for.
                if slot not in answers.given:
                    answers.give(slot, value)

    async def prepare(self, answers: Answers) -> Stopped | None:
        """Stops when the customer has nothing to change."""
        found = await _subscriptions(answers["order_number"])
        answers.facts["subscriptions"] = {each.kind: each for each in found}
        if found:
            answers.facts["contract"] = await _contract(found[0].customer_id)
        if not found:
            return Stopped("utter_subscription_none")
        # Who wants to end the box must not end the only contract there is, which is another one.
        if len(found) == 1 and answers["subscription"] in (None, found[0].kind):
            answers.accept("subscription", found[0].kind)
        return None

    async def check(self, question: Question, value: Any, answers: Answers) -> Step:
        """Checks an answer; it must exist, and differ from what the customer has now."""
        if question == KIND:
            known = value in answers.facts["subscriptions"]
            return Accepted(value) if known else RefusedAnswer(buttons=_kinds(answers))
        current = _current(answers)
        if question == CHANGE:
            return _check_change(str(value), current)
        if question == WEEKS:
            return Accepted(str(value)) if str(value) in map(str, PAUSE_WEEKS) else RefusedAnswer()
        if value not in PLANS[current.kind]:
            return RefusedAnswer(buttons=_plans(current, answers))
        if value == "dynamic" and not _may_be_dynamic(answers):
            return RefusedAnswer("utter_refusal_no_smart_meter", buttons=_plans(current, answers))
        if value == current.plan:
            name = PLANS[current.kind][current.plan].lower()
            return RefusedAnswer(
                "utter_refusal_same_plan", {"plan": name}, _plans(current, answers)
            )
        return Accepted(value)

    def further(self, texts: Sequence[str], answers: Answers) -> tuple[Button, ...]:
        """The other subscription, where both were named in one breath."""
        kind, change = answers[KIND.slot], answers[CHANGE.slot]
        text = next((each for each in texts if len(kinds_in(each)) > 1), "")
        known = answers.facts.get("subscriptions", ())
        others = [each for each in kinds_in(text) if each != kind and each in known]
        wishes = []
        for each in others if change in _DOES else ():
            # "Mijn box opzeggen en energie naar variabel": each part says what is to be done.
            parts = re.split(r"\ben\b|[,.;]", text)
            own = next((part for part in parts if kinds_in(part) == (each,)), "")
            wishes.append(_wish(each, change_in(own) or change))
        return tuple(wishes)

    def another(self, question: Question, value: Any, answers: Answers) -> Button:
        """The other subscription by its name, with the same change."""
        change = answers[CHANGE.slot]
        if question != KIND or change not in _DOES:
            return super().another(question, value, answers)
        return _wish(value, change)

    async def prompt(self, question: Question, answers: Answers) -> Prompt:
        """Offers what is possible, and says the whole change before it is made."""
        if question == KIND:
            return Prompt(buttons=_kinds(answers))
        current = _current(answers)
        kind, name = KIND_NAMES[current.kind], PLANS[current.kind][current.plan].lower()
        if question == CHANGE:
            response = f"utter_question_subscription_change_{current.kind}"
            refusal = f"utter_refusal_subscription_change_{current.kind}"
            return Prompt(response, {"kind": kind, "plan": name}, refusal=refusal)
        if question == PLAN:
            return Prompt(values={"plan": name}, buttons=_plans(current, answers))
        if question != CONFIRM:
            return Prompt()
        change, today = answers["subscription_change"], runtime.today()
        if current.kind == "energy":
            subscription_terms.note_fee(change, answers, _of_energy(answers), today)
        what, values = subscription_terms.outcome(change, answers, current.kind, today)
        return Prompt(f"utter_confirm_subscription_{what}", {"kind": kind, **values})


class ActionChangeSubscription(Action):
    """Makes the change that was confirmed."""

    def name(self) -> str:
        """Name of the action in rules."""
        return "action_change_subscription"

    async def run(self, dispatcher: Any, tracker: Any, domain: Mapping[str, Any]) -> Events:
        """Changes the subscription and tells what holds from now on."""
        replies, slots = Replies(dispatcher, domain), Answers(tracker.slots)
        kind, change = slots["subscription"], slots["subscription_change"]
        found = await _subscriptions(verified_order(tracker))
        current = next((each for each in found if each.kind == kind), None)
        if current is None:
            replies.say("utter_subscription_none")
            return []
        who, today = current.customer_id, runtime.today()
        what, values = subscription_terms.outcome(change, slots, current.kind, today)
        if change == "pause":
            back = today + timedelta(weeks=int(slots["pause_weeks"]))
            await shop.change(subscriptions.pause, who, current.kind, back)
        elif change == "stop":
            ends = await shop.change(subscriptions.stop, who, current.kind, today)
            values["day"] = formatting.day(ends)
        else:
            plan = slots["subscription_plan"]
            await shop.change(subscriptions.change_plan, who, current.kind, plan)
            if current.kind == "energy":
                until = subscription_terms.fixed_until(plan, today)
                await shop.change(contracts.fix, who, until)
        replies.say(f"utter_subscription_changed_{what}", kind=KIND_NAMES[current.kind], **values)
        return []


def _wish(kind: str, change: str) -> Button:
    return button(
        f"{_TITLES[kind]} {_DOES[change]}", _TASK, subscription=kind, subscription_change=change
    )


async def _subscriptions(number: str) -> tuple[Subscription, ...]:
    order = await shop.query(orders.get, number)
    if order is None:
        return ()
    today = runtime.today()
    return await shop.query(subscriptions.of_customer, order.customer_id, today)


async def _contract(customer_id: int) -> Contract | None:
    return await shop.query(contracts.of_customer, customer_id)


def _of_energy(answers: Answers) -> Contract | None:
    found: Contract | None = answers.facts.get("contract")
    return found


def _may_be_dynamic(answers: Answers) -> bool:
    contract = _of_energy(answers)
    return contract is not None and contract.smart_meter


def _current(answers: Answers) -> Subscription:
    found: Subscription = answers.facts["subscriptions"][answers["subscription"]]
    return found


def _check_change(value: str, current: Subscription) -> Step:
    if value not in {"pause", "stop", "plan"}:
        return RefusedAnswer(f"utter_refusal_subscription_change_{current.kind}")
    if current.ends_on is not None:
        values = {"kind": KIND_NAMES[current.kind], "day": formatting.day(current.ends_on)}
        return Stopped("utter_subscription_already_stopped", values)
    if value == "pause" and current.kind == "energy":
        return RefusedAnswer("utter_refusal_pause_energy")
    return Accepted(value)


def _kinds(answers: Answers) -> tuple[Button, ...]:
    known = answers.facts["subscriptions"]
    choices = (
        button(title, _TASK, subscription=kind) for kind, title in _TITLES.items() if kind in known
    )
    return (*choices, leave())


def _plans(current: Subscription, answers: Answers) -> tuple[Button, ...]:
    choices = (
        button(name, _TASK, subscription_plan=plan)
        for plan, name in PLANS[current.kind].items()
        if plan != current.plan and (plan != "dynamic" or _may_be_dynamic(answers))
    )
    return (*choices, leave())
