"""One network address has so many conversations in the queue, and no more."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages import Reason
from bot.worker.queue_limit import has_room

REASONS: tuple[Reason, ...] = ("asked", "loop", "verification_failed", "complaint")


@pytest.mark.parametrize(
    ("reason", "waiting", "room"),
    [
        ("verification_failed", {"verification_failed": 2}, True),
        ("verification_failed", {"verification_failed": 3}, False),
        ("asked", {"verification_failed": 3, "asked": 5}, True),
        ("asked", {"asked": 9}, False),
        ("verification_failed", {"asked": 9}, False),
    ],
)
def test_room(reason: Reason, waiting: dict[str, int], room: bool) -> None:
    """Nine in all, three of them after a failed proof."""
    assert has_room(reason, Counter(waiting), 9) is room


@given(st.lists(st.sampled_from(REASONS), max_size=60), st.integers(3, 20))
def test_never_more_than_that(arrivals: list[Reason], most: int) -> None:
    """Whatever the reasons, and in whatever order."""
    waiting: Counter[str] = Counter()
    for reason in arrivals:
        if has_room(reason, waiting, most):
            waiting[reason] += 1
    assert waiting.total() <= most
    assert waiting["verification_failed"] <= most // 3
    if len(arrivals) >= most and "verification_failed" not in arrivals:
        assert waiting.total() == most
