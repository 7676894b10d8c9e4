"""A form that stands in the domain alone: Rasa's `required_slots`, mappings and `utter_ask_<slot>`.

It runs on the engine of every task, so that stopping, going back, correcting, asking something else
and asking for a person work in it as in a form written in Python.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import replace
from typing import Any

from bot.dialogue import response_placeholders as placeholders
from bot.dialogue import runtime
from bot.dialogue.answer_limits import LEAST, MOST, Limits
from bot.dialogue.buttons import Button
from bot.dialogue.questions import Accepted, Answers, Prompt, Question, RefusedAnswer
from bot.dialogue.replies import FORM_LIMIT, FORM_REFUSAL, FORM_REFUSAL_AGAIN, FORM_UNKNOWN
from bot.dialogue.shown_values import kind_of, marked, shown, unmarked
from bot.dialogue.slot_mappings import AskedSlot
from bot.dialogue.starting_intents import of_form
from bot.dialogue.task import Events, Step, TaskForm
from bot.dialogue.turn_message import TurnMessage

Run = Callable[[Any, Any, Mapping[str, Any]], Awaitable[Events]]


class YamlForm(TaskForm):
    """The form of one name in a domain; made anew for each turn."""

    def __init__(self, form: str, domain: Mapping[str, Any]) -> None:
        """Reads what the domain says of the form.

        Args:
            form: its name.
            domain: the assistant's, as actions get it.
        """
        forms, slots = domain["forms"], domain["slots"]
        names = [str(name) for name in forms[form].get("required_slots") or ()]
        others = {
            name
            for other, held in forms.items()
            if other != form
            for name in held.get("required_slots") or ()
        }
        self._starts = of_form(form, domain)
        self.task = next(iter(self._starts), form.removesuffix("_form"))
        self.own_slots = tuple(name for name in names if name not in others)
        self._form = form
        self._asked = {name: AskedSlot.of(name, slots[name], form) for name in names}
        self._ignored = frozenset(_list(forms[form].get("ignored_intents")))
        self._limits = {name: Limits.of(slots[name]) for name in names}
        self._kinds = {str(name): kind_of(slot) for name, slot in slots.items() if slot}
        self._responses = domain.get("responses") or {}
        self._intent: str | None = None

    @property
    def form_name(self) -> str:
        """The form's name in the domain."""
        return self._form

    def read(self, tracker: Any) -> TurnMessage:
        """The message, with the entities as the slots' mappings take them."""
        message = super().read(tracker)
        self._intent = message.intent
        # Of several intents, the one by which the customer began.
        topic = message.intent if message.started else tracker.slots.get("topic")
        self.task = topic if topic in self._starts else self.task
        items = (tracker.latest_message or {}).get("entities") or ()
        found = [e for slot in self._asked.values() for e in slot.entities(items, message.intent)]
        plain = {each.entity for each in self.questions(Answers(tracker.slots))}
        # A tapped answer names its slot; what is read from words counts as its mapping says.
        others = (
            each
            for each in message.entities
            if not message.typed or each.name not in self._asked or each.name in plain
        )
        return replace(message, entities=(*found, *others))

    async def run(self, dispatcher: Any, tracker: Any, domain: Mapping[str, Any]) -> Events:
        """Handles a turn; a message with an intent that the form ignores is left to rules."""
        message = self.read(tracker)
        if message.intent in self._ignored and not (message.started or message.resumed):
            return []
        return await super().run(dispatcher, tracker, domain)

    def questions(self, answers: Answers) -> tuple[Question, ...]:
        """A question for each slot, in the order of the domain."""
        requested = answers["requested_slot"]
        return tuple(each.question(self._intent, requested) for each in self._asked.values())

    def outdated(self, answers: Answers, own: Collection[str]) -> tuple[str, ...]:
        """Its own slots; all, those of other forms among them, when it was the last form to run.

        What another form was told since still counts: nobody says it twice.
        """
        return tuple(self._asked) if answers["topic"] in own else self.own_slots

    def infer(self, message: TurnMessage, answers: Answers) -> None:
        """Takes the values that the starting intent gives."""
        if not message.started:
            return
        for name, slot in self._asked.items():
            value = slot.at_start(message.intent)
            if value is not None and answers[name] is None:
                answers.give(name, value)

    async def check(self, question: Question, value: Any, answers: Answers) -> Step:
        """Whether the value is one of the slot's type and within its limits."""
        fitting = self._asked[question.slot].fitting(value)
        limits = self._limits[question.slot]
        if fitting is not None and limits.allows(fitting, runtime.today()):
            return Accepted(fitting)
        own = await self.prompt(question, answers)
        return RefusedAnswer(own.refusal, own.refusal_values, own.buttons)

    async def prompt(self, question: Question, answers: Answers) -> Prompt:
        """The designer's question, and the refusal of an answer that does not fit."""
        ask = asking(self._form, question.slot, self._responses) or ""
        variants = self._responses.get(ask) or [{}]
        told = str(variants[0].get("text") or "")
        # Rasa knows them only after this turn.
        given = {name: answers[name] for name in placeholders.names(variants[0])}
        values = {name: value for name, value in given.items() if value is not None}
        own, theirs = f"utter_refusal_{question.slot}", f"utter_unknown_{question.slot}"
        refusals = int(answers["refusals"] or 0)
        unknown = "" if refusals or theirs in self._responses else FORM_UNKNOWN
        again, limits = refusals % 3 == 1, self._limits[question.slot]
        if own in self._responses and (not again or f"{own}_again" in self._responses):
            named = limits.values(runtime.today()) if self._names_limits(own) else {}
            named["question"] = self._as_read(told, values)
            return Prompt(ask, values, refusal=own, refusal_values=named, unknown=unknown)
        buttons = tuple(self._as_sent(each, values) for each in variants[0].get("buttons") or ())
        asked, limit = self._as_read(told, values), limits.said(runtime.today())
        if again:
            said = {"question": f"{limit} {asked}".strip()}
        else:
            said = {"limit": limit, "question": asked} if limit else {"question": asked}
        first = FORM_LIMIT if limit else FORM_REFUSAL
        return Prompt(
            ask,
            values,
            buttons,
            refusal=FORM_REFUSAL_AGAIN if again else first,
            refusal_values=said,
            unknown=unknown,
        )

    def _names_limits(self, response: str) -> bool:
        """Whether a designer's refusal names the limits of the answer."""
        held = [self._responses.get(name) for name in (response, f"{response}_again")]
        return not placeholders.names(held).isdisjoint((LEAST, MOST))

    def _as_read(self, text: str, values: Mapping[str, Any]) -> str:
        """A designer's text with values as customers read them."""
        today = runtime.today()
        said = {
            name: shown(value, self._kinds.get(name, ""), today) for name, value in values.items()
        }
        stand_in = placeholders.filled(text, {**values, **marked(said)})
        return str(unmarked(stand_in, said, values, "text"))

    def _as_sent(self, written: Button, values: Mapping[str, Any]) -> Button:
        """A designer's button as Rasa would send it, for a message that is not the designer's."""
        title = self._as_read(str(written["title"]), values)
        return {"title": title, "payload": placeholders.sent(str(written["payload"]), values)}


