"""Words of somebody in danger are seen; the same words about a parcel are not."""

from __future__ import annotations

import pytest

from bot.conversation.crisis import is_crisis


@pytest.mark.parametrize(
    "text",
    [
        "ik wil niet meer leven",
        "Ik wil dood.",
        "ik denk aan zelfmoord",
        "ik maak er een eind aan",
        "ik wil echt niet langer leven zo",
        "ik ga mezelf iets aandoen",
    ],
)
def test_danger(text: str) -> None:
    """Said at once where help is."""
    assert is_crisis(text)


@pytest.mark.parametrize(
    "text",
    [
        "ik wil niet meer wachten",
        "mijn man is dood",
        "ik ga dood van het wachten",
        "mijn telefoon is dood, waar is mijn pakket",
        "ik wil dit pakket niet meer",
        "jullie leveren niet meer",
        "ik wil mijn abonnement niet meer",
    ],
)
def test_no_danger(text: str) -> None:
    """An ordinary message, or one for a person in the ordinary way."""
    assert not is_crisis(text)
