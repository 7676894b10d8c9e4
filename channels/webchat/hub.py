"""Wakes the event streams of one web process: a listener for each topic in, many streams out."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import structlog

from bot.store.notify import typing_signs
from bot.store.notify.following import follow
from bot.store.notify.notifier import Notifier
from bot.store.notify.typing_signs import TypingSign

log = structlog.get_logger(__name__)


class Waiter:
    """Wakes one stream. A wake-up that comes while the stream is busy is not lost."""

    def __init__(self) -> None:
        self.keys: set[str] = set()
        self._event = asyncio.Event()
        self._typing: bool | None = None

    def sign(self, *, typing: bool) -> None:
        """Wakes the stream, as a person began to type or stopped."""
        self._typing = typing
        self.wake()

    def take_sign(self) -> bool | None:
        """Whether a person is typing, by the newest sign since the last call; None: no sign."""
        sign, self._typing = self._typing, None
        return sign

    def wake(self) -> None:
        """Wakes the stream: there may be something new."""
        self._event.set()

    async def wait(self, seconds: float) -> bool:
        """Waits for a wake-up, at most so many seconds; says whether one came."""
        try:
            async with asyncio.timeout(seconds):
                await self._event.wait()
        except TimeoutError:
            return False
        self._event.clear()
        return True


class Hub:
    """The waiting streams by key: a customer's address, a conversation's id."""

    def __init__(self) -> None:
        self._waiters: defaultdict[str, set[Waiter]] = defaultdict(set)
        self.closing = False

    @contextmanager
    def waiter(self, *keys: str) -> Iterator[Waiter]:
        """A waiter that follows the keys, as long as the context lasts."""
        waiter = Waiter()
        try:
            for key in keys:
                self.follow(waiter, key)
            yield waiter
        finally:
            for key in waiter.keys:
                group = self._waiters[key]
                group.discard(waiter)
                if not group:
                    del self._waiters[key]

    def follow(self, waiter: Waiter, key: str) -> None:
        """Has the waiter woken by this key too, from now on."""
        waiter.keys.add(key)
        self._waiters[key].add(waiter)

    def count(self, key: str) -> int:
        """How many streams follow a key."""
        return len(self._waiters.get(key, ()))

    def wake(self, key: str) -> None:
        """Wakes the streams of a key; the empty key means everybody."""
        waiters: Iterable[Waiter]
        if key:
            waiters = tuple(self._waiters.get(key, ()))
        else:
            waiters = {waiter for group in self._waiters.values() for waiter in group}
        for waiter in waiters:
            waiter.wake()

    def sign(self, sign: TypingSign) -> None:
        """Passes on to a conversation's streams that the person there is typing, or no longer."""
        for waiter in tuple(self._waiters.get(sign.conversation_id, ())):
            waiter.sign(typing=sign.typing)

    def close(self) -> None:
        """Ends every stream: each sees `closing` at once."""
        self.closing = True
        self.wake("")

    async def listen(self, notifier: Notifier) -> None:
        """Passes the notifier's rings on, until cancelled: news, and signs of who types."""
        async with asyncio.TaskGroup() as topics:
            topics.create_task(follow(notifier, "outbox", self.wake))
            topics.create_task(follow(notifier, typing_signs.TOPIC, self._heard))

    def _heard(self, key: str) -> None:
        if sign := TypingSign.heard(key):
            self.sign(sign)
