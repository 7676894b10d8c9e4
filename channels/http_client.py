"""The HTTP client of the channels: blocking calls that tell whether a failed request went out.

A provider can have taken a message only when it got the whole request. So each call notes whether
the last byte of its request was handed to the network; when it was not, trying again doubles
nothing.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import requests
from requests.adapters import HTTPAdapter
from urllib3 import connection, connectionpool
from urllib3.poolmanager import PoolManager

from channels.errors import Ambiguous, BadCredentials, SendError, Unavailable

#: A connection that was idle for so many seconds is made anew. Servers close idle ones after five
#: seconds or more; one that is closed at the moment of use would leave its message in doubt.
IDLE: Final = 4.0
#: A provider's answer is a few hundred bytes, a list some hundred times that; more is none of it.
_MAX_ANSWER: Final = 256 * 1024


@dataclass(frozen=True, slots=True)
class Times:
    """The time limits of an exchange, in seconds.

    Attributes:
        connect: for a connection.
        answer: for the answer to begin, and for each next piece of it.
        whole: for everything together.
    """

    connect: float
    answer: float
    whole: float


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """A provider's answer.

    Attributes:
        status: HTTP status code.
        body: the body as far as it came; empty when it did not come whole.
        headers: its headers.
        cut: what it means that the body did not come whole and in time; None when it did.
    """

    status: int
    body: bytes
    headers: Mapping[str, str]
    cut: SendError | None = None

    @property
    def text(self) -> str:
        """The body as text; bytes that are no UTF-8 are replaced."""
        return self.body.decode("utf-8", "replace")


class _Watch(threading.local):
    """Notes whether the request of the call that this thread makes went out whole."""

    written = False


_watch = _Watch()


class _Noted:
    """A connection that notes when a request went out whole, and when it was last used."""

    used_at = 0.0

    def request(self, *args: Any, **kwargs: Any) -> None:
        _watch.written = False
        super().request(*args, **kwargs)  # type: ignore[misc]
        # urllib3 forgives a failed write and reads on; here it has been raised already.
        _watch.written = True
        self.used_at = time.monotonic()


class _Plain(_Noted, connection.HTTPConnection):
    pass


class _Secure(_Noted, connection.HTTPSConnection):
    pass


class _Fresh:
    """A pool that uses no connection that was idle for long."""

    def _get_conn(self, timeout: float | None = None) -> Any:
        conn = super()._get_conn(timeout)  # type: ignore[misc]
        if time.monotonic() - conn.used_at > IDLE:
            conn.close()  # it connects again by itself
        return conn


class _PlainPool(_Fresh, connectionpool.HTTPConnectionPool):
    ConnectionCls = _Plain


class _SecurePool(_Fresh, connectionpool.HTTPSConnectionPool):
    ConnectionCls = _Secure


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        _use_own(self.poolmanager)

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        return _use_own(super().proxy_manager_for(*args, **kwargs))


def _use_own(manager: PoolManager) -> PoolManager:
    manager.pool_classes_by_scheme = {"http": _PlainPool, "https": _SecurePool}
    return manager


def session(connections: int) -> requests.Session:
    """A session with so many connections and no retries of its own."""
    made = requests.Session()
    adapter = _Adapter(pool_connections=2, pool_maxsize=connections, max_retries=0)
    for scheme in ("https://", "http://"):
        made.mount(scheme, adapter)
    return made


class HttpClient:
    """Exchanges with one provider, over connections that are kept; for any number of threads.

    Args:
        connections: most calls at the same time.
        times: how long each may take, unless a call says otherwise.
    """

    def __init__(self, connections: int, times: Times) -> None:
        self.times = times
        self._session = session(connections)

    def exchange(
        self, method: str, url: str, times: Times | None = None, **given: Any
    ) -> HttpAnswer:
        """Sends a request and reads the answer. Follows no redirect, and never tries again.

        Args:
            method: such as `POST`.
            url: where to.
            times: how long it may take.
            **given: as `requests.Session.request` takes them.

        Raises:
            Unavailable: the request did not go out whole.
            Ambiguous: it did, and no answer came.
            BadCredentials: the address is none.
        """
        within = times or self.times
        ends = time.monotonic() + within.whole
        forget()
        try:
            response = self._session.request(
                method,
                url,
                timeout=(within.connect, within.answer),
                allow_redirects=False,
                stream=True,
                **given,
            )
        except (
            requests.exceptions.InvalidURL,
            requests.exceptions.InvalidSchema,
            requests.exceptions.MissingSchema,
        ):
            raise BadCredentials("no_address") from None
        except requests.RequestException as error:
            # Without the cause: it quotes the address, which may hold a number, a text or a token.
            raise failure(error) from None
        with response:
            body, cut = _body(response, ends)
        return HttpAnswer(response.status_code, body, response.headers, cut)

    def close(self) -> None:
        """Lets go of the connections."""
        self._session.close()


def _body(response: requests.Response, ends: float) -> tuple[bytes, SendError | None]:
    body = bytearray()
    try:
        # Byte by byte from the buffer: a server that trickles is noticed.
        for chunk in response.iter_content(1):
            body += chunk
            if len(body) > _MAX_ANSWER:
                return b"", Ambiguous("too_long")
            if time.monotonic() > ends:
                return b"", Ambiguous("timeout")
    except requests.RequestException as error:
        return b"", failure(error)
    return bytes(body), None


def forget() -> None:
    """Begins a call of this thread: nothing was written yet."""
    _watch.written = False


def failure(error: requests.RequestException) -> SendError:
    """Turns a failed call of this thread into what it means for the message.

    Args:
        error: what `requests` raised, after `forget` and one call through a `session`.

    Returns:
        `Unavailable` when the request did not go out whole: nobody can have taken it. Else
        `Ambiguous`.
    """
    late = isinstance(error, requests.Timeout)
    if _watch.written:
        return Ambiguous("timeout" if late else "broken_off")
    if isinstance(error, requests.exceptions.SSLError):
        return Unavailable("tls")
    if isinstance(error, requests.exceptions.ProxyError):
        return Unavailable("no_proxy")
    return Unavailable("unreachable")


def refused(status: int) -> SendError:
    """Turns an answer of 500 or more, not in the provider's own words, into an error.

    503 says that the request was not worked on (RFC 9110, 15.6.4). All others may come from a
    machine in between that lost sight of a request which was.
    """
    return Unavailable("503") if status == 503 else Ambiguous(str(status))
