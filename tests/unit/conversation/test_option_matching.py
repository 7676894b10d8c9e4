"""What a reply means when options are on the table."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.conversation.option_matching import Meaning, meaning
from bot.conversation.scores import answerable
from bot.messages import Choice, Inbound, Option, Outbound, RatingRequest, Text

ASKED: tuple[Outbound, ...] = (
    Text("Hallo."),
    Choice("Klopt dit?", (Option("Ja", "/affirm"), Option("Nee, aanpassen", "/deny"))),
)
RATE: tuple[Outbound, ...] = (RatingRequest("Cijfer?"),)


def heard(
    text: str,
    shown: tuple[Outbound, ...] = ASKED,
    payload: str | None = None,
    *,
    numbered: bool = False,
) -> Meaning:
    """The meaning of one message."""
    return meaning(Inbound("webchat", "a", "1", text, payload), text, shown, numbered=numbered)


def test_tap_on_the_table() -> None:
    """A tapped option that is on the table counts."""
    assert heard("Ja", payload="/affirm") == Meaning("payload", "/affirm")


@pytest.mark.parametrize("payload", ["/goodbye", "/rate", "", "nonsense", "/affirm2"])
def test_tap_on_nothing(payload: str) -> None:
    """A payload nobody offered is never carried out."""
    assert heard("x", payload=payload).kind == "stale"


def test_a_person_is_always_on_the_table() -> None:
    """An old button that asks for a person still works."""
    assert heard("Medewerker", payload="/medewerker") == Meaning("payload", "/medewerker")


@pytest.mark.parametrize("text", ["ja", "JA!", " Ja. "])
def test_own_words(text: str) -> None:
    """Typing an option's words is choosing it."""
    assert heard(text) == Meaning("payload", "/affirm")


WEEKS = (Choice("Hoe lang?", (Option("2 weken", "/two"), Option("4 weken", "/four"))),)


def test_a_number_is_a_place_unless_it_may_be_a_value() -> None:
    """Where numbers are shown it always is; elsewhere "2" with "2 weken" beside it says that."""
    assert heard("2", numbered=True) == Meaning("payload", "/deny")
    assert heard("2") == Meaning("payload", "/deny")
    assert heard("3", numbered=True) == Meaning("text", "3")
    assert heard("2", WEEKS, numbered=True) == Meaning("payload", "/four")
    assert heard("4", WEEKS) == Meaning("payload", "/four")
    assert heard("2", WEEKS) == Meaning("payload", "/two")
    assert heard("1", WEEKS) == Meaning("text", "1")


ARTICLES = (
    Choice(
        "Welk artikel?",
        (
            Option("Winterjas groen", "/coat"),
            Option("Schoudertas leer", "/bag"),
            Option("Regenjas", "/rain"),
            Option("Stoppen", "/cancel_task"),
        ),
    ),
)


@pytest.mark.parametrize(
    ("text", "payload"),
    [
        ("de eerste", "/coat"),
        ("doe maar de tweede", "/bag"),
        ("de laatste graag", "/rain"),
        ("3e", "/rain"),
        ("de tas", "/bag"),
        ("ik bedoel de groene winterjas", None),
        ("winterjas", "/coat"),
        ("de groen", "/coat"),
        ("ik wil graag die schoudertas", "/bag"),
        ("de jas", None),
        ("de vierde", None),
        ("de tas of de jas?", None),
        ("stop", None),
        ("een heel andere tas", None),
    ],
)
@pytest.mark.parametrize("numbered", [True, False])
def test_a_choice_by_place_or_part(text: str, payload: str | None, *, numbered: bool) -> None:
    """As people point at things; what may be two, or none, is left to be understood."""
    found = heard(text, ARTICLES, numbered=numbered)
    assert found == (Meaning("payload", payload) if payload else Meaning("text", text))


def test_no_part_of_a_title_says_yes() -> None:
    """To say "stop" below "Ja, stop het contract" is to leave."""
    shown = (
        Choice("Zeker?", (Option("Ja, stop het contract", "/affirm"), Option("Nee", "/deny"))),
    )
    assert heard("stop", shown).kind == "text"
    assert heard("stop het contract", shown).kind == "text"


def test_the_first_may_be_a_day() -> None:
    """What "de eerste" means below dates is left to whoever reads dates."""
    shown = (Choice("Welke dag?", (Option("ma 30 nov", "/a"), Option("di 1 dec", "/b"))),)
    assert heard("de eerste", shown).kind == "text"
    assert heard("de laatste", shown) == Meaning("payload", "/b")


THREE = (
    Choice(
        "Klopt dit?",
        (Option("Ja", "/affirm"), Option("Nee", "/deny"), Option("Stoppen", "/cancel_task")),
    ),
)


@pytest.mark.parametrize(
    ("text", "payload"),
    [
        ("1.", "/affirm"),
        ("optie 2", "/deny"),
        ("nummer 3", "/cancel_task"),
        ("2. Nee", "/deny"),
        ("1\ufe0f\u20e3", "/affirm"),
        ("B", "/deny"),
        ("c)", "/cancel_task"),
        ("j", "/affirm"),
        ("n", "/deny"),
        ("s", "/cancel_task"),
        ("annuleer", "/cancel_task"),
        ("3 annuleer", "/cancel_task"),
    ],
)
def test_numbers_and_letters(text: str, payload: str) -> None:
    """By number or letter, with or without words around it, and by the words shown."""
    assert heard(text, THREE, numbered=True) == Meaning("payload", payload)


