"""Estimates how long it takes until a person answers, and says it honestly. Pure.

The estimate comes from what really happened: how long the team's last customers waited. It is a
range, rounded outwards, and when there is nothing to go by it says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.catalogue import say

#: With fewer waits than this there is nothing to go by.
LEAST_WAITS = 3
#: The last place in a queue that is counted: it stands for itself and all after it.
LAST_PLACE = 501
#: A longer wait than this is not told in minutes: nobody can foresee it.
_LONGEST = 60
_STEPS = (1, 2, 3, 5, 10, 15, 20, 30, 45, 60)


@dataclass(frozen=True, slots=True)
class Estimate:
    """The place and the waiting time that a customer may expect.

    Attributes:
        place: place in the queue, 1 is next; `LAST_PLACE` for all from there on.
        low: least minutes, or None: nothing to go by.
        high: most minutes, or None: nothing to go by, or more than an hour.
    """

    place: int
    low: int | None = None
    high: int | None = None


def estimate(place: int, recent_waits: Sequence[timedelta], agents_online: int) -> Estimate:
    """Estimates the waiting time at a place in the queue.

    Between the time that half of the last customers had been answered in and the time that nine in
    ten had. Those waits hold the queue of their day already, so the place counts only where it is
    beyond what the people on line can take up at once.

    Args:
        place: place in the team's queue, 1 is next; at `LAST_PLACE` no end is foreseen.
        recent_waits: how long the team's last customers waited until somebody took them.
        agents_online: how many of the team are at the desk now.
    """
    if len(recent_waits) < LEAST_WAITS or agents_online < 1:
        return Estimate(place)
    minutes = sorted(wait.total_seconds() / 60 for wait in recent_waits)
    rounds = max(1, -(-place // agents_online))
    low = _down(_quantile(minutes, 0.5) * rounds)
    high = _up(_quantile(minutes, 0.9) * rounds) if place < LAST_PLACE else None
    if low is None:
        return Estimate(place, _LONGEST)
    return Estimate(place, low, high)


def sentence(expected: Estimate) -> str:
    """The estimate and the place in Dutch: one or two short sentences."""
    if expected.place > 1:
        ahead: int | str = expected.place - 1
        if expected.place >= LAST_PLACE:
            ahead = say("queue.at_least", ahead=ahead)
        first = say("queue.one_ahead") if ahead == 1 else say("queue.many_ahead", ahead=ahead)
    else:
        first = say("queue.first")
    return f"{first} {_how_long(expected)}"


def _how_long(expected: Estimate) -> str:
    low, high = expected.low, expected.high
    if low is None:
        return say("queue.time_unknown")
    if high is None:
        return say("queue.time_long")
    if high <= 1:
        return say("queue.time_one_minute")
    if low == high:
        return say("queue.time_minutes", minutes=high)
    return say("queue.time_range", low=low, high=high)


def _quantile(ordered: Sequence[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _up(minutes: float) -> int | None:
    """The first step that is not shorter; None when all are."""
    return next((step for step in _STEPS if step >= minutes), None)


def _down(minutes: float) -> int | None:
    """The last step that is not longer; None beyond the last one."""
    if minutes > _LONGEST:
        return None
    return max((step for step in _STEPS if step <= minutes), default=1)
