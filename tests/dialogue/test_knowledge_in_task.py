"""Questions within a task, or leaning on an answer, are answered from the pages about it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from bot.messages import Quote
from tests.support.dialogue import Customer, Shop

pytestmark = pytest.mark.model

QUESTIONS = YAML(typ="safe").load(Path(__file__).with_name("questions_in_task.yml"))


def quoted(customer: Customer) -> str:
    """What the newest replies quote; empty: nothing."""
    return " ".join(said.passage for said in customer.said if isinstance(said, Quote))


def outcome(shop: Shop, case: dict[str, str]) -> str:
    """`right`, `wrong` or `silent`: what came of a question."""
    customer = shop.customer().follow([*case["after"].split(" / "), case["ask"]])
    told = quoted(customer)
    if not case["says"]:
        return "wrong" if told else "right"
    # A task may know the answer itself.
    if any(words in (told or customer.text) for words in case["says"].split("|")):
        return "right"
    return "wrong" if told else "silent"


@pytest.mark.parametrize(("half", "right", "wrong"), [("known", 23, 0), ("judge", 15, 1)])
def test_shares(half: str, right: int, wrong: int, shop: Shop) -> None:
    """No fewer right answers, and no more wrong ones, than when the rules were made."""
    came = {case["ask"]: outcome(shop, case) for case in QUESTIONS[half]}
    counts = Counter(came.values())
    assert counts["right"] >= right, came
    assert counts["wrong"] <= wrong, came


@pytest.mark.parametrize(
    ("after", "ask", "says"),
    [
        # What was chosen within the task: the box, not the contract.
        ("box opzeggen PP-101159 3313 KC", "wat is de opzegtermijn eigenlijk", "de box elke dag"),
        ("box opzeggen PP-101159 3313 KC", "kost stoppen me nog iets", "opzeggen zijn gratis"),
        # The task at hand before a word of another page: bringing it back, not fetching a parcel.
        ("retour PP-100871 3511LX", "wat kost ophalen", "4,95"),
        ("mijn account zit op slot", "hoe lang duurt dat slot", "een uur op slot"),
        # What was quoted before one word of another page.
        (
            "hoe lang is een cadeaukaart geldig",
            "kan ik m dan niet omruilen voor geld",
            "geen geld terug voor een cadeaukaart",
        ),
        ("wat kost de kleine box", "en de grote", "29,50"),
        # Nothing is known that "het" could point at.
        ("hallo", "kan het ook op zondag eigenlijk", "Op zondag"),
        # What might be ordered is nobody's parcel yet.
        (
            "hallo",
            "is er kans dat ik mn pakket vandaag nog krijg als ik nu bestel",
            "voor 22.00 uur",
        ),
        # The likeliest meaning is the task that the likeliest page is about.
        (
            "hallo",
            "moet ik de doos van het ding bewaren om het terug te kunne sturen",
            "originele doos",
        ),
    ],
)
def test_what_is_at_hand_is_asked_about(
    after: str, ask: str, says: str, customer: Customer
) -> None:
    """Each of a kind that went wrong."""
    customer.follow([after, ask])
    assert says in quoted(customer)


@pytest.mark.parametrize("ask", ["krijg ik dan december nog wel gewoon?", "en die van januari?"])
def test_another_subject_is_not_told_within_a_task(ask: str, customer: Customer) -> None:
    """The page about presents has the month, and nothing of the box."""
    customer.follow(["box opzeggen PP-101159 3313 KC", ask])
    assert "31 januari" not in quoted(customer)


def test_no_and_yes_answer_their_own_question(customer: Customer) -> None:
    """The heading's; to any other question the words behind it are quoted."""
    customer.say("is mijn contract vast of variabel?")
    assert not quoted(customer).startswith(("Ja", "Nee"))
    customer.say("kan ik de box pauzeren?")
    assert quoted(customer).startswith("Ja, u kunt de box")


@pytest.mark.parametrize(
    "ask", ["verkopen jullie ook fietsen?", "kan ik bij jullie een koelkast huren"]
)
def test_what_no_page_knows_is_said_plainly(ask: str, customer: Customer) -> None:
    """No page or subject that only has a word of it; a person is the way on."""
    customer.say(ask)
    assert "Daar vind ik geen antwoord op" in customer.text
    assert "/medewerker" in [option.payload for option in customer.options]
