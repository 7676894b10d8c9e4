"""What a form sees when it looks ahead is what Rasa shows it, made in another way."""

from __future__ import annotations

import random
from typing import Any

import pytest
from rasa.core.actions import forms
from rasa.core.actions.forms import FormAction
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    Event,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot.core import rasa_shortcuts, rasa_versions
from bot.core.rasa_versions import fits
from bot.core.tracker_replay import ReplayingTracker
from tests.support.as_installed import as_installed
from tests.support.policy_trial import held

DOMAIN = Domain.from_yaml(
    """
    version: "3.1"
    intents: [ask]
    slots:
      number: {type: any, mappings: [{type: custom}]}
      kind: {type: categorical, values: [a, b], mappings: [{type: custom}]}
    forms:
      a_form: {required_slots: [number, kind]}
    """
)
TRIED: list[Event] = [SlotSet("kind", "b"), SlotSet("number", None)]


@pytest.fixture
def rasas_own(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Makes the tracker of a form as Rasa does; put back afterwards."""
    made = as_installed(forms).FormAction._temporary_tracker
    monkeypatch.setattr(FormAction, "_temporary_tracker", made)
    fits.cache_clear()
    return made


def conversation(seed: int) -> ReplayingTracker:
    """Some conversation, perhaps within the form."""
    chance, tracker = random.Random(seed), ReplayingTracker("x", DOMAIN.slots)
    for _ in range(chance.randrange(30)):
        for event in chance.choice([
            [ActionExecuted("action_listen"), UserUttered("iets", {"name": "ask"})],
            [ActionExecuted("a_form"), ActiveLoop("a_form"), SlotSet("requested_slot", "kind")],
            [ActionExecuted("a_form")],
            [ActionExecutionRejected("a_form")],
            [SlotSet("number", 1), SlotSet("kind", "a")],
            [ActiveLoop(None)],
            *([[Restarted()], [SessionStarted()]] if chance.random() < 0.2 else []),
        ]):  # fmt: skip
            tracker.update(event)
    return tracker


@pytest.mark.parametrize("seed", range(40))
def test_a_form_sees_what_rasa_shows_it(rasas_own: Any, seed: int) -> None:
    """Whatever was said, also after a restart; the conversation itself stays as it is."""
    for _ in range(2):
        rasa_shortcuts.copy_for_forms(ReplayingTracker)
    tracker, form = conversation(seed), FormAction("a_form", None)
    before = held(tracker)
    theirs = rasas_own(form, tracker, TRIED, DOMAIN)
    assert held(form._temporary_tracker(tracker, TRIED, DOMAIN)) == held(theirs)
    assert held(tracker) == before


def test_of_another_tracker_or_version_rasa_makes_it(
    rasas_own: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Slower, and right."""
    rasa_shortcuts.copy_for_forms(ReplayingTracker)
    patched = FormAction._temporary_tracker
    plain = DialogueStateTracker("x", DOMAIN.slots)
    ahead = FormAction("a_form", None)._temporary_tracker(plain, TRIED, DOMAIN)
    assert ahead.get_slot("kind") == "b"
    monkeypatch.setattr(FormAction, "_temporary_tracker", rasas_own)
    monkeypatch.setattr(rasa_versions, "version", lambda _: "99.1.0")
    fits.cache_clear()
    rasa_shortcuts.copy_for_forms(ReplayingTracker)
    assert FormAction._temporary_tracker is rasas_own is not patched
    fits.cache_clear()
