"""What a plea for a person is about stands behind the word that leads to it."""

from __future__ import annotations

import pytest

from bot.conversation.plea_subject import subject_of_plea


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("ik wil een medewerker spreken over mijn retour", "mijn retour"),
        ("Medewerker, vanwege de factuur!", "de factuur!"),
        ("mag ik iemand spreken want mijn pakket is er niet", "mijn pakket is er niet"),
        ("medewerker", ""),
        ("geef me een mens over", ""),
    ],
)
def test_the_words_behind_the_lead(text: str, subject: str) -> None:
    """As they were typed; nothing where nothing is said."""
    assert subject_of_plea(text) == subject
