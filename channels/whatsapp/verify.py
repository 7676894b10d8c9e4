"""Verifies that a request comes from Meta: pure, and before anything is parsed.

Source: https://developers.facebook.com/docs/graph-api/webhooks/getting-started
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping

_SCHEME = "sha256="


def signature(body: bytes, app_secret: str) -> str:
    """The value of `X-Hub-Signature-256` for a body.

    Args:
        body: the raw bytes of the request, as they came over the line.
        app_secret: the secret of the Meta app.
    """
    return _SCHEME + hmac.new(app_secret.encode(), body, hashlib.sha256).hexdigest()


def is_signed(body: bytes, header: str | None, app_secret: str) -> bool:
    """Whether a body carries the right signature; compared in constant time.

    Args:
        body: the raw bytes of the request.
        header: `X-Hub-Signature-256`, or None when it is missing.
        app_secret: the secret of the Meta app.
    """
    given = (header or "").encode("utf-8", "replace")
    return hmac.compare_digest(given, signature(body, app_secret).encode())


def challenge(query: Mapping[str, str], verify_token: str) -> str | None:
    """The answer when Meta asks whether this address is ours; None when the token is wrong.

    Args:
        query: the parameters of the GET request.
        verify_token: the word agreed on in Meta's dashboard.
    """
    token = query.get("hub.verify_token", "").encode("utf-8", "replace")
    right = hmac.compare_digest(token, verify_token.encode())
    if not right or query.get("hub.mode") != "subscribe":
        return None
    return query.get("hub.challenge") or None
