"""A negation that is bound to a person's word declines that person, in any form and order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.escape import asks_for_person, declines_person

PEOPLE = ["medewerker", "mens", "persoon", "collega", "adviseur", "mdewerker"]
ADJECTIVES = ["", "echte ", "levende ", "andere "]
NONE = ["geen", "gin", "gien"]
TALKS = ["spreken", "bellen"]
WANTS = [
    "ik wil",
    "ik hoef",
    "ik wens",
    "nee ik wil",
    "ik wil echt",
    "eigenlijk hoef ik",
    "wij willen",
]

_person = st.sampled_from(PEOPLE)
_adjective = st.sampled_from(ADJECTIVES)
_tail = st.sampled_from(["", " hoor", " aub", ", dank u", "!"])
_before = st.sampled_from(["", "nee, ", "ok. ", "laat maar, "])


@st.composite
def declining(draw: st.DrawFn) -> str:
    """A sentence that wants no person."""
    person = f"{draw(_adjective)}{draw(_person)}"
    none, want = draw(st.sampled_from(NONE)), draw(st.sampled_from(WANTS))
    talk = draw(st.sampled_from(TALKS))
    said = draw(
        st.sampled_from(
            [
                f"{none} {person}",
                f"{none} {person} nodig",
                f"{want} {none} {person}",
                f"{want} {none} {person} {talk}",
                f"{want} {none} {person} aan de lijn",
                f"{want} niet met een {person} praten",
                f"{want} niet praten met een {person}",
                f"liever {none} {person}",
                f"liever niet met een {person}",
                f"ik hoef niet door een {person} geholpen te worden",
                f"kan het ook zonder {person}",
                f"zonder {person} graag",
                f"een {person} hoeft niet",
                f"een {person} is niet nodig",
                f"een {person} heb ik niet nodig",
                f"een {person} wil ik niet",
                f"{want} niemand spreken",
            ]
        )
    )
    return f"{draw(_before)}{said}{draw(_tail)}"


@given(declining())
def test_whoever_declines_a_person_gets_none(text: str) -> None:
    """Every verb, form and order: it is no plea, and it is known as a refusal."""
    assert not asks_for_person(text)
    assert declines_person(text)


@given(_adjective, _person, st.sampled_from(TALKS))
def test_whoever_misses_a_person_declines_none(adjective: str, person: str, talk: str) -> None:
    """A word of lacking makes it a complaint that nobody is there, or a polite request."""
    for text in (
        f"waarom krijg ik geen {adjective}{person}",
        f"ik krijg geen {adjective}{person} te {talk}",
        f"kan ik geen {adjective}{person} {talk}",
        f"kan ik niet met een {adjective}{person} {talk}",
        f"er is geen {adjective}{person}",
        f"geen {adjective}{person} die mij helpt",
        f"geen {adjective}{person} beschikbaar",
    ):
        assert not declines_person(text)


@given(_person, st.sampled_from(["maar wel een medewerker", "maar geef me een medewerker"]))
def test_another_person_is_still_asked_for(person: str, wish: str) -> None:
    """The negation takes away the word it is bound to, and no other."""
    assert asks_for_person(f"geen robot {wish}")
    assert asks_for_person(f"ik wil geen {person}, {wish}")


@pytest.mark.parametrize(
    "text",
    ["dit werkt niet medewerker", "dit lukt niet, een medewerker aub", "nee niet dat. medewerker"],
)
def test_a_negation_of_something_else(text: str) -> None:
    """Without a word that binds it, "niet" belongs to what stands before it."""
    assert asks_for_person(text)
    assert not declines_person(text)