@pytest.mark.parametrize("text", ["a", "0", "4", "d", "2 Ja", "optie", "b nee dank u", "bbbbbb"])
def test_no_guess(text: str) -> None:
    """What may be two options, or none, is not chosen: "a" is the first, and "annuleer"."""
    assert heard(text, THREE, numbered=True).kind == "text"


LIST = Choice("Meer weten?", (Option("Kaart", "/map"), Option("Route", "/route")))


@pytest.mark.parametrize(
    "asked",
    [
        Choice("Met hoeveel bent u?", (Option("Medewerker", "/medewerker"),)),
        Text("Met hoeveel bent u?"),
        Choice("Wat eet u?", (Option("Grieks", "/inform"),)),
    ],
    ids=["ways out", "no options", "another list"],
)
@pytest.mark.parametrize("before", [LIST, *RATE], ids=["a list", "a score"])
def test_a_number_answers_the_newest_question(before: Outbound, asked: Outbound) -> None:
    """Never something above it: "2" is no button of an earlier message, nor a score."""
    assert heard("2", (before, asked), numbered=True) == Meaning("text", "2")


def test_of_two_lists_the_lowest_counts() -> None:
    """Both begin at 1, and the customer looks at the last; words still choose from both."""
    other = Choice("Wat eet u?", (Option("Grieks", "/greek"), Option("Frans", "/french")))
    assert heard("2", (LIST, other), numbered=True) == Meaning("payload", "/french")
    assert heard("route", (LIST, other), numbered=True) == Meaning("payload", "/route")


def test_what_asks_nothing_hides_no_list() -> None:
    """A remark below the list leaves it on the table."""
    assert heard("2", (LIST, Text("Neem de tijd.")), numbered=True) == Meaning("payload", "/route")


def test_a_question_in_words_takes_a_digit() -> None:
    """Ways out have no number: the digit is the answer to the question."""
    options = (Option("Medewerker", "/medewerker"), Option("Stoppen", "/cancel_task"))
    asked = (Choice("Welk huisnummer?", options),)
    assert heard("2", asked, numbered=True) == Meaning("text", "2")
    assert heard("annuleer", asked, numbered=True) == Meaning("payload", "/cancel_task")


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("4", 4),
        ("5!", 5),
        ("een 3", 3),
        ("👎", 1),
        ("😀", 5),
        ("2 sterren", 2),
        ("een vier", 4),
        ("Vijf sterren!", 5),
        ("één ster", 1),
        ("een ster", 1),
        ("2 want het duurde lang", 2),
        ("3, ging wel", 3),
        ("ik geef een 4", 4),
        ("4/5", 4),
        ("4 van de 5", 4),
        ("1.", 1),
    ],
)
def test_a_digit_is_a_score_when_asked(text: str, score: int) -> None:
    """A digit, smiley or word within the rating is a score."""
    assert heard(text, RATE) == Meaning("payload", f'/rate{{"score": {score}, "of": "bot"}}')


@pytest.mark.parametrize("text", ["7", "een 8", "0", "10", "zeven", "4,5", "ik geef een 8"])
def test_a_school_mark_shows_the_five_again(text: str) -> None:
    """It cannot be taken as it is, and the customer is told what can."""
    assert heard(text, RATE) == Meaning("payload", '/rate{"of": "bot"}')


@pytest.mark.parametrize("text", ["4", "😀", "6", "0"])
def test_a_digit_is_a_message_otherwise(text: str) -> None:
    """Without a rating on the table a digit is a message."""
    assert heard(text).kind == "text"


@pytest.mark.parametrize(
    "text",
    ["45", "4 5", "vier komma vijf", "2 dozen zijn kapot", "5 minuten", "1234 AB", "een vraag"],
)
def test_other_numbers_are_no_score(text: str) -> None:
    """A number that counts something, or is none of ten, is a message."""
    assert heard(text, RATE).kind == "text"


@pytest.mark.parametrize(
    ("minutes", "tapped", "left"), [(29, False, 2), (31, False, 1), (31, True, 2)]
)
def test_a_rating_is_answered_in_words_for_half_an_hour(
    minutes: int,
    tapped: bool,
    left: int,
) -> None:
    """Later a digit answers something else; a tap stays a tap."""
    asked = datetime(2026, 11, 23, 12, tzinfo=UTC)
    said = [(asked, ASKED[1]), (asked, RATE[0])]
    assert len(answerable(said, asked + timedelta(minutes=minutes), tapped=tapped)) == left


def test_typed_slash_is_no_payload() -> None:
    """A customer cannot type a payload."""
    assert heard('/rate{"score": 5}', ()) == Meaning("text", 'rate{"score": 5}')
    assert heard("/", ()).kind == "text"


@pytest.mark.parametrize(
    ("text", "payload"),
    [
        ("nieuw artikel graag", "/medewerker"),
        ("ik wil een nieuw artikel", "/medewerker"),
        ("doe maar nieuw artikel aub", "/medewerker"),
        ("nieuw", None),
        ("ja klopt graag", None),
    ],
)
def test_a_person_is_chosen_in_polite_words(text: str, payload: str | None) -> None:
    """By the whole title; a yes needs it alone."""
    shown = Choice("Kies", (Option("Nieuw artikel", "/medewerker"), Option("Ja, klopt", "/affirm")))
    found = meaning(Inbound("webchat", "1", "x", text), text, [shown], numbered=False)
    assert (found.value if found.kind == "payload" else None) == payload
