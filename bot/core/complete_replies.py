"""Fills responses as customers read them, whoever says them: dates in words, no empty names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import structlog
from rasa.core.nlg import NaturalLanguageGenerator, TemplatedNaturalLanguageGenerator

from bot.catalogue import say
from bot.dialogue import runtime
from bot.dialogue.replies import LEFT_OUT
from bot.dialogue.response_placeholders import GAP, for_rasa, names, without_gaps
from bot.dialogue.shown_values import kind_of, marked, shown, unmarked

if TYPE_CHECKING:
    from rasa.core.agent import Agent
    from rasa.shared.core.slots import Slot
    from rasa.shared.core.trackers import DialogueStateTracker

log = structlog.get_logger(__name__)


class CompleteReplies(NaturalLanguageGenerator):
    """Rasa's responses with slots as customers read them, without the names that have no value.

    Rasa sends the whole text unfilled when one of its names is unknown, and "None" for a slot that
    is empty. Each such name is logged, as it is a mistake of the content.
    """

    def __init__(self, rasas: TemplatedNaturalLanguageGenerator) -> None:
        """Takes Rasa's own generator of responses."""
        self._rasas = rasas
        rasas.responses = {
            name: [_readable(each) for each in told] for name, told in rasas.responses.items()
        }

    async def generate(
        self,
        utter_action: str,
        tracker: DialogueStateTracker,
        output_channel: str,
        **kwargs: Any,
    ) -> dict[str, Any] | None:
        """The response with its values filled in; None when the domain has none of the name."""
        left_out = set(kwargs.pop(LEFT_OUT, None) or ())
        slots = tracker.current_slot_values()
        wanted = names(self._rasas.responses.get(utter_action) or [])
        missing = [name for name in sorted(wanted) if kwargs.get(name, slots.get(name)) is None]
        held = {name: kwargs.get(name, slots[name]) for name in wanted & slots.keys()}
        held = {name: value for name, value in held.items() if value is not None}
        given = kwargs | marked(held) | dict.fromkeys(missing, GAP)
        filled = await self._rasas.generate(utter_action, tracker, output_channel, **given)
        if filled is None:
            return None
        read = {name: _shown(tracker.slots[name], value) for name, value in held.items()}
        said: dict[str, Any] = unmarked(filled, read, held)
        if left_out:
            said["buttons"] = [
                each for each in said.get("buttons") or () if each.get("payload") not in left_out
            ]
        if not missing:
            return said
        for name in missing:
            log.error("placeholder_unfilled", response=utter_action, placeholder=name)
        return completed(said)


def _readable(response: Mapping[str, Any]) -> dict[str, Any]:
    """One text of a response, with payloads that Rasa can fill in."""
    held = dict(response)
    if held.get("buttons"):
        held["buttons"] = [
            {**each, "payload": for_rasa(each["payload"])} if "payload" in each else each
            for each in held["buttons"]
        ]
    return held


def _shown(slot: Slot, value: Any) -> str:
    """The value of a slot as customers read it."""
    kind = kind_of({"type": slot.type_name, "mappings": slot.mappings})
    return shown(value, kind, runtime.today())


def completed(said: Mapping[str, Any]) -> dict[str, Any]:
    """A response of Rasa's without its gaps.

    Args:
        said: with `GAP` wherever a value is missing. A button that would send a gap is left out, as
            is a picture without an address; a text of which nothing is left is another.
    """
    found = {key: _without(held) for key, held in said.items()}
    if said.get("text") and not found["text"]:
        found["text"] = say("reply.unfilled")
    if said.get("buttons"):
        found["buttons"] = [
            _without(button)
            for button in said["buttons"]
            if GAP not in str(button.get("payload")) and without_gaps(str(button.get("title")))
        ]
    if GAP in str(said.get("image")):
        found["image"] = None
    return found


def use(agent: Agent) -> None:
    """Has an agent say complete replies; one whose responses come from elsewhere is left alone."""
    rasas = agent.processor.nlg
    if isinstance(rasas, TemplatedNaturalLanguageGenerator):
        agent.processor.nlg = CompleteReplies(rasas)


def _without(held: Any) -> Any:
    if isinstance(held, str):
        return without_gaps(held)
    if isinstance(held, Mapping):
        return {key: _without(each) for key, each in held.items()}
    return [_without(each) for each in held] if isinstance(held, list) else held
