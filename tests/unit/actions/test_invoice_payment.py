"""Invoices: how they stand, and a person for who cannot pay at once."""

from __future__ import annotations

import pytest

from actions.invoice_payment import ActionInvoicePayment, InvoicePaymentForm
from tests.support.form_driver import Conversation

FORM = InvoicePaymentForm()


@pytest.mark.parametrize(
    ("number", "response"),
    [
        ("PP-100640", "utter_invoice_open"),
        ("PP-100519", "utter_invoice_overdue"),
        ("PP-100871", "utter_invoice_paid"),
        ("PP-100985", "utter_invoice_cancelled"),
    ],
)
async def test_says_how_the_invoice_stands(number: str, response: str) -> None:
    """Each standing has its own text with the amount."""
    talk = Conversation(verified_orders=[number])
    await talk.start(FORM)
    said = await talk.act(ActionInvoicePayment())
    assert said.responses == (response,)
    assert said.messages[0]["amount"].startswith("€ ")


@pytest.mark.parametrize(
    "text", ["kan ik een betalingsregeling krijgen", "mag het in termijnen", "kan niet betalen"]
)
async def test_paying_later_is_for_a_person_who_knows_who_it_is(text: str) -> None:
    """Order number and postcode come first, so that the customer repeats nothing."""
    talk = Conversation()
    said = await talk.start(FORM, text)
    assert said.responses == ("utter_question_order_number",)
    said = await talk.say(FORM, "x", order_number="PP-100519", postcode="4811 CA")
    assert said.slots["form_outcome"] == "handover"
    assert said.slots["handover_reason"] == "sensitive"


@pytest.mark.parametrize(
    ("text", "response"),
    [
        ("ik heb al betaald", "utter_invoice_claimed_paid"),
        ("heb ik de factuur al betaald?", "utter_invoice_open"),
    ],
)
async def test_who_says_to_have_paid_is_told_how_long_it_takes(text: str, response: str) -> None:
    """A question is not a claim."""
    talk = Conversation(verified_orders=["PP-100640"])
    await talk.start(FORM, text)
    assert (await talk.act(ActionInvoicePayment())).responses == (response,)
