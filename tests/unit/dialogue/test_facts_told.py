"""A fact that was just told is told again to who asks for it, and to nobody else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.facts_told import told_again

LOAN = "De lening is verlengd. Lever het boek uiterlijk zondag 31 januari in. Dat kost € 2,50."
VISIT = "Uw bezoek staat. Wij verwachten u donderdag 3 december, van 12.00 tot 17.00 uur."


@pytest.mark.parametrize(
    ("question", "said", "fact"),
    [
        ("tot wanneer heb ik de tijd om het boek af te geven?", LOAN, "31 januari"),
        ("en welke dag was dat ook alweer", VISIT, "donderdag"),
        ("oke en hoe laat zn ze er ongeveer, moet nr training", VISIT, "12.00"),
        ("tot wanneer mag ik het boek houden", LOAN, "31 januari"),
        ("hoeveel kost dat", LOAN, "€ 2,50"),
        ("kost dat extra", "In de avond kost dat € 1,50 extra. Klopt dit?", "€ 1,50"),
        ("kost dat iets", "Stopt u eerder, dan betaalt u € 75,00. Klopt dit?", "€ 75"),
        ("kost een boek geld", "In de avond kost dat € 1,50 extra.", None),
        ("hoe laat gaat de trein", VISIT, None),
        ("wanneer is de bibliotheek open", LOAN, None),
        ("hoe laat is het bezoek", LOAN, None),
        ("ik kom donderdag", VISIT, None),
        ("wanneer dan?", "Op welke dag wilt u komen, donderdag?", None),
    ],
)
def test_the_fact_that_is_asked_for(question: str, said: str, fact: str | None) -> None:
    """By the kind of question; one that names something else is about something else."""
    told = told_again(question, [said])
    assert (told is None) == (fact is None)
    assert fact is None or (told is not None and fact in told)


@given(st.text(max_size=80), st.lists(st.text(max_size=120), max_size=3))
def test_nothing_is_made_up(question: str, said: list[str]) -> None:
    """What is told stood in what was said, word for word."""
    told = told_again(question, said)
    assert told is None or any(told in each for each in said)
