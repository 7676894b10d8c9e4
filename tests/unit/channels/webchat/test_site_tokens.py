"""What a website says of its customers is believed when it is genuine, meant for us, and new."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import OctKey

from bot.errors import Rejected
from bot.records.site_customer import SiteCustomer
from channels.webchat.site_tokens import CLOCK_SKEW, LIFETIME, SiteTokens
from tests.support.site_tokens import SITE_SECRET, site_token

NOW = datetime(2026, 8, 3, 12, tzinfo=UTC)
AT = int(NOW.timestamp())
LOKET = "https://chat.example.nl"
TOKENS = SiteTokens(SITE_SECRET, LOKET)
MINUTE = 60


def token(**claims: Any) -> str:
    return site_token(LOKET, "k-1", **{"iat": AT, "exp": AT + 5 * MINUTE, **claims})


def refused(value: object, now: datetime = NOW, tokens: SiteTokens = TOKENS) -> str:
    with pytest.raises(Rejected) as caught:
        tokens.read(value, now)
    assert caught.value.status == 403
    return str(caught.value)


def test_a_genuine_token_tells_who_it_is() -> None:
    """Id, name, address, and what the website knows to be the customer's."""
    proved = {"card_number": ["B-1", "B-2"]}
    said = token(name="Anna  de\nBoer", email="anna@example.nl", proved=proved)
    found = SiteCustomer("k-1", "Anna de Boer", "anna@example.nl", {"card_number": ("B-1", "B-2")})
    assert TOKENS.read(said, NOW) == found
    assert TOKENS.read(token(name=7, email=None), NOW) == SiteCustomer("k-1")


def test_it_holds_for_its_time_and_no_longer() -> None:
    """Clocks may differ by half a minute; a replay after that is refused."""
    said, skew = token(), CLOCK_SKEW
    end = NOW + timedelta(minutes=5) + skew
    second = timedelta(seconds=1)
    assert TOKENS.read(said, end - second)
    assert TOKENS.read(said, NOW - skew)
    assert "geldt nu niet" in refused(said, end)
    assert "geldt nu niet" in refused(said, NOW - skew - second)
    assert "geldt nu niet" in refused(token(nbf=AT + 2 * MINUTE))


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": None},
        {"iat": None},
        {"exp": "later"},
        {"exp": True},
        {"exp": AT + int(LIFETIME.total_seconds()) + 1},
    ],
)
def test_one_without_a_short_life_is_refused(claims: dict[str, Any]) -> None:
    """It could be passed on."""
    assert "10 minuten" in refused(token(**claims))


@pytest.mark.parametrize("audience", ["https://other.example.nl", None, 7, ["https://x.nl"], {}])
def test_one_for_somebody_else_is_refused(audience: Any) -> None:
    """The builder reads what must stand there."""
    assert LOKET in refused(token(aud=audience))
    assert TOKENS.read(token(aud=["https://x.nl", f"{LOKET}/"]), NOW)


def test_one_that_the_website_did_not_sign_is_refused() -> None:
    """Another key, no signature, another algorithm, changed claims, rubbish."""
    head, body, signature = token().split(".")
    other = base64.urlsafe_b64encode(
        json.dumps({"aud": LOKET, "sub": "k-2", "iat": AT, "exp": AT + 60}).encode()
    ).decode()
    none = base64.urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("=")
    key = OctKey.import_key(SITE_SECRET)
    longer = jwt.encode({"alg": "HS512"}, {"sub": "k-1"}, key, algorithms=["HS512"])
    forged = [
        token(secret="a secret that somebody guessed, long enough"),
        f"{none}.{body}.",
        f"{head}.{other.rstrip('=')}.{signature}",
        longer,
        "x.y.z",
        "",
        "a" * 5000,
        None,
        7,
        {"sub": "k-1"},
    ]
    for each in forged:
        assert "HS256" in refused(each), each


@pytest.mark.parametrize(
    "claims",
    [
        {"sub": None},
        {"sub": " "},
        {"sub": 7},
        {"sub": "k" * 129},
        {"proved": ["PP-1"]},
        {"proved": {"order": "PP-1"}},
        {"proved": {"order": [7]}},
        {"proved": {"order": [str(number) for number in range(21)]}},
    ],
)
def test_one_that_says_too_little_or_too_much_is_refused(claims: dict[str, Any]) -> None:
    """Rather than a customer who is half known."""
    assert "onvolledig" in refused(token(**claims))


def test_without_a_secret_nobody_is_believed() -> None:
    """The builder reads which setting is missing."""
    nobody = SiteTokens("", LOKET)
    assert "LOKET_WEBCHAT_SITE_SECRET" in refused(token(), tokens=nobody)
    assert "LOKET_WEBCHAT_SITE_SECRET" in refused(None, tokens=nobody)


@given(st.text())
def test_whatever_comes_is_refused_and_not_repeated(text: str) -> None:
    """No exception but the refusal, and nothing of the token in it."""
    said = refused(text)
    assert len(text) < 8 or text not in said
