"""A form as Rasa's documentation writes it, in YAML alone, really trained, in all its ways.

The assistant is `tests/assistants/table`: a restaurant's, with nothing in Python.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.catalogue import say
from bot.conversation.opening_hours import say_date
from tests.support.own_assistant import Reply, Talker, talking_with

pytestmark = [pytest.mark.slow, pytest.mark.model]
ROOT = Path(__file__).parents[2]
_NUMBERS = count()


class Guest:
    """A new customer of the restaurant."""

    def __init__(self, talker: Talker) -> None:
        self.talker = talker
        self.name = f"guest-{next(_NUMBERS)}"

    def say(self, *texts: str) -> Reply:
        """Sends these messages; what came of the last."""
        return [self.talker.say(self.name, text) for text in texts][-1]

    def tap(self, title: str, options: dict[str, str]) -> Reply:
        """Taps an option."""
        return self.talker.say(self.name, title, options[title])


@pytest.fixture(scope="module")
def restaurant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Talker]:
    folder = tmp_path_factory.mktemp("table")
    with talking_with(ROOT / "tests" / "assistants" / "table", folder) as talker:
        yield talker


@pytest.fixture
def guest(restaurant: Talker) -> Guest:
    return Guest(restaurant)


def test_all_answers_and_then_rasas_own_submit_rule(guest: Guest) -> None:
    """Each question once: a tap, a number, a yes and free words are answers."""
    asked = guest.say("ik wil een tafel reserveren")
    assert asked.texts[-1] == "Wat wilt u eten?"
    assert guest.tap("Grieks", asked.options).texts == ("Met hoeveel bent u?",)
    assert guest.say("we zijn met 4").texts == ("Wilt u buiten zitten?",)
    assert guest.say("ja").texts == ("Hebt u nog een wens, voor 4 personen?",)
    done = guest.say("een stille hoek")
    assert done.texts == (
        "Uw tafel is besproken.",
        "grieks, 4 personen, buiten: ja, wens: een stille hoek.",
    )
    assert guest.say("hallo").texts == ("Hallo!",), "the form has ended"


def test_what_the_first_message_tells_is_not_asked(guest: Guest) -> None:
    """And a second time the answers of the first are forgotten."""
    assert guest.say("tafel reserveren, grieks").texts[-1] == "Met hoeveel bent u?"
    guest.say("3", "liever niet", "geen")
    assert guest.say("tafel reserveren").texts == ("Wat wilt u eten?",)


def test_stop(guest: Guest) -> None:
    """The word is no answer, however free the question."""
    stopped = guest.say("tafel reserveren", "grieks", "2", "ja", "stop")
    assert stopped.texts == ("Goed, we stoppen hiermee.",)
    assert guest.say("hallo").texts == ("Hallo!",)


def test_back(guest: Guest) -> None:
    """Asks the question before once more; at the first there is none."""
    first = guest.say("tafel reserveren", "terug")
    assert first.texts == ("Dit is de eerste vraag.", "Wat wilt u eten?")
    assert guest.say("grieks", "2", "terug").texts == ("Met hoeveel bent u?",)
    assert guest.say("5").texts == ("Wilt u buiten zitten?",)


@pytest.mark.parametrize(
    ("correction", "summary"),
    [("toch italiaans", "italiaans, 2 personen"), ("nee, 5", "grieks, 5 personen")],
)
def test_a_correction(guest: Guest, correction: str, summary: str) -> None:
    """Of an answer given before, by entity or by number; then the open question once more."""
    corrected = guest.say("tafel reserveren", "grieks", "2", correction)
    assert corrected.texts == ("Goed, ik heb dat aangepast.", "Wilt u buiten zitten?")
    assert summary in guest.say("ja", "geen").text


@pytest.mark.parametrize("answers", [(), ("grieks",), ("grieks", "2"), ("grieks", "2", "ja")])
def test_a_question_in_between(guest: Guest, answers: tuple[str, ...]) -> None:
    """Is answered by its rule, at every question, and the form asks on."""
    open_question = guest.say("tafel reserveren", *answers).texts[-1]
    reply = guest.say("weet u misschien hoe laat bent u open")
    assert reply.texts == ("Wij zijn van 9 tot 18 uur open.", open_question)


@pytest.mark.parametrize("answers", [(), ("grieks",), ("grieks", "2", "ja")])
def test_a_person(guest: Guest, answers: tuple[str, ...]) -> None:
    """At every question, free words among them; nobody is at the desk, or it is shut."""
    reply = guest.say("tafel reserveren", *answers, "medewerker")
    nobody = r"even geen medewerker\.|geen medewerker\. Wij zijn er weer [^.]+ om 9\.00 uur\."
    assert re.match(rf"Er is nu (?:{nobody}) Uw vraag blijft staan", reply.text), reply.text
    assert reply.owner != "bot"


@pytest.mark.parametrize(
    ("answers", "unfitting", "question"),
    [
        ((), "ik lust alles", "Wat wilt u eten?"),
        ((), "mexicaans", "Wat wilt u eten?"),
        (("grieks",), "met veel", "Met hoeveel bent u?"),
        (("grieks",), "99", "Met hoeveel bent u?"),
        (("grieks", "2"), "misschien", "Wilt u buiten zitten?"),
    ],
    ids=["no entity", "not one of the values", "no number", "too many", "neither yes nor no"],
)
def test_an_answer_that_does_not_fit(
    guest: Guest, answers: tuple[str, ...], unfitting: str, question: str
) -> None:
    """The question again, in one message; the second time with the ways out."""
    first = guest.say("tafel reserveren", *answers, unfitting)
    (said,) = first.texts
    assert said.startswith(("Dat past niet bij mijn vraag.", "Dat kan niet. Noem een getal van 1 "))
    assert said.endswith(question)
    assert "Medewerker" not in first.options
    second = guest.say(unfitting)
    assert second.texts[-1].endswith(question)
    assert {"Stoppen", "Medewerker"} <= set(second.options)
    left = guest.tap("Stoppen", second.options)
    assert left.texts == ("Goed, we stoppen hiermee.",)


def test_the_request_again_keeps_the_form(guest: Guest) -> None:
    """By either of its intents, neither of which it is named after."""
    for request in ("tafel reserveren", "op het terras eten"):
        again = guest.say(request, "grieks", request)
        assert again.texts[0].endswith("Met hoeveel bent u?")
        assert guest.say("4").texts == ("Wilt u buiten zitten?",)
        guest.say("stop")


@pytest.mark.parametrize("answers", [(), ("grieks",), ("grieks", "2"), ("grieks", "2", "ja")])
def test_an_intent_without_a_rule(guest: Guest, answers: tuple[str, ...]) -> None:
    """Nothing answers it, at any question; the form asks on, and takes the answer."""
    open_question = guest.say("tafel reserveren", *answers).texts[-1]
    reply = guest.say("waar kan ik parkeren")
    assert reply.texts == (say("form.aside"), open_question)
    rest = ("grieks", "2", "ja", "geen")[len(answers) :]
    assert "Uw tafel is besproken." in guest.say(*rest).text


def test_a_number_in_words(guest: Guest) -> None:
    """Is one; "een paar" is none."""
    assert guest.say("tafel reserveren", "grieks", "een paar").texts[0].startswith("Dat kan niet")
    assert guest.say("met z'n drieën").texts == ("Wilt u buiten zitten?",)
    assert "grieks, 3 personen" in guest.say("ja", "geen").text


def test_not_knowing_is_no_no(guest: Guest) -> None:
    """Whatever the classifier hears in it; a person stands beside the question."""
    unsure = guest.say("tafel reserveren", "grieks", "2", "ik weet het niet")
    assert unsure.texts == ("Weet u het niet? Een medewerker kan u helpen. Wilt u buiten zitten?",)
    assert {"Stoppen", "Medewerker"} <= set(unsure.options)
    assert "buiten: nee" in guest.say("liever niet", "geen").text


def test_no_placeholder_is_shown(guest: Guest) -> None:
    """The greeting names a slot that nobody fills."""
    assert guest.say("hallo").texts[-1] == "Hallo!"


def test_an_option_of_a_refusal_is_an_answer(guest: Guest) -> None:
    """As the same option of the question is."""
    refused = guest.say("tafel reserveren", "sushi")
    assert guest.tap("Grieks", refused.options).texts == ("Met hoeveel bent u?",)


def test_the_third_time_a_person_is_offered(guest: Guest) -> None:
    """Loop detection; "try again" asks the question once more."""
    third = guest.say("tafel reserveren", "grieks", "veel", "heel veel", "nog meer")
    assert "Wilt u dat een medewerker dit overneemt?" in third.text
    assert guest.tap("Opnieuw proberen", third.options).texts == ("Met hoeveel bent u?",)


def test_a_yes_and_a_no_end_a_form_differently(guest: Guest) -> None:
    """The slot stands in the condition of one rule and at the end of the other."""
    tomorrow = datetime.now(ZoneInfo("Europe/Amsterdam")).date() + timedelta(days=1)
    day = say_date(tomorrow)
    assert guest.say("feest geven").texts[-1] == "Op welke dag is uw feest?"
    assert guest.say("morgen").texts == (f"Hoe laat begint het op {day}?",)
    asked = guest.say("18:30")
    assert asked.options[f"Op {day} niets"] == f'/inform{{"party_day": "{tomorrow.isoformat()}"}}'
    assert guest.say("1250 euro").texts == ("Alles zonder vlees, voor € 1.250,00?",)
    done = guest.say("ja").texts[0]
    assert done == f"Uw feest is {day} om 18.30 uur, voor € 1.250,00. Zonder vlees: ja."
    guest.say("feest geven", "morgen", "18:30", "€ 500")
    assert guest.say("liever niet").texts == (f"Met vlees, op {day}.",)
    assert guest.say("hallo").texts == ("Hallo!",), "the form has ended"


def test_limits_are_said(guest: Guest) -> None:
    """Of a day, a time in the designer's own words, and an amount."""
    first = guest.say("feest geven", "gisteren").texts[0]
    assert first.startswith("Dat kan niet. Noem een dag van morgen tot en met ")
    assert first.endswith(". Op welke dag is uw feest?")
    late = guest.say("morgen", "22:00").texts
    assert late == ("Wij zijn open van 12.00 uur tot 21.00 uur. Hoe laat begint het?",)
    assert (
        guest.say("18:30", "20 euro")
        .texts[0]
        .startswith("Dat kan niet. Noem een bedrag van € 100,00 tot en met € 5.000,00.")
    )
