"""How fast, and how much at once, one process sends on a channel."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.send_gate import (
    AHEAD,
    FEWEST_SLOTS,
    FIRST_REST,
    FORGET,
    LONGEST_REST,
    MOST_SLOTS,
    SendGate,
)


def widen(gate: SendGate, now: float) -> float:
    """Has the gate learn that all its slots go well; returns a moment after that."""
    for _ in range(MOST_SLOTS):
        now += 10.0
        go(gate, now, sure=True)
    return now + 10.0


def go(gate: SendGate, now: float, *, sure: bool) -> int:
    """Fills the gate and empties it again; returns how many were under way at once."""
    count = 0
    while (wait := gate.opens_in(now)) is not None:
        now += wait
        for _ in range(gate.room(now)):
            gate.enter(now)
            count += 1
        now += 0.001
    for _ in range(count):
        gate.leave(now, sure=sure)
    return count


def test_a_gate_spaces_limits_and_rests() -> None:
    """By one clock."""
    gate = SendGate(4.0)
    now = widen(gate, 0.0)
    assert gate.opens_in(now) == 0.0
    assert gate.room(now) == 1
    assert gate.enter(now) == 0.0
    assert gate.room(now) == 0
    assert gate.opens_in(now) == pytest.approx(0.25 - AHEAD)
    assert gate.room(now + 0.2) == 1
    assert gate.enter(now + 0.2) == pytest.approx(0.05)
    for second in range(FEWEST_SLOTS - 2):
        gate.enter(now + 1.0 + second)
    late = now + 99.0
    assert gate.opens_in(late) is None
    assert gate.room(late) == 0
    gate.leave(late, sure=True)
    assert gate.opens_in(late) == 0.0
    gate.rest(late + 1.0)
    gate.rest(late + 0.5)
    assert gate.opens_in(late) == pytest.approx(1.0 - AHEAD)


def test_a_fast_channel_takes_several_at_once() -> None:
    """As many as may go within the time that is looked ahead, and no more than its slots."""
    gate = SendGate(60.0)
    assert gate.room(widen(gate, 0.0)) == 1 + int(60 * AHEAD)
    gate = SendGate(100_000.0)
    assert gate.room(widen(gate, 0.0)) == MOST_SLOTS


def test_a_gate_opens_wider_as_long_as_the_provider_answers() -> None:
    """From one message at a time up to a limit, and no further than is needed."""
    gate = SendGate(1000.0)
    widths = [go(gate, 10.0 * turn, sure=True) for turn in range(1, 20)]
    assert widths[:4] == [1, 2, 3, 4]
    assert widths == sorted(widths)
    gate = SendGate(1000.0)
    for turn in range(1, 20):
        gate.enter(float(turn))
        gate.leave(float(turn), sure=True)
    assert go(gate, 30.0, sure=True) == 2


def test_a_gate_risks_one_message_at_a_time_after_a_doubt() -> None:
    """Ever less often, until one goes well; and after long silence it knows nothing any more."""
    gate = SendGate(1000.0)
    now, rests = widen(gate, 0.0), []
    for _ in range(9):
        began = now
        gate.enter(now)
        gate.leave(now, sure=False)
        assert gate.room(now) == 0
        now += (gate.opens_in(now) or 0.0) + AHEAD
        rests.append(now - began)
        assert gate.room(now) == 1
    assert rests[:3] == pytest.approx([FIRST_REST, 2 * FIRST_REST, 4 * FIRST_REST])
    assert rests[-1] == pytest.approx(LONGEST_REST)
    assert go(gate, now, sure=True) == 1
    assert go(gate, now + 1, sure=True) == 2
    assert go(gate, now + 3 + FORGET, sure=True) == 1


@given(st.lists(st.booleans(), min_size=1, max_size=MOST_SLOTS).filter(lambda ends: False in ends))
def test_an_outage_counts_once_however_many_messages_it_takes(ends: list[bool]) -> None:
    """Those under way when it began are no further tries, in whatever order they end."""
    gate = SendGate(1000.0)
    now = widen(gate, 0.0)
    for _ in ends:
        now += 0.01
        assert gate.room(now) >= 1
        gate.enter(now)
    for sure in ends:
        gate.leave(now, sure=sure)
    assert gate.opens_in(now) == pytest.approx(FIRST_REST - AHEAD)
    now += FIRST_REST
    assert gate.room(now) >= 1
    gate.enter(now)
    gate.leave(now, sure=False)
    further = gate.opens_in(now)
    assert further is not None
    assert further <= 2 * FIRST_REST - AHEAD + 1e-6


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("claim"), st.floats(0.0, 2.0)),
        st.tuples(st.just("leave"), st.floats(0.0, 2.0)),
        st.tuples(st.just("doubt"), st.floats(0.0, 2.0)),
        st.tuples(st.just("rest"), st.floats(0.0, 5.0)),
    ),
    max_size=60,
)


@given(st.sampled_from([0.5, 1.0, 10.0, 30.0, 80.0, 1000.0]), STEPS)
def test_whatever_happens_the_pace_is_kept(
    per_second: float, steps: list[tuple[str, float]]
) -> None:
    """Never two messages too close, never too many under way, nothing claimed too early."""
    gate, now, busy = SendGate(per_second), 100.0, 0
    gone: list[float] = []
    for step, number in steps:
        now += number if step != "rest" else 0.0
        if step == "rest":
            gate.rest(now + number)
        elif step in ("leave", "doubt") and busy:
            gate.leave(now, sure=step == "leave")
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
