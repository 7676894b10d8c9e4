"""Tells in the log which websites were refused, so that whoever runs Loket can allow them."""

from __future__ import annotations

from typing import Final

import structlog

log = structlog.get_logger(__name__)

#: Websites that are told of, at most, by one process: anybody can name any.
_MOST: Final = 100
#: Longest origin that is told; a host name has 253 characters at most (RFC 1035).
_LONGEST: Final = 280


class RefusedOrigins:
    """The origins that were refused since the process started, each told once."""

    def __init__(self) -> None:
        self._told: set[str] = set()

    def note(self, origin: str) -> None:
        """Tells of an origin, unless that was done or too many were told of.

        Args:
            origin: as the browser, or whoever it was, named it.
        """
        origin = origin[:_LONGEST]
        if origin in self._told or len(self._told) >= _MOST:
            return
        self._told.add(origin)
        log.warning("origin_refused", origin=origin, setting="LOKET_ALLOWED_ORIGINS")
