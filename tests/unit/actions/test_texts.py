"""The shop's own voice."""

from __future__ import annotations

import re

import pytest

from bot.dialogue.task import TaskForm, task_forms
from tests.support.form_driver import domain

RESPONSES = domain()["responses"]
#: What says something of a customer's life: where, what, how much, why.
PERSONAL = (
    "new_postcode", "new_house_number", "return_reason", "complaint_text",
    "meter_reading", "meter_reading_low", "meter_solar", "meter_kind",
)  # fmt: skip


@pytest.mark.parametrize("name", sorted(RESPONSES))
def test_the_customer_is_addressed_with_u(name: str) -> None:
    """No "je", no "jij"."""
    for variant in RESPONSES[name]:
        text = variant.get("text") or variant["custom"]["text"]
        assert not re.search(r"\b(je|jij|jou|jouw|jullie)\b", text, re.IGNORECASE)


@pytest.mark.parametrize("form", task_forms(), ids=lambda form: form.task)
def test_every_personal_question_can_be_explained(form: type[TaskForm]) -> None:
    """Who asks "waarom wilt u dat weten?" gets a reason, also where the question is of a proof."""
    asked = [form.proof.claim.slot, form.proof.answer.slot] if form.proof else []
    asked += [slot for slot in PERSONAL if slot in form.own_slots]
    assert [slot for slot in asked if f"utter_why_{slot}" not in RESPONSES] == []
