"""Reads the token by which a website says which of its customers is there. Pure.

It is a JWT (RFC 7519) signed by HMAC-SHA256 with a secret that Loket and the website share. It
lives for minutes: the website makes one for each page that it sends.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from bot.catalogue import say
from bot.errors import Rejected
from bot.records.site_customer import SiteCustomer

#: Longest life of a token: long enough for a slow page, too short to be passed on.
LIFETIME: Final = timedelta(minutes=10)
#: How far the website's clock may differ from ours.
CLOCK_SKEW: Final = timedelta(seconds=30)
#: Longest token that is looked at, in characters.
MAX_TOKEN: Final = 4096
#: Longest id, name, email address and number, in characters; an address by RFC 5321.
_MAX_ID: Final = 128
_MAX_NAME: Final = 80
_MAX_EMAIL: Final = 254
_MAX_CLAIM: Final = 64
#: Most numbers that are proved by one token, of all kinds together.
_MAX_PROVED: Final = 20


class SiteTokens:
    """The tokens of one installation's website.

    Args:
        secret: what the website signs with; empty: none is believed.
        audience: the address by which browsers reach Loket, which a token must be meant for.
    """

    def __init__(self, secret: str, audience: str) -> None:
        self._key = OctKey.import_key(secret) if secret else None
        self._audience = audience.rstrip("/")

    def read(self, token: object, now: datetime) -> SiteCustomer:
        """The customer in a token that is genuine, meant for us, and good now.

        Args:
            token: whatever a browser sent.
            now: the present (aware).

        Raises:
            Rejected: 403, with what a builder of the website can do about it and nothing of the
                token.
        """
        if self._key is None:
            raise Rejected(say("webchat.refused.no_site_secret"), 403)
        if not isinstance(token, str) or len(token) > MAX_TOKEN:
            raise Rejected(say("webchat.refused.site_token"), 403)
        try:
            claims = jwt.decode(token, self._key, algorithms=["HS256"]).claims
        except (JoseError, ValueError, TypeError) as error:
            raise Rejected(say("webchat.refused.site_token"), 403) from error
        self._check_use(claims, now)
        return _customer(claims)

    def _check_use(self, claims: dict[str, object], now: datetime) -> None:
        """Refuses what is not for us, or not for now (RFC 7519, section 4.1)."""
        meant = claims.get("aud")
        named = meant if isinstance(meant, list) else [meant]
        if not any(isinstance(each, str) and each.rstrip("/") == self._audience for each in named):
            raise Rejected(say("webchat.refused.site_audience", audience=self._audience), 403)
        issued, expires = _seconds(claims.get("iat")), _seconds(claims.get("exp"))
        begins = _seconds(claims.get("nbf", claims.get("iat")))
        if issued is None or expires is None or begins is None:
            raise Rejected(say("webchat.refused.site_times"), 403)
        if expires - issued > LIFETIME.total_seconds():
            raise Rejected(say("webchat.refused.site_times"), 403)
        present, skew = now.timestamp(), CLOCK_SKEW.total_seconds()
        if not max(issued, begins) - skew <= present < expires + skew:
            raise Rejected(say("webchat.refused.site_expired"), 403)


def _customer(claims: dict[str, object]) -> SiteCustomer:
    who, proved = claims.get("sub"), claims.get("proved", {})
    if not isinstance(who, str) or not who.strip() or len(who) > _MAX_ID:
        raise Rejected(say("webchat.refused.site_claims"), 403)
    if not isinstance(proved, dict) or not all(
        isinstance(listed, list) and all(_is_claim(each) for each in listed)
        for listed in proved.values()
    ):
        raise Rejected(say("webchat.refused.site_claims"), 403)
    if sum(map(len, proved.values())) > _MAX_PROVED:
        raise Rejected(say("webchat.refused.site_claims"), 403)
    return SiteCustomer(
        who,
        _line(claims.get("name"), _MAX_NAME),
        _line(claims.get("email"), _MAX_EMAIL),
        {str(slot): tuple(listed) for slot, listed in proved.items() if listed},
    )


def _is_claim(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= _MAX_CLAIM


def _line(value: object, most: int) -> str:
    """Words on one line, cut short; empty for what is no text."""
    return " ".join(value.split())[:most] if isinstance(value, str) else ""


def _seconds(value: object) -> float | None:
    """A moment in seconds since 1970 (a NumericDate); None for what is none."""
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
