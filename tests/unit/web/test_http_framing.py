"""Which bytes are a request, and where it ends: one reading or none."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.web.http_framing import (
    MAX_FIELDS,
    MAX_HEAD,
    MAX_LINE,
    Unacceptable,
    check_beginning,
    check_chunk,
    check_head,
)

LINE = b"POST /webchat/messages HTTP/1.1"
HOST = b"Host: www.winkel.nl"


def refused(*lines: bytes, line: bytes = LINE) -> int:
    with pytest.raises(Unacceptable) as caught:
        check_head(b"\r\n".join((line, *lines)))
    return caught.value.status


@pytest.mark.parametrize(
    "lines",
    [
        (HOST,),
        (HOST, b"Content-Length: 0"),
        (HOST, b"content-length:   17  "),
        (HOST, b"Transfer-Encoding: chunked"),
        (b"Host:", b"X-Town: S\xc3\xa3o Paulo", b"X-Empty:"),
        (b"Host: [::1]:8080", b"Cookie: a=b", b"Cookie: c=d", b"Tab:\ta"),
    ],
)
def test_what_clients_send_is_taken(lines: tuple[bytes, ...]) -> None:
    """Browsers, proxies and providers write like this."""
    check_head(b"\r\n".join((LINE, *lines)))


@pytest.mark.parametrize(
    "line",
    [
        b"GET / HTTP/1.0",
        b"OPTIONS * HTTP/1.1",
        b"GET http://www.winkel.nl/a?b=c HTTP/1.1",
        b"M-SEARCH /[]{}|%zz HTTP/1.1",
    ],
)
def test_what_a_request_line_may_be(line: bytes) -> None:
    """Each form of RFC 9112 that is for a server."""
    check_head(line + b"\r\n" + HOST)


@pytest.mark.parametrize(
    ("line", "status"),
    [
        (b"", 400),
        (b"GET /", 400),
        (b"GET  / HTTP/1.1", 400),
        (b"GET / HTTP/1.1 ", 400),
        (b"GET / http/1.1", 400),
        (b"GET /\xc3\xa9 HTTP/1.1", 400),
        (b"GET /\x00 HTTP/1.1", 400),
        (b"GET /#deel HTTP/1.1", 400),
        (b"GET * HTTP/1.1", 400),
        (b"GET ftp://a/b HTTP/1.1", 400),
        (b"GET http:///b HTTP/1.1", 400),
        (b"CONNECT a:443 HTTP/1.1", 400),
        (b"G\xc3\x89T / HTTP/1.1", 400),
        (b"A" * 33 + b" / HTTP/1.1", 400),
        (b"PRI * HTTP/2.0", 505),
        (b"GET / HTTP/1.2", 505),
        (b"GET /" + b"a" * MAX_LINE + b" HTTP/1.1", 414),
    ],
)
def test_what_a_request_line_may_not_be(line: bytes, status: int) -> None:
    """With the status that says why."""
    assert refused(HOST, line=line) == status


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        ((b"Content-Length: -1",), 400),
        ((b"Content-Length: +1",), 400),
        ((b"Content-Length: 1_0",), 400),
        ((b"Content-Length: 0x1",), 400),
        ((b"Content-Length: 1.0",), 400),
        ((b"Content-Length: 1 0",), 400),
        ((b"Content-Length: 1, 1",), 400),
        ((b"Content-Length:",), 400),
        (("Content-Length: \u0665".encode(),), 400),
        ((b"Content-Length: 99999999999",), 413),
        ((b"Content-Length: 1", b"Content-Length: 1"), 400),
        ((b"Content-Length: 1", b"content-length: 2"), 400),
        ((b"Content-Length: 1", b"Transfer-Encoding: chunked"), 400),
        ((b"Transfer-Encoding: chunked", b"Transfer-Encoding: chunked"), 400),
        ((b"Transfer-Encoding: gzip",), 501),
        ((b"Transfer-Encoding: gzip, chunked",), 501),
        ((b"Transfer-Encoding: chunked, identity",), 501),
        ((b"Transfer-Encoding: \x0bchunked",), 400),
        ((b"Content-Length : 1",), 400),
        ((b" Content-Length: 1",), 400),
        ((b"A: b", b" folded"), 400),
        ((b"A: b\x00",), 400),
        ((b"A: b\rc",), 400),
        ((b"A: b\nc",), 400),
        ((b"A\xc3\xa9: b",), 400),
        ((b": b",), 400),
        ((b"no colon",), 400),
        ((b"Host: b",), 400),
        ((b"A: b",) * MAX_FIELDS, 431),
        ((b"A: " + b"b" * MAX_HEAD,), 431),
    ],
)
def test_headers_that_could_be_read_in_two_ways(lines: tuple[bytes, ...], status: int) -> None:
    """Or that only an attacker sends."""
    assert refused(HOST, *lines) == status


def test_who_is_asked_for_is_said_once() -> None:
    """HTTP/1.1 needs a host; HTTP/1.0 did not know of it, nor of chunks."""
    assert refused() == 400
    assert refused(b"Host: a/b") == 400
    check_head(b"GET / HTTP/1.0")
    assert refused(HOST, b"Transfer-Encoding: chunked", line=b"POST / HTTP/1.0") == 400


LENGTHS = st.integers(0, 10**9).map(str) | st.text(max_size=12)


@given(st.lists(LENGTHS, max_size=2), st.lists(st.sampled_from(["chunked", "gzip"]), max_size=2))
def test_a_body_has_one_length(lengths: list[str], codings: list[str]) -> None:
    """Accepted is at most one length of ASCII digits, or the one coding, and never both."""
    fields = [f"Content-Length: {each}".encode() for each in lengths]
    fields += [f"Transfer-Encoding: {each}".encode() for each in codings]
    try:
        check_head(b"\r\n".join((LINE, HOST, *fields)))
    except Unacceptable:
        return
    assert len(lengths) + len(codings) <= 1
    assert codings in ([], ["chunked"])
    for each in lengths:
        assert each.strip(" \t").isascii()
        assert each.strip(" \t").isdigit()


@pytest.mark.parametrize("line", [b"\r\n0", b"\r\nfF", b"\r\n1;a=b", b"\r\n" + b"1 ; x"])
def test_a_chunk_has_a_size(line: bytes) -> None:
    """In hexadecimal, after the end of the line before, perhaps with an extension."""
    check_chunk(line)


@pytest.mark.parametrize(
    ("line", "status"),
    [
        (b"\r\n", 400),
        (b"\r\n-1", 400),
        (b"\r\n+1", 400),
        (b"\r\n0x1", 400),
        (b"\r\n 1", 400),
        (b"\r\n1_0", 400),
        (b"\r\ng", 400),
        ("\r\n\u0665".encode(), 400),
        (b"XX1", 400),
        (b"\r\n1;\x00", 400),
        (b"\r\n1;" + b"a" * 64, 400),
        (b"\r\n" + b"f" * 11, 413),
    ],
)
def test_what_is_no_size_of_a_chunk(line: bytes, status: int) -> None:
    """Refused before it is taken for one."""
    with pytest.raises(Unacceptable) as caught:
        check_chunk(line)
    assert caught.value.status == status


@pytest.mark.parametrize(
    ("received", "status"),
    [
        (b"GET /\r\n", 400),
        (b"\x16\x03\x01\x02", 400),
        (b"GET / HTTP/1.1\nHost: x\n\n", 400),
        (b"PRI * HTTP/2.0\r\n", 505),
        (b"GET /" + b"a" * MAX_LINE, 414),
        (LINE + b"\r\n" + b"a" * MAX_HEAD, 431),
    ],
)
def test_nobody_waits_for_the_end_of_what_is_no_request(received: bytes, status: int) -> None:
    """A TLS greeting, HTTP/0.9 and lines without end are refused as soon as they show."""
    with pytest.raises(Unacceptable) as caught:
        check_beginning(received)
    assert caught.value.status == status


@given(st.integers(0, 60))
def test_a_good_head_may_come_in_any_pieces(upto: int) -> None:
    """However little of it is there, it may still become a request."""
    check_beginning((LINE + b"\r\n" + HOST)[:upto])


@given(st.binary(max_size=300))
def test_any_bytes_are_judged(data: bytes) -> None:
    """Nothing but a refusal ever comes of them."""
    for check in (check_beginning, check_head, check_chunk):
        with suppress(Unacceptable):
            check(data)
