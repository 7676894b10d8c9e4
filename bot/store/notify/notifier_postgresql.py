"""The notifier of any number of machines that share a PostgreSQL: LISTEN and NOTIFY."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import psycopg2
import structlog
from psycopg2 import extensions
from sqlalchemy.engine import make_url

from bot.store.notify.notifier_keys import Keys, sendable

if TYPE_CHECKING:
    from bot.store.notify.notifier import Listener

log = structlog.get_logger(__name__)

#: Channel and key.
_Ring = tuple[str, str]

#: Seconds between attempts to connect: the first pause, and the longest.
_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 5.0

#: Different rings that may wait for a connection; with more, a topic's become one for anybody.
_WAITING_RINGS = 1000


class PostgresNotifier:
    """A `Notifier` that rings by NOTIFY, from a thread of its own; see `notifier`."""

    def __init__(self, database_url: str) -> None:
        """Keeps the address; nothing is connected before the first ring or listener.

        Args:
            database_url: as given to `Database`.
        """
        address = make_url(database_url).set(drivername="postgresql")
        self._dsn: str = address.render_as_string(hide_password=False)
        self._rings: dict[_Ring, None] = {}
        self._news = threading.Condition()
        self._closing = threading.Event()
        self._sender: threading.Thread | None = None

    def ring(self, topic: str, key: str = "") -> None:
        """See `Notifier.ring`."""
        channel = _channel(topic)
        with self._news:
            if len(self._rings) >= _WAITING_RINGS:
                self._rings = {ring: None for ring in self._rings if ring[0] != channel}
                key = ""
            self._rings[channel, sendable(key)] = None
            self._news.notify()
            if self._sender is None:
                self._sender = threading.Thread(
                    target=self._send, name="loket-notifier", daemon=True
                )
                self._sender.start()

    @asynccontextmanager
    async def listen(self, topic: str) -> AsyncIterator[Listener]:
        """See `Notifier.listen`. Connects again when the connection is lost."""
        keys = Keys()
        connected = asyncio.Event()
        keeper = asyncio.create_task(self._keep_listening(topic, keys, connected))
        try:
            # Waits one attempt at most: a notifier out of order must not keep a process down.
            await connected.wait()
            yield keys
        finally:
            keeper.cancel()
            await asyncio.gather(keeper, return_exceptions=True)

    def close(self) -> None:
        """See `Notifier.close`. Rings that wait are sent first, unless the database is away."""
        self._closing.set()
        with self._news:
            self._news.notify()
            sender = self._sender
        if sender is not None:
            sender.join(timeout=_LONGEST_PAUSE)

    async def _keep_listening(self, topic: str, keys: Keys, tried: asyncio.Event) -> None:
        pause = _FIRST_PAUSE
        while True:
            try:
                conn = await asyncio.to_thread(self._connect_listener, topic)
            except psycopg2.Error:
                log.warning("notifier_away", topic=topic, pause=pause)
                tried.set()
                await asyncio.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)
                continue
            pause = _FIRST_PAUSE
            if tried.is_set():
                keys.add("")  # rings may have been missed meanwhile
            tried.set()
            try:
                await _until_lost(conn, keys)
            finally:
                conn.close()

    def _connect_listener(self, topic: str) -> extensions.connection:
        conn = self._connect()
        with conn.cursor() as cursor:
            cursor.execute(f"LISTEN {extensions.quote_ident(_channel(topic), cursor)}")
        return conn

    def _connect(self) -> extensions.connection:
        # Keep-alives: a machine that vanished without a word is noticed within a minute.
        conn = psycopg2.connect(
            self._dsn,
            connect_timeout=5,
            keepalives_idle=20,
            keepalives_interval=10,
            keepalives_count=3,
        )
        conn.autocommit = True
        return conn

    def _send(self) -> None:
        conn: extensions.connection | None = None
        pause = _FIRST_PAUSE
        while rings := self._next_rings():
            sent = False
            while not sent:
                try:
                    conn = conn or self._connect()
                    _notify(conn, rings)
                    sent = True
                    pause = _FIRST_PAUSE
                except psycopg2.Error:
                    log.warning("notifier_away", pause=pause)
                    _discard(conn)
                    conn = None
                    if self._closing.wait(pause):
                        return
                    pause = min(2 * pause, _LONGEST_PAUSE)
        _discard(conn)

    def _next_rings(self) -> list[_Ring]:
        """The rings that wait, once there are any; none when the notifier was closed."""
        with self._news:
            self._news.wait_for(lambda: self._rings or self._closing.is_set())
            rings = list(self._rings)
            self._rings.clear()
            return rings


def _channel(topic: str) -> str:
    return f"loket_{topic}"


def _notify(conn: extensions.connection, rings: list[_Ring]) -> None:
    channels, keys = zip(*rings, strict=True)
    with conn.cursor() as cursor:
        cursor.execute(
            "SELECT pg_notify(channel, key) FROM unnest(%s, %s) AS ring(channel, key)",
            (list(channels), list(keys)),
        )


def _discard(conn: extensions.connection | None) -> None:
    if conn is not None:
        conn.close()


async def _until_lost(conn: extensions.connection, keys: Keys) -> None:
    loop = asyncio.get_running_loop()
    lost = loop.create_future()

    def drain() -> None:
        try:
            conn.poll()
        except psycopg2.Error:
            if not lost.done():
                lost.set_result(None)
        while conn.notifies:
            keys.add(conn.notifies.pop(0).payload)

    drain()  # what came in between LISTEN and now
    descriptor = conn.fileno()
    loop.add_reader(descriptor, drain)
    try:
        await lost
    finally:
        loop.remove_reader(descriptor)
