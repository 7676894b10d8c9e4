"""Rasa's responses as customers get them: complete, or without what lacks a value."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.shared.core.slots import AnySlot
from rasa.shared.core.trackers import DialogueStateTracker
from structlog.testing import capture_logs

from bot.catalogue import say
from bot.core.complete_replies import CompleteReplies, use

RESPONSES: dict[str, list[dict[str, Any]]] = {
    "utter_ask": [
        {
            "text": "Wilt u buiten zitten, {name}?",
            "buttons": [
                {"title": "Ja {name}", "payload": "/affirm"},
                {"title": "{name}", "payload": "/deny"},
                {"title": "Later", "payload": "/inform{{'day': '{day}'}}"},
            ],
        }
    ],
    "utter_single": [
        {"text": "Welke?", "buttons": [{"title": "Ja", "payload": '/go{"day": "{day}", "n": 2}'}]}
    ],
    "utter_number": [{"text": "{number}"}],
    "utter_notice": [{"custom": {"kind": "notice", "text": "Voor {people}. Dag {name}!"}}],
    "utter_plain": [{"text": "Hallo!"}],
}


async def said(response: str, slots: dict[str, Any], **values: Any) -> dict[str, Any]:
    """What a customer gets."""
    held = [AnySlot(name, [], initial_value=value) for name, value in slots.items()]
    tracker = DialogueStateTracker("someone", held)
    replies = CompleteReplies(TemplatedNaturalLanguageGenerator(RESPONSES))
    made = await replies.generate(response, tracker, "webchat", **values)
    assert made is not None
    return made


@pytest.mark.parametrize("slots", [{}, {"name": None}], ids=["no slot", "an empty slot"])
async def test_what_has_no_value_is_left_out_and_logged_by_name(slots: dict[str, Any]) -> None:
    """With it a button that would have no words."""
    with capture_logs() as lines:
        made = await said("utter_ask", slots, day="vandaag")
    assert made["text"] == "Wilt u buiten zitten?"
    assert [each["title"] for each in made["buttons"]] == ["Ja", "Later"]
    (line,) = lines
    assert (line["event"], line["response"], line["placeholder"]) == (
        "placeholder_unfilled",
        "utter_ask",
        "name",
    )


async def test_the_braces_of_a_payload_need_not_be_doubled() -> None:
    """Nor is anything logged as a fault of Rasa's."""
    with capture_logs() as lines:
        made = await said("utter_single", {}, day="vandaag")
    assert made["buttons"] == [{"title": "Ja", "payload": '/go{"day": "vandaag", "n": 2}'}]
    assert lines == []


async def test_a_button_that_would_send_a_gap_is_left_out() -> None:
    """It would tell what nobody said."""
    made = await said("utter_ask", {"name": "An"})
    assert [each["title"] for each in made["buttons"]] == ["Ja An", "An"]


async def test_a_reply_of_which_nothing_is_left_is_another() -> None:
    """Silence would be worse."""
    assert (await said("utter_number", {}))["text"] == say("reply.unfilled")


async def test_also_in_a_value_of_lokets_own() -> None:
    """Slots fill the rest, and values go before slots."""
    made = await said("utter_notice", {"people": 3}, people=4)
    assert made["custom"]["text"] == "Voor 4."


async def test_a_complete_reply_is_rasas_own() -> None:
    """Without a log line."""
    with capture_logs() as lines:
        assert (await said("utter_plain", {}))["text"] == "Hallo!"
        assert (await said("utter_ask", {"name": "An"}, day="nu"))["text"].endswith("An?")
    assert not lines


def test_an_agent_says_complete_replies() -> None:
    """Unless its responses come from a server."""
    own = SimpleNamespace(processor=SimpleNamespace(nlg=TemplatedNaturalLanguageGenerator({})))
    use(own)  # type: ignore[arg-type]
    assert isinstance(own.processor.nlg, CompleteReplies)
    other = SimpleNamespace(processor=SimpleNamespace(nlg="elsewhere"))
    use(other)  # type: ignore[arg-type]
    assert other.processor.nlg == "elsewhere"
