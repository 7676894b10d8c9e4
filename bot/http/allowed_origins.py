"""Checks whether a web page may use the chat, by its origin."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit


def origin_of(url: str) -> str:
    """The origin of an address: scheme, host and port (no default port), in lower case."""
    parts = urlsplit(url)
    default = {"http": 80, "https": 443}.get(parts.scheme)
    port = "" if parts.port in (None, default) else f":{parts.port}"
    host = parts.hostname or ""
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}{port}"


class Origins:
    """The allow-list of origins.

    Args:
        allowed: origins such as `https://www.example.nl`, Loket's own among them.
    """

    def __init__(self, allowed: Iterable[str]) -> None:
        self._allowed = frozenset(origin_of(origin) for origin in allowed)

    def allow(self, origin: str | None) -> bool:
        """Whether a request may be served.

        A browser names the page's origin in every request to another site and in every POST, so a
        request without one comes from our own pages or from no browser at all; the token decides
        there. The `Host` header says nothing about who asks: a page can have its own name resolve
        to this machine and would then be "the same host".

        Args:
            origin: the `Origin` header, or None.
        """
        if origin is None:
            return True
        try:
            return origin_of(origin) in self._allowed
        except ValueError:
            return False
