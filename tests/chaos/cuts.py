"""Taking the database away from Loket for a while, and nothing from anybody else."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import sqlite3
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final, Protocol

import psutil
import psycopg2
from sqlalchemy.engine import URL, make_url

from tests.chaos.line import abort

#: Where a PostgreSQL server is looked for when LOKET_TEST_POSTGRES_URL does not say.
SERVERS: Final = (
    "postgresql://root@127.0.0.1:5432/postgres",
    "postgresql://postgres@127.0.0.1:5432/postgres",
)
_CHUNK: Final = 64 * 1024


class Store(Protocol):
    """A database that can be taken away.

    Attributes:
        kind: `sqlite` or `postgresql`.
        loket_url: for Loket's processes; goes through whatever can be cut.
        own_url: for the judge; always reaches it.
        cuts: how it can be taken away.
    """

    kind: str
    loket_url: str
    own_url: str
    cuts: tuple[str, ...]

    async def open(self) -> None:
        """Makes the database, empty."""
        ...

    async def cut(self, how: str, seconds: float) -> None:
        """Takes it away for so long."""
        ...

    async def close(self) -> None:
        """Removes what was made outside the run's folder."""
        ...


class Sqlite:
    """SQLite in a file.

    `lock`: another program holds the lock for writing. `full`: no byte can be written, as on a full
    disk: the limit on the size of files (RLIMIT_FSIZE) of each process of Loket is set to nothing.
    """

    kind = "sqlite"
    cuts: tuple[str, ...] = ("lock", "full")

    def __init__(self, folder: Path, processes: Callable[[], Iterable[int]]) -> None:
        """Makes nothing yet.

        Args:
            folder: where the file goes.
            processes: ids of Loket's processes.
        """
        self._file = folder / "loket.db"
        self._processes = processes
        self.loket_url = self.own_url = f"sqlite:///{self._file}"

    async def open(self) -> None:
        """Loket makes the file."""

    async def cut(self, how: str, seconds: float) -> None:
        """See `Store.cut`."""
        if how == "lock":
            await asyncio.to_thread(self._lock, seconds)
        else:
            await self._full(seconds)

    def _lock(self, seconds: float) -> None:
        with contextlib.closing(sqlite3.connect(self._file, timeout=30)) as connection:
            connection.isolation_level = None
            connection.execute("BEGIN IMMEDIATE")
            try:
                time.sleep(seconds)
            finally:
                connection.execute("ROLLBACK")

    async def _full(self, seconds: float) -> None:
        end = asyncio.get_running_loop().time() + seconds
        limited: dict[int, tuple[int, int]] = {}
        try:
            while asyncio.get_running_loop().time() < end:
                for pid in set(self._processes()) - limited.keys():  # those started meanwhile too
                    with contextlib.suppress(psutil.Error, OSError, ValueError):
                        process = psutil.Process(pid)
                        limited[pid] = process.rlimit(psutil.RLIMIT_FSIZE)
                        process.rlimit(psutil.RLIMIT_FSIZE, (0, limited[pid][1]))
                await asyncio.sleep(0.1)
        finally:
            for pid, limit in limited.items():
                with contextlib.suppress(psutil.Error, OSError, ValueError):
                    psutil.Process(pid).rlimit(psutil.RLIMIT_FSIZE, limit)

    async def close(self) -> None:
        """The file goes with the folder."""


class Postgresql:
    """A PostgreSQL database of its own, behind a TCP proxy.

    `refuse`: connections are reset and new ones refused. `stall`: nothing passes, and nobody says
    so. `terminate`: the server ends every session again and again.
    """

    kind = "postgresql"
    cuts: tuple[str, ...] = ("refuse", "stall", "terminate")

    def __init__(self, server: URL) -> None:
        """Makes nothing yet; `server` is where databases may be created."""
        self._server = server
        self._name = f"loket_chaos_{secrets.token_hex(6)}"
        self._target = (server.host or "127.0.0.1", server.port or 5432)
        own = server.set(database=self._name)
        self.own_url = own.render_as_string(hide_password=False)
        self.loket_url = ""
        self._own = own
        self._port = 0
        self._listening: asyncio.Server | None = None
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._writers: set[asyncio.StreamWriter] = set()

    async def open(self) -> None:
        """Creates the database and begins to listen."""
        await asyncio.to_thread(self._administer, f"CREATE DATABASE {self._name}")
        await self._listen()
        through = self._own.set(host="127.0.0.1", port=self._port)
        self.loket_url = through.render_as_string(hide_password=False)

    async def cut(self, how: str, seconds: float) -> None:
        """See `Store.cut`."""
        if how == "refuse":
            assert self._listening is not None
            self._listening.close()
            for writer in tuple(self._writers):
                abort(writer)
            await asyncio.sleep(seconds)
            await self._listen()
        elif how == "stall":
            self._flowing.clear()
            await asyncio.sleep(seconds)
            self._flowing.set()
        else:
            end = asyncio.get_running_loop().time() + seconds
            while asyncio.get_running_loop().time() < end:
                await asyncio.to_thread(
                    self._administer,
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    f" WHERE datname = '{self._name}'",
                )
                await asyncio.sleep(0.2)

    async def close(self) -> None:
        """Drops the database."""
        if self._listening is not None:
            self._listening.close()
        for writer in tuple(self._writers):
            abort(writer)
        await asyncio.to_thread(self._administer, f"DROP DATABASE {self._name} WITH (FORCE)")

    def _administer(self, statement: str) -> None:
        with contextlib.closing(psycopg2.connect(_dsn(self._server))) as connection:
            connection.autocommit = True
            connection.cursor().execute(statement)

    async def _listen(self) -> None:
        self._listening = await asyncio.start_server(self._serve, "127.0.0.1", self._port)
        self._port = self._listening.sockets[0].getsockname()[1]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        far_writer: asyncio.StreamWriter | None = None
        try:
            far_reader, far_writer = await asyncio.open_connection(*self._target)
            self._writers.add(far_writer)
            pumps = {
                asyncio.create_task(self._pump(reader, far_writer)),
                asyncio.create_task(self._pump(far_reader, writer)),
            }
            _, other = await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
            for pump in other:
                pump.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)
        except (OSError, asyncio.CancelledError):
            pass  # the server is away, or the run is over
        finally:
            for each in (writer, far_writer):
                if each is not None:
                    self._writers.discard(each)
                    each.close()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(_CHUNK):
            await self._flowing.wait()
            writer.write(data)
            await writer.drain()


def find_server(given: str | None) -> URL | None:
    """A PostgreSQL server that answers; None when there is none."""
    for candidate in (given,) if given else SERVERS:
        url = make_url(candidate)
        try:
            psycopg2.connect(_dsn(url), connect_timeout=3).close()
        except psycopg2.OperationalError:
            continue
        return url
    return None


def _dsn(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)
