"""A device is known for those who logged in on it, until their passwords change."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.desk.login.known_devices import KnownDevices, login_key

SECRET = "a secret for tests that is long enough"
DEVICES = KnownDevices(SECRET)


@given(st.lists(st.integers(0, 12), min_size=1, max_size=30))
def test_the_last_eight_people_are_known(people: list[int]) -> None:
    """In whatever order they came; a device keeps the id it has for somebody."""
    cookie = ""
    for person in people:
        before = DEVICES.device(cookie, f"key {person}")
        cookie = DEVICES.remembered(cookie, f"key {person}")
        now = DEVICES.device(cookie, f"key {person}")
        assert now is not None
        assert before in (None, now)
    latest = list(dict.fromkeys(reversed(people)))
    known = [person for person in latest if DEVICES.device(cookie, f"key {person}")]
    assert known == latest[:8]


def test_only_what_loket_signed_counts() -> None:
    """Not a made-up value, nor one of another installation."""
    cookie = KnownDevices("another secret that is long enough").remembered("", "key")
    for given_cookie in ("", "x", "a.b.c", cookie):
        assert DEVICES.device(given_cookie, "key") is None


def test_a_name_is_a_name_in_any_case() -> None:
    """And another one with another password; one that no database can hold is no accident."""
    assert login_key(SECRET, " Loes ", "hash") == login_key(SECRET, "loes", "hash")
    keys = {login_key(SECRET, *each) for each in (("loes", "a"), ("loes", "b"), ("loes", None))}
    assert len(keys) == 3
    assert login_key(SECRET, "loes", None) == login_key(SECRET, "loes", "")
    assert login_key(SECRET, "\ud800", None)
