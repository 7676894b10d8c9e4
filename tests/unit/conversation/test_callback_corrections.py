"""What is typed below the call-back request corrects it, and nothing else of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation import callback
from bot.conversation.callback import Form, FormStep, ask
from tests.support.calling import CALLING, tell

SHOWN = Form(
    "confirm",
    "Jan de Boer",
    "+31 6 12345678",
    "donderdag na 14 uur (donderdag 3 december)",
    "mijn factuur klopt niet",
)


def change_left(request: Form, text: str) -> FormStep | None:
    """What typed words change of a request that was left already."""
    return callback.changed(request, text, CALLING)


def changed(text: str) -> dict[str, object]:
    """The fields that a message to the request changes."""
    step: FormStep = tell(SHOWN, text)
    before = SHOWN.to_json()
    return {key: value for key, value in step.form.to_json().items() if value != before[key]}


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("nee na 4 uur", "donderdag 3 december na 4 uur"),
        ("toch liever in de ochtend", "donderdag 3 december in de ochtend"),
        ("kan het ook vrijdag", "vrijdag na 14 uur (vrijdag 4 december)"),
        ("niet donderdag maar vrijdag", "vrijdag na 14 uur (vrijdag 4 december)"),
        ("dag klopt niet, vrijdag", "vrijdag na 14 uur (vrijdag 4 december)"),
        ("klopt, alleen de tijd niet: 16 uur", "donderdag 3 december 16 uur"),
        ("zet er maar 15:30 van", "donderdag 3 december 15:30"),
        ("vrijdag om 10 uur", "vrijdag om 10 uur (vrijdag 4 december)"),
        ("zo snel mogelijk", "zo snel mogelijk"),
    ],
)
def test_a_moment(text: str, moment: str) -> None:
    """A new time keeps the day, and a new day the time."""
    assert changed(text) == {"moment": moment}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("het is Jan de Boor", "Jan de Boor"),
        ("nee, Pieter de Boer", "Pieter de Boer"),
        ("De Boor", "De Boor"),
        ("mijn achternaam is Bakker", "Bakker"),
        ("ik ben niet Jan maar Johan", "Johan"),
        ("de naam is fout, het is Joop de Boer", "Joop de Boer"),
        ("met een dubbele o: de Boor", "de Boor"),
    ],
)
def test_a_name(text: str, name: str) -> None:
    """One that is like the name before it, or written as a name."""
    assert changed(text) == {"name": name}


@pytest.mark.parametrize(
    ("text", "contact"),
    [
        ("het is 06 87654321", "+31 6 87654321"),
        ("eindigt op 79", "+31 6 12345679"),
        ("de laatste cijfers zijn 679", "+31 6 12345679"),
    ],
)
def test_a_number(text: str, contact: str) -> None:
    """The whole of it, or its end."""
    assert changed(text) == {"contact": contact}


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("tijd klopt niet", "moment"),
        ("een uur later", "moment"),
        ("naam klopt niet", "name"),
        ("Janssen met dubbel s", "name"),
        ("verkeerd nummer", "contact"),
    ],
)
def test_what_is_called_wrong_is_asked(text: str, asked: str) -> None:
    """Nothing of the complaint becomes the answer."""
    assert changed(text) == {"asked": asked}


@given(st.sampled_from(["ok ok", "hm", "blub", "nou", "tja", "zzz"]), st.text("xyz ", max_size=9))
def test_what_says_nothing_changes_nothing(text: str, more: str) -> None:
    """No field is made of words that are no value."""
    assert set(changed(f"{text} {more}")) <= {"refused", "asked"}


@given(st.sampled_from(["name", "contact", "moment"]), st.text(max_size=40))
def test_a_value_with_words_beside_it_leaves_the_others(field: str, beside: str) -> None:
    """Whatever else is typed: the day and the time of a call become no name."""
    text = {"name": "mijn naam is Ans Bos", "contact": "0687654321", "moment": "vrijdag"}[field]
    assert "vrijdag" not in str(changed(f"{text}\n{beside}").get("name", ""))


def test_a_request_is_corrected_and_confirmed() -> None:
    """One thing after another, each shown again; nothing told before is lost."""
    step = FormStep("asking", SHOWN)
    for text in ("liever vrijdag", "om 3 uur", "het is Jan de Boor", "eindigt op 79"):
        step = tell(step.form, text)
        assert step.form.asked == "confirm"
    assert (step.form.name, step.form.contact) == ("Jan de Boor", "+31 6 12345679")
    assert "vrijdag 4 december" in step.form.moment
    assert "om 3 uur" in step.form.moment
    assert tell(step.form, "klopt").outcome == "done"


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("toch liever vrijdag", "vrijdag na 14 uur (vrijdag 4 december)"),
        ("kan het ook na 4 uur", "donderdag 3 december na 4 uur"),
        ("nee bel maar vrijdag om 10 uur", "vrijdag om 10 uur (vrijdag 4 december)"),
    ],
)
def test_a_request_that_was_left_can_be_changed(text: str, moment: str) -> None:
    """The changed one is shown to be confirmed."""
    step = change_left(SHOWN, text)
    assert step is not None
    assert (step.outcome, step.form.asked, step.form.moment) == ("asking", "confirm", moment)
    assert moment in ask(step.form).text


def test_another_number_for_a_request_that_was_left() -> None:
    """It takes the place of the one before."""
    step = change_left(SHOWN, "nee 06 87654321")
    assert step is not None
    assert step.form.contact.endswith("87654321")


@pytest.mark.parametrize(
    "text",
    [
        "ok",
        "bedankt",
        "Bedankt Jan",
        "donderdag na 14 uur",
        "vrijdag kwam mijn pakket niet",
        "mijn factuur is van 4 december",
        "hoe laat zijn jullie open",
    ],
)
def test_other_words_change_no_request(text: str) -> None:
    """They are for the person who will call."""
    assert change_left(SHOWN, text) is None
