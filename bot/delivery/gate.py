"""When a channel may send its next messages, as far as one process knows."""

from __future__ import annotations

import math

#: Messages of one channel under way at once, at least and at most: as many as it may send in a
#: second, so that a provider that takes a second to answer slows nothing. One that hangs holds up
#: no other channel.
FEWEST_SLOTS = 16
MOST_SLOTS = 64
#: Seconds ahead for which messages are claimed, several in one transaction.
AHEAD = 0.1


class Gate:
    """Spaces messages, limits those under way, and stays shut while a channel rests.

    All times are seconds of one clock that only goes forward.
    """

    def __init__(self, per_second: float) -> None:
        """Open at once.

        Args:
            per_second: most messages a second.
        """
        self._apart = 1.0 / per_second
        self._slots = min(MOST_SLOTS, max(FEWEST_SLOTS, math.ceil(per_second)))
        self._open_at = 0.0
        self._busy = 0

    def room(self, now: float) -> int:
        """How many messages may be claimed now: each of them may go within `AHEAD`."""
        closed = max(0.0, self._open_at - now)
        if closed > AHEAD:
            return 0
        return min(self._slots - self._busy, 1 + int((AHEAD - closed) / self._apart))

    def opens_in(self, now: float) -> float | None:
        """Seconds until there may be room; None while all slots are taken."""
        return None if self._busy >= self._slots else max(0.0, self._open_at - AHEAD - now)

    def enter(self, now: float) -> float:
        """A message takes a slot; returns the seconds after which it may go."""
        self._busy += 1
        goes_at = max(now, self._open_at)
        self._open_at = goes_at + self._apart
        return goes_at - now

    def leave(self) -> None:
        """A message is done, well or not."""
        self._busy -= 1

    def rest(self, until: float) -> None:
        """Shut until a moment, or longer if it was so already."""
        self._open_at = max(self._open_at, until)