def asking(form: str, slot: str, responses: Mapping[str, Any]) -> str | None:
    """The response that asks for a slot, in Rasa's order; None when there is none."""
    names = (f"utter_ask_{form}_{slot}", f"utter_ask_{slot}")
    return next((name for name in names if name in responses), None)


def actions_of(form: str, slots: Mapping[str, Any] | list[str]) -> tuple[str, ...]:
    """The custom actions by which Rasa lets the engine run a form of YAML.

    The first handles each turn. The others take the place of Rasa's own asking, one for each slot:
    the engine has asked by then, or has said what else is expected.
    """
    return (f"validate_{form}", *(f"action_ask_{form}_{slot}" for slot in slots))


def action_for(name: str, domain: Mapping[str, Any]) -> Run | None:
    """The function that runs one of a form's actions (`actions_of`); None for any other action.

    Args:
        name: the action.
        domain: the assistant's, as actions get it.
    """
    for form, held in (domain.get("forms") or {}).items():
        handles, *asks = actions_of(form, held.get("required_slots") or [])
        if name == handles:
            return _handling(form)
        if name in asks:
            return _say_nothing
    return None


def _handling(form: str) -> Run:
    async def run(dispatcher: Any, tracker: Any, domain: Mapping[str, Any]) -> Events:
        return await YamlForm(form, domain).run(dispatcher, tracker, domain)

    return run


async def _say_nothing(dispatcher: Any, tracker: Any, domain: Mapping[str, Any]) -> Events:  # noqa: ARG001 - rasa-sdk's parameters
    return []


def _list(given: object) -> list[str]:
    if given is None:
        return []
    return [str(each) for each in given] if isinstance(given, list) else [str(given)]
