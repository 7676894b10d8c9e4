"""What the person reads, on ten conversations: the facts that must be in it, and what must not."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from tests.dialogue.test_safeguards import waiting_of
from tests.support.dialogue import Customer, Shop

pytestmark = pytest.mark.model


@dataclass(frozen=True)
class Case:
    """A conversation, parted by ` / `, and what its summary must say.

    Attributes:
        said: what the customer writes, the last line leading to a person.
        question: the customer's own words.
        topic: what it is about.
        reason: why it came to a person.
        data: values given, by their Dutch name.
        proved: the orders that were proved, parted by spaces.
        unproved: the orders that were asked about without proof.
        steps: what was tried.
        team: whose queue it is in.
        urgent: whether it goes first.
    """

    said: str
    question: str
    topic: str
    reason: str = "asked"
    data: dict[str, str] = field(default_factory=dict)
    proved: str = ""
    unproved: str = ""
    steps: tuple[str, ...] = ()
    team: str = "algemeen"
    urgent: bool = False


CASES = {
    "return half-way": Case(
        "ik wil graag iets terugsturen / PP-100871 3511 LX / regenjas / medewerker",
        "ik wil graag iets terugsturen",
        "return_item",
        data={"Bestelnummer": "PP-100871", "Postcode": "3511 LX", "Artikel": "Regenjas, maat M"},
        proved="PP-100871",
        steps=("Retour aanmelden",),
        team="retour_betaling",
    ),
    "wrong postcode": Case(
        "waar is mijn pakket / PP-100234 / 9999 ZZ / 8888 ZZ / 7777 ZZ",
        "waar is mijn pakket",
        "track_order",
        "verification_failed",
        data={"Bestelnummer": "PP-100234"},
        unproved="PP-100234",
        steps=("Bestelling volgen",),
        team="bezorging",
    ),
    "another order than the proved one": Case(
        "waar is mijn pakket PP-100871 3511LX / en PP-100234? / medewerker",
        "waar is mijn pakket PP-100871 3511LX",
        "track_order",
        data={"Bestelnummer": "PP-100234"},
        proved="PP-100871",
        unproved="PP-100234",
        steps=("Bestelling volgen",),
        team="bezorging",
    ),
    "complaint": Case(
        "ik wil een klacht indienen / de bezorger gooide het pakket over de schutting",
        "de bezorger gooide het pakket over de schutting",
        "complaint",
        "complaint",
        data={"Klacht": "de bezorger gooide het pakket over de schutting"},
        steps=("Klacht indienen",),
        team="retour_betaling",
    ),
    "sensitive": Case(
        "mijn man is overleden en hij had een abonnement / Ja, een medewerker",
        "mijn man is overleden en hij had een abonnement",
        "sensitive_matter",
        "sensitive",
        steps=("Gevoelig onderwerp",),
        urgent=True,
    ),
    "not understood": Case(
        "qwlkej asdlkj / zxcmn poiu qqq / mnbv lkjh",
        "zxcmn poiu qqq",
        "",
        "not_understood",
    ),
    "person at once": Case("medewerker", "medewerker", ""),
    "two tasks": Case(
        "hoe laat zijn jullie morgen open / waar is mijn pakket PP-100234 1234AB / medewerker aub",
        "waar is mijn pakket PP-100234 1234AB",
        "track_order",
        data={"Bestelnummer": "PP-100234", "Postcode": "1234 AB"},
        proved="PP-100234",
        steps=("Openingstijden", "Bestelling volgen"),
        team="bezorging",
    ),
    "low score": Case(
        "ik kan niet inloggen op mijn account / doei / 1 / Medewerker",
        "ik kan niet inloggen op mijn account",
        "login_help",
        "low_rating",
        steps=("Inloggen",),
    ),
    "meter reading refused": Case(
        "meterstand doorgeven / PP-100456 9712 HM / weet ik niet / medewerker",
        "meterstand doorgeven",
        "submit_meter_reading",
        data={"Bestelnummer": "PP-100456"},
        proved="PP-100456",
        steps=("Meterstand doorgeven",),
        team="energie_abonnementen",
    ),
    "box to be stopped": Case(
        "ik wil mijn box opzeggen / PP-100456 / 9712 HM / ik wil een mens spreken",
        "ik wil mijn box opzeggen",
        "change_subscription",
        data={
            "Bestelnummer": "PP-100456",
            "Abonnement": "maandelijkse box",
            "Wijziging abonnement": "opzeggen",
        },
        proved="PP-100456",
        steps=("Box opzeggen",),
        team="energie_abonnementen",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_the_facts(name: str, shop: Shop, customer: Customer) -> None:
    """The customer repeats nothing: wish, data, proof, steps, reason and last words are there."""
    case = CASES[name]
    lines = case.said.split(" / ")
    for text in lines:
        customer.say(text)
    assert customer.owner == "queued"
    handover = waiting_of(shop, customer)
    summary = handover.summary
    assert (handover.reason, handover.topic) == (case.reason, case.topic)
    assert (handover.team, handover.urgent) == (case.team, case.urgent)
    assert summary["question"] == case.question
    assert summary["data"].items() >= case.data.items()
    assert summary["proved"] == case.proved.split()
    assert summary["unproved"] == case.unproved.split()
    assert tuple(summary["steps"]) == case.steps
    assert lines[-1] in [line["text"] for line in summary["last"]]


def test_what_is_told_while_waiting(shop: Shop, customer: Customer) -> None:
    """Who asks for a person first and explains later is heard as well."""
    customer.say("medewerker")
    customer.say("mijn factuur klopt niet er staat een artikel te veel op")
    handover = waiting_of(shop, customer)
    assert "factuur klopt niet" in handover.summary["question"]
    assert (handover.topic, handover.team) == ("invoice_details", "retour_betaling")
