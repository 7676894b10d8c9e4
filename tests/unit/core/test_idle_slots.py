"""Slots that no message can fill are passed over; the others are filled as Rasa fills them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any, cast

import pytest
from rasa.core.actions import action
from rasa.core.actions.action import ActionExtractSlots
from rasa.core.channels.channel import CollectingOutputChannel
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.core import rasa_shortcuts, rasa_versions
from bot.core.rasa_versions import fits
from tests.support.as_installed import as_installed

DOMAIN = """
version: "3.1"
intents: [ask, inform]
entities: [number]
slots:
  idle: {type: any, mappings: [{type: custom}]}
  number: {type: any, mappings: [{type: from_entity, entity: number}]}
  many: {type: list, mappings: [{type: custom}, {type: from_entity, entity: number}]}
  asked: {type: bool, mappings: [{type: from_intent, intent: ask, value: true}]}
  words: {type: text, mappings: [{type: from_text, conditions: [{active_loop: a_form}]}]}
  now_and_then: {type: any, mappings: [{type: custom, conditions: [{active_loop: a_form}]}]}
forms:
  a_form: {required_slots: [number]}
"""
CONVERSATIONS: tuple[tuple[Event, ...], ...] = (
    (UserUttered("1", {"name": "inform"}, [{"entity": "number", "value": "1"}]),),
    (UserUttered("wat", {"name": "ask"}),),
    (
        ActionExecuted("a_form"),
        ActiveLoop("a_form"),
        SlotSet("requested_slot", "number"),
        ActionExecuted("action_listen"),
        UserUttered("1 2", {"name": "ask"}, [{"entity": "number", "value": "2"}]),
    ),
)


@pytest.fixture(autouse=True)
def rasas_own(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """What Rasa has, put back afterwards."""
    monkeypatch.setattr(ActionExtractSlots, "run", as_installed(action).ActionExtractSlots.run)
    fits.cache_clear()
    yield ActionExtractSlots.run
    fits.cache_clear()


def extracted(domain: Domain, events: tuple[Event, ...]) -> list[Event]:
    """What is filled after a message."""
    tracker = DialogueStateTracker.from_events("x", list(events), domain.slots)
    output = CollectingOutputChannel()
    extract = ActionExtractSlots(None)
    return asyncio.run(extract.run(output, cast(Any, None), tracker, domain))


@pytest.mark.parametrize("events", CONVERSATIONS, ids=["entity", "intent", "form"])
def test_slots_are_filled_as_rasa_fills_them(events: tuple[Event, ...]) -> None:
    """From entities, intents and words, in forms and outside."""
    domain = Domain.from_yaml(DOMAIN)
    theirs = extracted(domain, events)
    rasa_shortcuts.spare_idle_slots()
    assert extracted(domain, events) == theirs
    assert theirs


def seen(monkeypatch: pytest.MonkeyPatch, text: str) -> list[str]:
    """The slots that Rasa looks at, of a domain; the patch is applied twice."""
    looked_at: list[str] = []

    async def run(_: Any, *given: Any) -> list[Event]:
        looked_at.extend(slot.name for slot in given[-1].slots)
        return []

    monkeypatch.setattr(ActionExtractSlots, "run", run)
    for _ in range(2):
        rasa_shortcuts.spare_idle_slots()
    extracted(Domain.from_yaml(text), CONVERSATIONS[0])
    return looked_at


def test_only_slots_that_a_message_may_fill_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """A condition may make a difference; what Rasa adds itself is passed over too."""
    looked_at = seen(monkeypatch, DOMAIN)
    assert looked_at[:5] == ["number", "many", "asked", "words", "now_and_then"]
    assert "idle" not in looked_at


@pytest.mark.parametrize(
    "more",
    [
        "actions: [action_validate_slot_mappings]",
        "actions: [action_fill]\nsession_config: {session_expiration_time: 1}",
    ],
    ids=["validated", "filled by an action"],
)
def test_a_domain_that_an_action_is_given_is_whole(
    more: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever it makes of it."""
    text = DOMAIN.replace("[{type: custom}]}", "[{type: custom, action: action_fill}]}", 1)
    text = text if "action_fill" in more else DOMAIN
    assert "idle" in seen(monkeypatch, f"{text}\n{more}\n")


def test_another_version_looks_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """Slower, and as Rasa does it."""
    monkeypatch.setattr(rasa_versions, "version", lambda _: "99.1.0")
    assert "idle" in seen(monkeypatch, DOMAIN)
