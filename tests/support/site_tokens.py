"""Signs what a website says of its customers, as its own server would."""

from __future__ import annotations

import time
from typing import Any, Final

from joserfc import jwt
from joserfc.jwk import OctKey

#: What website and Loket share in tests.
SITE_SECRET: Final = "the secret that the website shares with Loket"


def site_token(audience: str, customer: str, *, secret: str = SITE_SECRET, **claims: Any) -> str:
    """A token that is good for five minutes.

    Args:
        audience: the address of Loket.
        customer: the website's name for the customer.
        secret: what it is signed with.
        claims: what else it says, or says otherwise; one that is None is left out.
    """
    now = int(time.time())
    said = {"aud": audience, "sub": customer, "iat": now, "exp": now + 300, **claims}
    told = {name: value for name, value in said.items() if value is not None}
    return jwt.encode({"alg": "HS256"}, told, OctKey.import_key(secret))
