"""A tracker that was kept from the turn before is the one that the database would have given."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, cast

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity
from sqlalchemy.engine import Connection

from bench.measuring.customers import messages
from bot.core.tracker_replay import ReplayingTracker
from bot.core.tracker_store import LoketTrackerStore, Memory
from bot.store.database import Database
from tests.support.dialogue import Shop

pytestmark = pytest.mark.model

TOLD = frozenset({"asked_day", "quoted_passage"})
#: Tasks with questions in between, corrections, ways out and back, small talk and a new session.
WANDERING = (
    "ik wil iets terugsturen",
    "wat kost dat",
    "PP-100871",
    "terug",
    "PP-100871",
    "3511 LX",
    "hoe laat zijn jullie open",
    "stop",
    "ik wil mijn meterstand doorgeven",
    "PP-100456",
    "stop",
    "/restart",
    "hoi",
    "waar is mijn pakket?",
    "PP-100234",
    "1234 AB",
    "dank u wel",
)


class Comparison:
    """Compares each tracker that was kept with a fresh one, before the turn goes on with it."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        """Begins to compare."""
        self.pairs: list[tuple[Mapping[str, Any], Mapping[str, Any]]] = []
        self.read = 0
        recall = LoketTrackerStore.recall

        def compared(store: LoketTrackerStore, conn: Connection, name: str) -> Memory:
            memory = recall(store, conn, name)
            if memory.tracker is None:
                self.read += 1
                return memory
            fresh = LoketTrackerStore(store.domain, cast(Database, None))
            fresh.use(name, recall(fresh, conn, name))
            read = asyncio.run(fresh.retrieve(name))
            # Not asserted here: the worker would take it for a fault of the assistant.
            self.pairs.append((seen(memory.tracker, store.domain), seen(read, store.domain)))
            return memory

        patch.setattr(LoketTrackerStore, "recall", compared)

    def check(self) -> None:
        """Fails when any was another."""
        for turn, (kept, fresh) in enumerate(self.pairs):
            assert kept["told to actions"] == kept["events"], turn
            for what, value in kept.items():
                assert value == fresh[what], (turn, what)


def seen(tracker: DialogueStateTracker | None, domain: Domain) -> Mapping[str, Any]:
    """All that policies and actions look at."""
    assert isinstance(tracker, ReplayingTracker)
    moments = tracker.moments()
    assert moments is not None
    return {
        "state": told(tracker.current_state()),
        "events": [told(event.as_dict()) for event in tracker.events],
        "told to actions": list(map(told, tracker.current_state(EventVerbosity.ALL)["events"])),
        "applied": [told(event.as_dict()) for event in tracker.applied_events()],
        "slots": {name: (slot.value, slot.has_been_set) for name, slot in tracker.slots.items()},
        "heard": told(tracker.latest_message.as_dict() if tracker.latest_message else {}),
        "states": tracker.past_states(domain),
        "as stories": tracker.past_states(domain, ignore_rule_only_turns=True, rule_only_data={}),
        "moments": [
            [each.read, each.by_text, each.action, each.followup, each.hidden, each.shown_action]
            for each in moments
        ],
        "loops": [told(asdict(each.loop)) for each in moments if each.loop],
        "turns": tracker.turns(TOLD),
    }


def told(event: Mapping[str, Any]) -> dict[str, Any]:
    """An event as JSON, without its time: a checkpoint's events are made when it is read."""
    timeless = {**event, "timestamp": 0, "latest_event_time": 0}
    return cast(dict[str, Any], json.loads(json.dumps(timeless)))


def test_a_long_conversation(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read again only when the part that is kept is made shorter."""
    customer, compared = shop.customer(), Comparison(monkeypatch)
    for text in messages(40):
        assert customer.say(text).owner == "bot"
    compared.check()
    assert len(compared.pairs) >= 36
    assert len(compared.pairs) + compared.read == 40


def test_a_conversation_that_wanders(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Forms left and taken up, words taken back, sessions begun anew."""
    customer, compared = shop.customer(), Comparison(monkeypatch)
    for text in WANDERING:
        assert customer.say(text).owner == "bot", text
    compared.check()
    assert len(compared.pairs) >= len(WANDERING) - 3
