"""Compares trackers that were kept from the turn before with those that the database gives."""

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

from bot.core.tracker_replay import ReplayingTracker
from bot.core.tracker_store import LoketTrackerStore, Memory
from bot.store.sql.database import Database

TOLD = frozenset({"asked_day", "quoted_passage"})


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
