from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Rejected
from bot.records.site_customer import SiteCustomer
from channels.webchat.session import (
    CUSTOMER_LIFETIME,
    LIFETIME,
    RENEW_AFTER,
    Session,
    Sessions,
)

NOW = datetime(2026, 8, 3, 12, tzinfo=UTC)
SESSIONS = Sessions("a secret for tests that is long enough")


def refused(token: str, now: datetime = NOW, sessions: Sessions = SESSIONS) -> int:
    with pytest.raises(Rejected) as caught:
        sessions.read(token, now)
    return caught.value.status


def test_a_token_names_its_session() -> None:
    """What was issued can be read back until it expires."""
    session = SESSIONS.start(NOW)
    token = SESSIONS.token(session)
    assert SESSIONS.read(token, NOW) == session
    assert SESSIONS.read(token, NOW + LIFETIME - timedelta(seconds=1)) == session


def test_every_customer_gets_another_address() -> None:
    """An address is 32 hexadecimal digits that nobody can guess."""
    addresses = {SESSIONS.start(NOW).address for _ in range(100)}
    assert len(addresses) == 100
    assert all(len(address) == 32 for address in addresses)


def test_an_expired_token_is_refused() -> None:
    """After thirty days it is over."""
    assert refused(SESSIONS.token(SESSIONS.start(NOW)), NOW + LIFETIME) == 401


def test_a_token_from_the_future_is_refused() -> None:
    """Clocks may differ by minutes, not by hours."""
    token = SESSIONS.token(SESSIONS.start(NOW + timedelta(hours=1)))
    assert refused(token) == 401


def test_another_installations_token_is_refused() -> None:
    """The secret decides."""
    other = Sessions("another secret that is long enough, too")
    assert refused(other.token(other.start(NOW))) == 401


@given(st.text(max_size=600))
def test_anything_else_is_refused(token: str) -> None:
    """No text that we did not issue opens a conversation, and none raises anything else."""
    assert refused(token) == 401


@given(st.data())
def test_one_changed_character_is_refused(data: st.DataObject) -> None:
    """A token is accepted whole or not at all."""
    token = SESSIONS.token(Session("ab" * 16, NOW))
    at = data.draw(st.integers(0, len(token) - 2))
    letter = data.draw(st.sampled_from("abcXYZ019-_."))
    changed = token[:at] + letter + token[at + 1 :]
    if changed != token:
        assert refused(changed) == 401


def test_a_signed_value_of_another_shape_is_refused() -> None:
    """Even with our signature a token must hold an address and a time."""
    for value in (["short", 1], ["ab" * 16], "ab" * 16, {"a": 1}, ["AB" * 16, 1]):
        assert refused(str(SESSIONS._serializer.dumps(value))) == 401


def test_a_session_is_renewed_when_half_old() -> None:
    """The address stays, so the conversation does; before half its life nothing changes."""
    session = SESSIONS.start(NOW)
    assert SESSIONS.renew(session, NOW + RENEW_AFTER - timedelta(seconds=1)) is session
    renewed = SESSIONS.renew(session, NOW + RENEW_AFTER)
    assert renewed == Session(session.address, NOW + RENEW_AFTER)


def test_the_storage_key_tells_nothing_about_the_address() -> None:
    """It is stable, short and no part of the address."""
    session = SESSIONS.start(NOW)
    later = Session(session.address, NOW + timedelta(days=1))
    assert session.storage_key == later.storage_key
    assert session.storage_key not in session.address


ANNA = SiteCustomer("k-1", "Anna", "anna@example.nl", {"card_number": ("B-1",)})


def test_a_customer_of_the_website_has_one_address_everywhere() -> None:
    """Made of the website's id alone; another customer, or installation, has another."""
    session = SESSIONS.of(ANNA, NOW)
    assert SESSIONS.of(SiteCustomer("k-1"), NOW + RENEW_AFTER).address == session.address
    assert SESSIONS.of(SiteCustomer("k-2"), NOW).address != session.address
    assert Sessions("another secret that is long enough!").of(ANNA, NOW).address != session.address
    assert len(session.address) == 32


def test_the_session_of_a_customer_ends_within_a_day() -> None:
    """What the website said is in it; only the website renews it."""
    session = SESSIONS.of(ANNA, NOW)
    token = SESSIONS.token(session)
    assert SESSIONS.read(token, NOW + CUSTOMER_LIFETIME - timedelta(seconds=1)) == session
    assert refused(token, NOW + CUSTOMER_LIFETIME) == 401
    with pytest.raises(Rejected):
        SESSIONS.renew(session, NOW)


def test_the_longest_customer_fits_in_a_token() -> None:
    """Also a name that is written out in escapes."""
    proved = {"order_number": tuple(f"{number:064}" for number in range(20))}
    longest = SiteCustomer("é" * 128, "é" * 80, "e" * 254, proved)
    session = SESSIONS.of(longest, NOW)
    assert SESSIONS.read(SESSIONS.token(session), NOW) == session
