"""What was carried out a moment ago cannot be dropped any more, and that is said."""

from __future__ import annotations

from typing import Any

import pytest

from bot.dialogue.actions.small_talk import ActionCancelTask
from bot.dialogue.carried_out import just_carried_out
from bot.dialogue.unsure_start import is_unsure_start
from tests.support.form_driver import Conversation

USER: dict[str, Any] = {"event": "user"}
DONE: dict[str, Any] = {"event": "slot", "name": "form_outcome", "value": "complete"}
SLOTS = {"form_outcome": "complete", "confirmed": "yes"}


@pytest.mark.parametrize(
    ("events", "slots", "said"),
    [
        ([USER, DONE, USER], SLOTS, True),
        ([USER, DONE, USER, USER], SLOTS, True),
        ([USER, DONE, USER, USER, USER], SLOTS, False),
        ([USER, USER, DONE], SLOTS, False),
        ([USER, DONE, USER], {**SLOTS, "confirmed": None}, False),
        ([USER, DONE, USER], {**SLOTS, "form_outcome": "stopped"}, False),
        ([USER], SLOTS, False),
    ],
)
def test_a_moment_is_two_messages(
    events: list[dict[str, Any]], slots: dict[str, Any], *, said: bool
) -> None:
    """And only a task that was agreed to was carried out."""
    assert just_carried_out(slots, events) is said


async def test_who_drops_it_then_gets_a_person_offered() -> None:
    """Not "er loopt niets", nor a task that does the opposite."""
    talk = Conversation(**SLOTS)
    talk.events += [USER, DONE]
    said = await talk.act(ActionCancelTask(), "toch maar niet", "cancel_task")
    assert "al uitgevoerd" in said.messages[-1]["text"]
    assert said.buttons == ["Medewerker"]


def test_dropping_words_about_it_start_no_task() -> None:
    """However sure the task of their words is."""
    domain = {"responses": {}, "slots": {}, "forms": {"lend_form": {}}, "intents": ["lend"]}
    text = "ik wil m toch niet lenen"
    parse = {
        "text": text,
        "intent": {"name": "lend", "confidence": 0.97},
        "act": {"withdraw": 0.3},
    }
    assert is_unsure_start(parse, domain, done=True)
    assert not is_unsure_start(parse, domain)
