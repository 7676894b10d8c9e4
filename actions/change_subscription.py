"""The task to pause, stop or change a subscription: the monthly box, or the energy contract."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from rasa_sdk import Action

from actions.backends import orders, shop, subscriptions
from actions.backends.subscriptions import PAUSE_WEEKS, PLANS, Subscription
from actions.verification import ORDER, verified_order
from bot.dialogue import formatting, runtime
from bot.dialogue.buttons import Button, button, leave
from bot.dialogue.choice_patterns import first, says
from bot.dialogue.questions import Accepted, Answers, Prompt, Question, RefusedAnswer, Stopped
from bot.dialogue.replies import Replies
from bot.dialogue.task import CONFIRM, Events, Step, TaskForm
from bot.topics.topic import Topic

KIND_NAMES = {"box": "uw maandelijkse box", "energy": "uw energiecontract"}
_TASK = "change_subscription"
_STOP = (
    r"opzeg|zeg .*\bop\b|stopzet|stoppen|be[eë]indig|op te zeggen|"
    r"(abonnement|contract|box) (\w+ )?annul"
)
_OTHER_PLAN = (
    r"\bandere? (\w+ )?\w*(box|tarief|abonnement|contract)|overstap|grotere|kleinere|"
    r"(grote|kleine) box|vast tarief|variabel|dynamisch"
)
_CHANGES = (
    ("pause", r"pauze|tijdelijk|even stil|overslaan|onderbreken"),
    ("stop", _STOP),
    ("plan", _OTHER_PLAN),
)
_PLAN_WORDS = (
    ("small", r"klein|\bsmall\b"),
    ("medium", r"middel|\bmedium\b"),
    ("large", r"gro(te|ot)|\blarge\b"),
    ("fixed", r"\bvast"),
    ("variable", r"variabel"),
    ("dynamic", r"dynamisch|uurprijs"),
)
_WEEKS = (
    ("4", r"\b(4|vier|(een|één|1) maand)\b"),
    ("8", r"\b(8|acht|(twee|2) maanden)\b"),
)


def _kind(text: str) -> str | None:
    box = says(r"\b(maand)?box", text)
    energy = says(r"\b(energie|stroom|gas\b|elektr|tarief)", text)
    if box == energy:
        return None
    return "box" if box else "energy"


KIND = Question("subscription", parse=_kind, early=True)
CHANGE = Question("subscription_change", parse=partial(first, _CHANGES), early=True, keen=True)
WEEKS = Question("pause_weeks", parse=partial(first, _WEEKS))
PLAN = Question("subscription_plan", parse=partial(first, _PLAN_WORDS), early=True)


class ChangeSubscriptionForm(TaskForm):
    """Asks which subscription, and what to do with it."""

    topic = Topic(
        _TASK,
        "Abonnement wijzigen",
        team="energie_abonnementen",
        slots={
            "subscription": "Abonnement",
            "subscription_change": "Wijziging abonnement",
            "subscription_plan": "Gekozen tarief of pakket",
            "pause_weeks": "Weken pauze",
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

    async def prepare(self, answers: Answers) -> Stopped | None:
        """Stops when the customer has nothing to change."""
        found = await _subscriptions(answers["order_number"])
        answers.facts["subscriptions"] = {each.kind: each for each in found}
        if not found:
            return Stopped("utter_subscription_none")
        if len(found) == 1:
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
            return RefusedAnswer(buttons=_plans(current))
        if value == current.plan:
            name = PLANS[current.kind][current.plan].lower()
            return RefusedAnswer("utter_refusal_same_plan", {"plan": name}, _plans(current))
        return Accepted(value)

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
            return Prompt(values={"plan": name}, buttons=_plans(current))
        if question != CONFIRM:
            return Prompt()
        change = answers["subscription_change"]
        values = {"kind": kind, **_outcome(change, answers, current)}
        return Prompt(f"utter_confirm_subscription_{change}", values)


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
        values = _outcome(change, slots, current)
        who = current.customer_id
        if change == "pause":
            until = runtime.today() + timedelta(weeks=int(slots["pause_weeks"]))
            await shop.change(subscriptions.pause, who, current.kind, until)
        elif change == "stop":
            ends = await shop.change(subscriptions.stop, who, current.kind, runtime.today())
            values["day"] = formatting.day(ends)
        else:
            await shop.change(
                subscriptions.change_plan, who, current.kind, slots["subscription_plan"]
            )
        replies.say(f"utter_subscription_changed_{change}", kind=KIND_NAMES[current.kind], **values)
        return []


async def _subscriptions(number: str) -> tuple[Subscription, ...]:
    order = await shop.query(orders.get, number)
    if order is None:
        return ()
    today = runtime.today()
    return await shop.query(subscriptions.of_customer, order.customer_id, today)


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


def _outcome(change: str, answers: Answers, current: Subscription) -> dict[str, Any]:
    """The values of a change for the texts."""
    today = runtime.today()
    if change == "pause":
        weeks = answers["pause_weeks"]
        return {"weeks": weeks, "day": formatting.day(today + timedelta(weeks=int(weeks)))}
    if change == "stop":
        return {"day": formatting.day(today + subscriptions.NOTICE)}
    return {"plan": PLANS[current.kind][answers["subscription_plan"]].lower()}


def _kinds(answers: Answers) -> tuple[Button, ...]:
    titles: Sequence[tuple[str, str]] = (("box", "Maandelijkse box"), ("energy", "Energiecontract"))
    known = answers.facts["subscriptions"]
    choices = (button(title, _TASK, subscription=kind) for kind, title in titles if kind in known)
    return (*choices, leave())


def _plans(current: Subscription) -> tuple[Button, ...]:
    choices = (
        button(name, _TASK, subscription_plan=plan)
        for plan, name in PLANS[current.kind].items()
        if plan != current.plan
    )
    return (*choices, leave())
