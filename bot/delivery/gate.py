"""When a channel may send its next message, as far as one process knows."""

from __future__ import annotations

#: Messages of one channel under way at once; a provider that hangs holds up no other channel.
SLOTS = 16


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
        self._open_at = 0.0
        self._busy = 0

    def opens_in(self, now: float) -> float | None:
        """Seconds until the next message may go; None while all slots are taken."""
        return None if self._busy >= SLOTS else max(0.0, self._open_at - now)

    def enter(self, now: float) -> None:
        """A message goes out."""
        self._busy += 1
        self._open_at = max(now, self._open_at) + self._apart

    def leave(self) -> None:
        """A message is done, well or not."""
        self._busy -= 1

    def rest(self, until: float) -> None:
        """Shut until a moment, or longer if it was so already."""
        self._open_at = max(self._open_at, until)
