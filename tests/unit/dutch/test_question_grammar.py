"""What is a question by its grammar, and which has no subject of its own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dutch.question_grammar import (
    asking_part,
    asks_if_done,
    ends_asking,
    goes_on,
    is_elliptic,
    is_question,
    names_nothing,
    says_mine,
    supposes,
)
from bot.dutch.two_requests import around_numbers, behind_answer


@pytest.mark.parametrize(
    "text",
    [
        "moet ik betalen om iets terug te brengen", "verhuren jullie ook films",
        "is lidmaatschap gratis",
        "hoi, tot hoe laat kan ik bellen", "en wat als ik ziek ben", "binnen hoeveel dagen",
        "mag er iemand mee", "kost verlengen geld", "vrijdag?",
        "en de buren zelf, kan dat dan wel", "ik vroeg of het wat kost", "goed. wat kost dat",
        "ja dat weet ik, ik vraag waarom het zo duur is", "ik wil weten wat het kost",
        "en als de doos weg is", "maar stel dat ik er niet ben", "en als ik nu niks doe",
    ],
)  # fmt: skip
def test_questions(text: str) -> None:
    """With or without a question mark, and after a greeting."""
    assert is_question(text)


@pytest.mark.parametrize(
    "text",
    [
        "ben niet thuis", "is nog niet binnen", "kan niet inloggen", "dank u wel",
        "wil mijn abonnement opzeggen",
        "is goed hoor", "ja prima, is goed", "nee, ik heb het al", "dan niet, hoe dan ook",
        "zeg mijn afspraak af", "doe maar vrijdag", "vrijdag", "",
        "nee ik wil niet opzeggen", "maar ik heb hem al", "sorry ik bedoel morgen",
    ],
)  # fmt: skip
def test_no_questions(text: str) -> None:
    """A subject that is left out makes no question of a sentence."""
    assert not is_question(text)


@pytest.mark.parametrize(
    ("text", "elliptic"),
    [
        ("kost dat iets?", True), ("hoe lang duurt het", True), ("zitten daar kosten aan", True),
        ("is dat gratis", True), ("wat kost een lidmaatschap", False), ("wat is dat", False),
        ("kost een boek geld", False), ("gratis", False),
    ],
)  # fmt: skip
def test_a_question_without_a_subject(text: str, elliptic: bool) -> None:
    """It points at what is going on."""
    assert is_elliptic(text) is elliptic


@pytest.mark.parametrize(
    ("text", "nothing"),
    [
        ("hoeveel tijd heb ik nog", True), ("kan dat ook op", True),
        ("hoeveel tijd heb ik voor dat boek", False), ("zijn jullie open op", False),
    ],
)  # fmt: skip
def test_words_that_only_what_is_going_on_explains(text: str, nothing: bool) -> None:
    """No word of them says what it is about."""
    assert names_nothing(text) is nothing


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("ik heb hem een keer gedragen, mag dat", True), ("mag dat", False),
        ("vrijdag, kan dat ook?", True), ("ik heb gebeld, hoe laat gaat de trein", False),
    ],
)  # fmt: skip
def test_what_is_told_may_end_in_a_question_about_it(text: str, asks: bool) -> None:
    """The question has no subject but what was told."""
    assert ends_asking(text) is asks


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("Middag. Kost dat nog wat extra?", "Kost dat nog wat extra?"),
        ("ok dan wacht ik. hoe lang duurt het?", "hoe lang duurt het?"),
        ("Weet ik niet. Krijg ik dan een nieuwe?", "Krijg ik dan een nieuwe?"),
        ("de buren dan, kan dat wel", "de buren dan, kan dat wel"),
        ("Kan het vrijdag? En wat kost dat?", "Kan het vrijdag? En wat kost dat?"),
        ("vrijdag graag", "vrijdag graag"),
    ],
)
def test_the_part_that_asks(text: str, part: str) -> None:
    """Whole sentences, all of those that ask."""
    assert asking_part(text) == part


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("is dat nu gewijzigd of niet?", True), ("heb je het al veranderd", True),
        ("staat de afspraak nu vast?", True), ("is het al geregeld?", True),
        ("kan ik het nog veranderen?", False), ("moet het gewijzigd worden?", False),
        ("is dat gratis?", False), ("het is al veranderd", False), ("ja", False),
    ],
)  # fmt: skip
def test_whether_it_was_done(text: str, asks: bool) -> None:
    """Not whether it can be done."""
    assert asks_if_done(text) is asks


@pytest.mark.parametrize(
    ("text", "on"),
    [("en de buren dan?", True), ("oke en hoe laat", True), ("maar kan dat wel?", True),
     ("hoe laat", False), ("enkele vragen", False)],
)  # fmt: skip
def test_going_on_from_an_answer(text: str, on: bool) -> None:
    """With the word that says so."""
    assert goes_on(text) is on


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("verplaats AB-123456 1234 CD naar vrijdag", "verplaats naar vrijdag"),
        ("AB-123456", None),
        ("afspraak 123456", None),
        ("verplaats naar vrijdag", None),
    ],
)
def test_the_words_around_numbers(text: str, words: str | None) -> None:
    """Two words or more say something of their own."""
    found = around_numbers(text)
    assert (found.value if found else None) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("nee ik heb niets gehad", "ik heb niets gehad"),
        ("ok dank u, maar waar is mijn boek", "waar is mijn boek"),
        ("nee", None),
        ("nee dank u", None),
        ("nederlands is mooi hoor", None),
    ],
)
def test_what_stands_behind_an_answer(text: str, words: str | None) -> None:
    """Three words or more."""
    found = behind_answer(text)
    assert (found.value if found else None) == words


@pytest.mark.parametrize(
    ("text", "supposed"),
    [
        ("heb ik het morgen als ik nu bestel", True),
        ("wat als wij straks reserveren", True),
        ("kan het als ik niet thuis ben", False),
        ("ik wil nu weten waar mijn boek is", False),
    ],
)
def test_what_somebody_might_do(text: str, supposed: bool) -> None:
    """It is not done yet."""
    assert supposes(text) is supposed


@pytest.mark.parametrize(
    ("text", "mine"),
    [("waar is mn boek", True), ("wat kost het me", True), ("wat kost het", False)],
)
def test_what_is_the_customers_own(text: str, mine: bool) -> None:
    """By a word for it."""
    assert says_mine(text) is mine


@given(st.text(max_size=200))
def test_no_text_breaks_them(text: str) -> None:
    """Any script, any length."""
    for part in (behind_answer(text), around_numbers(text)):
        assert part is None or part.value
    assert is_question(text) in (True, False)
    assert is_elliptic(text) in (True, False)
    assert asks_if_done(text) in (True, False)
    assert all(sentence in text for sentence in asking_part(text).split())
