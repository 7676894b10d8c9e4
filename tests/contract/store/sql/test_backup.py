"""`loket backup` while Loket is busy, and the restore that docs/operations.md describes."""

from __future__ import annotations

import os
import re
import resource
import secrets
import signal
import sqlite3
import subprocess
import sys
import tarfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.engine import make_url

from bot.messages import Inbound
from bot.store.sql import tables
from bot.store.sql.database import Database
from bot.store.worker import inbox
from tests.support.webchat import ROOT, Server

DOCS = (ROOT / "docs/operations.md").read_text(encoding="utf-8")


def documented() -> list[str]:
    """The commands under "Backup and restore": to make one, SQLite's restore, PostgreSQL's."""
    section = DOCS.split("\n## Backup and restore\n")[1].split("\n## ")[0]
    return re.findall(r"```sh\n(.*?)```", section, re.DOTALL)


@dataclass
class Place:
    """A folder with an installation's data in `var/`, as docs/operations.md means it."""

    folder: Path
    url: str | None = None

    def environment(self, **more: str) -> dict[str, str]:
        kept = {key: value for key, value in os.environ.items() if not key.startswith("LOKET_")}
        given = {} if self.url is None else {"LOKET_DATABASE_URL": self.url}
        var = {"LOKET_VAR_DIR": str(self.folder / "var"), "LOKET_ROOT": str(ROOT)}
        var["PYTHONPATH"] = str(ROOT)
        return {**kept, **var, **given, **more}

    def shell(self, commands: str, **variables: str) -> None:
        """Runs commands as somebody would who has `loket` in PATH."""
        shim = self.folder / "bin" / "loket"
        shim.parent.mkdir(exist_ok=True)
        shim.write_text(f'#!/bin/sh\nexec {sys.executable} -m bot.cli "$@"\n')
        shim.chmod(0o755)
        path = f"{shim.parent}:{os.environ['PATH']}"
        done = subprocess.run(
            ["bash", "-euc", commands],
            cwd=self.folder,
            env=self.environment(PATH=path, **variables),
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, done.stdout + done.stderr

    def backup(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "bot.cli", "backup", *arguments],
            cwd=self.folder,
            env=self.environment(**more),
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    def database_url(self) -> str:
        return self.url or f"sqlite:///{self.folder / 'var' / 'loket.db'}"

    @contextmanager
    def running(self) -> Iterator[str]:
        """Web and a worker that says back what it hears; gives web's address."""
        more = {} if self.url is None else {"LOKET_DATABASE_URL": self.url}
        server = Server(self.folder / "var", LOKET_SECRET="", **more)
        server.log = self.folder / "web.log"
        server.start()
        with (self.folder / "worker.log").open("ab") as log:
            worker = subprocess.Popen(
                [sys.executable, str(ROOT / "tests/support/echo_worker.py"), "0"],
                env=server.env,
                cwd=ROOT,
                stderr=log,
            )
        try:
            yield server.url
        finally:
            worker.kill()
            worker.wait()
            server.stop()


@pytest.fixture
def place(kind: str, empty_url: str, tmp_path: Path) -> Place:
    """A new installation, its tables made."""
    (tmp_path / "var").mkdir(mode=0o700)
    place = Place(tmp_path, None if kind == "sqlite" else empty_url)
    database = Database(place.database_url())
    database.upgrade()
    database.dispose()
    return place


class Customer:
    """A browser that keeps its token."""

    def __init__(self, url: str) -> None:
        self.token = httpx.post(f"{url}/webchat/session", json={}).json()["token"]

    def http(self, url: str) -> httpx.Client:
        headers = {"Authorization": f"Bearer {self.token}"}
        return httpx.Client(base_url=f"{url}/webchat/", timeout=30, headers=headers)

    def says(self, url: str, text: str) -> None:
        with self.http(url) as http:
            assert http.post("messages", json={"id": str(uuid4()), "text": text}).is_success

    def reads(self, url: str, awaited: str) -> str:
        """All that is in the chat once a text is."""
        seen = ""
        with self.http(url) as http, http.stream("GET", "events") as events:
            assert events.status_code == 200, events.status_code
            for line in events.iter_lines():
                seen += f"{line}\n"
                if awaited in seen:
                    return seen
        raise AssertionError(f"{awaited} never came: {seen}")


class Busy:
    """Somebody who writes all the time."""

    def __init__(self, url: str) -> None:
        self._database = Database(url)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._write)
        self.written = 0
        self.fault: Exception | None = None

    def __enter__(self) -> Busy:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(60)
        self._database.dispose()

    def _write(self) -> None:
        try:
            while not self._stop.is_set():
                number = self.written
                said = Inbound("webchat", f"busy-{number % 50}", f"m{number}", f"bericht {number}")
                with self._database.begin() as conn:
                    inbox.accept(conn, said, datetime.now(UTC))
                self.written += 1
        except Exception as error:  # noqa: BLE001 - the test looks at it
            self.fault = error

    def wait_for(self, count: int) -> None:
        deadline = time.monotonic() + 60
        while self.written < count:
            assert self.fault is None, self.fault
            assert time.monotonic() < deadline
            time.sleep(0.01)


