"""Trackers that a process keeps from one turn of a conversation to the next.

A customer's next message mostly comes to the process that answered the last one, within minutes.
What that process then has in its hands need not be read and worked out again. The database decides
whether it still holds: each turn writes a head with a random mark, so that a tracker goes with a
stored head or with none.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from rasa.shared.core.trackers import DialogueStateTracker

#: Conversations that are kept at most: some ten megabytes.
CONVERSATIONS: Final = 64
#: Seconds after which nothing is kept any more of a customer who is silent.
SECONDS: Final = 600.0


@dataclass(frozen=True, slots=True)
class KeptTracker:
    """A tracker after a turn.

    Attributes:
        tracker: the tracker; whoever takes it may change it.
        head: the head that was stored with the turn, in its stored form.
        seq: number of the last event then.
    """

    tracker: DialogueStateTracker
    head: Mapping[str, Any]
    seq: int

    def is_of(self, head: Mapping[str, Any], seq: int) -> bool:
        """Whether this is the tracker of what is stored now."""
        return seq == self.seq and head == self.head


class KeptTrackers:
    """Trackers by conversation, for threads; each is handed out once."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Keeps none yet.

        Args:
            clock: seconds, from any moment on.
        """
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, tuple[float, KeptTracker]] = OrderedDict()

    def __len__(self) -> int:
        """How many are kept."""
        return len(self._kept)

    def keep(self, kept: KeptTracker) -> None:
        """Keeps a tracker, in place of an earlier one of its conversation."""
        name = kept.tracker.sender_id
        with self._lock:
            self._kept.pop(name, None)
            self._kept[name] = self._clock(), kept
            if len(self._kept) > CONVERSATIONS:
                self._kept.popitem(last=False)
            self._forget_old()

    def take(self, name: str) -> KeptTracker | None:
        """Hands out a conversation's tracker; None when it is not kept."""
        with self._lock:
            self._forget_old()
            return self._kept.pop(name, (0.0, None))[1]

    def _forget_old(self) -> None:
        since = self._clock() - SECONDS
        while self._kept:
            name, (at, _) = next(iter(self._kept.items()))
            if at > since:
                return
            del self._kept[name]
