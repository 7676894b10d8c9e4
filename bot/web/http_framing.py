"""Checks that bytes are an HTTP/1 request, and where it ends: RFC 9112, read strictly. Pure.

A client that says where a request ends can hide a second one in it, or keep a reader busy for ever.
So what can be read in two ways is refused before anything is read in one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, Literal

#: Bytes of a request's head: its line and its headers. Browsers and proxies keep to 8 KB.
MAX_HEAD: Final = 16 * 1024 - 1
#: Bytes of a request line; RFC 9112, 3, wants at least 8,000 understood.
MAX_LINE: Final = 8_192
#: Header lines of a request. A browser behind three proxies sends some forty.
MAX_FIELDS: Final = 100
#: Digits of a length or of a chunk's size: more than any body that is taken.
_MAX_DIGITS: Final = 10
#: Bytes of the line before a chunk, with its extensions (which nobody sends).
MAX_CHUNK_LINE: Final = 64

Reason = Literal[
    "chunk", "head size", "header", "host", "length", "request line", "target size", "time",
    "transfer coding", "version",
]  # fmt: skip

_TOKEN: Final = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_REQUEST_LINE: Final = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]{1,32}) ([!-~]+) (HTTP/\d\.\d)")
_ORIGIN_FORM: Final = re.compile(rb"/[^#]*|https?://[^/?#]+/[^#]*")
_VISIBLE: Final = re.compile(rb"[ -~]*\r?")
# Bytes above 127 are let through: some proxies add headers with names of towns.
_VALUE: Final = re.compile(rb"[\t -~\x80-\xff]*")
_HOST: Final = re.compile(rb"[0-9A-Za-z.:_\[\]-]*")
_DIGITS: Final = re.compile(rb"[0-9]+")
_CHUNK: Final = re.compile(rb"\r\n([0-9A-Fa-f]+)[ \t]*(?:;[\t -~]*)?")


class Unacceptable(Exception):
    """These bytes are refused, and the connection closed.

    Attributes:
        status: HTTP status code of the answer, 400 to 599.
        reason: what is the matter, for logs; holds nothing of the request.
    """

    def __init__(self, status: int, reason: Reason) -> None:
        super().__init__(status, reason)
        self.status = status
        self.reason = reason


def check_beginning(received: bytes) -> None:
    """Checks a head that is not complete yet, so that nobody waits for the end of what is no HTTP.

    Args:
        received: the first bytes of a request.

    Raises:
        Unacceptable: whatever follows, this is no request.
    """
    line, ended, _ = received.partition(b"\r\n")
    if ended:
        check_line(line)
    elif len(line) > MAX_LINE:
        raise Unacceptable(414, "target size")
    elif not _VISIBLE.fullmatch(line):
        raise Unacceptable(400, "request line")
    if len(received) > MAX_HEAD:
        raise Unacceptable(431, "head size")


def check_line(line: bytes) -> bytes:
    """Checks a request line.

    Returns:
        Its version, such as `HTTP/1.1`.

    Raises:
        Unacceptable: it is none of HTTP/1.
    """
    if len(line) > MAX_LINE:
        raise Unacceptable(414, "target size")
    parts = _REQUEST_LINE.fullmatch(line)
    if parts is None:
        raise Unacceptable(400, "request line")
    method, target, version = parts.groups()
    if version not in (b"HTTP/1.0", b"HTTP/1.1"):
        raise Unacceptable(505, "version")
    whole_server = method == b"OPTIONS" and target == b"*"
    if not whole_server and not _ORIGIN_FORM.fullmatch(target):
        raise Unacceptable(400, "request line")
    return bytes(version)


def check_head(head: bytes) -> None:
    """Checks a complete head.

    Args:
        head: request line and headers, without the empty line that ends them.

    Raises:
        Unacceptable: it is malformed, too large, or says in two ways where the request ends.
    """
    line, *lines = head.split(b"\r\n")
    version = check_line(line)
    if len(head) > MAX_HEAD or len(lines) > MAX_FIELDS:
        raise Unacceptable(431, "head size")
    fields: dict[bytes, list[bytes]] = {}
    for each in lines:
        # A name that begins with a space is a line folded as HTTP no longer allows.
        name, _, value = each.partition(b":")
        if not _TOKEN.fullmatch(name) or not _VALUE.fullmatch(value):
            raise Unacceptable(400, "header")
        fields.setdefault(name.lower(), []).append(value.strip(b" \t"))
    _check_host(fields.get(b"host", ()), version)
    _check_body(fields.get(b"content-length", ()), fields.get(b"transfer-encoding", ()), version)


def _check_host(hosts: Sequence[bytes], version: bytes) -> None:
    needed = version == b"HTTP/1.1"
    if len(hosts) > 1 or (needed and not hosts) or not all(map(_HOST.fullmatch, hosts)):
        raise Unacceptable(400, "host")


def _check_body(lengths: Sequence[bytes], codings: Sequence[bytes], version: bytes) -> None:
    if len(lengths) + len(codings) > 1:
        raise Unacceptable(400, "length")
    for length in lengths:
        if not _DIGITS.fullmatch(length):
            raise Unacceptable(400, "length")
        if len(length) > _MAX_DIGITS:
            raise Unacceptable(413, "length")
    for coding in codings:
        if version == b"HTTP/1.0":
            raise Unacceptable(400, "transfer coding")
        if coding != b"chunked":
            raise Unacceptable(501, "transfer coding")


def check_chunk(line: bytes) -> None:
    """Checks what stands before a chunk.

    Args:
        line: the end of the line before, and the size with any extensions, without its own end.

    Raises:
        Unacceptable: no size, or one beyond all measure.
    """
    parts = _CHUNK.fullmatch(line)
    if parts is None or len(line) > MAX_CHUNK_LINE:
        raise Unacceptable(400, "chunk")
    if len(parts[1]) > _MAX_DIGITS:
        raise Unacceptable(413, "chunk")
