"""The importer's part in Rasa's rules: each says how a form ends."""

from __future__ import annotations

import pytest
from rasa.shared.core.events import ActionExecuted, ActiveLoop, Event, SlotSet

from bot.core.importer import with_outcomes

RUN = ActionExecuted("table_form")
DONE = ActionExecuted("utter_submit")


@pytest.mark.parametrize(
    ("events", "added"),
    [
        ([RUN, ActiveLoop("table_form")], SlotSet("form_outcome", None)),
        ([RUN, ActiveLoop(None), DONE], SlotSet("form_outcome", "complete")),
        ([ActiveLoop("table_form"), DONE], None),
        ([ActionExecuted("other_form"), ActiveLoop(None)], None),
        ([RUN, ActiveLoop(None), SlotSet("form_outcome", "left"), DONE], None),
    ],
    ids=["begins", "has all answers", "a condition", "another form", "says so itself"],
)
def test_how_a_form_ends_stands_in_every_rule(events: list[Event], added: SlotSet | None) -> None:
    """Rasa's documentation leaves it out; nothing else of a rule changes."""
    found = with_outcomes(events, {"table_form"})
    assert [each for each in found if each is not added and each in events] == events
    assert [each for each in found if each not in events] == ([added] if added else [])
    if added is not None:
        assert found.index(added) == 2
