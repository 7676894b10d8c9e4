"""The small rules of who gets in: where a log-in ends, cookies, one-time links."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.login import cookies, one_time_links
from bot.desk.login.safe_redirect import safe_next
from bot.store.desk.agents import Account, Agent

SECRET = "a secret for tests that is long enough"
NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
ACCOUNT = Account(Agent(3, "samira", "Samira", "agent"), None, None, True, NOW, None)


@pytest.mark.parametrize(
    "path",
    ["/desk", "/desk/", "/desk/c/0123abcd", "/desk/users/3?x=1&y=a%20b", "/desk?team=energie"],
)
def test_a_page_of_the_desk_is_kept(path: str) -> None:
    """With its query."""
    assert safe_next(path) == path


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "/deskundig",
        "//kwaad.example",
        "https://kwaad.example/desk",
        "/desk/../..//kwaad.example",
        "/desk//kwaad.example",
        "/desk\\kwaad.example",
        "/desk\n",
        "/desk/\r\nSet-Cookie: x=y",
        "/desk#@kwaad.example",
        "javascript:alert(1)//desk",
        "/desk/" + "x" * 1000,
    ],
)
def test_anything_else_becomes_the_first_page(path: str) -> None:
    """Other sites, other pages, and what could be read in two ways."""
    assert safe_next(path) == "/desk"


@given(st.text())
def test_whatever_is_written_stays_at_the_desk(text: str) -> None:
    """No text leads elsewhere."""
    for wanted in (text, f"/desk{text}", f"/desk/{text}"):
        assert safe_next(wanted).startswith("/desk")
        assert "//" not in safe_next(wanted).partition("?")[0]


def test_over_https_a_cookie_is_bound_to_the_host() -> None:
    """The prefix has rules that browsers enforce: Secure, the whole path, no Domain."""
    cookie = cookies.named("loket_desk", "https://desk.voorbeeld.example")
    assert cookie.name == "__Host-loket_desk"
    for header in (cookie.set("abc", timedelta(hours=24)), cookie.clear()):
        parts = header.split("; ")
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(parts)
        assert not any(part.startswith("Domain") for part in parts)
    assert "Max-Age=86400" in cookie.set("abc", timedelta(hours=24))
    assert "Max-Age" not in cookie.set("abc")


def test_the_first_link_works_for_an_hour() -> None:
    """And only as it was made."""
    token = one_time_links.setup_token(SECRET, NOW)
    assert one_time_links.is_setup(SECRET, token, NOW + timedelta(minutes=59))
    assert not one_time_links.is_setup(SECRET, token, NOW + timedelta(minutes=61))
    assert not one_time_links.is_setup(SECRET, token, NOW - timedelta(minutes=10))
    assert not one_time_links.is_setup("another secret that is long enough too", token, NOW)
    for forged in ("", token[:-1], token + "x", "x" * 5000, "é"):
        assert not one_time_links.is_setup(SECRET, forged, NOW)


def test_an_invitation_names_one_account_in_one_state() -> None:
    """Another password, an account at the provider, or deactivation: the link is over."""
    token = one_time_links.invitation_token(SECRET, ACCOUNT, NOW)
    found = one_time_links.invitation(SECRET, token, NOW + timedelta(days=2, hours=23))
    assert found == one_time_links.Invitation(3, one_time_links.state_of(ACCOUNT))
    assert one_time_links.invitation(SECRET, token, NOW + timedelta(days=3, minutes=1)) is None
    assert one_time_links.invitation(SECRET, one_time_links.setup_token(SECRET, NOW), NOW) is None
    assert not one_time_links.is_setup(SECRET, token, NOW)
    others = [
        Account(ACCOUNT.agent, "hash", None, True, NOW, None),
        Account(ACCOUNT.agent, None, "issuer#1", True, NOW, None),
        Account(ACCOUNT.agent, None, None, False, NOW, None),
    ]
    states = {one_time_links.state_of(each) for each in (ACCOUNT, *others)}
    assert len(states) == 4
