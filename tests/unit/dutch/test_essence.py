"""What a message asks, without letter formulas, thanks, and what it says it is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dutch.essence import essence


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        (
            "Goedemorgen, ik wil NIET opzeggen hoor, ik wil weten wat het kost",
            "ik wil weten wat het kost",
        ),
        ("niet ophalen maar gewoon thuis brengen aub", "gewoon thuis brengen aub"),
        (
            "ik hoef geen afspraak, alleen even een vraag over mijn pas",
            "alleen even een vraag over mijn pas",
        ),
        ("Het is niet stuk maar het is gewoon het verkeerde", "het is gewoon het verkeerde"),
        (
            "mijn aanvraag is niet zoek, ik wil alleen weten wanneer hij klaar is",
            "ik wil alleen weten wanneer hij klaar is",
        ),
        (
            "Geachte heer/mevrouw, graag verleng ik mijn pas. Met vriendelijke groet, J. Jansen",
            "graag verleng ik mijn pas",
        ),
        ("Dank u wel, wat fijn. Moet ik dan iets betalen?", "Moet ik dan iets betalen?"),
        ("ik kan niet inloggen maar wachtwoord klopt", None),
        ("ik heb niets besteld maar krijg wel een rekening", None),
        ("hij is er nog niet, waar blijft hij", None),
        ("ik wil geen pas meer", None),
        ("dank u wel", None),
        ("nee", None),
        ("Hallo", None),
    ],
)
def test_what_is_asked(text: str, asked: str | None) -> None:
    """What is denied, and what only is polite, is left out; nothing else is."""
    found = essence(text)
    assert (found.value if found else None) == asked


@given(st.text(max_size=200))
def test_it_is_always_a_part(text: str) -> None:
    """Any text at all: the words that remain stand in it, and something remains."""
    found = essence(text)
    if found is not None:
        assert found.value
        assert all(word in text for word in found.value.split())
