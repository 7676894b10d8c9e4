"""Plays Rasa's part for the whole shop: which form or action answers, without any model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.utils import all_subclasses
from ruamel.yaml import YAML

from bot.core.assistant_tasks import own_code
from bot.core.form_rules import rules
from bot.dialogue.actions.affirm import ActionAffirm
from bot.dialogue.actions.back_to_bot import ActionBackToBot
from bot.dialogue.actions.break_loop import ActionBreakLoop
from bot.dialogue.actions.handover import ActionHandover, ActionSensitiveMatter
from bot.dialogue.actions.session_start import ActionSessionStart
from bot.dialogue.actions.small_talk import (
    ActionAnythingElse,
    ActionCancelTask,
    ActionInform,
    ActionTopics,
)
from bot.dialogue.message_reading import NOTED
from bot.dialogue.starting_intents import noted
from bot.dialogue.task import TaskForm, task_forms
from bot.topics import built_in
from bot.topics.starting_rules import starting_intents
from tests.support.form_driver import DOMAIN, domain

#: Rules that do not start a form, by intent.
_RULES: Mapping[str, type[Action]] = {
    "affirm": ActionAffirm,
    "deny": ActionTopics,
    "cancel_task": ActionCancelTask,
    "inform": ActionInform,
    built_in.ESCAPE: ActionHandover,
    "back_to_bot": ActionBackToBot,
    "sensitive_matter": ActionSensitiveMatter,
}
#: These begin with a new meaning of the message, or end with the form, at most so often in a turn.
_STEPS = 8


@dataclass(frozen=True, slots=True)
class Shop:
    """The shop's forms and actions.

    Attributes:
        domain: what actions get.
        forms: by name.
        starts: the form that an intent starts.
        actions: the assistant's own, by name.
    """

    domain: Mapping[str, Any]
    forms: Mapping[str, TaskForm]
    starts: Mapping[str, str]
    actions: Mapping[str, Action]


@cache
def the_shop() -> Shop:
    """The shop as its files declare it."""
    code = own_code(DOMAIN.parent)
    written: list[Any] = []
    for file in sorted((DOMAIN.parent / "data/rules").glob("*.yml")):
        written += YAML(typ="safe").load(file.read_text(encoding="utf-8")).get("rules") or []
    every = [*written, *rules(code.tasks, domain(), written)]
    names = [task.form for task in code.tasks]
    starts = {
        intent: form
        for form, intents in starting_intents(every).items()
        if form in names
        for intent in intents
    }
    own = (each for each in all_subclasses(Action) if each.__module__.startswith("actions."))
    made = [each() for each in own if not issubclass(each, TaskForm)]
    forms = {form.form_name: form for each in task_forms() if (form := each()).form_name in names}
    actions = {str(each.name()): each for each in made}
    return Shop(noted(domain(), every, names), forms, starts, actions)


@dataclass(slots=True)
class Talk:
    """One conversation.

    Attributes:
        name: of its tracker.
        slots: the tracker's.
        events: the tracker's.
        loop: the form that runs.
        waits: whether the customer waits for a person.
        said: what was said to the newest message: response (empty: none) and text.
        completed: forms that got all answers in this turn.
        payloads: what the options of the last message send.
    """

    name: str
    slots: dict[str, Any] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)
    loop: str | None = None
    waits: bool = False
    said: list[tuple[str, str]] = field(default_factory=list)
    completed: list[str] = field(default_factory=list)
    payloads: list[str] = field(default_factory=list)
    _message: dict[str, Any] = field(default_factory=dict)

    async def begin_session(self, *, fresh: bool = False) -> None:
        """A session begins: hours passed, or a person has settled the conversation."""
        self.slots["session_started_metadata"] = {"fresh": fresh}
        slots, self.waits = self.slots, False
        events = await self._perform(ActionSessionStart())
        self.slots = {"session_started_metadata": slots["session_started_metadata"]}
        self.loop = None
        self._apply(events)

    async def hear(self, message: Mapping[str, Any], answer: str = "") -> None:
        """Takes a message, and says what the shop says to it.

        Args:
            message: Rasa's parse of it.
            answer: what a rule says when the form that runs leaves the message to one.
        """
        self.said, self.completed = [], []
        self._hear(message)
        if self.waits and message["intent"]["name"] != "back_to_bot":
            self.events[-1]["metadata"] = {NOTED: True}
            return
        self.waits = False
        for _ in range(_STEPS):
            if not await self._answer(answer):
                return

    def _hear(self, message: Mapping[str, Any]) -> None:
        self._message = dict(message)
        text = message["text"]
        self.events.append({"event": "user", "text": text, "parse_data": self._message})

    async def _answer(self, answer: str) -> bool:
        """Answers the message as it is read now; whether it got another meaning meanwhile."""
        shop, intent = the_shop(), self._message["intent"]["name"]
        if intent in (built_in.ESCAPE, "back_to_bot"):
            return await self._act(_RULES[intent]())
        if self.loop is not None:
            form = shop.forms[self.loop]
            if events := await self._perform(form):
                return await self._went(form, events)
            self.events.append({"event": "action_execution_rejected", "name": self.loop})
        if (starts := shop.starts.get(intent)) is not None:
            return await self._start(shop.forms[starts])
        if intent == "sensitive_matter":
            return await self._act(_RULES[intent]())
        if self.loop is None:
            return await self._act(_RULES.get(intent, ActionTopics)())
        if answer == "action_break_loop":
            self._apply(await self._perform(ActionBreakLoop()))
            return False
        self._say({"response": answer, "text": "", "buttons": []})
        return await self._go_on()

    async def _start(self, form: TaskForm) -> bool:
        self._apply([{"event": "active_loop", "name": form.form_name}])
        return await self._go_on()

    async def _go_on(self) -> bool:
        """The form that runs has its turn."""
        if self.loop is None:
            return False
        form = the_shop().forms[self.loop]
        return await self._went(form, await self._perform(form))

    async def _went(self, form: TaskForm, events: Sequence[dict[str, Any]]) -> bool:
        """A form had its turn; where it ended, what follows by the rules."""
        self._apply(events)
        ended = {each["name"]: each["value"] for each in events if each["event"] == "slot"}
        if ended.get("requested_slot", "") is not None or not ended.get("form_outcome"):
            return False
        outcome = str(ended["form_outcome"])
        self._apply([{"event": "active_loop", "name": None}])
        if outcome == "handover":
            return await self._act(ActionHandover())
        if outcome == "left":
            return await self._act(ActionCancelTask())
        if outcome.startswith("complete"):
            self.completed.append(form.task)
            action = the_shop().actions.get(f"action_{form.task}")
            if action is not None and await self._act(action):
                return True
        return await self._act(ActionAnythingElse())

    async def _act(self, action: Action) -> bool:
        """Performs an action; whether the message has another meaning after it."""
        events = await self._perform(action)
        self.waits = self.waits or isinstance(action, ActionHandover)
        before = self.loop
        self._apply(events)
        if any(each["event"] == "user" for each in events):
            return True
        follow = next((each["name"] for each in events if each["event"] == "followup"), None)
        if follow == "action_handover":
            return await self._act(ActionHandover())
        if self.loop is not None and (self.loop != before or self.slots.get("resume_asked")):
            return await self._go_on()
        return False

    def _apply(self, events: Sequence[dict[str, Any]]) -> None:
        for event in events:
            self.events.append(event)
            if event["event"] == "slot":
                self.slots[event["name"]] = event["value"]
            elif event["event"] == "active_loop":
                self.loop = event["name"]
            elif event["event"] == "user":
                self._message = {**event["parse_data"], "text": event["text"]}

    async def _perform(self, action: Action) -> list[dict[str, Any]]:
        """Runs an action; what it says is said."""
        loop = {"name": self.loop} if self.loop else {}
        tracker = Tracker(
            self.name, dict(self.slots), self._message, list(self.events), False, None, loop,
            "action_listen",
        )  # fmt: skip
        dispatcher = CollectingDispatcher()
        events = list(await action.run(dispatcher, tracker, the_shop().domain))
        for each in dispatcher.messages:
            self._say(each)
        return events

    def _say(self, message: Mapping[str, Any]) -> None:
        response = str(message.get("response") or message.get("template") or "")
        own = (the_shop().domain["responses"].get(response) or [{}])[0]
        text = str(own.get("text") or message.get("text") or "")
        values = {key: str(value) for key, value in message.items() if not isinstance(value, list)}
        for name, value in values.items():
            text = text.replace(f"{{{name}}}", value)
        buttons = [*(own.get("buttons") or ()), *(message.get("buttons") or ())]
        if not response and not text:
            return
        self.said.append((response, text))
        sent = [str(each["payload"]).replace("{{", "{").replace("}}", "}") for each in buttons]
        self.payloads = sent
        shown = {"buttons": [{"payload": payload} for payload in sent]}
        self.events.append(
            {"event": "bot", "text": text, "data": shown, "metadata": {"utter_action": response}}
        )
