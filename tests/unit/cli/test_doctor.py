"""`loket doctor` on Loket itself: database, model, workers and delivery, each by itself."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import Thread

import pytest
from click.testing import CliRunner

from bot.cli import commands, service_checks
from bot.errors import ModelMissing
from bot.messages import Inbound
from bot.settings import Settings
from bot.settings_loading import load_settings
from bot.store.sql.database import Database
from bot.store.worker import heartbeats, inbox
from bot.store.worker.heartbeats import Heartbeat, Role
from tests.providers.s3 import KEY, S3, SECRET
from tests.support.webchat import free_port

ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of one's own with all channels in its file, none configured, and a model."""
    shutil.copy(ROOT / "credentials.yml", tmp_path)
    monkeypatch.setenv("LOKET_ROOT", str(tmp_path))
    monkeypatch.setenv("LOKET_PORT", str(free_port()))
    monkeypatch.setattr(service_checks, "current_model", lambda _: Path("loket-1.tar.gz"))
    return tmp_path


@pytest.fixture
def store() -> Iterator[Database]:
    database = Database(load_settings().database_url)
    database.upgrade()
    yield database
    database.dispose()


def doctor() -> tuple[int, str]:
    result = CliRunner().invoke(commands.main, ["doctor"], prog_name="loket")
    return result.exit_code, result.output


def beat(store: Database, role: Role = "worker", *, ready: bool = True) -> None:
    now = datetime.now(UTC)
    with store.begin() as conn:
        heartbeats.beat(conn, Heartbeat(role, role, now, now, ready=ready))


def test_a_new_installation_is_fine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is missing before the first start, which makes it."""

    def none(_: Settings) -> Path:
        raise ModelMissing("none")

    monkeypatch.setattr(service_checks, "current_model", none)
    monkeypatch.setattr(service_checks, "models", lambda _: ())
    code, out = doctor()
    assert code == 0
    assert "ok    database: There is no database yet; loket run makes it." in out
    assert "ok    model: There is none in" in out


def test_nobody_answers_until_a_worker_has_its_model(store: Database) -> None:
    """Each step of a start says what is missing and what to do."""
    code, out = doctor()
    assert code == 1
    assert "ok    database: Messages can be stored (SQLite)." in out
    assert "WRONG worker: Nobody answers: no worker has given a sign of life for 30 s." in out
    assert "loket run, or loket worker" in out
    beat(store, ready=False)
    code, out = doctor()
    assert (code, "WRONG worker: No worker has its model yet" in out) == (1, True)
    beat(store)
    code, out = doctor()
    assert (code, "ok    worker: A worker answers; nobody waits too long." in out) == (0, True)


def test_who_waits_too_long_is_told(store: Database) -> None:
    """Though a worker gives signs of life."""
    beat(store)
    long_ago = datetime.now(UTC) - timedelta(minutes=3)
    with store.begin() as conn:
        inbox.accept(conn, Inbound("webchat", "anna", "m1", "hoi"), long_ago)
    code, out = doctor()
    words = "WRONG worker: Customers wait: a message has had no answer for 120 s."
    assert (code, words in out) == (1, True)


def test_a_model_of_other_content_is_told(store: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is used meanwhile; without any, a training is what to do."""

    def none(_: Settings) -> Path:
        raise ModelMissing("none")

    beat(store)
    monkeypatch.setattr(service_checks, "current_model", none)
    monkeypatch.setattr(service_checks, "models", lambda _: (Path("loket-0.tar.gz"),))
    assert "WRONG model: The content has changed since loket-0.tar.gz" in doctor()[1]
    monkeypatch.setattr(service_checks, "models", lambda _: ())
    assert "WRONG model: There is none in" in doctor()[1]


def test_answers_to_the_channels_need_delivery(
    store: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a channel that Loket must send to."""
    beat(store)
    for name in ("SEND_URL", "USERNAME", "PASSWORD", "SECRET"):
        value = "http://127.0.0.1:1" if name == "SEND_URL" else "a-secret-in-the-get-url"
        monkeypatch.setenv(f"KANNEL_{name}", value)
    assert "WRONG delivery: Nobody sends answers to the channels." in doctor()[1]
    beat(store, "delivery")
    assert "ok    delivery: " in doctor()[1]


def test_a_database_that_is_away_hides_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """The model and the channels are looked at all the same, and no password is shown."""
    url = "postgresql://loket:geheim@127.0.0.1:1/loket"
    monkeypatch.setenv("LOKET_DATABASE_URL", url)
    code, out = doctor()
    assert code == 1
    assert "WRONG database: Nothing can be stored: the database cannot be reached" in out
    assert "PostgreSQL at 127.0.0.1" in out
    assert "ok    model: loket-1.tar.gz" in out
    assert "webchat\n" in out
    assert "geheim" not in out


def test_where_files_are_is_looked_at(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A folder that may not be used, or a bucket that does not answer, is found before a photo."""
    _, out = doctor()
    assert f"ok    files: Files can be kept ({tmp_path / 'var' / 'attachments'})." in out
    with closing(S3()) as s3:
        monkeypatch.setenv("LOKET_ATTACHMENTS_URL", s3.address)
        monkeypatch.setenv("LOKET_ATTACHMENTS_KEY", KEY)
        monkeypatch.setenv("LOKET_ATTACHMENTS_SECRET", SECRET)
        assert "ok    files: Files can be kept (bucket s3://" in doctor()[1]
        monkeypatch.setenv("LOKET_ATTACHMENTS_SECRET", "een ander geheim")
        code, out = doctor()
    assert code == 1
    assert "WRONG files: Files cannot be kept: the bucket answered SignatureDoesNotMatch" in out
    assert "LOKET_ATTACHMENTS_URL" in out
    assert "een ander geheim" not in out


@contextmanager
def listening(answer: bytes) -> Iterator[int]:
    """A program that answers whatever it is asked; its port."""

    class Answers(BaseRequestHandler):
        def handle(self) -> None:
            self.request.recv(4096)
            self.request.sendall(answer)

    with ThreadingTCPServer(("127.0.0.1", 0), Answers) as server:
        Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def test_who_has_the_port_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loket that runs is no fault, nor is a port that is free; another program is."""
    assert "ok    web: Nobody listens on port" in doctor()[1]
    own = b"HTTP/1.1 200 OK\r\nServer: Loket\r\nContent-Length: 3\r\n\r\nok\n"
    with listening(own) as port:
        monkeypatch.setenv("LOKET_PORT", str(port))
        code, out = doctor()
        assert (code, f"ok    web: Loket answers on port {port}." in out) == (0, True)
    for status in (b"404 Not Found", b"200 OK"):
        with listening(b"HTTP/1.1 " + status + b"\r\nContent-Length: 0\r\n\r\n") as port:
            monkeypatch.setenv("LOKET_PORT", str(port))
            code, out = doctor()
        words = f"WRONG web: Loket does not answer. Port {port} is in use by another program."
        assert (code, words in out) == (1, True)
        assert f"LOKET_PORT={port + 1}" in out
