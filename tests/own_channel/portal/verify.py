"""Whether a request really comes from the portal: pure, and before anything is parsed."""

from __future__ import annotations

import hashlib
import hmac

HEADER = "X-Portal-Signature"


def signature(body: bytes, secret: str) -> str:
    """The value of the header for a body, as it came over the line."""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def is_signed(body: bytes, header: str | None, secret: str) -> bool:
    """Whether a body carries the right signature; compared in constant time."""
    given = (header or "").encode("utf-8", "replace")
    return hmac.compare_digest(given, signature(body, secret).encode())
