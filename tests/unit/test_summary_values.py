"""The person reads Dutch words, not the assistant's own codes."""

from __future__ import annotations

from actions import surroundings
from bot.conversation.summary import summarise


def test_codes_have_a_name() -> None:
    """`stop` is shown as the organisation calls it; what has no name is shown as it is."""
    labels = surroundings.organisation().labels
    slots = {"subscription": "box", "subscription_change": "stop", "order_number": "PP-100456"}
    data = summarise("asked", "", (), slots, labels).data
    assert data == {
        "Bestelnummer": "PP-100456",
        "Abonnement": "maandelijkse box",
        "Wijziging abonnement": "opzeggen",
    }
