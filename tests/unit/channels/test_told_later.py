"""A code that a provider tells later means what it means at once, to every sender."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.errors import (
    Ambiguous,
    BadCredentials,
    OptedOut,
    SendError,
    Throttled,
    Unavailable,
    Undeliverable,
    WindowClosed,
)
from channels.protocol import TellsLater
from channels.sms.gateway import SmsSender, via
from channels.sms.kannel import KannelGateway
from channels.sms.twilio import TwilioGateway
from channels.whatsapp import WhatsApp

_GATEWAYS = {
    "twilio": TwilioGateway("AC" + "0" * 32, "f" * 32, "+3197010123456").client("", 1.0),
    "kannel": KannelGateway("http://127.0.0.1:1/", "u", "p", "s").client("", 1.0),
}
#: Sender and address of each provider.
SENDERS: Mapping[str, tuple[TellsLater, str]] = MappingProxyType(
    {
        "whatsapp": (WhatsApp.preview_only().sender(), "31612345678"),
        **{name: (SmsSender(_GATEWAYS), via(name, "+31612345678")) for name in _GATEWAYS},
    }
)


@pytest.mark.parametrize(
    ("provider", "code", "kind"),
    [
        ("whatsapp", "131047", WindowClosed),
        ("whatsapp", "131000", Unavailable),
        ("whatsapp", "131056", Throttled),
        ("whatsapp", "131042", BadCredentials),
        ("whatsapp", "131026", Undeliverable),
        ("whatsapp", "131049", Undeliverable),
        ("whatsapp", "failed", Undeliverable),
        ("twilio", "21610", OptedOut),
        ("twilio", "30001", Throttled),
        ("twilio", "30002", BadCredentials),
        ("twilio", "30005", Undeliverable),
        ("twilio", "30008", Undeliverable),
        ("kannel", "undeliverable", Undeliverable),
        ("kannel", "rejected", Undeliverable),
    ],
)
def test_a_code_says_what_to_do_next(provider: str, code: str, kind: type[SendError]) -> None:
    """By the table that is for refusals at once; what it does not know is final."""
    sender, address = SENDERS[provider]
    error = sender.told_later(address, code)
    assert type(error) is kind
    assert error.code == code


@given(code=st.text(max_size=12) | st.integers(0, 200_000).map(str))
def test_whatever_is_told_there_is_an_answer_and_no_doubt(code: str) -> None:
    """That it failed is certain."""
    for sender, address in SENDERS.values():
        assert not isinstance(sender.told_later(address, code), Ambiguous)
