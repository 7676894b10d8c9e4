"""One HTTP exchange with a gateway, and what its failures mean for a message."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import requests

from channels import wire
from channels.base import BadCredentials, Throttled

#: Messages under way at the same time, and connections kept open.
CONCURRENCY: Final = 8
#: Seconds to get a connection, and to get the whole answer.
CONNECT_TIMEOUT: Final = 4.0
TIMEOUT: Final = 15.0
#: An answer is a few hundred bytes; more than this is no gateway.
_MAX_ANSWER: Final = 256 * 1024

# It writes out whole addresses: those of Kannel hold a password, a number and a text.
logging.getLogger("urllib3").setLevel(logging.CRITICAL + 1)


@dataclass(frozen=True, slots=True)
class Answer:
    """A gateway's answer.

    Attributes:
        status: HTTP status code.
        text: the body.
        headers: its headers.
    """

    status: int
    text: str
    headers: Mapping[str, str]


def session() -> requests.Session:
    """A session with a pool of connections and no retries of its own."""
    return wire.session(CONCURRENCY)


def exchange(
    client: requests.Session, method: str, url: str, *, timeout: float = TIMEOUT, **given: Any
) -> Answer:
    """Sends a request and reads the whole answer, within the time-out in all.

    Args:
        client: from `session`.
        method: `GET` or `POST`.
        url: where to.
        timeout: seconds for the whole exchange.
        **given: as `requests.Session.request` takes them.

    Raises:
        Unavailable: the request did not go out, or the gateway answered 503.
        Throttled: it answered 429.
        Ambiguous: the request went out, and no whole answer came back, or another 5xx.
        BadCredentials: the address is none.
    """
    ends = time.monotonic() + timeout
    wire.forget()
    try:
        with client.request(
            method,
            url,
            timeout=(min(CONNECT_TIMEOUT, timeout), timeout),
            allow_redirects=False,
            stream=True,
            **given,
        ) as response:
            answer = Answer(response.status_code, _body(response, ends), response.headers)
    except (requests.exceptions.InvalidURL, requests.exceptions.MissingSchema) as error:
        raise BadCredentials("no_address") from error
    except requests.exceptions.InvalidSchema as error:
        raise BadCredentials("no_address") from error
    except requests.exceptions.RequestException as error:
        raise wire.failure(error) from error
    if answer.status == 429:
        raise Throttled(_seconds(answer.headers.get("Retry-After", "")), everyone=True)
    if answer.status >= 500:
        raise wire.refused(answer.status)
    return answer


def _body(response: requests.Response, ends: float) -> str:
    body = bytearray()
    for chunk in response.iter_content(8192):
        body += chunk
        if time.monotonic() > ends or len(body) > _MAX_ANSWER:
            raise requests.exceptions.ReadTimeout("the answer does not end")
    return body.decode("utf-8", "replace")


def _seconds(value: str) -> float | None:
    try:
        seconds = float(value)
    except ValueError:
        return None
    return seconds if 0 <= seconds <= 3600 else None
