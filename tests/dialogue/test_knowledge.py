"""Questions to the pages, in conversations with the really trained assistant."""

from __future__ import annotations

import pytest

from bot.messages import Quote
from tests.support.dialogue import Customer

pytestmark = pytest.mark.model


def quote_of(customer: Customer) -> Quote:
    """The quote among the newest replies."""
    return next(message for message in customer.said if isinstance(message, Quote))


@pytest.mark.parametrize(
    ("question", "says", "page"),
    [
        ("moet ik zelf betalen voor het terugsturen", "gratis", "retourkosten"),
        ("hoe hoog zijn de aanmaningskosten", "15 procent", "aanmaning"),
        ("hoe zet ik de cookies uit", "Cookies", "cookies"),
    ],
)
def test_an_answer_is_quoted(question: str, says: str, page: str, customer: Customer) -> None:
    """With its page, the passage in the link, the date, and a way on; no order number is asked."""
    customer.say(question)
    quote = quote_of(customer)
    assert says in quote.passage
    assert f"/kennis/{page}#:~:text=" in quote.url
    assert quote.date is not None
    assert quote.marks
    assert "/medewerker" in [option.payload for option in customer.options]
    assert "bestelnummer" not in customer.text


def test_an_old_page_says_so(customer: Customer) -> None:
    """The page about cookies was last checked in 2023."""
    customer.say("hoe zet ik de cookies uit")
    assert "lang niet gecontroleerd" in quote_of(customer).note


@pytest.mark.parametrize("text", ["waar is mijn pakket", "ik wil iets terugsturen"])
def test_tasks_stay_tasks(text: str, customer: Customer) -> None:
    """A page about it does not get in between."""
    customer.say(text)
    assert "bestelnummer" in customer.text


def test_the_task_is_one_tap_away(customer: Customer) -> None:
    """After the answer."""
    customer.say("moet ik zelf betalen voor het terugsturen")
    customer.tap("Artikel terugsturen")
    assert "bestelnummer" in customer.text


def test_two_questions_are_no_loop_and_one_twice_is(customer: Customer) -> None:
    """What was quoted tells them apart."""
    customer.say("hoe hoog zijn de aanmaningskosten")
    customer.say("hoe zet ik de cookies uit")
    assert "Zo komen we niet verder" not in customer.text
    customer.say("hoe zet ik de cookies uit")
    assert "/medewerker" in [option.payload for option in customer.options]


def test_the_escape_word_wins(customer: Customer) -> None:
    """Also beside a question that a page answers."""
    customer.say("moet ik betalen voor het terugsturen? medewerker")
    assert customer.owner == "queued"
