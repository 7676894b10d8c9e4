"""Serves a stored file so that a browser shows it and does nothing else with it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

#: Whatever a file turns out to be, as a page of its own it runs nothing and fetches nothing.
CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"
)
_RANGE: Final = re.compile(r"bytes=(\d{0,12})-(\d{0,12})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Slice:
    """What is answered to a request for a file.

    Attributes:
        status: 200 for all of it, 206 for a part, 416 for a part that is not there.
        body: the bytes.
        headers: what goes with them.
    """

    status: int
    body: bytes
    headers: Mapping[str, str]


def answer(data: bytes, media_type: str, filename: str, wanted: str) -> Slice:
    """The answer to a request for a file.

    Args:
        data: all of it.
        media_type: what it is, by its content. Pictures and sound are shown, all else is offered
            for download.
        filename: the name under which a browser keeps it.
        wanted: the header `Range`, or empty. Safari plays no sound of which it cannot get a part:
            https://developer.apple.com/library/archive/documentation/AppleApplications/Reference/SafariWebContent/CreatingVideoforSafarioniPhone/CreatingVideoforSafarioniPhone.html
    """
    shown = media_type.startswith(("image/", "audio/"))
    headers = {
        "Content-Security-Policy": CONTENT_SECURITY_POLICY,
        "X-Content-Type-Options": "nosniff",
        "Content-Disposition": f"{'inline' if shown else 'attachment'}; "
        f"filename*=UTF-8''{quote(filename, safe='')}",
        "Cache-Control": "private, max-age=300",
        "Accept-Ranges": "bytes",
    }
    found = _RANGE.fullmatch(wanted)
    if found is None or not any(found.groups()):
        return Slice(200, data, headers)
    start, end = _bounds(found[1], found[2], len(data))
    if start > end:
        return Slice(416, b"", {**headers, "Content-Range": f"bytes */{len(data)}"})
    headers["Content-Range"] = f"bytes {start}-{end}/{len(data)}"
    return Slice(206, data[start : end + 1], headers)


def _bounds(first: str, last: str, size: int) -> tuple[int, int]:
    """The first and last byte of a range, both included; the last before the first for none."""
    if not first:
        return max(0, size - int(last)), size - 1
    return int(first), min(int(last), size - 1) if last else size - 1
