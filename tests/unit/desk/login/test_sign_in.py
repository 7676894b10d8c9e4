"""How often one network address may try to log in."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import pytest
from sanic.request import Request

from bot.desk.login.auth import Access
from bot.desk.login.sign_in import SignIn
from bot.errors import Rejected


def request(forwarded: str | None, direct: str = "10.0.0.1") -> Request:
    return cast(Request, SimpleNamespace(remote_addr=forwarded, ip=direct))


def test_an_address_that_tries_too_often_waits() -> None:
    """An office may begin its day at once; a machine that guesses is told to wait, in Dutch."""
    door = SignIn(cast(Access, None), {})
    for _ in range(60):
        door.knock(request("203.0.113.5"))
    with pytest.raises(Rejected, match="te vaak geprobeerd") as refused:
        door.knock(request("203.0.113.5"))
    assert refused.value.status == 429
    assert refused.value.retry_after
    door.knock(request("203.0.113.6"))
    door.knock(request(None))


def test_one_household_is_one_address() -> None:
    """Who has a whole IPv6 network does not get sixty tries from each of its addresses."""
    door = SignIn(cast(Access, None), {})
    for number in range(60):
        door.knock(request(f"2001:db8::{number:x}"))
    with pytest.raises(Rejected):
        door.knock(request("2001:db8::ffff"))
