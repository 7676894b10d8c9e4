"""Plays Rasa's part for one form: slots, events and what a message means, without a model."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from ruamel.yaml import YAML

from bot.core.assistant_tasks import own_code
from bot.core.form_rules import additions, with_additions
from bot.dialogue.domain_names import names_in

DOMAIN = Path(__file__).parents[2] / "domain.yml"


@cache
def domain() -> dict[str, Any]:
    """The real domain, as actions get it."""
    loaded: dict[str, Any] = YAML(typ="safe").load(DOMAIN.read_text(encoding="utf-8"))
    code = own_code(DOMAIN.parent)
    return with_additions(loaded, additions(code.tasks, loaded, code.actions))


@dataclass(frozen=True)
class Said:
    """What an action did.

    Attributes:
        responses: names of the responses, in order; None for a message of Loket's own.
        messages: rasa-sdk's messages, with values and buttons.
        events: rasa-sdk's events.
    """

    responses: tuple[str | None, ...]
    messages: tuple[dict[str, Any], ...]
    events: tuple[dict[str, Any], ...]

    @property
    def slots(self) -> dict[str, Any]:
        """Slots as they were set."""
        return {event["name"]: event["value"] for event in self.events if event["event"] == "slot"}

    @property
    def buttons(self) -> list[str]:
        """Titles of the buttons made by the action."""
        return [item["title"] for message in self.messages for item in message["buttons"]]

    @property
    def payloads(self) -> list[str]:
        """Payloads of the buttons made by the action."""
        return [item["payload"] for message in self.messages for item in message["buttons"]]


class Conversation:
    """A conversation with one form or action at a time.

    Attributes:
        sender: name of the tracker.
        domain: what actions get.
        acts: how likely the next messages are each act; empty when nobody looked.
        ranking: how sure each meaning of the next messages is, the likeliest first.
        parsed: what else the model found in the next messages, by the keys of Rasa's parse.
    """

    def __init__(self, **slots: Any) -> None:
        self.sender = "someone"
        self.domain = domain()
        self.slots: dict[str, Any] = slots
        self.events: list[dict[str, Any]] = []
        self.loop: str | None = None
        self.acts: dict[str, float] = {}
        self.ranking: dict[str, float] = {}
        self.parsed: dict[str, Any] = {}

    async def start(self, form: Any, text: str = "", **entities: Any) -> Said:
        """A message that starts a form."""
        self._hear(text or f"/{form.task}", form.task, entities)
        self.loop = f"{form.task}_form"
        self.events.append({"event": "active_loop", "name": self.loop})
        return await self._run(form)

    async def say(self, form: Any, text: str, intent: str = "inform", **entities: Any) -> Said:
        """A message while a form runs; a tap when the text begins with a slash."""
        self._hear(text, intent, entities)
        said = await self._run(form)
        if not said.events:
            self.events.append({"event": "action_execution_rejected", "name": self.loop})
        return said

    async def resume(self, form: Any) -> Said:
        """Rasa comes back to the form after a rule answered."""
        return await self._run(form)

    async def act(self, action: Any, text: str = "", intent: str = "", **entities: Any) -> Said:
        """A message that an ordinary action answers; the newest one when there is no text."""
        if text:
            self._hear(text, intent, entities)
        return await self._run(action)

    def _hear(self, text: str, intent: str, entities: dict[str, Any]) -> None:
        found = []
        for name, value in entities.items():
            # A value that stands in the text as it is overlaps with others; see `Entity.overlaps`.
            start = max(text.find(str(value)), 0)
            end = start + len(str(value)) if str(value) in text else start
            found.append({"entity": name, "value": value, "start": start, "end": end})
        message = {
            "text": text,
            "intent": {"name": intent, "confidence": 0.9},
            "entities": found,
            "act": dict(self.acts),
            **self.parsed,
            "intent_ranking": [
                {"name": name, "confidence": share} for name, share in self.ranking.items()
            ],
        }
        self.events.append({"event": "user", "text": text, "parse_data": message})
        self.message = message

    async def _run(self, action: Any) -> Said:
        tracker = Tracker(
            self.sender,
            dict(self.slots),
            self.message if self.events else {},
            list(self.events),
            False,
            None,
            {"name": self.loop} if self.loop else {},
            "action_listen",
        )
        dispatcher = CollectingDispatcher()
        events = await action.run(dispatcher, tracker, self.domain)
        self.events.extend(events)
        for event in events:
            if event["event"] == "slot":
                self.slots[event["name"]] = event["value"]
        _expect_known(dispatcher.messages, self.domain)
        return Said(
            tuple(message["response"] for message in dispatcher.messages),
            tuple(dispatcher.messages),
            tuple(events),
        )


def _expect_known(messages: list[dict[str, Any]], known: dict[str, Any]) -> None:
    """Expects the values of buttons to be entities of the domain: Rasa drops any other."""
    entities = set(names_in(known["entities"]))
    for payload in (each["payload"] for said in messages for each in said.get("buttons") or ()):
        _, brace, values = str(payload).partition("{")
        lost = set(json.loads(brace + values)) - entities if brace else set()
        assert not lost, f"{payload} gives {lost}, which the domain does not know as entities"
