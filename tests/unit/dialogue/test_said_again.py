"""What was just said is not said again to a customer who asks on or objects."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.said_again import broke_off, says_again

TEXTS = {
    "utter_paid": [{"text": "Rekening {number} is betaald op {day}."}],
    "utter_open": [{"text": "Nog open."}],
}
PAID = {"response": "utter_paid", "number": "7", "day": "3 mei", "buttons": []}


def heard(text: str) -> dict[str, Any]:
    return {"event": "user", "text": text}


def said(text: str, response: str = "utter_paid") -> dict[str, Any]:
    return {"event": "bot", "text": text, "metadata": {"utter_action": response}}


def again(
    text: str, *responses: dict[str, Any], before: str = "is het betaald", **slots: Any
) -> bool:
    """Whether these replies to a text repeat those before it."""
    events = [heard(before), said("Rekening 7 is betaald op 3 mei."), heard(text)]
    set_ = [{"event": "slot", "name": name, "value": value} for name, value in slots.items()]
    answer = {"events": set_, "responses": list(responses or (PAID,))}
    return says_again(answer, {"events": events}, TEXTS)


@pytest.mark.parametrize(
    "text",
    [
        "ja dat weet ik, ik vraag waarom hij hoger is", "nee!! waar is hij nou",
        "maar ik heb al betaald", "moet ik nu weer betalen?",
        "ik heb hem wel degelijk ontvangen",
    ],
)  # fmt: skip
def test_who_asks_on_or_objects_hears_something_else(text: str) -> None:
    """Whatever words it is in."""
    assert again(text)


@pytest.mark.parametrize(
    ("text", "differs"),
    [
        ("oké bedankt", {}),
        ("/invoice_payment", {}),
        ("is het betaald", {}),
        ("en nummer 8?", {"number": "8"}),
        ("en in juni dan?", {"day": "3 juni"}),
        ("waarom niet?", {"response": "utter_open"}),
    ],
)
def test_all_else_is_said(text: str, differs: dict[str, str]) -> None:
    """Thanks, a tap, the same words again, other values, another reply."""
    assert not again(text, {**PAID, **differs})


def test_a_question_of_a_form_is_asked_again() -> None:
    """It has other words of its own for the second time."""
    assert not again("wat bedoelt u?", requested_slot="number")
    assert again("wat bedoelt u?", requested_slot=None)


def test_a_reply_beside_another_is_none() -> None:
    """Only when all of them were said does it lead nowhere."""
    other = {"response": "utter_open", "buttons": []}
    assert not again("maar waarom?", PAID, other)


def test_what_stood_in_its_place_counts_for_it() -> None:
    """A third time it is not said either."""
    instead = {**said("Waar gaat het over?", "utter_not_that")}
    events = [
        heard("is het betaald"), said("Rekening 7 is betaald op 3 mei."),
        heard("maar waarom?"), instead, heard("nee, dat bedoel ik niet"),
    ]  # fmt: skip
    answer = {"events": [], "responses": [PAID]}
    assert says_again(answer, {"events": events}, TEXTS)
    assert broke_off(events)
    assert not broke_off(events[:3])


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_words_do(before: str, now: str) -> None:
    """No text breaks it, and a first reply is never one again."""
    assert again(now, before=before) in (True, False)
    tracker = {"events": [heard(now)]}
    assert not says_again({"events": [], "responses": [PAID]}, tracker, TEXTS)
