"""A turn that was cut off after its action and is run again comes to the same, and once."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import delete

from actions.backends import shop as backend
from actions.backends import tables
from bot.store import conversations
from tests.support.dialogue import Customer, Shop

pytestmark = pytest.mark.model

#: What leads to the question "Klopt dit?", and what the reply to "ja" must say.
TASKS = {
    "return": (
        ["ik wil iets terugsturen", "PP-100871", "3511 LX", "regenjas", "te klein"],
        "Regenjas",
    ),
    "return of the last article": (["retour", "PP-100640", "5611 AZ", "te klein"], "aangemeld"),
    "meter reading": (["meterstand doorgeven", "PP-100456", "9712 HM", "51300"], "51.300"),
    "delivery": (
        ["bezorging verzetten", "PP-100234", "1234 AB", "volgende week vrijdag", "avond"],
        "vrijdag",
    ),
    "tariff": (
        ["ander tarief energie PP-100456 9712 HM", "variabel"],
        "opzegvergoeding",
    ),
    "subscription": (["box pauzeren", "PP-100456", "9712 HM", "4 weken"], "pauze"),
}


def cut_off(shop: Shop, customer: Customer, text: str) -> None:
    """Runs a turn and loses it: the action ran, nothing of it was written on our side."""
    with shop.database.read() as conn:
        conversation = conversations.find(conn, "webchat", customer.terminal.address)
    assert conversation is not None
    asyncio.run(shop.assistant.turn(conversation.id, text, "lost", "webchat"))


@pytest.mark.parametrize("task", TASKS)
def test_run_again(task: str, shop: Shop, customer: Customer) -> None:
    """The customer reads what was confirmed, not that it was there already or something else."""
    asyncio.run(backend.change(lambda conn: conn.execute(delete(tables.returns))))
    steps, outcome = TASKS[task]
    for text in steps:
        customer.say(text)
    assert "Klopt dit?" in customer.text, customer.text
    cut_off(shop, customer, "/affirm")
    customer.say("ja")
    assert outcome in customer.text
    assert "al " not in customer.said[0].text