@contextmanager
def reading(file: Path) -> Iterator[None]:
    """Somebody reads: what is written meanwhile cannot leave the log for the file itself."""
    with closing(sqlite3.connect(file, isolation_level=None)) as reader:
        reader.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM inbox").fetchone()
        yield


def numbers(url: str) -> set[int]:
    """Which messages of `Busy` a database holds."""
    database = Database(url)
    query = select(tables.inbox.c.message_id).where(tables.inbox.c.message_id.like("m%"))
    with database.read() as conn:
        found = {int(name[1:]) for name in conn.execute(query).scalars() if name[1:].isdigit()}
    database.dispose()
    return found


def address(url: str) -> dict[str, str]:
    """What PostgreSQL's programs read of where the server is."""
    parts = make_url(url)
    return {"PGHOST": str(parts.host), "PGPORT": str(parts.port), "PGUSER": str(parts.username)}


@pytest.mark.slow
def test_what_was_said_is_there_after_a_restore_and_the_talk_goes_on(
    place: Place, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Backed up while a writer is busy, restored by the documented commands in another place.

    On SQLite all of it is in the log, which nobody has emptied.
    """
    make, sqlite_way, postgresql_way = documented()
    file = tmp_path / "loket.tar"
    with place.running() as url:
        customer = Customer(url)
        customer.says(url, "hoi")
        customer.reads(url, "echo hoi.")
        readers, kept, alone = ExitStack(), tmp_path / "var" / "loket.db", tmp_path / "alone.db"
        if place.url is None:
            readers.enter_context(reading(kept))
        with readers, Busy(place.database_url()) as busy:
            busy.wait_for(300)
            if place.url is None:
                alone.write_bytes(kept.read_bytes())
                readers.close()
                held = len(numbers(place.database_url()))
                assert len(numbers(f"sqlite:///{alone}")) < held  # what was advised before
            before = busy.written
            place.shell(make, FILE=str(file))
            after = busy.written
            busy.wait_for(after + 20)
            assert busy.fault is None
            assert after > before
    assert file.stat().st_mode & 0o777 == 0o600

    new = Place(tmp_path / "new")
    new.folder.mkdir()
    (new.folder / "var").mkdir()
    (new.folder / "var" / "loket.db-wal").write_bytes(b"of another database")
    new.shell(sqlite_way, FILE=str(file))
    if place.url is not None:
        name = f"loket_test_{secrets.token_hex(6)}"
        server = address(place.url)
        request.addfinalizer(
            lambda: subprocess.run(
                ["dropdb", "--if-exists", "--force", name],
                env={**os.environ, **server},
                check=True,
            )
        )
        new.shell(postgresql_way, FILE=str(file), DATABASE=name, **server)
        new.url = str(make_url(place.url).set(database=name))
        assert not (new.folder / "var" / "loket.dump").exists()
    found = numbers(new.database_url())
    assert found == set(range(len(found)))
    assert before <= len(found) <= busy.written
    with new.running() as url:
        assert "echo hoi." in customer.reads(url, "echo hoi.")
        customer.says(url, "bent u er nog?")
        customer.reads(url, "echo bent u er nog?.")


def test_the_key_that_loket_made_goes_along_and_another_does_not(
    place: Place, tmp_path: Path
) -> None:
    """A key that was given is kept by who gave it."""
    done = place.backup("a.tar")
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    assert "holds the database and the signing key" in done.stderr
    with tarfile.open(tmp_path / "a.tar") as archive:
        copied = archive.extractfile("secret")
        assert copied is not None
        assert copied.read() == (tmp_path / "var" / "secret").read_bytes()
        assert {member.mode for member in archive.getmembers()} == {0o600}
    done = place.backup("b.tar", LOKET_SECRET="s" * 40)
    assert "without LOKET_SECRET, which you keep yourself" in done.stderr
    with tarfile.open(tmp_path / "b.tar") as archive:
        assert "secret" not in archive.getnames()


def test_an_older_backup_is_replaced_only_when_asked(place: Place, tmp_path: Path) -> None:
    (tmp_path / "a.tar").write_text("of yesterday")
    done = place.backup("a.tar")
    assert (done.returncode, "--force" in done.stderr) == (1, True)
    assert (tmp_path / "a.tar").read_text() == "of yesterday"
    (tmp_path / "a.tar").chmod(0o644)
    assert place.backup("a.tar", "--force").returncode == 0
    assert tarfile.is_tarfile(tmp_path / "a.tar")
    assert (tmp_path / "a.tar").stat().st_mode & 0o777 == 0o600


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_full_disk_leaves_nothing(place: Place, tmp_path: Path) -> None:
    """Neither half a backup nor a lost older one, wherever the room ends."""
    goal = tmp_path / "backups"
    goal.mkdir()
    (goal / "a.tar").write_text("of yesterday")
    assert place.backup(str(goal / "b.tar")).returncode == 0
    whole = (goal / "b.tar").stat().st_size
    (goal / "b.tar").unlink()
    for room in (1000, whole // 2, whole - 10_240):
        done = subprocess.run(
            [sys.executable, "-m", "bot.cli", "backup", "--force", str(goal / "a.tar")],
            cwd=place.folder,
            env=place.environment(),
            preexec_fn=lambda room=room: resource.setrlimit(resource.RLIMIT_FSIZE, (room, room)),
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 1, done.stderr
        assert len(done.stderr.splitlines()) == 1
        assert names(goal) == ["a.tar"]
        assert (goal / "a.tar").read_text() == "of yesterday"


def test_a_folder_that_is_not_there_is_told(place: Place) -> None:
    done = place.backup("nowhere/a.tar")
    assert done.returncode == 1
    assert done.stderr.startswith("loket: Nothing can be written in ")


def test_a_backup_changes_nothing(place: Place) -> None:
    """One is made before an update: it must not bring the tables up to date itself."""
    database = Database(place.database_url())
    with database.begin() as conn:
        conn.exec_driver_sql("UPDATE alembic_version SET version_num = '0002'")
    assert place.backup("a.tar").returncode == 0
    with database.read() as conn:
        assert conn.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() == "0002"
    database.dispose()
    with tarfile.open(place.folder / "a.tar") as archive:
        about = archive.extractfile("backup.json")
        assert about is not None
        assert b'"revision": "0002"' in about.read()


# SQLite


@pytest.fixture
def sqlite(tmp_path: Path, sqlite_template: bytes) -> Place:
    (tmp_path / "var").mkdir(mode=0o700)
    (tmp_path / "var" / "loket.db").write_bytes(sqlite_template)
    return Place(tmp_path)


def test_no_database_is_made_by_a_backup(tmp_path: Path) -> None:
    """A wrong setting would else give a good backup of nothing."""
    (tmp_path / "var").mkdir()
    done = Place(tmp_path).backup("a.tar")
    assert (done.returncode, "There is no database" in done.stderr) == (1, True)
    assert names(tmp_path) == ["var"]
    assert names(tmp_path / "var") == ["secret"]


@pytest.mark.parametrize(("offset", "told"), [(0, "no database of Loket's"), (4096 * 3, "damaged")])
def test_a_damaged_database_gives_no_backup(sqlite: Place, offset: int, told: str) -> None:
    with (sqlite.folder / "var" / "loket.db").open("r+b") as file:
        file.seek(offset)
        file.write(b"\xff" * 4096)
    done = sqlite.backup("a.tar")
    assert (done.returncode, told in done.stderr) == (1, True), done.stderr
    assert names(sqlite.folder) == ["var"]


def test_a_writer_that_goes_on_for_ever_does_not_keep_a_large_copy_from_ending(
    sqlite: Place,
) -> None:
    """Each of its changes would begin a copy anew that has not one view throughout."""
    path = sqlite.folder / "var" / "loket.db"
    with sqlite3.connect(path) as conn:
        conn.execute("CREATE TABLE ballast (data)")
        conn.executemany("INSERT INTO ballast VALUES (randomblob(?))", [(1 << 20,)] * 64)
    conn.close()
    with Busy(f"sqlite:///{path}") as busy:
        busy.wait_for(20)
        done = sqlite.backup("a.tar")
        assert done.returncode == 0, done.stderr
        busy.wait_for(busy.written + 20)


def test_a_stop_leaves_nothing(sqlite: Place) -> None:
    """SIGTERM, as a timer's time-out sends it."""
    path = sqlite.folder / "var" / "loket.db"
    with sqlite3.connect(path) as conn:
        conn.execute("CREATE TABLE ballast (data)")
        conn.executemany("INSERT INTO ballast VALUES (randomblob(?))", [(1 << 20,)] * 256)
    conn.close()
    process = subprocess.Popen(
        [sys.executable, "-m", "bot.cli", "backup", "a.tar"],
        cwd=sqlite.folder,
        env=sqlite.environment(),
    )
    deadline = time.monotonic() + 60
    while not list(sqlite.folder.glob(".loket-backup-*/loket.db")):
        assert time.monotonic() < deadline
        time.sleep(0.001)
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 128 + signal.SIGTERM
    assert names(sqlite.folder) == ["var"]


# PostgreSQL


@pytest.fixture
def postgresql(make_postgres: Callable[[], str], tmp_path: Path) -> Place:
    (tmp_path / "var").mkdir(mode=0o700)
    url = make_postgres()
    database = Database(url)
    database.upgrade()
    database.dispose()
    return Place(tmp_path, url)


#: A pg_dump that notes how it was called.
NOTES = """#!/bin/sh
if [ "$1" = --version ]; then echo "pg_dump (PostgreSQL) {version}"; exit; fi
echo "$@" > {folder}/arguments
env > {folder}/environment
for each; do case $each in --file=*) exec cp {dump} "${{each#--file=}}"; esac; done
"""


def fake_dump(folder: Path, version: str, dump: str = "/dev/null") -> str:
    """A PATH in which such a program comes first."""
    program = folder / "fake" / "pg_dump"
    program.parent.mkdir()
    program.write_text(NOTES.format(folder=folder, version=version, dump=dump))
    program.chmod(0o755)
    return f"{program.parent}:{os.environ['PATH']}"


@pytest.mark.postgres
def test_pg_dump_must_be_there(postgresql: Place, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    done = postgresql.backup("a.tar", PATH=str(tmp_path / "empty"))
    assert done.returncode == 1
    assert re.search(r"pg_dump is not here\..*postgresql-client-\d+", done.stderr)
    assert not (tmp_path / "a.tar").exists()


@pytest.mark.postgres
def test_pg_dump_must_not_be_older_than_the_server(postgresql: Place, tmp_path: Path) -> None:
    done = postgresql.backup("a.tar", PATH=fake_dump(tmp_path, "9.6.24"))
    assert done.returncode == 1
    assert "pg_dump is of version 9 and the server of " in done.stderr
    assert not (tmp_path / "arguments").exists()


@pytest.mark.postgres
@pytest.mark.parametrize("in_query", [False, True])
def test_the_password_is_not_for_everybody_to_read(
    postgresql: Place, tmp_path: Path, in_query: bool
) -> None:
    """Arguments can be read by every user of the machine."""
    assert postgresql.url is not None
    parts = make_url(postgresql.url)
    url = parts.set(password="geh@im/")
    if in_query:
        url = parts.set(query={"password": "geh@im/", "sslmode": "prefer"})
    postgresql.url = url.render_as_string(hide_password=False)
    done = postgresql.backup("a.tar", PATH=fake_dump(tmp_path, "99.1"))
    arguments = (tmp_path / "arguments").read_text()
    assert "geh" not in arguments
    assert f"/{parts.database}" in arguments
    assert ("sslmode=prefer" in arguments) is in_query
    assert "PGPASSWORD=geh@im/\n" in (tmp_path / "environment").read_text()
    # What it made is no archive, which is noticed.
    assert (done.returncode, "cannot be read back" in done.stderr) == (1, True)
    assert not (tmp_path / "a.tar").exists()


@pytest.mark.postgres
def test_a_database_that_cannot_be_reached_is_told_without_its_password(tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    done = Place(tmp_path, "postgresql://root:geheim@127.0.0.1:1/loket").backup("a.tar")
    assert done.returncode == 78
    assert "cannot be reached" in done.stderr
    assert "geheim" not in done.stderr
