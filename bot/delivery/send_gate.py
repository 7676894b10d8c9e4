"""The send gate: decides when a channel may send its next messages, as far as one process knows.

A gate is also the channel's circuit breaker. How many messages may be under way at once is learned
as TCP learns it: one at first, more as long as the provider answers and more are needed, one again
as soon as it leaves a message in doubt. So an outage takes few messages with it: those under way
when it began, and then one at a time, ever less often.
"""

from __future__ import annotations

import math

#: Most messages of one channel under way at once: as many as it may send in a second, within these
#: bounds, so that a provider that takes a second to answer slows nothing. One that hangs holds up
#: no other channel.
FEWEST_SLOTS = 16
MOST_SLOTS = 64
#: Seconds ahead for which messages are claimed, several in one transaction.
AHEAD = 0.1
#: Seconds without a message after which it is not known any more how many at once go well.
FORGET = 60.0
#: Seconds of rest after an outage that left messages in doubt; twice as long after each further
#: message that is risked in vain.
FIRST_REST = 2.0
LONGEST_REST = 60.0


class SendGate:
    """Spaces messages, limits those under way, and stays shut while a channel rests.

    All times are seconds of one clock that only goes forward.
    """

    def __init__(self, per_second: float) -> None:
        """Makes a gate that is open at once.

        Args:
            per_second: most messages a second.
        """
        self._apart = 1.0 / per_second
        self._slots = min(MOST_SLOTS, max(FEWEST_SLOTS, math.ceil(per_second)))
        self._open_at = 0.0
        self._entered = 0.0
        self._busy = 0
        self._window = 1
        self._doubts = 0
        #: Of those under way, how many were when the last outage began: they are part of it.
        self._caught = 0

    def room(self, now: float) -> int:
        """How many messages may be claimed now: each of them may go within `AHEAD`."""
        if not self._busy and now - self._entered > FORGET:
            self._window = 1
        closed = max(0.0, self._open_at - now)
        if closed > AHEAD:
            return 0
        return max(0, min(self._window - self._busy, 1 + int((AHEAD - closed) / self._apart)))

    def opens_in(self, now: float) -> float | None:
        """Seconds until there may be room; None while as many as may be are under way."""
        return None if self._busy >= self._window else max(0.0, self._open_at - AHEAD - now)

    def enter(self, now: float) -> float:
        """Takes a slot for a message; returns the seconds after which it may go."""
        self._entered = now
        self._busy += 1
        goes_at = max(now, self._open_at)
        self._open_at = goes_at + self._apart
        return goes_at - now

    def leave(self, now: float, *, sure: bool) -> None:
        """Frees the slot of a message that is done.

        Args:
            now: the present.
            sure: whether it is known if the provider took it.
        """
        full = self._busy == self._window
        self._busy -= 1
        caught = self._caught > 0
        self._caught -= caught
        if sure:
            self._doubts = 0
            if full:
                self._window = min(self._slots, self._window + 1)
            return
        if not caught:  # nothing else is sent before all those are done: see `room`
            self._window = 1
            self._caught = self._busy
            self._doubts += 1
        self.rest(now + min(LONGEST_REST, FIRST_REST * 2.0 ** min(max(0, self._doubts - 1), 30)))

    def rest(self, until: float) -> None:
        """Shuts the gate until a moment, or longer if it was shut for longer already."""
        self._open_at = max(self._open_at, until)
