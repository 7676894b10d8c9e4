"""Limits on wrong proofs of identity: how many are free, and how long the next one waits. Pure.

A proof is something a customer says to show that a thing is his or hers. A person who guesses has
as many conversations as they like, so wrong answers are counted by claim, by the origin they came
from, and all together. A count falls with time; beyond what is free each wrong answer makes the
next one wait twice as long, up to a limit: nobody is kept out for good by what others guess.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

_HOUR: Final = timedelta(hours=1)
#: Doubling a pause more often than this only makes large numbers.
_DOUBLINGS: Final = 30


@dataclass(frozen=True, slots=True)
class ProofLimit:
    """How many wrong answers are free, and what more of them cost.

    Attributes:
        free: wrong answers after which the next one waits; at least 1.
        first: the first pause.
        longest: the longest pause.
        forget: time in which one wrong answer is forgotten.
    """

    free: int
    first: timedelta
    longest: timedelta
    forget: timedelta


@dataclass(frozen=True, slots=True)
class ProofLimits:
    """The limits that a proof is under.

    Attributes:
        claim: of one thing that is claimed, whoever claims it. Short pauses: its real owner meets
            them too.
        origin: of one place that answers come from.
        overall: of everybody together.
    """

    claim: ProofLimit
    origin: ProofLimit
    overall: ProofLimit

    @classmethod
    def of(cls, claim: int, origin: int, per_hour: int) -> ProofLimits:
        """The limits for an installation.

        Args:
            claim: wrong answers about one thing that are free.
            origin: wrong answers from one place that are free.
            per_hour: most wrong answers of everybody together in an hour; at least 2.
        """
        half = max(1, per_hour // 2)
        return cls(
            ProofLimit(claim, timedelta(minutes=1), timedelta(minutes=30), timedelta(minutes=30)),
            ProofLimit(origin, timedelta(minutes=1), timedelta(minutes=30), timedelta(minutes=15)),
            # Half of them at once, the other half spread over the hour.
            ProofLimit(half, _HOUR / half, _HOUR / half, _HOUR / half),
        )


@dataclass(frozen=True, slots=True)
class Tally:
    """A count as it stood at a moment.

    Attributes:
        level: wrong answers that are not forgotten, in whole and parts.
        at: when that was.
        opens_at: from when the next answer is looked at.
    """

    level: float
    at: datetime
    opens_at: datetime


def level(tally: Tally, limit: ProofLimit, now: datetime) -> float:
    """Wrong answers that are not forgotten by now."""
    return max(0.0, tally.level - max(timedelta(), now - tally.at) / limit.forget)


def wait(tally: Tally, now: datetime) -> timedelta:
    """How long the next answer has to wait; zero when it has not.

    Of two at once the later may be counted first. Without a pause the earlier is no less free.
    """
    if tally.opens_at <= tally.at:
        return timedelta()
    return max(timedelta(), tally.opens_at - now)


def counted(tally: Tally, limit: ProofLimit, now: datetime) -> Tally:
    """The count with one wrong answer more; one that comes late to the count is taken for new."""
    now = max(now, tally.at)
    after = level(tally, limit, now) + 1
    return Tally(after, now, max(tally.opens_at, now + _pause(after, limit)))


def refunded(tally: Tally, limit: ProofLimit) -> Tally:
    """The count without one that was counted before it turned out to be right."""
    after = max(0.0, tally.level - 1)
    return replace(
        tally, level=after, opens_at=min(tally.opens_at, tally.at + _pause(after, limit))
    )


def is_alarming(tally: Tally, limit: ProofLimit, now: datetime) -> bool:
    """Whether more went wrong than customers do by mistake."""
    return math.ceil(level(tally, limit, now)) >= limit.free


def _pause(reached: float, limit: ProofLimit) -> timedelta:
    # A failure that is forgotten in part still counts: three in a second are three.
    beyond = math.ceil(reached) - limit.free
    if beyond < 0:
        return timedelta()
    doublings = min(_DOUBLINGS, beyond)
    return min(limit.longest, limit.first * (1 << doublings))
