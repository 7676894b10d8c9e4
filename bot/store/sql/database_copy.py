"""Copies the database as it is at one moment, while Loket goes on."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote

from sqlalchemy import create_engine
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.pool import NullPool

from bot.errors import ConfigurationError, LoketError

#: Pages of SQLite copied between two moments at which the copying can be interrupted.
_STEP: Final = 1024
#: Seconds to wait for a lock of SQLite's that another program holds.
_PATIENCE: Final = 30.0
_VERSION: Final = "SELECT version_num FROM alembic_version"


@dataclass(frozen=True, slots=True)
class Copy:
    """A finished copy.

    Attributes:
        kind: `sqlite` or `postgresql`.
        file: the copy: a SQLite database, or an archive of pg_dump in its custom format.
        revision: of the tables in it.
    """

    kind: str
    file: Path
    revision: str


def copy(url: str, folder: Path) -> Copy:
    """Copies a database into a folder and checks that the copy is whole.

    Nothing of the database is changed, its version neither; nobody who writes to it waits.

    Args:
        url: of the database.
        folder: an empty one that only the owner can read.

    Raises:
        LoketError: it cannot be done; the sentence says why and the way out.
    """
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        return _copy_sqlite(Path(str(address.database)), folder / "loket.db")
    return _dump_postgresql(address, folder / "loket.dump")


def _copy_sqlite(source: Path, target: Path) -> Copy:
    if not source.exists():
        raise LoketError(f"There is no database at {source}; is LOKET_DATABASE_URL right?")
    try:
        with (
            closing(_open(source)) as original,
            closing(sqlite3.connect(target, isolation_level=None)) as made,
        ):
            # One view throughout, of the WAL too: without it each change by somebody else would
            # begin the copying anew. In WAL mode nobody waits for a reader.
            original.execute("BEGIN")
            original.execute("SELECT count(*) FROM sqlite_schema").fetchone()
            # Between steps Python looks for signals, if there is something of its own to run.
            original.backup(made, pages=_STEP, progress=lambda *_: None)
            made.execute("PRAGMA journal_mode = DELETE")  # one file, without others beside it
            found = made.execute("PRAGMA integrity_check(1)").fetchone()[0]
            if found != "ok":
                raise LoketError(f"The database is damaged, and so would be its copy: {found}.")
            (revision,) = made.execute(_VERSION).fetchone()
    except sqlite3.Error as error:
        raise LoketError(_why_sqlite(error, source)) from error
    return Copy("sqlite", target, revision)


def _open(source: Path) -> sqlite3.Connection:
    uri = f"file:{quote(str(source.absolute()))}?mode=rw"  # never makes one
    return sqlite3.connect(uri, uri=True, timeout=_PATIENCE, isolation_level=None)


def _why_sqlite(error: sqlite3.Error, source: Path) -> str:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    name = getattr(error, "sqlite_errorname", "")
    if code == sqlite3.SQLITE_FULL or name == "SQLITE_IOERR_WRITE":
        return "There is no room for the copy; it takes the database's size twice for a moment."
    if "no such table" in str(error) or code == sqlite3.SQLITE_NOTADB:
        return f"{source} is no database of Loket's; is LOKET_DATABASE_URL right?"
    if code == sqlite3.SQLITE_CORRUPT:
        return f"{source} is damaged. Put back the last good backup; keep this file beside it."
    return f"{source} cannot be copied ({name or type(error).__name__})."


def _dump_postgresql(address: URL, target: Path) -> Copy:
    server, revision = _ask(address)
    program = shutil.which("pg_dump")
    if program is None:
        raise LoketError(
            f"pg_dump is not here. Install PostgreSQL's client programs, version {server} or later"
            f" (Debian: postgresql-client-{server})."
        )
    version = _run([program, "--version"], {}).stdout
    if (found := re.search(r"(\d+)", version)) and int(found[1]) < server:
        raise LoketError(
            f"pg_dump is of version {found[1]} and the server of {server}: it can dump older"
            f" servers only. Install version {server} (Debian: postgresql-client-{server}) and put"
            " it first in PATH."
        )
    where, secrets = _libpq(address)
    options = ["--format=custom", "--no-password", f"--file={target}", f"--dbname={where}"]
    done = _run([program, *options], secrets)
    if done.returncode:
        reason = done.stderr.partition("\n")[0]
        raise LoketError(f"pg_dump could not copy the database ({reason}).")
    # A list can be made of a whole archive only.
    if (restore := shutil.which("pg_restore")) and _run(
        [restore, "-l", str(target)], {}
    ).returncode:
        raise LoketError("The copy that pg_dump made cannot be read back; try again.")
    return Copy("postgresql", target, revision)


def _ask(address: URL) -> tuple[int, str]:
    """The server's major version, and the revision of the tables."""
    engine = create_engine(address.set(drivername="postgresql+psycopg2"), poolclass=NullPool)
    try:
        with engine.connect() as conn:
            number = int(conn.exec_driver_sql("SHOW server_version_num").scalar_one())
            return number // 10000, str(conn.exec_driver_sql(_VERSION).scalar_one())
    except ProgrammingError as error:
        raise ConfigurationError(
            "The database holds no tables of Loket's; is LOKET_DATABASE_URL right?"
        ) from error
    finally:
        engine.dispose()


def _libpq(address: URL) -> tuple[str, dict[str, str]]:
    """The database's address without a password, and the password as an environment variable.

    Everybody on a machine can read the arguments of a program, its owner alone the environment.
    """
    query = dict(address.query)
    password = query.pop("password", None) or address.password
    plain = URL.create(
        "postgresql",
        username=address.username,
        host=address.host,
        port=address.port,
        database=address.database,
        query=query,
    )
    where = plain.render_as_string(hide_password=False)
    return where, {} if password is None else {"PGPASSWORD": str(password)}


def _run(command: list[str], variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own words; the address is one argument
        command,
        env={**os.environ, **variables},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
