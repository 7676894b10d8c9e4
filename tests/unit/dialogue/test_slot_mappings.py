"""Rasa's slot mappings as questions of a form: what answers, when, and whether it fits."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.slot_mappings import READS, AskedSlot, written

TEXT = {"type": "from_text"}


def slot(kind: str = "text", *mappings: dict[str, Any], **options: Any) -> AskedSlot:
    given = {"type": kind, "mappings": list(mappings or (TEXT,)), **options}
    return AskedSlot.of("wish", given, "table_form")


def parsed(asked: AskedSlot, text: str) -> Any:
    question = asked.question(None, "wish")
    assert question.parse is not None
    return question.parse(text)


@given(st.text())
def test_any_words_answer_a_question_for_text(text: str) -> None:
    """As they are, without the blanks around them; blanks alone are no answer."""
    asked = slot()
    assert asked.question(None, "wish").any_words
    assert parsed(asked, text) == (text.strip() or None)


@given(st.integers(-(10**6), 10**6), st.integers(0, 99))
def test_a_number_answers_a_question_for_one(whole: int, hundredths: int) -> None:
    """With a comma or a point, amid other words; two numbers are not one."""
    asked = slot("float")
    number = whole + hundredths / 100 if whole >= 0 else whole - hundredths / 100
    for mark in ".,":
        text = f"het zijn er {whole}{mark}{hundredths:02}"
        assert asked.fitting(parsed(asked, text)) == pytest.approx(number)
    assert parsed(asked, f"{whole} of 7") is None


@pytest.mark.parametrize(
    ("text", "number"),
    [("drie", 3), ("met z'n vieren", 4), ("anderhalf", 1.5), ("een", 1), ("een paar", None)],
)
def test_a_number_in_words_is_one(text: str, number: float | None) -> None:
    """Also as an entity or a tapped answer writes it."""
    asked = slot("float")
    assert parsed(asked, text) == number
    assert asked.fitting(text) == number


@given(st.floats(allow_nan=False), st.integers(-5, 5), st.integers(6, 20))
def test_a_number_keeps_within_its_limits(value: float, least: int, most: int) -> None:
    """Of the domain: `min_value` and `max_value`."""
    asked = slot("float", min_value=least, max_value=most)
    assert (asked.fitting(value) is not None) == (least <= value <= most)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("grieks", "Grieks"),
        ("doe maar grieks, graag", "Grieks"),
        ("GRIEKS!", "Grieks"),
        ("italiaans of grieks", None),
        ("griekse yoghurt", None),
    ],
)
def test_one_of_the_values(text: str, value: str | None) -> None:
    """The one that the words name, as the domain writes it."""
    asked = slot("categorical", values=["Grieks", "Italiaans"])
    assert parsed(asked, text) == value


def test_a_value_that_is_none_of_these_does_not_fit() -> None:
    """Whatever entity it was read from."""
    asked = slot("categorical", values=["Grieks", "Italiaans"])
    assert asked.fitting("mexicaans") is None
    assert asked.fitting("italiaans") == "Italiaans"


def test_yes_and_no_answer_a_question_for_a_truth() -> None:
    """By meaning, not by words."""
    question = slot("bool").question(None, "wish")
    assert question.intents == {"affirm": True, "deny": False}
    assert question.parse is None


def test_an_intent_gives_its_value() -> None:
    """One or several, as the designer listed them."""
    mapping = {"type": "from_intent", "intent": ["affirm", "thank"], "value": "graag"}
    question = slot("text", mapping).question("affirm", "wish")
    assert question.intents == {"affirm": "graag", "thank": "graag"}


@pytest.mark.parametrize(
    ("conditions", "requested", "counts"),
    [
        ([], None, True),
        ([{"active_loop": "table_form"}], "other", True),
        ([{"active_loop": "table_form", "requested_slot": "wish"}], "wish", True),
        ([{"active_loop": "table_form", "requested_slot": "wish"}], "other", False),
        ([{"active_loop": "other_form"}], "wish", False),
    ],
)
def test_conditions(conditions: list[dict[str, str]], requested: str, counts: bool) -> None:
    """A mapping for another form is none of ours; one may wait until its slot is asked for."""
    mapping = {"type": "from_entity", "entity": "number", "conditions": conditions}
    question = slot("text", mapping).question("inform", requested)
    assert (question.entity == "number") == counts


@pytest.mark.parametrize(
    ("intent", "counts"), [("inform", True), ("affirm", False), ("deny", False)]
)
def test_intents_of_a_mapping(intent: str, counts: bool) -> None:
    """`intent` and `not_intent`, for words as for entities."""
    words = {"type": "from_text", "not_intent": ["affirm", "deny"]}
    entity = {"type": "from_entity", "entity": "number", "intent": "inform"}
    question = slot("text", words, entity).question(intent, "wish")
    assert (question.parse is not None) == counts
    assert (question.entity == "number") == counts


def test_a_role_is_read_apart() -> None:
    """The entity of the role answers, the other does not."""
    mapping = {"type": "from_entity", "entity": "city", "role": "to"}
    items = [
        {"entity": "city", "role": "from", "value": "Ede", "start": 0, "end": 3},
        {"entity": "city", "role": "to", "value": "Epe", "start": 9, "end": 12},
    ]
    asked = slot("text", mapping)
    assert [each.value for each in asked.entities(items, None)] == ["Epe"]
    assert asked.question(None, "wish").entity == ""


def test_a_list_takes_all() -> None:
    """Every entity of the name, in order."""
    items = [{"entity": "topping", "value": value} for value in ("kaas", "ui")]
    asked = slot("list", {"type": "from_entity", "entity": "topping"})
    assert [each.value for each in asked.entities(items, None)] == [["kaas", "ui"]]


def test_the_intent_that_starts_the_form_may_answer() -> None:
    """And no other."""
    mapping = {"type": "from_trigger_intent", "intent": "book_terrace", "value": True}
    asked = slot("bool", mapping)
    assert asked.at_start("book_terrace") is True
    assert asked.at_start("book_table") is None


@pytest.mark.parametrize(
    ("conditions", "given"),
    [([], True), ([{"active_loop": "table_form", "requested_slot": "wish"}], None)],
)
def test_a_mapping_by_intent_counts_from_the_first_message(
    conditions: list[dict[str, str]], given: bool | None
) -> None:
    """As in Rasa; unless it waits for its question."""
    mapping = {"type": "from_intent", "intent": "book_terrace", "value": True}
    asked = slot("bool", mapping | {"conditions": conditions})
    assert asked.at_start("book_terrace") is given


def test_what_the_designer_wrote_is_kept_in_the_slot() -> None:
    """Also when the form reads it in Rasa's place."""
    kept = {"mappings": [{"type": "custom", READS: [TEXT]}]}
    assert written(kept) == written({"mappings": [TEXT]}) == (TEXT,)
    assert written({"mappings": [{"type": "custom"}]}) == ()
