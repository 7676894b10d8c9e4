"""Makes one HTTP exchange with a gateway, and turns its failures into errors of sending."""

from __future__ import annotations

import logging
from typing import Any, Final

from channels import http_client
from channels.errors import Throttled
from channels.http_client import HttpAnswer, Times

#: Messages under way at the same time, and connections kept open.
CONCURRENCY: Final = 8
#: Seconds to get a connection, and to get the whole answer.
CONNECT_TIMEOUT: Final = 4.0
TIMEOUT: Final = 15.0

# It writes out whole addresses: those of Kannel hold a password, a number and a text.
logging.getLogger("urllib3").setLevel(logging.CRITICAL + 1)


def client(timeout: float = TIMEOUT) -> http_client.HttpClient:
    """A client of a gateway.

    Args:
        timeout: seconds that one exchange may take.
    """
    return http_client.HttpClient(CONCURRENCY, times(timeout))


def times(timeout: float) -> Times:
    """How long an exchange may take that is to be over within so many seconds."""
    return Times(min(CONNECT_TIMEOUT, timeout), timeout, timeout)


def exchange(client: http_client.HttpClient, method: str, url: str, **given: Any) -> HttpAnswer:
    """Sends a request and reads the whole answer.

    Args:
        client: from `client`.
        method: `GET` or `POST`.
        url: where to.
        **given: as `channels.http_client.HttpClient.exchange` takes them.

    Raises:
        Unavailable: the request did not go out, or the gateway answered 503.
        Throttled: it answered 429.
        Ambiguous: the request went out, and no whole answer came back, or another 5xx.
        BadCredentials: the address is none.
    """
    answer = client.exchange(method, url, **given)
    if answer.cut is not None:
        raise answer.cut
    if answer.status == 429:
        raise Throttled(_seconds(answer.headers.get("Retry-After", "")), everyone=True)
    if answer.status >= 500:
        raise http_client.refused(answer.status)
    return answer


def _seconds(value: str) -> float | None:
    try:
        seconds = float(value)
    except ValueError:
        return None
    return seconds if 0 <= seconds <= 3600 else None
