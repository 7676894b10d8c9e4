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


def test_a_question_leans_on_the_answer_before_it(customer: Customer) -> None:
    """Each of them on the last."""
    customer.say("wat kost terugsturen")
    customer.say("En hoeveel dagen heb ik daarvoor?")
    assert quote_of(customer).title == "Hoe lang u mag terugsturen"
    customer.say("en geldt dat ook voor dingen uit de sale?")
    assert "met korting" in quote_of(customer).passage


def test_another_passage_of_the_page_just_quoted(customer: Customer) -> None:
    """Not the same words again."""
    customer.say("kan het pakket voor de deur gelegd worden")
    before = quote_of(customer).passage
    customer.say("en de buren zelf, kan dat dan wel met handtekening")
    assert quote_of(customer).passage != before
    assert "tekenen" in quote_of(customer).passage


def test_a_fact_of_the_turn_before_is_told_again(customer: Customer) -> None:
    """What the order's status said."""
    customer.say("waar is mijn pakket PP-100234 1234 AB")
    customer.say("oke en hoe laat zn ze er ongeveer, moet nr training")
    assert "van 12.00 tot 17.00 uur" in customer.text
    assert "Zo komen we niet verder" not in customer.text


def test_a_question_beside_an_answer(customer: Customer) -> None:
    """The answer is taken, and the summary follows; nothing was done yet."""
    customer.say("ik wil mijn bezorging op een andere dag PP-100234 1234 AB")
    customer.say("vrijdag")
    customer.say("Middag. Kost dat nog wat extra of krijg ik dat er gratis bij?")
    assert "middag kosten niets extra" in quote_of(customer).passage
    assert "Klopt dit?" in customer.text
    customer.say("is dat nu gewijzigd of niet?")
    assert "nog niets gedaan" in customer.text
    assert "Klopt dit?" in customer.text


def test_a_reply_is_not_given_twice_to_who_objects(customer: Customer) -> None:
    """The first time other ways, then a person."""
    customer.say("is mijn factuur betaald PP-100456 9712 HM")
    paid = customer.text
    customer.say("Ja dat weet ik dat hij betaald is, ik vraag waarom hij hoger is")
    assert "Wij ontvingen het geld" in paid
    assert "Wij ontvingen het geld" not in customer.text
    assert "/medewerker" in [option.payload for option in customer.options]


@pytest.mark.parametrize(
    "text", ["de stroom is uitgevallen", "geen stroom hier", "alleen bij ons is er geen stroom"]
)
def test_without_power(text: str, customer: Customer) -> None:
    """The number at once, and the fuse."""
    customer.say(text)
    assert "0800-9009" in customer.text
    assert "stop" in customer.text


def test_a_tapped_page_answers_the_question_behind_it(customer: Customer) -> None:
    """With the passage that is nearest to it, not the first of the page."""
    customer.say("hoe lang duurt een reparatie")
    customer.say("en kost het iets?")
    customer.tap("Garantie en reparatie")
    assert "de reparatie gratis" in quote_of(customer).passage
