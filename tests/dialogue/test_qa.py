"""Conversations that once went wrong, each with what must happen now."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from bot.messages import options_of
from bot.store.sql import tables
from tests.support.dialogue import Customer, Shop

pytestmark = pytest.mark.model

#: What is said (parted by ` / `), what the last reply must hold (parted by `|`), who owns it then.
CONVERSATIONS = [
    # Another order than the one verified, with its postcode.
    ("waar is mijn pakket PP-100234 1234AB / waar is PP-100733 6811KM", "PP-100733 is", "bot"),
    ("retour PP-100871 3511LX / nee het gaat om PP-100640 5611AZ", "Waarom", "bot"),
    ("waar is mijn pakket / PP-100235 / 1234 AB / PP-100234", "welke postcode", "bot"),
    ("waar is mijn pakket / PP-100235 / 1234 AB / PP-100234 / 1234AB", "234 is onderweg", "bot"),
    # After two wrong postcodes a corrected order number is no third try.
    (
        "waar is mijn pakket / PP-100233 / 1234 AC / 1234 AD / PP-100234 / 1234 AB",
        "PP-100234 is onderweg",
        "bot",
    ),
    ("waar is mijn pakket / PP-100233 / 1234 AC / 1234 AC / 1234 AC", "had u al ingevuld", "bot"),
    ("waar is mijn pakket / PP-100234 / 1243AB oeps 1234AB", "PP-100234 is onderweg", "bot"),
    # "Ja" to the bot's own question.
    ("doei / 1 / ja", "medewerker", "queued"),
    ("ik kan niet inloggen / wachtwoord vergeten / het lukt niet / ja", "medewerker", "queued"),
    ("ik kan niet inloggen / wachtwoord vergeten / ja", "Graag gedaan", "bot"),
    ("factuur PP-100519 4811CA / Ik heb al betaald / ja", "medewerker", "queued"),
    ("bedankt / Nog een vraag", "Kies een onderwerp", "bot"),
    # After opening hours.
    (
        "hoi waar blijft mijn pakket en hoe laat zijn jullie open / PP-100234 1234AB",
        "PP-100234 is onderweg|U vroeg ook",
        "bot",
    ),
    ("zijn jullie morgen open / 51000", "Waar gaat dit over", "bot"),
    ("hoe laat zijn jullie open / en morgen? / en donderdag", "Donderdag|nog iets", "bot"),
    ("hoe laat zijn jullie open / en donderdag / nee", "Bedankt", "bot"),
    ("zijn jullie open met kerst / en op 2e kerstdag / en oudjaarsdag", "31 december", "bot"),
    ("met oud en nieuw open", "31 december", "bot"),
    # The same about another order, and the postcode before the number.
    ("waar is mijn pakket PP-100234 1234AB / en PP-100733? / 6811KM", "PP-100733 is", "bot"),
    ("waar is mijn pakket / 1243AB oeps 1234AB", "dat heb ik|bestelnummer", "bot"),
    ("waar is mijn pakket / 1243AB oeps 1234AB / PP-100234", "PP-100234 is onderweg", "bot"),
    # Two requests in one message.
    (
        "waar is mijn pakket en hoe laat zijn jullie open / PP-100234 1234AB",
        "PP-100234 is onderweg|U vroeg ook naar ‘Openingstijden’",
        "bot",
    ),
    ("waar is mijn pakket en hoe laat zijn jullie open / stop / ja", "9.00", "bot"),
    ("waar is mijn pakket en zijn jullie zondag open / stop / ja", "Zondag", "bot"),
    (
        "hoe laat zijn jullie open en waar is mijn pakket PP-100234 1234AB / ja",
        "is onderweg",
        "bot",
    ),
    ("hoe laat zijn jullie open en waar is mijn pakket / nee", "Bedankt", "bot"),
    # Hours of a day are a part of it.
    (
        "ik wil de bezorging wijzigen PP-100234 1234AB / volgende week vrijdag tussen 12 en 3",
        "12.00 tot 17.00",
        "bot",
    ),
    # No BSN, account or card number.
    ("waar is mijn pakket / 4111 1111 1111 1111", "Stuur geen BSN", "bot"),
    ("mijn bsn is 111222333 waar is mijn pakket", "Stuur geen BSN|bestelnummer", "bot"),
    # About a person, not for one.
    ("is er nu iemand", "Ik ben er dag en nacht", "bot"),
    ("kan de klantenservice zien waar mijn pakket is", "bestelnummer", "bot"),
    # Not for this assistant.
    ("bestelling afzeggen", "bestelnummer", "bot"),
    ("ik wil mijn gasstand doorgeven", "alleen stroomstanden", "bot"),
    ("watermeter doorgeven / ja", "medewerker", "queued"),
    ("meterstand doorgeven / pp-100456 9712hm / 49000 / ja ik heb zonnepanelen", "terug", "bot"),
    ("ik wil mijn bestelling annuleren / PP-100234 1234AB", "aan de deur weigeren", "bot"),
    # What the pages say, and a person who does the rest.
    ("ik ga verhuizen / ja", "medewerker", "queued"),
    ("we krijgen een nieuw adres", "minstens twee weken", "bot"),
    ("hebben jullie een telefoonnummer?", "088 000 00 00", "bot"),
    ("niks ontvangen / PP-100640 5611AZ", "vijf werkdagen", "queued"),
    ("waar is PP-100640 5611AZ / ik heb niks gehad", "vijf werkdagen", "queued"),
    ("mijn geld is nog niet terug / PP-100985 8011PE", "is geannuleerd", "bot"),
    ("heb ik nog garantie op mijn lamp PP-100302 2011DK", "twee jaar garantie", "bot"),
    ("waar is mijn pakket / waarom wilt u mijn bestelnummer", "de juiste bestelling", "bot"),
    # A day on which somebody is elsewhere: the day or the address?
    (
        "maandag ben ik er niet, dan ben ik bij mijn zus / PP-100234 1234AB",
        "Welke kiest u",
        "bot",
    ),
    # What it costs, before the yes.
    ("energie opzeggen PP-100456 9712HM", "opzegvergoeding", "bot"),
    ("bezorging wijzigen PP-100234 1234AB / andere dag / overmorgen", "komt uw pakket al", "bot"),
    ("ik wil mijn account verwijderen / ja", "medewerker", "queued"),
    ("waar is mijn pakket / ik wil niet meer leven", "113|medewerker", "queued"),
    # A side question, a pause, or no answer at hand.
    ("box opzeggen PP-100456 9712HM / wat kost dat", "weet ik niet zeker|Klopt dit?", "bot"),
    ("retour PP-100871 3511LX / kost dat geld / regenjas", "Waarom", "bot"),
    ("waar is mijn pakket / factuur", "We gaan verder met ‘Factuur en betalen’", "bot"),
    ("waar is mijn pakket / ik heb geen bestelnummer", "bovenaan de e-mail", "bot"),
    ("waar is mijn pakket / wacht even ik zoek het op", "Neem de tijd|bestelnummer", "bot"),
    ("waar is mijn pakket / iets anders", "we stoppen hiermee", "bot"),
    ("ik wil mijn energie wijzigen PP-100456 9712HM / geen idee", "Dit kan wel", "bot"),
    # At the confirmation.
    ("retour PP-100871 3511LX / regenjas / te klein / nee toch niet", "niets veranderd", "bot"),
    ("retour PP-100871 3511LX / regenjas / te klein / ik wil hem houden", "niets veranderd", "bot"),
    ("box opzeggen PP-100456 9712HM / nee / nee", "Wilt u toch niets wijzigen", "bot"),
    # The beginning.
    ("hoi / ik had een vraag", "Zegt u het maar", "bot"),
    ("where is my parcel please", "I only understand Dutch", "bot"),
]


def follow(customer: Customer, conversation: str) -> None:
    """Says every line."""
    for text in conversation.split(" / "):
        customer.say(text)


@pytest.mark.parametrize(("conversation", "parts", "owner"), CONVERSATIONS)
def test_conversation(conversation: str, parts: str, owner: str, customer: Customer) -> None:
    """The last reply says what it must."""
    follow(customer, conversation)
    for part in parts.split("|"):
        assert part in customer.text, customer.text
    assert customer.owner == owner


def test_a_private_number_is_not_kept(shop: Shop, customer: Customer) -> None:
    """Neither in the tracker nor in the inbox, and the account neither."""
    customer.say("mijn bsn is 111222333 en NL91ABNA0417164300 waar is mijn pakket")
    with shop.database.read() as conn:
        kept = [
            str(row)
            for table in (tables.inbox, tables.events, tables.trackers, tables.outbox)
            for row in conn.execute(select(table))
        ]
    assert any("[bsn]" in row for row in kept)
    assert not [row for row in kept if "111222333" in row or "NL91" in row]


def test_yes_to_a_guess_keeps_the_words(shop: Shop, customer: Customer) -> None:
    """The day that was named before the guess is not asked again."""
    customer.say("bezorging PP-100234 1234AB wijzigen")
    customer.say("stop")
    customer.say("kan het volgende week vrijdag avond")
    if "Bedoelt u dit?" in customer.text:
        customer.say("ja")
    assert "Klopt dit?" in customer.text
    assert "avond" in customer.text


def test_thumbs_up_is_yes(customer: Customer) -> None:
    """At a confirmation."""
    follow(customer, "box pauzeren PP-100456 9712HM / 4 weken / 👍")
    assert "Vanaf nu staat uw maandelijkse box op pauze" in customer.text


def test_three_tries_are_all(customer: Customer) -> None:
    """Leaving the queue does not give three more; the reason is said."""
    follow(customer, "waar is mijn pakket / PP-100234 / 9999ZZ / 9999ZX / 9999ZW")
    assert "horen nog steeds niet bij elkaar" in customer.text
    follow(customer, "Naar de AI-assistent / waar is mijn pakket PP-100234 1234AB")
    assert customer.owner == "queued"
    assert "onderweg" not in customer.text


def test_corrections_are_no_refusals(customers: Callable[[], Customer]) -> None:
    """However often somebody changes the mind."""
    customer = customers()
    follow(customer, "bezorging wijzigen PP-100234 1234AB / volgende week donderdag / ochtend")
    for text in (
        "nee ik bedoel volgende week vrijdag",
        "avond graag",
        "nee toch ochtend",
        "nee middag",
    ):
        customer.say(text)
        assert "aangepast" in customer.text
        assert "Zo komen we niet verder" not in customer.text


def test_the_third_refusal_offers_each_way_out_once(customer: Customer) -> None:
    """One set of buttons."""
    follow(customer, "waar is mijn pakket / blub / blab / pff")
    payloads = [option.payload for message in customer.said for option in options_of(message)]
    assert len(payloads) == len(set(payloads))
    assert "/medewerker" in payloads


def test_the_same_reply_for_ever(customer: Customer) -> None:
    """Yes and no without a question lead to a person in the end."""
    follow(customer, "hoi / ja / nee / ok")
    assert customer.owner == "queued"
