"""Decides when to raise the alarm about messages that stay in doubt. Pure, but for its memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.store.delivery.doubtful_deliveries import UnclearCount

#: Time between two looks for messages in doubt.
LOOK: Final = timedelta(seconds=10)
#: Pauses between alarms as long as nobody decides: in minutes, the last one goes on.
AGAIN: Final = tuple(timedelta(minutes=each) for each in (5, 15, 60, 240))


@dataclass(frozen=True, slots=True)
class _Raised:
    at: datetime
    times: int
    count: int


class Alarm:
    """Raises the alarm for each channel: at once, again ever later, and when it gets much worse."""

    def __init__(self) -> None:
        self._looked: datetime | None = None
        self._raised: dict[str, _Raised] = {}

    def looks(self, now: datetime) -> bool:
        """Whether it is time to look for messages in doubt; notes that it was done."""
        if self._looked is not None and now - self._looked < LOOK:
            return False
        self._looked = now
        return True

    def due(self, unclear: Mapping[str, UnclearCount], now: datetime) -> dict[str, int]:
        """The channels to raise the alarm for now, with how many of their messages are in doubt.

        Args:
            unclear: counts of messages that wait for a person, by channel.
            now: the present.
        """
        self._raised = {name: each for name, each in self._raised.items() if name in unclear}
        loud = {}
        for name, each in unclear.items():
            before = self._raised.get(name)
            times = 0 if before is None else before.times
            worse = before is None or each.count >= 2 * before.count
            if before is not None and not worse and now - before.at < _pause(times):
                continue
            self._raised[name] = _Raised(now, times + 1, each.count)
            loud[name] = each.count
        return loud


def _pause(times: int) -> timedelta:
    return AGAIN[min(times, len(AGAIN)) - 1]
