"""What a message of a customer who waits asks for: one pure decision, with and without a model."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.waiting import Heard, Wants, decide, to_understand

TASK = Heard("return_item", 0.9, "task")
PAGE = Heard("return_item", 0.9, "task", pages=True, general=True)
FACT = Heard("moving_house", 0.9, "question")
NOTHING = Heard()


@pytest.mark.parametrize(
    ("text", "heard", "wants"),
    [
        ("naar de chatbot", None, "back"),
        ("probeer jij het eens", None, "back"),
        ("laat maar", None, "leave"),
        ("geen mens", NOTHING, "leave"),
        ("laat maar, bel me maar op 0612345678", None, "call_back"),
        ("Toch liever dat u mij belt. 038-4211234, mevrouw De Boer", None, "call_back"),
        ("bel me vanmiddag op 06 12345678", None, "call_back"),
        ("0612345678", None, "call_back"),
        ("bel mij niet", None, "note"),
        ("kan de bezorger mij bellen", None, "note"),
        ("wat is het mailadres", None, "contact"),
        ("ik wil geen terugbelverzoek, alleen het mailadres", TASK, "contact"),
        ("hoe laat zijn jullie open", None, "contact"),
        ("hoe laat zijn jullie open met kerst", Heard("hours", 1.0, "question"), "question"),
        ("medewerker!", None, "wait"),
        ("hoe lang duurt het nog", PAGE, "wait"),
        ("hoe lang duurt een terugbetaling", PAGE, "question"),
        ("hoeveel kost terugsturen?", PAGE, "question"),
        ("kan mijn contract mee als ik verhuis?", FACT, "question"),
        ("ik ben verhuisd", FACT, "note"),
        ("ik wil iets terugsturen", TASK, "task"),
        ("ik wil iets terugsturen", Heard("return_item", 0.5, "task"), "note"),
        ("moet ik dat terugsturen?", Heard("return_item", 0.9, "task", general=True), "note"),
        ("het is de blauwe", NOTHING, "note"),
    ],
)
def test_what_is_asked(text: str, heard: Heard | None, wants: Wants) -> None:
    """By words, and by what the model heard."""
    assert decide(text, heard).wants == wants


def test_what_is_asked_besides_leaving() -> None:
    """It is what the model gets to hear, and what the assistant answers; a remark is neither."""
    text = "laat maar, zeg jij maar of mijn factuur betaald is"
    rest = "zeg jij maar of mijn factuur betaald is"
    assert to_understand(text) == rest
    assert decide(text, None).rest == rest
    assert decide("laat maar, het is een grote rommel", NOTHING).rest == ""
    assert decide("laat maar. terugsturen van de jas", TASK).rest == "terugsturen van de jas"


@pytest.mark.parametrize("text", ["hoeft niet", "nee hoeft niet", "nee dank u", "niet nodig"])
def test_an_offer_that_is_turned_down(text: str) -> None:
    """Below "wilt u gebeld worden" it is no leaving."""
    assert decide(text, None, offered=True).wants == "declines_offer"
    assert decide("laat maar", None, offered=True).wants == "leave"


@pytest.mark.parametrize("form", ["name", "contact", "moment", "question", "confirm"])
def test_within_the_form(form: str) -> None:
    """The form is left, not the queue; as a question any words may be given."""
    assert decide("laat maar", None, form=form).wants == "note"
    assert decide("geen mens reageert", None, form="question").wants == "note"
    wants = decide("wat is jullie nummer", None, form=form).wants
    assert wants == ("note" if form == "question" else "contact")


@given(
    st.sampled_from(
        ["waar is het", "ik wil weten waar het is", "kunt u kijken", "laat maar", "hoe dan"]
    ),
    st.sampled_from(["", "?", "!"]),
)
def test_what_asks_is_never_met_with_silence(text: str, mark: str) -> None:
    """A question, a wish and a withdrawal, whoever hears them."""
    for heard in (None, NOTHING, TASK, PAGE):
        assert decide(f"{text}{mark}", heard).asks


@given(st.text(max_size=300), st.sampled_from([None, NOTHING, TASK, PAGE, FACT]), st.booleans())
def test_any_text_is_decided(text: str, heard: Heard | None, offered: bool) -> None:
    """Nothing fails; a task and a question need a model that heard one."""
    wants = decide(text, heard, offered=offered).wants
    if heard is None:
        assert wants not in ("question", "task")
