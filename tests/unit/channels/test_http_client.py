"""What is known of a request that failed: whether anybody can have taken it."""

from __future__ import annotations

import socket
import socketserver
import ssl
import struct
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import requests

from channels import http_client
from channels.errors import Ambiguous, BadCredentials, SendError, Unavailable

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
Talk = Callable[[socket.socket], None]


class OwnTalk(socketserver.ThreadingTCPServer):
    """Each connection has a thread of its own; `server_close` waits for them all."""

    daemon_threads = False


@contextmanager
def server(talk: Talk, context: ssl.SSLContext | None = None) -> Iterator[str]:
    """Does `talk` with each connection, and closes it; gives its address."""

    class Connection(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with suppress(OSError):
                if not context:
                    talk(self.request)
                    return
                with context.wrap_socket(self.request, server_side=True) as secured:
                    talk(secured)

    with OwnTalk(("127.0.0.1", 0), Connection) as listening:
        serving = threading.Thread(target=listening.serve_forever, args=(0.05,))
        serving.start()
        try:
            scheme = "https" if context else "http"
            yield f"{scheme}://127.0.0.1:{listening.server_address[1]}/"
        finally:
            listening.shutdown()
            serving.join()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of 127.0.0.1, with its key."""
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    command = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1"
    extension = ["-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run(
        [*command.split(), *extension, "-keyout", path, "-out", path.with_suffix(".crt")],
        check=True,
        capture_output=True,
    )
    with path.open("a") as both:
        both.write(path.with_suffix(".crt").read_text())
    return path


def heard(connection: socket.socket) -> None:
    """Reads a request; a client that leaves in the middle ends the talk."""
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(4096)
        if not more:
            raise ConnectionAbortedError
        data += more


def reset(connection: socket.socket) -> None:
    """Ends a connection with a reset."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def failing(url: str, **given: object) -> SendError:
    """What a call that fails means."""
    http_client.forget()
    with http_client.session(1) as client, pytest.raises(requests.RequestException) as raised:
        client.get(url, timeout=(1.0, 0.5), **given)  # type: ignore[arg-type]
    return http_client.failure(raised.value)


def test_what_did_not_go_out_was_not_taken(certificate: Path) -> None:
    """Nobody listens, no such host, no TLS, a certificate that is nobody's, a proxy that is not."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        closed = f"127.0.0.1:{taken.getsockname()[1]}"
    assert type(failing(f"http://{closed}/")) is Unavailable
    assert type(failing("http://no-such-host.invalid/")) is Unavailable
    with server(lambda connection: connection.close()) as url:
        assert failing(url.replace("http:", "https:")).code in ("tls", "unreachable")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with server(heard, context) as url:
        assert failing(url).code == "tls"
    proxied = failing("http://example.invalid/", proxies={"http": f"http://{closed}"})
    assert (type(proxied), proxied.code) == (Unavailable, "no_proxy")


@pytest.mark.parametrize("secure", [False, True], ids=["http", "https"])
@pytest.mark.parametrize("how", ["reset", "close", "hang", "half"])
def test_what_went_out_may_have_been_taken(certificate: Path, how: str, *, secure: bool) -> None:
    """Whatever happens then; that it was encrypted changes nothing."""
    context = None
    if secure:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
    over = threading.Event()

    def talk(connection: socket.socket) -> None:
        heard(connection)
        if how == "half":
            connection.sendall(ANSWER[:-1])
        if how == "hang":
            over.wait(10)
        if how == "close":
            connection.close()
        else:
            reset(connection)

    with server(talk, context) as url:
        error = failing(url, verify=str(certificate.with_suffix(".crt")))
        over.set()
    assert type(error) is Ambiguous, error.code
    assert error.code == ("timeout" if how == "hang" else "broken_off")


def test_a_connection_that_was_idle_is_not_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server closes it at any moment: a new one is made instead, and nothing is in doubt."""
    connections: list[socket.socket] = []

    def talk(connection: socket.socket) -> None:
        connections.append(connection)
        while True:
            heard(connection)
            connection.sendall(ANSWER)

    with server(talk) as url, http_client.session(1) as session:
        for _ in range(2):
            assert session.get(url, timeout=5).text == "ok"
        assert len(connections) == 1
        monkeypatch.setattr(http_client, "IDLE", -1.0)
        assert session.get(url, timeout=5).text == "ok"
        assert len(connections) == 2


def test_only_503_says_that_nothing_was_done() -> None:
    """The page of a machine in between may hide that the provider took it."""
    assert type(http_client.refused(503)) is Unavailable
    assert all(type(http_client.refused(status)) is Ambiguous for status in (500, 502, 504, 520))


IMPATIENT = http_client.Times(connect=1.0, answer=0.5, whole=0.5)


def exchanged(talk: Talk) -> http_client.HttpAnswer:
    """What a client of the channels makes of a server that says this."""

    def told(connection: socket.socket) -> None:
        heard(connection)
        talk(connection)

    client = http_client.HttpClient(1, IMPATIENT)
    with server(told) as url:
        try:
            return client.exchange("GET", url)
        finally:
            client.close()


def test_a_whole_answer() -> None:
    """Its status, body and headers, and nothing that is cut."""
    answer = exchanged(lambda connection: connection.sendall(ANSWER))
    assert (answer.status, answer.text, answer.cut) == (200, "ok", None)
    assert answer.headers["content-length"] == "2"


def test_an_answer_that_does_not_end_keeps_its_status() -> None:
    """Broken off, trickling or endless: nobody knows what the provider did, but for its status."""
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 900000\r\n\r\n"

    def breaks_off(connection: socket.socket) -> None:
        connection.sendall(head + b"{")
        connection.close()

    def trickles(connection: socket.socket) -> None:
        connection.sendall(head)
        over = threading.Event()
        for _ in range(50):
            connection.sendall(b"x")
            over.wait(0.05)

    def goes_on(connection: socket.socket) -> None:
        connection.sendall(head + b"x" * 900_000)

    for talk in (breaks_off, trickles, goes_on):
        answer = exchanged(talk)
        assert (answer.status, answer.body) == (200, b"")
        assert isinstance(answer.cut, Ambiguous)


@pytest.mark.parametrize("url", ["no address", "ftp://127.0.0.1/", "http://"])
def test_an_address_that_is_none_is_the_configurations(url: str) -> None:
    """Nothing gets out by it, whatever is tried."""
    with pytest.raises(BadCredentials):
        http_client.HttpClient(1, IMPATIENT).exchange("GET", url)


def test_an_error_does_not_quote_the_address() -> None:
    """It may hold a password, a number and a text."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        closed = f"127.0.0.1:{taken.getsockname()[1]}"
    with pytest.raises(Unavailable) as raised:
        http_client.HttpClient(1, IMPATIENT).exchange("GET", f"http://{closed}/?to=0612345678")
    assert "0612345678" not in str(raised.value)
    assert raised.value.__cause__ is None
