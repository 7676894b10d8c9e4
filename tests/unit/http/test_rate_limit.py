from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Rejected
from bot.http.rate_limit import Rate, RateLimit, address_key


def test_a_burst_and_then_a_pause() -> None:
    """After the burst one has to wait for the refill, and is told how long."""
    limit = RateLimit(Rate(burst=3, per_second=0.5))
    for _ in range(3):
        limit.take("a", now=100.0)
    with pytest.raises(Rejected) as caught:
        limit.take("a", now=100.0)
    assert caught.value.status == 429
    assert caught.value.retry_after == 2
    assert "2 seconden" in str(caught.value)
    limit.take("a", now=102.0)


def test_one_customer_does_not_use_up_anothers() -> None:
    """Buckets are counted by key."""
    limit = RateLimit(Rate(burst=1, per_second=1))
    limit.take("a", now=0.0)
    limit.take("b", now=0.0)


def test_a_refused_attempt_costs_nothing() -> None:
    """Who keeps knocking does not push the end of the pause away."""
    limit = RateLimit(Rate(burst=1, per_second=1))
    limit.take("a", now=0.0)
    for moment in (0.1, 0.3, 0.5, 0.9):
        with pytest.raises(Rejected):
            limit.take("a", now=moment)
    limit.take("a", now=1.01)


def test_memory_is_bounded() -> None:
    """However many addresses come by, only the newest are remembered."""
    limit = RateLimit(Rate(burst=1, per_second=1), capacity=100)
    for number in range(10_000):
        limit.take(str(number), now=0.0)
    assert len(limit) == 100


@given(st.lists(st.floats(0, 50), min_size=1, max_size=200))
def test_never_more_than_the_rate_allows(moments: list[float]) -> None:
    """In any stretch of time: the burst plus what was refilled."""
    limit = RateLimit(Rate(burst=5, per_second=2))
    taken = 0
    for moment in sorted(moments):
        try:
            limit.take("a", moment)
        except Rejected:
            continue
        taken += 1
    assert taken <= 5 + 2 * (max(moments) - min(moments)) + 1e-6


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("fe80::1%eth0", "fe80::/64"),
        ("niets", "unknown"),
        ("", "unknown"),
    ],
)
def test_an_address_counts_as_what_one_customer_holds(address: str, key: str) -> None:
    """An IPv6 /64 is one household."""
    assert address_key(address) == key
