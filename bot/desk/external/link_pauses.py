"""How long each link to an external desk is left alone after it failed."""

from __future__ import annotations

import time
from collections.abc import Collection
from typing import Final

#: Pauses after failures of one link, in seconds: doubled from the first to the last.
_FIRST_PAUSE: Final = 1.0
_LAST_PAUSE: Final = 60.0


class LinkPauses:
    """When each link may be called again; 0 stands for the desk as a whole."""

    def __init__(self) -> None:
        self._failures: dict[int, int] = {}
        self._not_before: dict[int, float] = {}

    def __contains__(self, which: int) -> bool:
        return which in self._not_before

    def left(self, which: int) -> float:
        """Seconds until a link may be called again; 0 when it may be called now."""
        return max(0.0, self._not_before.get(which, 0.0) - time.monotonic())

    def until_first(self, otherwise: float) -> float:
        """Seconds until the first link may be called again; `otherwise` when none waits."""
        if not self._not_before:
            return otherwise
        return max(0.0, min(self._not_before.values()) - time.monotonic())

    def wait(self, which: int, seconds: float) -> None:
        """Leaves a link alone for so long, though it did not fail."""
        self._not_before[which] = time.monotonic() + seconds

    def failed(self, which: int, seconds: float | None) -> None:
        """Leaves a link alone: for so long, or the longer the more often it failed in a row."""
        count = self._failures.get(which, 0)
        self._failures[which] = count + 1
        self.wait(which, seconds or min(_LAST_PAUSE, _FIRST_PAUSE * 2 ** min(count, 10)))

    def over(self, which: int) -> None:
        """Forgets the failures of a link: it works."""
        self._failures.pop(which, None)
        self._not_before.pop(which, None)

    def keep_only(self, known: Collection[int]) -> None:
        """Forgets until when links wait that are not there any more."""
        self._not_before = {n: at for n, at in self._not_before.items() if n in known}

    def clear(self) -> None:
        """Lets every link be called now."""
        self._not_before.clear()
