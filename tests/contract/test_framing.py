"""Raw sockets against the web process: whatever comes, it answers, closes, and serves the next."""

from __future__ import annotations

import re
import resource
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from channels.webchat.session import Sessions
from tests.contract.adapters.telegram import ADAPTERS
from tests.support.webchat import Server, running

#: Stands in what an attacker sends; must be in no log.
MARK = b"GEHEIM"
SECRET = "a secret for tests that is long enough"
HEAD = b"Host: www.winkel.nl\r\n"
POST = b"POST /webchat/session?GEHEIM HTTP/1.1\r\n" + HEAD
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"
TELEGRAM = ADAPTERS[0]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    provider = TELEGRAM.provider()
    environment = TELEGRAM.environment(provider)
    folder = tmp_path_factory.mktemp("framing")
    with running(
        folder, LOKET_LOG_LEVEL="DEBUG", LOKET_LOG_FORMAT="json", LOKET_TRUSTED_PROXIES="1",
        **environment,
    ) as server:  # fmt: skip
        yield server
    provider.close()
    log = server.log.read_text()
    assert MARK.decode() not in log
    assert "Traceback" not in log
    assert "uncaught" not in log


def connect(server: Server) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), timeout=60)


def heard(connection: socket.socket) -> bytes:
    """Everything until the server closes."""
    answer = b""
    try:
        while chunk := connection.recv(65536):
            answer += chunk
    except ConnectionResetError:
        pass
    return answer


def statuses(answer: bytes) -> list[int]:
    return [int(each) for each in re.findall(rb"HTTP/1\.1 (\d{3}) ", answer)]


def lives(server: Server) -> None:
    """The process answers, keeps a customer's message, and takes a provider's."""
    with httpx.Client(base_url=server.url, timeout=60) as http:
        assert http.get("/healthz").text == "ok\n"
        sessions = Sessions(SECRET)
        token = sessions.token(sessions.start(datetime.now(UTC)))
        headers = {"Authorization": f"Bearer {token}", "X-Forwarded-For": f"10.{_numbers()}"}
        body = {"id": str(uuid4()), "text": "na de aanval"}
        assert http.post("/webchat/messages", json=body, headers=headers).status_code == 202
        call = TELEGRAM.text(str(time.monotonic_ns()), "na de aanval")
        content = call.body or None
        assert http.request(
            call.method, call.path, headers=call.headers, content=content
        ).is_success


def _numbers() -> str:
    return ".".join(str(each) for each in uuid4().bytes[:3])


