"""Only what Meta signed is read, and only who knows our word gets our address confirmed."""

from __future__ import annotations

import pytest

from channels.whatsapp.verify import challenge, is_signed, signature


def test_a_signature_is_the_hmac_of_the_raw_bytes() -> None:
    """The example of RFC 4231, case 2, in Meta's form."""
    known = "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    assert signature(b"what do ya want for nothing?", "Jefe") == known
    assert is_signed(b"what do ya want for nothing?", known, "Jefe")


@pytest.mark.parametrize("header", [None, "", "sha256=", "sha1=abc", "é", "\udcff", "sha256=00"])
def test_anything_else_is_refused(header: str | None) -> None:
    """Whatever the header holds, it is a refusal and not an error."""
    assert not is_signed(b"{}", header, "secret")


def test_a_changed_byte_is_noticed() -> None:
    """The signature covers every byte."""
    good = signature(b'{"a": 1}', "secret")
    assert not is_signed(b'{"a": 2}', good, "secret")
    assert not is_signed(b'{"a": 1}', good, "other")


def test_the_challenge_is_given_back_to_who_knows_the_word() -> None:
    """Meta's own example."""
    query = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": "woord"}
    assert challenge(query, "woord") == "1158201444"


@pytest.mark.parametrize(
    "change",
    [
        {"hub.verify_token": "ander"},
        {"hub.verify_token": ""},
        {"hub.mode": "unsubscribe"},
        {"hub.challenge": ""},
    ],
)
def test_nobody_else_gets_an_answer(change: dict[str, str]) -> None:
    """A wrong word, another mode, or nothing to give back."""
    query = {"hub.mode": "subscribe", "hub.challenge": "1", "hub.verify_token": "woord"}
    assert challenge({**query, **change}, "woord") is None
    assert challenge({}, "woord") is None
