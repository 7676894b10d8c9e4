"""What a person reads in a summary: Dutch words, and of what was proved exactly that."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.handover_summary import (
    HandoverSummary,
    ProvedSlots,
    SummaryLine,
    summarise,
    with_said,
    without_proof,
)
from bot.desk.external import case_rendering
from bot.desk.pages import summary_view
from bot.dialogue import runtime
from bot.records.handover_record import Handover
from tests.support.desk import NOW

PROOF = ProvedSlots(("asked", "noted"), ("proved",))
NUMBERS = ("A-1", "A-2", "B-1")


def made(slots: dict[str, Any], proof: ProvedSlots = PROOF) -> HandoverSummary:
    return summarise("asked", "", (), slots, {}, proof)


def mirrored(stored: dict[str, Any]) -> list[str]:
    """The lines that another desk gets."""
    return case_rendering.summary(Handover(1, "c", "asked", "", stored, NOW), {}).text.splitlines()


def asked(*lines: SummaryLine) -> str:
    """The customer's question, where `renew` is a task."""
    return summarise("asked", "", lines, {}, {"renew": "Verlengen"}, PROOF).question


def heard(text: str, intent: str | None = None, payload: str | None = None) -> SummaryLine:
    return SummaryLine("customer", text, intent, payload)


RATING = SummaryLine("customer", "2 want het duurde lang", "rate", rates=True)
NO_QUESTION = (
    RATING,
    SummaryLine("customer", "2", payload='/rate{"score": 2}', rates=True),
    heard("dankje"),
    heard("hallo"),
    heard("👍"),
    heard("ja"),
    heard("nee hoor"),
    heard("Iets anders vragen", payload="/another_question"),
    heard("Medewerker", payload="/look_again"),
    heard("Regenjas", payload='/inform{"item": 1}'),
)


@pytest.mark.parametrize("said", NO_QUESTION)
def test_what_is_no_question(said: SummaryLine) -> None:
    """A score, thanks, a sign, an answer or a tap without a wish, whatever stands before it."""
    assert asked(said) == ""
    assert asked(heard("boek"), said) == "boek"
    assert asked(heard("medewerker"), said) == "medewerker"


@pytest.mark.parametrize(
    ("payload", "wish"),
    [("/renew", True), ('/ask_knowledge{"page": "x"}', True), ("/deny", False)],
)
def test_a_tap_counts_where_it_wishes_something(payload: str, wish: bool) -> None:
    """It goes before a plea for a person, and after the customer's own words."""
    tap = heard("Boek verlengen", payload.partition("{")[0].removeprefix("/"), payload)
    assert asked(heard("medewerker"), tap) == ("Boek verlengen" if wish else "medewerker")
    assert asked(heard("mijn boek is kwijt"), tap) == "mijn boek is kwijt"


def test_the_last_messages_are_those_that_were_sent() -> None:
    """Added to a summary that was stored, the oldest making room."""
    lines = [heard(str(number)) for number in range(6)]
    stored = summarise("asked", "", lines, {}, {}, PROOF).to_json()
    last = with_said(stored, [SummaryLine("system", "Er is nu niemand.")])["last"]
    assert isinstance(last, list)
    assert [each["text"] for each in last] == ["1", "2", "3", "4", "5", "Er is nu niemand."]


def test_codes_have_a_name() -> None:
    """`stop` is shown as the organisation calls it; what has no name is shown as it is."""
    organisation = runtime.organisation()
    slots = {"subscription": "box", "subscription_change": "stop", "order_number": "PP-100456"}
    data = summarise("asked", "", (), slots, organisation.labels, organisation.proof).data
    assert data == {
        "Bestelnummer": "PP-100456",
        "Abonnement": "maandelijkse box",
        "Wijziging abonnement": "opzeggen",
    }


def test_another_order_than_the_proved_one_is_not_proved() -> None:
    """The reported case: prove PP-100871, ask about PP-100234, ask for a person."""
    slots = {"order_number": "PP-100234", "verified_orders": ["PP-100871"]}
    summary = made(slots, runtime.organisation().proof)
    assert (summary.proved, summary.unproved) == (("PP-100871",), ("PP-100234",))
    shown = summary_view.summary(summary.to_json(), "", "asked")
    assert (shown.proved, shown.unproved) == (("PP-100871",), ("PP-100234",))
    lines = mirrored(summary.to_json())
    assert "Gecontroleerd bij de overdracht: PP-100871" in lines
    assert "Niet gecontroleerd: PP-100234" in lines


acts = st.sampled_from(["ask", "note", "prove", "forget"])
steps = st.lists(st.tuples(acts, st.sampled_from(NUMBERS)))


@given(steps)
def test_nothing_unproved_is_ever_called_proved(sequence: list[tuple[str, str]]) -> None:
    """Whatever is asked and proved, in whatever order; here and at another desk."""
    slots: dict[str, Any] = {}
    truth: list[str] = []
    for act, number in sequence:
        if act == "prove":
            truth = [each for each in truth if each != number] + [number]
            slots |= {"asked": number, "proved": list(truth)}
        elif act == "forget":
            truth, slots = [], PROOF.withdrawn(slots)
        else:
            slots["asked" if act == "ask" else "noted"] = number
        summary = made(slots)
        assert list(summary.proved) == truth
        assert not set(summary.unproved) & set(truth)
        asked = {slots.get("asked"), slots.get("noted")} - {None}
        assert asked <= {*summary.proved, *summary.unproved}
        called = [line for line in mirrored(summary.to_json()) if line.startswith("Gecontroleerd")]
        named = {each for each in NUMBERS if any(each in line for line in called)}
        assert named == set(truth)
        anew = summary_view.summary(without_proof(summary.to_json()), "", "asked")
        assert anew.proved == ()
        assert set(anew.unproved) == {*summary.proved, *summary.unproved}


def test_a_summary_of_an_earlier_version_proves_nothing() -> None:
    """It says that something was proved, not what: that is no proof."""
    old = {"question": "Waar is mijn pakket?", "data": {"Bestelnummer": "PP-1"}, "verified": True}
    shown = summary_view.summary(old, "", "asked")
    assert (shown.question, shown.proved, shown.unproved) == ("Waar is mijn pakket?", (), ())
    assert "Niet gecontroleerd: de klant bewees niets" in mirrored(old)


def test_a_day_that_was_not_chosen_yet_is_named() -> None:
    """The days that the customer may mean, in words; a distance from another day says nothing."""

    def told(value: str) -> object:
        proof = runtime.organisation().proof
        labels = {"delivery_date": "Bezorgdag"}
        return dict(summarise("asked", "", (), {"delivery_date": value}, labels, proof).data)

    assert told("2026-12-02") == {"Bezorgdag": "2026-12-02"}
    assert told("[2026-12-03,2026-12-02]") == {
        "Bezorgdag": "woensdag 2 december of donderdag 3 december"
    }
    assert told("P1D") == {}
