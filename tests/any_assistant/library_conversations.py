"""The library in `tests/other_assistant` with its own numbers, proof of identity, teams and voice.

`tests/integration/test_other_assistant.py` runs it, in a process that runs the library's code.
"""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from bot.dialogue import formatting, runtime
from bot.store.conversation import conversations
from bot.store.handover import handovers
from tests.support.dialogue import Customer, Shop

pytestmark = pytest.mark.model


def test_a_task_with_its_own_proof(office: Shop, customer: Customer) -> None:
    """Cards of ten digits, a year of birth, loans of its own database; and the desk sees it."""
    customer.say("ik wil mijn boeken verlengen")
    assert "AI-assistent van Bibliotheek Voorbeeldstad" in customer.text
    assert "nummer van je bibliotheekpas" in customer.text
    customer.say("PP-100234")
    assert "geen pasnummer" in customer.text
    customer.say("27 0000 1234")
    assert "welk jaar ben je geboren" in customer.text
    customer.say("1985")
    assert "2700001234 en jaar 1985 horen niet bij elkaar" in customer.text
    customer.say("1984")
    assert "2 boeken geleend: De avond is ongemak, Het diner" in customer.text
    customer.say("ja")
    until = formatting.day(runtime.today() + timedelta(weeks=3))
    assert f"Breng alles uiterlijk {until} terug." in customer.text
    customer.say("medewerker")
    with office.database.read() as conn:
        found = conversations.find(conn, "webchat", customer.terminal.address)
        assert found is not None
        waiting = next(h for h in handovers.waiting(conn) if h.conversation_id == found.id)
    assert waiting.team == "uitleen"
    assert waiting.summary["data"]["Pasnummer"] == "2700001234"
    assert waiting.summary["proved"] == ["2700001234"]


def test_nobody_reads_the_loans_of_another(customer: Customer) -> None:
    """Three wrong years: a person, who knows why."""
    customer.say("verlengen")
    customer.say("2700005678")
    for year in ("1981", "1982"):
        customer.say(year)
        assert "geleend" not in customer.text
    customer.say("1983")
    assert customer.owner == "queued"


def test_an_appointment_of_its_own_kind(customer: Customer) -> None:
    """The same engine asks other things."""
    customer.say("ik wil een afspraak maken")
    customer.say("computerhulp")
    customer.say(customer.options[0].title, customer.options[0].payload)
    assert "voor computerhulp. Klopt dit?" in customer.text
    customer.say("ja")
    assert re.search(r"Je afspraaknummer is BV-\d{4}", customer.text)


def test_its_pages_answer(customer: Customer) -> None:
    """With its own words."""
    customer.say("hoeveel boeken mag ik lenen")
    assert "tot tien boeken tegelijk" in str(customer.said)
