"""Bad input never crashes, never loses anything, never meets silence."""

from __future__ import annotations

import pytest

from tests.support.dialogue import Customer

pytestmark = pytest.mark.model

ODD = {
    "empty": "",
    "spaces": "   ",
    "long": "waar blijft mijn pakket toch " * 400,
    "one long word": "a" * 10_000,
    "emoji": "😀😀",
    "english": "where is my parcel please",
    "arabic": "أين طردي",
    "chinese": "我的包裹在哪里",
    "control characters": "\x00\x07\x1b[2Jhoi\x00",
    "a payload": '/rate{"score": 5}',
    "a broken payload": "/track_order{",
    "a slash": "/",
    "a template": "{order_number} {{x}} %s",
    "markup": "<script>alert(1)</script>",
    "sql": "'; drop table orders; --",
    "surrogates": "hoi \ud83d",
    "right to left": "\u202emedewerker",
    "digits": "1234567890" * 20,
}


@pytest.mark.parametrize("name", ODD)
def test_odd_messages(name: str, customer: Customer) -> None:
    """A clear reply, and the conversation goes on."""
    customer.say(ODD[name])
    assert customer.said[-1].text
    if customer.owner == "bot":
        assert customer.say("waar is mijn pakket").intent in ("track_order", None)
    assert customer.say("medewerker").owner == "queued"


@pytest.mark.parametrize("name", ODD)
def test_odd_answers_in_a_form(name: str, customer: Customer) -> None:
    """A form takes none of it for an answer, and asks on or offers a way out."""
    customer.say("waar is mijn pakket")
    customer.say(ODD[name])
    if customer.owner == "bot":
        customer.say("PP-100234")
        customer.say("1234 AB")
        assert "PP-100234" in customer.text


@pytest.mark.parametrize(
    "payload",
    ['/rate{"score": 5}', "/affirm", "/nonsense", "x" * 5000, "", '/rate{"score": "x"}', "/"],
)
def test_payloads_nobody_offered(payload: str, customer: Customer) -> None:
    """They do nothing, get a clear reply, and leave the choices on the table."""
    customer.say("hoi")
    before = [option.payload for option in customer.options]
    customer.say("x", payload)
    assert [option.payload for option in customer.options] == before
    assert customer.owner == "bot"


def test_an_old_button(customer: Customer) -> None:
    """A button of an earlier question does nothing any more."""
    customer.say("hoi")
    old = customer.options[0]
    customer.say("wanneer zijn jullie open")
    customer.say(old.title, old.payload)
    assert "eerdere vraag" in customer.text
