"""The shop's own voice."""

from __future__ import annotations

import re

import pytest

from tests.support.form_driver import domain

RESPONSES = domain()["responses"]


@pytest.mark.parametrize("name", sorted(RESPONSES))
def test_the_customer_is_addressed_with_u(name: str) -> None:
    """No "je", no "jij"."""
    for variant in RESPONSES[name]:
        text = variant.get("text") or variant["custom"]["text"]
        assert not re.search(r"\b(je|jij|jou|jouw|jullie)\b", text, re.IGNORECASE)
