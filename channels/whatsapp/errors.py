"""Turns Meta's answer into the error that says what to do next. Pure.

Source: https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes
"""

from __future__ import annotations

import json
from typing import Final

from channels import http_client
from channels.errors import (
    BadCredentials,
    SendError,
    Throttled,
    Unavailable,
    Undeliverable,
    WindowClosed,
)

#: Too many messages from this account or number.
_TOO_MANY: Final = frozenset({4, 80007, 130429, 131048, 131064})
#: Too many messages to this one customer in a short time.
_TOO_MANY_TO_ONE: Final = 131056
#: Re-engagement: the customer's last message is more than 24 hours old.
_WINDOW: Final = 131047
#: The token is no longer good, lacks a permission, or the account is blocked or in arrears.
_ACCOUNT: Final = frozenset({0, 3, 10, 190, 368, 131005, 131031, 131042, 131045, 133010})
#: Something is wrong at Meta, for a while.
_TROUBLE: Final = frozenset({1, 2, 131000, 131016, 131057, 133004})
#: A longer pause than this, in seconds, is not believed.
_LONGEST_PAUSE: Final = 3600.0


def refusal(status: int, body: bytes, retry_after: str | None) -> SendError:
    """Chooses the error for an answer other than 200.

    Args:
        status: the HTTP status.
        body: the answer; Graph's JSON, or whatever stands between us and Graph.
        retry_after: the header `Retry-After`, or None.
    """
    code = _code(body)
    name = str(status if code is None else code)
    known = None if code is None else _meant(code, _seconds(retry_after))
    if known is not None:
        return known
    if status >= 500:
        return http_client.refused(status)
    if status == 429:
        return Throttled(_seconds(retry_after), name, everyone=True)
    if status == 401:
        return BadCredentials(name)
    # Not Graph's words: a proxy or a portal in between, which may be mended.
    return Unavailable(name) if code is None else Undeliverable(name)


def told_later(code: str) -> SendError:
    """Chooses the error for a status `failed` of a message that Graph had taken.

    Args:
        code: Meta's error code, or another word of why.
    """
    known = _meant(int(code), None) if code.isascii() and code.isdecimal() else None
    return known or Undeliverable(code)


def _meant(code: int, retry_after: float | None) -> SendError | None:
    """The error that a code of Meta's stands for; None where it says nothing by itself."""
    name = str(code)
    if code in _TOO_MANY:
        return Throttled(retry_after, name, everyone=True)
    if code == _TOO_MANY_TO_ONE:
        return Throttled(retry_after, name)
    if code == _WINDOW:
        return WindowClosed(name)
    if code in _ACCOUNT or 200 <= code <= 299:
        return BadCredentials(name)
    # Meta's own word that this message failed and may be tried again.
    return Unavailable(name) if code in _TROUBLE else None


def _code(body: bytes) -> int | None:
    try:
        code = json.loads(body)["error"]["code"]
    except (ValueError, LookupError, TypeError, RecursionError):
        return None
    return code if isinstance(code, int) else None


def _seconds(value: str | None) -> float | None:
    if value is None or not value.isascii() or not value.isdigit():
        return None
    return min(float(value), _LONGEST_PAUSE)
