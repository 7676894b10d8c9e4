"""Small files that the web process serves: read once, kept in memory, checked by ETag."""

from __future__ import annotations

import gzip
import hashlib
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
}
#: A year, which is as long as anything is kept (RFC 9111), and not asked for meanwhile (RFC 8246).
_FOR_GOOD: Final = "public, max-age=31536000, immutable"
#: A coding that is not wanted at all (RFC 9110, 12.4.2).
_NEVER = re.compile(r"q=0(\.0*)?\s*$")


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is served.

    Attributes:
        body: its bytes.
        content_type: value of the `Content-Type` header.
        etag: strong validator, quotes included.
        packed: its bytes by gzip (RFC 1952); None: it is not worth it, or may change.
    """

    body: bytes
    content_type: str
    etag: str
    packed: bytes | None = None

    @property
    def headers(self) -> dict[str, str]:
        """Headers for every answer.

        Browsers ask each time, and mostly hear "not modified"; they keep what never changes under
        its name.
        """
        if self.packed is None:
            return {"ETag": self.etag, "Cache-Control": "no-cache"}
        return {"Cache-Control": _FOR_GOOD, "Vary": "Accept-Encoding"}

    def packed_for(self, accept_encoding: str) -> bytes | None:
        """The bytes for a browser that takes gzip, by its `Accept-Encoding` header; else None."""
        taken = (each.strip().partition(";") for each in accept_encoding.lower().split(","))
        good = any(name.strip() == "gzip" and not _NEVER.search(q) for name, _, q in taken)
        return self.packed if good else None

    def matches(self, if_none_match: str) -> bool:
        """Whether the browser's copy, named in its `If-None-Match` header, is this one."""
        return self.etag in (tag.strip().removeprefix("W/") for tag in if_none_match.split(","))


def load(folder: Path) -> dict[str, Asset]:
    """Reads the files of a folder, by name; only those of kinds that web pages are made of."""
    return {
        path.name: _asset(path.read_bytes(), _TYPES[path.suffix])
        for path in sorted(folder.iterdir())
        if path.suffix in _TYPES
    }


def made(name: str, content: str) -> Asset:
    """Makes an asset of content in memory, as `load` does of a file.

    Args:
        name: its name, which says of what kind it is.
        content: what is in it.
    """
    return _asset(content.encode(), _TYPES[Path(name).suffix])


def lasting(name: str, content: str) -> Asset:
    """Makes an asset that never changes under its name, which holds a hash of it.

    Args:
        name: its name, which says of what kind it is.
        content: what is in it.
    """
    asset = made(name, content)
    # Without a time, so that the same content is the same bytes in every process.
    return replace(asset, packed=gzip.compress(asset.body, 9, mtime=0))


def _asset(body: bytes, content_type: str) -> Asset:
    return Asset(body, content_type, f'"{hashlib.sha256(body).hexdigest()[:20]}"')
