"""What was just said is not said again to a customer who asks on or objects."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalogue import say
from bot.dialogue.said_again import broke_off, quoted_earlier, says_again, tells_again

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


def quoted(title: str = "Lenen", passage: str = "Drie weken.") -> dict[str, Any]:
    custom = {"kind": "quote", "title": title, "passage": passage}
    return {"event": "bot", "text": None, "data": {"custom": custom}}


def test_what_a_page_answered_before_is_told_in_short() -> None:
    """With another message between; what was quoted just now is for the loop rules."""
    events = [heard("hoe lang"), quoted(), heard("open?"), said("Ja."), heard("hoe lang ook weer")]
    assert quoted_earlier(events, "Lenen", "Drie weken.")
    assert not quoted_earlier(events, "Lenen", "Vijf boeken.")
    assert not quoted_earlier(events[2:], "Lenen", "Drie weken.")
    assert not quoted_earlier([*events[:2], heard("hoe lang")], "Lenen", "Drie weken.")


def test_a_new_session_knows_of_no_quote() -> None:
    """Who comes back another day is told all of it."""
    events = [heard("a"), quoted(), {"event": "session_started"}, heard("b"), heard("c")]
    assert not quoted_earlier(events, "Lenen", "Drie weken.")


@given(st.lists(st.sampled_from(["a page", "a word", "a message"]), max_size=8))
def test_only_a_quote_before_the_last_answer_counts(kinds: list[str]) -> None:
    """However the conversation went."""
    made = {"a page": quoted(), "a word": said("Ja."), "a message": heard("en?")}
    events = [made[kind] for kind in kinds]
    heard_at = [at for at, kind in enumerate(kinds) if kind == "a message"]
    before = kinds[: heard_at[-2]] if len(heard_at) > 1 else []
    assert quoted_earlier(events, "Lenen", "Drie weken.") == ("a page" in before)


def test_ways_on_are_known_by_name_or_words() -> None:
    """Of a designer, or of the catalogue."""
    assert tells_again("Anders?", {"utter_action": "utter_told_again_ways"})
    assert tells_again(say("reply.told_again_ways"), {})
    assert not tells_again("Kan ik nog iets doen?", {})
