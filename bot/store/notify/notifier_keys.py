"""A listener's keys: those that were rung and not yet waited for."""

from __future__ import annotations

import asyncio

#: Longest key, in characters; a longer one rings for anybody.
LONGEST_KEY = 200

#: More different keys than this are not worth telling apart.
MOST_KEYS = 1000


def sendable(key: str) -> str:
    """The key, or the empty key for anybody when this one does not fit on a line."""
    fits = len(key) <= LONGEST_KEY and key.isascii() and key.isprintable()
    return key if fits else ""


class Keys:
    """A `bot.store.notify.notifier.Listener`: gives each key once, in order of its first ring."""

    def __init__(self) -> None:
        """Begins without a ring."""
        self._keys: dict[str, None] = {}
        self._rung = asyncio.Event()

    def add(self, key: str) -> None:
        """Note a ring; in the event loop's thread."""
        if key == "" or len(self._keys) >= MOST_KEYS:
            self._keys = {"": None}
        elif "" not in self._keys:
            self._keys[key] = None
        self._rung.set()

    async def wait(self, timeout: float) -> str | None:  # noqa: ASYNC109 - None is its result
        """See `bot.store.notify.notifier.Listener.wait`."""
        if not self._keys:
            self._rung.clear()
            try:
                async with asyncio.timeout(timeout):
                    await self._rung.wait()
            except TimeoutError:
                return None
        key = next(iter(self._keys))
        del self._keys[key]
        return key