KINDS: dict[str, tuple[bytes, int]] = {
    "negative length": (b"GET /GEHEIM HTTP/1.1\r\n" + HEAD + b"Content-Length: -1\r\n\r\nx", 400),
    "negative length of a post": (POST + b"Content-Length: -1\r\n\r\nx", 400),
    "length with a plus": (POST + b"Content-Length: +2\r\n\r\n{}", 400),
    "length with an underscore": (POST + b"Content-Length: 1_0\r\n\r\n{}", 400),
    "length in other digits": (POST + "Content-Length: \u0662\r\n\r\n{}".encode(), 400),
    "length in words": (POST + b"Content-Length: GEHEIM\r\n\r\n{}", 400),
    "length beyond measure": (POST + b"Content-Length: " + b"9" * 4000 + b"\r\n\r\n{}", 413),
    "lengths that agree": (POST + b"Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}", 400),
    "lengths that differ": (POST + b"Content-Length: 2\r\nContent-Length: 9\r\n\r\n{}", 400),
    "length and coding": (
        POST + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400,
    ),
    "two codings": (POST + b"Transfer-Encoding: chunked\r\n" * 2 + b"\r\n0\r\n\r\n", 400),
    "unknown coding": (POST + b"Transfer-Encoding: GEHEIM\r\n\r\n", 501),
    "list of codings": (POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501),
    "coding in HTTP/1.0": (
        b"POST /webchat/session HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400,
    ),
    "negative chunk": (CHUNKED + b"-1\r\nGEHEIM\r\n0\r\n\r\n", 400),
    "chunk with a plus": (CHUNKED + b"+2\r\n{}\r\n0\r\n\r\n", 400),
    "chunk with 0x": (CHUNKED + b"0x2\r\n{}\r\n0\r\n\r\n", 400),
    "chunk in words": (CHUNKED + b"GEHEIM\r\n{}\r\n0\r\n\r\n", 400),
    "chunk beyond measure": (CHUNKED + b"f" * 20 + b"\r\n{}\r\n0\r\n\r\n", 413),
    "chunk size without end": (CHUNKED + b"0" * 500, 400),
    "chunk extension without end": (CHUNKED + b"1;" + b"GEHEIM" * 100, 400),
    "chunk without its end": (CHUNKED + b"2\r\n{}GEHEIM\r\n0\r\n\r\n", 400),
    "trailer": (CHUNKED + b"2\r\n{}\r\n0\r\nGET /GEHEIM HTTP/1.1\r\n\r\n", 400),
    "header line too long": (b"GET / HTTP/1.1\r\n" + HEAD + b"A: " + b"a" * 40_000, 431),
    "headers too many": (b"GET / HTTP/1.1\r\n" + HEAD + b"A: b\r\n" * 200 + b"\r\n", 431),
    "folded header": (b"GET / HTTP/1.1\r\n" + HEAD + b"A: b\r\n GEHEIM\r\n\r\n", 400),
    "null in a header": (b"GET / HTTP/1.1\r\n" + HEAD + b"A: GEH\x00EIM\r\n\r\n", 400),
    "newline in a header": (b"GET / HTTP/1.1\r\n" + HEAD + b"A: b\nGEHEIM: c\r\n\r\n", 400),
    "name with a space": (b"GET / HTTP/1.1\r\n" + HEAD + b"GEHEIM : b\r\n\r\n", 400),
    "name outside ASCII": (b"GET / HTTP/1.1\r\n" + HEAD + b"GEHEIM\xff: b\r\n\r\n", 400),
    "header without a colon": (b"GET / HTTP/1.1\r\n" + HEAD + b"GEHEIM\r\n\r\n", 400),
    "no host": (b"GET /GEHEIM HTTP/1.1\r\n\r\n", 400),
    "two hosts": (b"GET /GEHEIM HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
    "target outside ASCII": (b"GET /GEHEIM\xff\xfe HTTP/1.1\r\n" + HEAD + b"\r\n", 400),
    "target with a control character": (b"GET /GEH\x07EIM HTTP/1.1\r\n" + HEAD + b"\r\n", 400),
    "target that is no path": (b"GET GEHEIM HTTP/1.1\r\n" + HEAD + b"\r\n", 400),
    "target with an absurd port": (b"GET http://x:99999999/ HTTP/1.1\r\n" + HEAD + b"\r\n", 400),
    "target too long": (b"GET /" + b"GEHEIM" * 11_000 + b" HTTP/1.1\r\n\r\n", 414),
    "line too long": (b"GET /" + b"GEHEIM" * 2_000, 414),
    "HTTP/0.9": (b"GET /GEHEIM\r\n", 400),
    "HTTP/2": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
    "HTTP/9.9": (b"GET / HTTP/9.9\r\n\r\n", 505),
    "TLS": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03GEHEIM", 400),
    "no HTTP": (b"GEHEIM\r\n\r\n", 400),
    "newlines alone": (b"GET /GEHEIM HTTP/1.1\nHost: x\n\n", 400),
    "tunnel": (b"CONNECT GEHEIM:443 HTTP/1.1\r\n" + HEAD + b"\r\n", 400),
    "unknown expectation": (
        POST + b"Expect: GEHEIM\r\nContent-Length: 2\r\n\r\n{}", 417,
    ),
    "body too large": (
        b"POST /desk/login HTTP/1.1\r\n" + HEAD + b"Content-Length: 9999999\r\n\r\n" + b"a" * 9999,
        413,
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_bad_framing_is_answered_and_the_connection_closed(server: Server, kind: str) -> None:
    """With a status that says why, once; the rest of what was sent is no second request."""
    data, status = KINDS[kind]
    with connect(server) as connection:
        connection.sendall(data)
        answer = heard(connection)
    assert statuses(answer) == [status]
    assert b"\r\nconnection: close\r\n" in answer
    assert MARK not in answer
    lives(server)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (CHUNKED + b"2;GEHEIM=1\r\n{}\r\n0\r\n\r\n", [200]),
        (POST + b"Expect: 100-continue\r\nContent-Length: 2\r\n\r\n{}", [100, 200]),
        (b"GET /healthz HTTP/1.1\r\n" + HEAD + b"\r\n", [200]),
        (b"GET http://www.winkel.nl/healthz HTTP/1.1\r\n" + HEAD + b"\r\n", [200]),
        (POST + b"Referer: http://\xc3\xa9\xff/GEHEIM\r\nContent-Length: 2\r\n\r\n{}", [200]),
        (POST + b"X-Forwarded-For: \xff, ,GEHEIM\r\nContent-Length: 2\r\n\r\n{}", [200]),
        (b"GET /desk HTTP/1.1\r\n" + HEAD + b'Cookie: \xff=\xfe;=;;="\r\n\r\n', [401]),
        (b"GET /GEHEIM%ff%00%zz[]{}|\\^ HTTP/1.1\r\n" + HEAD + b"\r\n", [404]),
        (b"OPTIONS * HTTP/1.1\r\n" + HEAD + b"\r\n", [405]),
        (b"GET /webchat/session HTTP/1.1\r\n" + HEAD + b"Upgrade: websocket\r\n\r\n", [405]),
        (b"POST /healthz HTTP/1.1\r\n" + HEAD + b"Content-Length: 6\r\n\r\nGEHEIM", [405]),
    ],
    ids=[
        "chunks", "continue", "plain", "absolute", "bytes", "forwarded", "cookie", "percent",
        "star", "upgrade", "body nobody reads",
    ],
)  # fmt: skip
def test_what_is_only_odd_is_answered(server: Server, data: bytes, expected: list[int]) -> None:
    """And the connection goes on: a second request on it is answered as well."""
    last = b"GET /healthz HTTP/1.1\r\n" + HEAD + b"Connection: close\r\n\r\n"
    with connect(server) as connection:
        connection.sendall(data + last)
        assert statuses(heard(connection)) == [*expected, 200]
    lives(server)


def test_a_body_longer_than_it_said_is_no_request(server: Server) -> None:
    """The first is answered; what follows is refused."""
    with connect(server) as connection:
        connection.sendall(POST + b"Content-Length: 2\r\n\r\n{}GEHEIM\r\n\r\n")
        assert statuses(heard(connection)) == [200, 400]
    lives(server)


def test_a_body_shorter_than_it_said_is_not_taken(server: Server) -> None:
    """The client went away half-way."""
    with connect(server) as connection:
        connection.sendall(POST + b"Content-Length: 200\r\n\r\n{}GEHEIM")
        connection.shutdown(socket.SHUT_WR)
        assert 200 not in statuses(heard(connection))
    lives(server)


def test_many_requests_in_one_packet_are_answered_in_order(server: Server) -> None:
    """A thousand and a bad one; meanwhile others are served."""
    one = b"GET /healthz HTTP/1.1\r\n" + HEAD + b"\r\n"
    with connect(server) as connection:
        connection.sendall(one * 1000 + b"GEHEIM\r\n\r\n")
        lives(server)
        assert statuses(heard(connection)) == [200] * 1000 + [400]


@pytest.fixture(scope="module")
def impatient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that gives a head and a body one second each."""
    with running(
        tmp_path_factory.mktemp("slow"), before="app.HEAD_TIME = http_protocol.BODY_TIME = 1.0"
    ) as server:
        yield server


@pytest.mark.parametrize(
    "beginning",
    [
        b"GET /healthz HTTP/1.1\r\nA: ",
        b"POST /desk/login HTTP/1.1\r\n" + HEAD + b"Content-Length: 5000\r\n\r\n",
        b"POST /webchat/session HTTP/1.1\r\n" + HEAD + b"Content-Length: 5000\r\n\r\n",
        b"POST /desk/login HTTP/1.1\r\n" + HEAD + b"Upgrade: websocket\r\nContent-Length: 5000\r\n"
        b"\r\n",
    ],
    ids=["head", "body", "streamed body", "upgrade"],
)  # fmt: skip
def test_who_sends_slowly_does_not_keep_a_connection(impatient: Server, beginning: bytes) -> None:
    """A byte now and then, for ever: the time counts from the beginning, not from the last byte."""
    answer = b""
    with connect(impatient) as connection:
        connection.sendall(beginning)
        connection.settimeout(0.2)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                if not (chunk := connection.recv(65536)):
                    break
                answer += chunk
            except TimeoutError:
                try:
                    connection.sendall(b"a")
                except OSError:
                    break
            except ConnectionResetError:
                break
        else:
            raise AssertionError("the connection is still open")
    assert statuses(answer) == [408]


def test_idle_connections_do_not_keep_others_out(tmp_path: Path) -> None:
    """More of them than the process may open files: the oldest go, and customers are served."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 4096), hard))
    server = Server(tmp_path, LOKET_LOG_FORMAT="json")
    narrow = "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (300, 300))\n"
    server.command = [sys.executable, "-c", narrow + server.command[-1]]
    server.start()
    try:
        with ExitStack() as stack:
            for number in range(900):
                connection = stack.enter_context(connect(server))
                # Some say nothing, some begin.
                connection.sendall(b"GET /" * (number % 2))
            with httpx.Client(base_url=server.url, timeout=60) as http:
                assert http.get("/healthz").text == "ok\n"
                answer = http.post("/webchat/session", json={})
                headers = {"Authorization": f"Bearer {answer.json()['token']}"}
                body = {"id": str(uuid4()), "text": "tussen de anderen"}
                assert http.post("/webchat/messages", json=body, headers=headers).is_success
    finally:
        server.stop()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert "connections_full" in server.log.read_text()
    assert "Traceback" not in server.log.read_text()


# Whatever comes

NAMES = st.sampled_from(
    [b"Content-Length", b"Transfer-Encoding", b"Expect", b"Connection", b"Host", b"Upgrade",
     b"Content-Type", b"Cookie", b"Authorization", b"X-Forwarded-For", b"Last-Event-ID"]
) | st.binary(max_size=8)  # fmt: skip
VALUES = st.sampled_from(
    [b"0", b"2", b"-1", b"+2", b"99999999999999999999", b"chunked", b"gzip", b"close",
     b"keep-alive", b"100-continue", b"websocket", b"multipart/form-data; boundary=", b"\xff",
     b"application/x-www-form-urlencoded", b"x" * 9000]
) | st.binary(max_size=12)  # fmt: skip
FIELDS = st.tuples(NAMES, VALUES).map(b": ".join)
LINES = st.builds(
    lambda *parts: b" ".join(parts),
    st.sampled_from([b"GET", b"POST", b"HEAD", b"OPTIONS", b"PUT", b"NONE"])
    | st.binary(max_size=5),
    st.sampled_from(
        [b"/", b"/healthz", b"/webchat/session", b"/webchat/messages", b"/desk/login", b"*", b"//",
         b"http://a/b", b"/desk", b"/nee?a=%ff"]
    )
    | st.binary(max_size=20),
    st.sampled_from([b"HTTP/1.1", b"HTTP/1.0", b"HTTP/2.0"]) | st.binary(max_size=8),
)  # fmt: skip
ENDS = st.sampled_from([b"\r\n"] * 8 + [b"\n", b"\r", b""])
TAILS = st.sampled_from(
    [b"", b"{}", b"2\r\n{}\r\n0\r\n\r\n", b"-1\r\n", b"fffffffff\r\nx", b"2\r\n{}XX0\r\n\r\n"]
) | st.binary(max_size=60)  # fmt: skip


@st.composite
def requests(draw: st.DrawFn) -> bytes:
    """Something near a request: each part good or bad by itself."""
    fields = [b"Host: a"] * draw(st.sampled_from([1, 1, 1, 0, 2])) + draw(
        st.lists(FIELDS, max_size=4)
    )
    head = b"".join(part + draw(ENDS) for part in (draw(LINES), *fields))
    return head + draw(ENDS) + draw(TAILS)


STREAMS = st.lists(requests(), min_size=1, max_size=3).map(b"".join) | st.binary(max_size=400)
CUTS = st.lists(st.integers(0, 400), max_size=3)


def attack(server: Server, data: bytes, cuts: list[int]) -> None:
    """Sends it in pieces, hears what comes, and sees whether the process lives."""
    edges = [0, *sorted(each for each in cuts if each < len(data)), len(data)]
    with connect(server) as connection:
        try:
            for start, end in pairwise(edges):
                connection.sendall(data[start:end])
                if len(edges) > 2:
                    time.sleep(0.001)
            connection.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # it closed already
        codes = statuses(heard(connection))
    # 501 and 505 say that we do not speak that; whatever fails in us is another.
    assert all(code < 500 or code in (501, 505) for code in codes)
    lives(server)


@settings(max_examples=150, suppress_health_check=list(HealthCheck))
@given(data=STREAMS, cuts=CUTS)
def test_no_bytes_break_the_process(server: Server, data: bytes, cuts: list[int]) -> None:
    """Each answer is a refusal or an answer, and the next customer is served."""
    attack(server, data, cuts)


@pytest.mark.long
@pytest.mark.timeout(3600)
@settings(max_examples=10_000, suppress_health_check=list(HealthCheck))
@given(data=STREAMS, cuts=CUTS)
def test_ten_thousand_attacks(server: Server, data: bytes, cuts: list[int]) -> None:
    """The same for longer."""
    attack(server, data, cuts)
