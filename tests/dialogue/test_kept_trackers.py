"""A tracker that was kept from the turn before is the one that the database would have given."""

from __future__ import annotations

import pytest

from bench.measuring.customers import messages
from tests.support.dialogue import Shop
from tests.support.kept_trackers import Comparison

pytestmark = pytest.mark.model

#: Tasks with questions in between, corrections, ways out and back, small talk and a new session.
WANDERING = (
    "ik wil iets terugsturen",
    "wat kost dat",
    "PP-100871",
    "terug",
    "PP-100871",
    "3511 LX",
    "hoe laat zijn jullie open",
    "stop",
    "ik wil mijn meterstand doorgeven",
    "PP-100456",
    "stop",
    "/restart",
    "hoi",
    "waar is mijn pakket?",
    "PP-100234",
    "1234 AB",
    "dank u wel",
)


def test_a_long_conversation(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read again only when the part that is kept is made shorter."""
    customer, compared = shop.customer(), Comparison(monkeypatch)
    for text in messages(40):
        assert customer.say(text).owner == "bot"
    compared.check()
    assert len(compared.pairs) >= 36
    assert len(compared.pairs) + compared.read == 40


def test_a_conversation_that_wanders(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Forms left and taken up, words taken back, sessions begun anew."""
    customer, compared = shop.customer(), Comparison(monkeypatch)
    for text in WANDERING:
        assert customer.say(text).owner == "bot", text
    compared.check()
    assert len(compared.pairs) >= len(WANDERING) - 3
