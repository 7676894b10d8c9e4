"""However somebody guesses, only so many answers are looked at in an hour."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.store.identity.identity_limits import (
    ProofLimit,
    ProofLimits,
    Tally,
    counted,
    refunded,
    wait,
)

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
LIMITS = ProofLimits.of(3, 6, 600)
NONE = Tally(0.0, NOON, NOON)
#: Most wrong answers in any hour, and in any hour after the first of an attack.
BOUNDS = {"claim": (10, 3), "origin": (15, 5), "overall": (601, 301)}


def looked_at(limit: ProofLimit, pauses: list[float]) -> list[datetime]:
    """When the wrong answers of somebody who guesses with these pauses (seconds) are looked at."""
    now, tally, done = NOON, NONE, []
    for pause in pauses:
        now += timedelta(seconds=pause)
        if not wait(tally, now):
            tally = counted(tally, limit, now)
            done.append(now)
    return done


def most_in_an_hour(moments: list[datetime]) -> int:
    """The fullest hour."""
    return max((sum(at <= each < at + HOUR for each in moments) for at in moments), default=0)


@pytest.mark.parametrize("scope", BOUNDS)
def test_who_guesses_as_fast_as_possible_is_held_up(scope: str) -> None:
    """A few at first, and next to none after that."""
    limit = getattr(LIMITS, scope)
    now, tally, done = NOON, NONE, []
    while now < NOON + 6 * HOUR:
        now += wait(tally, now) or timedelta(milliseconds=1)
        if not wait(tally, now):
            tally = counted(tally, limit, now)
            done.append(now)
    first, later = BOUNDS[scope]
    assert most_in_an_hour(done) <= first
    assert most_in_an_hour([at for at in done if at >= NOON + HOUR]) <= later


@pytest.mark.parametrize("scope", ["claim", "origin"])
@given(pauses=st.lists(st.floats(0, 7200), max_size=60))
def test_no_rhythm_gets_around_it(scope: str, pauses: list[float]) -> None:
    """Whatever the pauses are."""
    assert most_in_an_hour(looked_at(getattr(LIMITS, scope), pauses)) <= BOUNDS[scope][0]


@pytest.mark.parametrize("scope", BOUNDS)
@given(order=st.lists(st.integers(0, 900), min_size=1, max_size=40))
def test_those_at_once_are_let_in_whichever_is_counted_first(scope: str, order: list[int]) -> None:
    """Each took the time before it waited for the count: as many as are free, and no more."""
    limit = getattr(LIMITS, scope)
    tally, done = Tally(0.0, NOON + timedelta(seconds=1), NOON + timedelta(seconds=1)), 0
    for milliseconds in order:
        now = NOON + timedelta(milliseconds=milliseconds)
        if not wait(tally, now):
            tally, done = counted(tally, limit, now), done + 1
    assert done == min(len(order), limit.free)


@given(st.lists(st.floats(0, 600), max_size=40))
def test_nobody_is_kept_out_for_long(pauses: list[float]) -> None:
    """However much others guess, the owner's next answer is looked at within half an hour."""
    now, tally = NOON, NONE
    for pause in pauses:
        now += timedelta(seconds=pause)
        if not wait(tally, now):
            tally = counted(tally, LIMITS.claim, now)
    assert wait(tally, now) <= timedelta(minutes=30)


@given(st.integers(0, 30), st.floats(0, 3600))
def test_what_was_right_leaves_no_trace(before: int, pause: float) -> None:
    """Counting and taking back changes no later wait."""
    tally = NONE
    for _ in range(before):
        tally = counted(tally, LIMITS.claim, max(NOON, tally.opens_at))
    now = max(tally.opens_at, tally.at + timedelta(seconds=pause))
    after = refunded(counted(tally, LIMITS.claim, now), LIMITS.claim)
    assert wait(after, now) <= timedelta(minutes=30)
    forgotten = (now - tally.at) / timedelta(minutes=30)
    assert after.level == pytest.approx(max(0.0, tally.level - forgotten))


def test_two_slips_cost_nothing() -> None:
    """Customers mistype."""
    for limit in (LIMITS.claim, LIMITS.origin):
        assert len(looked_at(limit, [0, 1, 1])) == 3
