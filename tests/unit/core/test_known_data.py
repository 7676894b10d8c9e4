"""What a task knows of the customer's own goes before pages that are only near."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActiveLoop, Event, SlotSet, UserUttered
from rasa.shared.core.slots import AnySlot
from rasa.shared.core.trackers import DialogueStateTracker

from bot.core.known_data import is_known

SLOTS = [
    AnySlot(name, mappings=[{"type": "custom"}], influence_conversation=False)
    for name in ("topic", "form_outcome", "confirmed", "requested_slot")
]
TOLD = {"topic": "track", "form_outcome": "complete"}


def known(*events: Event, intent: str = "track", sure: float = 0.9, **slots: Any) -> bool:
    """Whether a message is about what was told."""
    meant = {"name": intent, "confidence": sure}
    heard = UserUttered("waar blijft hij", meant, [], {"text": "waar blijft hij", "intent": meant})
    told = [SlotSet(name, value) for name, value in {**TOLD, **slots}.items()]
    tracker = DialogueStateTracker.from_events(
        "a", [*told, *events, heard], SLOTS, domain=Domain.empty()
    )
    return is_known(tracker)


def test_a_task_that_only_told_knows_it() -> None:
    """Also with an outcome of its own."""
    assert known()
    assert known(form_outcome="complete 2")


@pytest.mark.parametrize(
    "other",
    [
        {"intent": "hours"}, {"sure": 0.5}, {"form_outcome": "left"}, {"confirmed": "yes"},
        {"topic": None},
    ],
)  # fmt: skip
def test_anything_else_is_looked_up(other: dict[str, Any]) -> None:
    """Another subject, a doubtful one, and what was left or changed something."""
    assert not known(**other)


def test_within_a_task_its_question_is_open() -> None:
    """The form looks itself."""
    assert not known(ActiveLoop("track_form"))
