"""How fast, and how much at once, one process sends on a channel."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.gate import AHEAD, FEWEST_SLOTS, MOST_SLOTS, Gate


def test_a_gate_spaces_limits_and_rests() -> None:
    """By one clock."""
    gate = Gate(4.0)
    assert gate.opens_in(5.0) == 0.0
    assert gate.room(5.0) == 1
    assert gate.enter(5.0) == 0.0
    assert gate.room(5.0) == 0
    assert gate.opens_in(5.0) == pytest.approx(0.25 - AHEAD)
    assert gate.room(5.2) == 1
    assert gate.enter(5.2) == pytest.approx(0.05)
    for second in range(FEWEST_SLOTS - 2):
        gate.enter(6.0 + second)
    assert gate.opens_in(99.0) is None
    assert gate.room(99.0) == 0
    gate.leave()
    assert gate.opens_in(99.0) == 0.0
    gate.rest(100.0)
    gate.rest(99.5)
    assert gate.opens_in(99.0) == pytest.approx(1.0 - AHEAD)


def test_a_fast_channel_takes_several_at_once() -> None:
    """As many as may go within the time that is looked ahead, and no more than its slots."""
    assert Gate(60.0).room(1.0) == 1 + int(60 * AHEAD)
    assert Gate(100_000.0).room(1.0) == MOST_SLOTS


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("claim"), st.floats(0.0, 2.0)),
        st.tuples(st.just("leave"), st.floats(0.0, 2.0)),
        st.tuples(st.just("rest"), st.floats(0.0, 5.0)),
    ),
    max_size=60,
)


@given(st.sampled_from([0.5, 1.0, 10.0, 30.0, 80.0, 1000.0]), STEPS)
def test_whatever_happens_the_pace_is_kept(
    per_second: float, steps: list[tuple[str, float]]
) -> None:
    """Never two messages too close, never too many under way, nothing claimed too early."""
    gate, now, busy = Gate(per_second), 100.0, 0
    gone: list[float] = []
    for step, number in steps:
        now += number if step != "rest" else 0.0
        if step == "rest":
            gate.rest(now + number)
        elif step == "leave" and busy:
            gate.leave()
            busy -= 1
        else:
            room = gate.room(now)
            for _ in range(room):
                wait = gate.enter(now)
                assert 0.0 <= wait <= AHEAD + 1e-6
                gone.append(now + wait)
                busy += 1
        assert busy <= MOST_SLOTS
        opens_in = gate.opens_in(now)
        if opens_in is not None:
            assert gate.room(now + opens_in + 1e-6) >= 1, "nobody would look in time"
    apart = 1.0 / per_second
    assert all(b - a >= apart - 1e-6 for a, b in pairwise(gone))
