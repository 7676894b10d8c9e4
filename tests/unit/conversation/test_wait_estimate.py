"""What customers hear about waiting: a range from what happened, or that nobody knows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.wait_estimate import LAST_PLACE, Estimate, estimate, sentence


def waits(*minutes: float) -> list[timedelta]:
    return [timedelta(minutes=each) for each in minutes]


@pytest.mark.parametrize(
    ("place", "recent", "online", "expected"),
    [
        (1, waits(4, 6, 9), 1, Estimate(1, 5, 10)),
        (1, waits(0.1, 0.2, 0.4), 3, Estimate(1, 1, 1)),
        (3, waits(4, 6, 9), 3, Estimate(3, 5, 10)),
        (4, waits(4, 6, 9), 3, Estimate(4, 10, 20)),
        (1, waits(30, 40, 55), 1, Estimate(1, 30, 60)),
        (1, waits(30, 40, 90), 1, Estimate(1, 30, None)),
        (9, waits(30, 40, 90), 1, Estimate(9, 60, None)),
        (LAST_PLACE, waits(1, 1, 1), 600, Estimate(LAST_PLACE, 1, None)),
        (1, waits(4, 6), 1, Estimate(1)),
        (1, waits(4, 6, 9), 0, Estimate(1)),
        (1, [], 5, Estimate(1)),
    ],
)
def test_the_estimate(place: int, recent: list[timedelta], online: int, expected: Estimate) -> None:
    """From the middle of the recent waits to the slow end, for each round of the queue."""
    assert estimate(place, recent, online) == expected


@given(
    st.integers(1, 50),
    st.lists(st.floats(0, 600), min_size=3, max_size=30),
    st.integers(1, 20),
)
def test_the_range_is_rounded_outwards(place: int, minutes: list[float], online: int) -> None:
    """It never promises less than half of the last customers waited, and never ends before it."""
    found = estimate(place, waits(*minutes), online)
    assert found.low is not None
    middle = sorted(minutes)[len(minutes) // 2]
    if found.high is None:
        assert max(minutes) * -(-place // online) > 60
    else:
        assert found.low <= found.high
        assert found.high >= min(middle, 60)


@pytest.mark.parametrize(
    ("expected", "said"),
    [
        (
            Estimate(LAST_PLACE, 60, None),
            "Er wachten nog minstens 500 klanten voor u. Het kan langer dan een uur duren.",
        ),
        (
            Estimate(1, 5, 10),
            "U bent als eerste aan de beurt. Meestal duurt het ongeveer 5 tot 10 minuten.",
        ),
        (
            Estimate(2, 1, 1),
            "Er wacht nog 1 klant voor u. Meestal duurt het ongeveer 1 minuut.",
        ),
        (
            Estimate(5, 10, 10),
            "Er wachten nog 4 klanten voor u. Meestal duurt het ongeveer 10 minuten.",
        ),
        (
            Estimate(3, 60, None),
            "Er wachten nog 2 klanten voor u. Het kan langer dan een uur duren.",
        ),
        (Estimate(1), "U bent als eerste aan de beurt. Wij weten niet hoe lang het duurt."),
    ],
)
def test_the_sentence(expected: Estimate, said: str) -> None:
    assert sentence(expected) == said
