"""Small files that the web process serves: read once, kept in memory, checked by ETag."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is served.

    Attributes:
        body: its bytes.
        content_type: value of the `Content-Type` header.
        etag: strong validator, quotes included.
    """

    body: bytes
    content_type: str
    etag: str

    @property
    def headers(self) -> dict[str, str]:
        """Headers for every answer: browsers ask each time, and mostly hear "not modified"."""
        return {"ETag": self.etag, "Cache-Control": "no-cache"}

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


def _asset(body: bytes, content_type: str) -> Asset:
    return Asset(body, content_type, f'"{hashlib.sha256(body).hexdigest()[:20]}"')
