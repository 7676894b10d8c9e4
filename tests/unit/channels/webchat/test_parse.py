from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Rejected
from bot.messages import Inbound
from channels.webchat import parse

SENDER = "ab" * 16
ID = "3f0b0c5e-37a0-4a6e-9a3f-0123456789ab"


def body(**changes: Any) -> bytes:
    return json.dumps({"id": ID, "text": "waar is mijn pakket", **changes}).encode()


def refused(raw: bytes) -> Rejected:
    with pytest.raises(Rejected) as caught:
        parse.message(raw, SENDER)
    return caught.value


def test_typed_text() -> None:
    """Text alone is a message; its id is the browser's, made unique by the sender."""
    assert parse.message(body(), SENDER) == Inbound(
        "webchat", SENDER, f"{SENDER}.{ID}", "waar is mijn pakket"
    )


def test_a_tapped_option() -> None:
    """The payload comes along with the option's words."""
    message = parse.message(body(text="Ja", payload="/affirm"), SENDER)
    assert (message.text, message.payload) == ("Ja", "/affirm")


def test_a_payload_needs_no_text() -> None:
    """An option without words is still an answer."""
    assert parse.message(body(text="", payload="/affirm"), SENDER).payload == "/affirm"


def test_the_browsers_id_comes_back_out() -> None:
    """The browser recognises its own message by the id it gave."""
    assert parse.client_id(parse.message(body(), SENDER).message_id) == ID


def test_two_customers_with_one_id_do_not_meet() -> None:
    """Nobody can use up another customer's message id."""
    other = parse.message(body(), "cd" * 16)
    assert other.message_id != parse.message(body(), SENDER).message_id


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("  hoi \n", "hoi"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("ho\x00i\x07\x1b[2J", "hoi[2J"),
        ("👍🏽 top", "👍🏽 top"),
        ("tab\tblijft", "tab\tblijft"),
    ],
)
def test_text_is_cleaned_of_what_is_no_text(raw: str, kept: str) -> None:
    """Control characters go, line ends become one kind, the rest stays as typed."""
    assert parse.message(body(text=raw), SENDER).text == kept


def test_half_a_character_is_replaced() -> None:
    """A lone surrogate cannot be stored in any database."""
    raw = b'{"id": "%s", "text": "a\\ud83d"}' % ID.encode()
    assert parse.message(raw, SENDER).text == "a\ufffd"


@pytest.mark.parametrize("text", ["", "   \n", "\x00\x01", "\ufeff"])
def test_an_empty_message_is_refused_in_words(text: str) -> None:
    """The sentence says what to do."""
    error = refused(body(text=text))
    assert error.status == 400
    assert "leeg" in str(error)


def test_ten_thousand_characters_are_accepted_and_no_more() -> None:
    """The limit counts characters, not bytes."""
    assert len(parse.message(body(text="é" * 10_000), SENDER).text) == 10_000
    error = refused(body(text="a" * 10_001))
    assert error.status == 413
    assert "10.000" in str(error)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"[]",
        b'"hoi"',
        b"null",
        b"\xff\xfe",
        b"[" * 20_000,
        b'{"id": NaN}',
        body(extra=1),
        body(id=None),
        body(id="1"),
        body(id="x" * 36),
        body(id=f"{{{ID}}}"),
        body(text=None),
        body(text=["hoi"]),
        body(payload="affirm"),
        body(payload=1),
        body(payload="/" + "a" * 1_000),
        body(payload="/a\x00"),
    ],
)
def test_what_is_no_message_is_refused(raw: bytes) -> None:
    """With 400 and a Dutch sentence."""
    error = refused(raw)
    assert error.status == 400
    assert str(error).endswith(".")


def test_a_body_over_the_limit_is_refused() -> None:
    """Without reading it."""
    assert refused(b" " * (parse.MAX_BODY + 1)).status == 413


def outcome(raw: bytes) -> Inbound | Rejected:
    try:
        return parse.message(raw, SENDER)
    except Rejected as error:
        return error


@given(st.binary(max_size=300))
def test_any_bytes_are_a_message_or_refused(raw: bytes) -> None:
    """No input raises anything but `Rejected`."""
    found = outcome(raw)
    assert isinstance(found, Inbound) or found.status in (400, 413)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=7), inner),
    max_leaves=8,
)


@given(st.fixed_dictionaries({}, optional={"id": JSON, "text": JSON, "payload": JSON}))
def test_any_json_is_a_message_or_refused(value: dict[str, Any]) -> None:
    """Whatever stands in the known fields."""
    found = outcome(json.dumps(value | {"id": str(uuid4())}).encode())
    if isinstance(found, Inbound):
        assert "\x00" not in found.text
        assert found.text.encode() or found.payload
    else:
        assert found.status in (400, 413)
