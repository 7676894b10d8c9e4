"""HTTP to providers with blocking calls, and what is known of a request that failed.

A provider can have taken a message only when it got the whole request. So each call notes whether
the last byte of its request was handed to the network; when it was not, trying again doubles
nothing.
"""

from __future__ import annotations

import threading
import time
from typing import Any, Final

import requests
from requests.adapters import HTTPAdapter
from urllib3 import connection, connectionpool
from urllib3.poolmanager import PoolManager

from channels.base import Ambiguous, SendError, Unavailable

#: A connection that was idle for so many seconds is made anew. Servers close idle ones after five
#: seconds or more; one that is closed at the moment of use would leave its message in doubt.
IDLE: Final = 4.0


class _Watch(threading.local):
    """Of the call that this thread makes: whether its request went out whole."""

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


def forget() -> None:
    """A call of this thread begins: nothing was written yet."""
    _watch.written = False


def failure(error: requests.RequestException) -> SendError:
    """What a failed call of this thread means for the message it was to hand over.

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
    """What an answer of 500 or more means that does not say in the provider's words what it is.

    503 says that the request was not worked on (RFC 9110, 15.6.4). All others may come from a
    machine in between that lost sight of a request which was.
    """
    return Unavailable("503") if status == 503 else Ambiguous(str(status))
