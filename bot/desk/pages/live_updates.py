"""The desk's event stream: tells open pages that there is something new; they fetch it themselves.

An event holds no content, so a stream that outlives a log-out by seconds tells nothing. What it
costs depends on the pages that are open: whatever happens in however many conversations, the lists
are looked at twice a second at most for all pages together, and only after a ring of the notifier.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Final, Literal

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.desk.conversations.work_lists import MOST
from bot.store.desk import desk_fingerprint
from bot.store.notify.following import follow
from bot.store.notify.notifier import Notifier
from bot.store.sql.database import Database

log = structlog.get_logger(__name__)

News = Literal["lists", "talk"]

#: Topics of the notifier that concern the desk: customers write, are written to, got the message.
_TOPICS: Final = ("inbox", "outbox", "desk")
#: Seconds between two looks at the lists.
_CALM: Final = 0.5
#: Seconds after which the lists are looked at without a ring, should one have been lost.
_POLL: Final = 10.0
#: Seconds between two signs of life of a stream.
HEARTBEAT: Final = 10.0
#: Seconds after which a stream asks again whether its person is still signed in: less than 60, so
#: that an agent who has the desk open counts as on line.
_CHECK: Final = 20.0

_SIGN: Final = b": \n\n"
_OPENING: Final = b"retry: 2000\n\n"
#: The person is not signed in any more: the page says so and does not come back.
_BYE: Final = b"event: bye\ndata: {}\n\n"


class Watcher:
    """The news for one stream; news that comes while it is busy is kept."""

    def __init__(self) -> None:
        self._news: set[News] = set()
        self._event = asyncio.Event()

    def tell(self, news: News) -> None:
        """Notes that there is news of this kind."""
        self._news.add(news)
        self._event.set()

    def wake(self) -> None:
        """Ends the wait without news: the process stops."""
        self._event.set()

    async def wait(self, seconds: float) -> tuple[News, ...]:
        """Waits for news, so many seconds at most; returns the news since the last wait."""
        try:
            async with asyncio.timeout(seconds):
                await self._event.wait()
        except TimeoutError:
            return ()
        self._event.clear()
        news = tuple(sorted(self._news))
        self._news.clear()
        return news


class DeskHub:
    """The watchers of all open pages of one web process."""

    def __init__(self, database: Database) -> None:
        self.closing = False
        self._database = database
        self._watchers: set[Watcher] = set()
        self._talks: defaultdict[str, set[Watcher]] = defaultdict(set)
        self._streams: defaultdict[int, int] = defaultdict(int)
        self._dirty = asyncio.Event()

    @contextmanager
    def watcher(self, agent_id: int, talk: str) -> Iterator[Watcher]:
        """A watcher of the lists and of one conversation, as long as the context lasts.

        Args:
            agent_id: whose page it is.
            talk: id of the conversation on the page; empty for none.
        """
        watcher = Watcher()
        self._watchers.add(watcher)
        self._streams[agent_id] += 1
        self.follow(watcher, [talk] if talk else [])
        try:
            yield watcher
        finally:
            self._watchers.discard(watcher)
            self._streams[agent_id] -= 1
            if not self._streams[agent_id]:
                del self._streams[agent_id]
            self.follow(watcher, [])

    def follow(self, watcher: Watcher, talks: Iterable[str]) -> None:
        """Has a watcher told of these conversations, and of no others."""
        wanted = set(talks)
        for talk in [each for each, told in self._talks.items() if watcher in told]:
            self._talks[talk].discard(watcher)
            if not self._talks[talk]:
                del self._talks[talk]
        for talk in wanted:
            self._talks[talk].add(watcher)

    def count(self, agent_id: int) -> int:
        """How many streams an agent has open."""
        return self._streams.get(agent_id, 0)

    def close(self) -> None:
        """Ends every stream: each sees `closing` at once."""
        self.closing = True
        for watcher in tuple(self._watchers):
            watcher.wake()

    async def run(self, notifier: Notifier) -> None:
        """Listens to the notifier and looks at the lists, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            for topic in _TOPICS:
                tasks.create_task(follow(notifier, topic, self._rung))
            tasks.create_task(self._look())

    def _rung(self, key: str) -> None:
        self._dirty.set()
        watchers = self._talks.get(key, set()) if key else self._watchers
        for watcher in tuple(watchers):
            watcher.tell("talk")

    async def _look(self) -> None:
        seen: int | None = None
        while True:
            try:
                async with asyncio.timeout(_POLL):
                    await self._dirty.wait()
            except TimeoutError:
                pass
            self._dirty.clear()
            if self._watchers:
                seen = await self._compare(seen)
            await asyncio.sleep(_CALM)

    async def _compare(self, seen: int | None) -> int | None:
        try:
            found = await self._database.query(desk_fingerprint.fingerprint, MOST)
        except SQLAlchemyError as error:
            log.warning("desk_unread", error=type(error).__name__)
            return seen
        if found != seen:
            for watcher in tuple(self._watchers):
                watcher.tell("lists")
        return found


async def stream(
    hub: DeskHub, watcher: Watcher, signed_in: Callable[[], Awaitable[bool]]
) -> AsyncGenerator[bytes, None]:
    """The bytes of an event stream, until the hub closes or the person is not signed in any more.

    Args:
        hub: says when the process stops.
        watcher: this stream's.
        signed_in: asks whether the person still is.
    """
    clock = asyncio.get_running_loop().time
    asked = clock()
    yield _OPENING
    while not hub.closing:
        news = await watcher.wait(HEARTBEAT)
        if clock() - asked >= _CHECK:
            if not await signed_in():
                yield _BYE
                return
            asked = clock()
        yield b"".join(b"event: %s\ndata: {}\n\n" % each.encode() for each in news) or _SIGN
