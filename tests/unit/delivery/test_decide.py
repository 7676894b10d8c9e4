"""The next move after each kind of failure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.delivery.decide import (
    FIRST_WAIT,
    LONGEST_WAIT,
    GiveUp,
    Retry,
    Wait,
    backoff,
    decide,
)
from channels.base import (
    Ambiguous,
    BadCredentials,
    OptedOut,
    SendError,
    Throttled,
    Unavailable,
    Undeliverable,
    WindowClosed,
)

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
LONG_AGO = NOW - timedelta(hours=24)


def after(error: Exception, attempts: int = 0, since: datetime = NOW) -> Retry | Wait | GiveUp:
    return decide(error, attempts, since, NOW, 1.0)


def test_waits_double_up_to_a_limit() -> None:
    """Half of each by chance, so that a thousand retries do not come at once."""
    assert backoff(0, 1.0) == FIRST_WAIT
    assert backoff(0, 0.0) == FIRST_WAIT / 2
    assert backoff(3, 1.0) == 8 * FIRST_WAIT
    assert backoff(1000, 1.0) == LONGEST_WAIT


def test_an_outage_is_sat_out() -> None:
    """For a day, then a person decides."""
    assert after(Unavailable("503"), 1) == Retry(NOW + timedelta(seconds=4), "503")
    assert after(Unavailable("503"), 9, LONG_AGO) == GiveUp("gave_up 503")


def test_the_provider_says_how_long() -> None:
    """One customer, or everyone."""
    assert after(Throttled(10.0)) == Retry(NOW + timedelta(seconds=11), "throttled")
    assert after(Throttled(10.0, "4", everyone=True)) == Retry(
        NOW + timedelta(seconds=11), "4", 11.0
    )
    assert after(Throttled(None), 2) == Retry(NOW + timedelta(seconds=8), "throttled")


def test_a_dead_token_is_not_throttling() -> None:
    """The channel rests for a minute."""
    assert after(BadCredentials("190")) == Retry(NOW + timedelta(minutes=1), "190", 60.0)


@pytest.mark.parametrize("error", [Ambiguous("timeout"), RuntimeError(), TimeoutError()])
def test_doubt_never_sends_twice(error: Exception) -> None:
    """Whatever it is: however long it has waited."""
    assert isinstance(after(error), Wait)
    assert isinstance(after(error, 5, LONG_AGO), Wait)


def test_some_things_are_final() -> None:
    """With the reason a person reads."""
    assert after(Undeliverable("131026")) == GiveUp("131026")
    assert after(OptedOut("21610")) == GiveUp("opted_out", opted_out=True)
    assert after(WindowClosed("131047")) == GiveUp("window_closed", window=True)


def test_every_error_has_a_move() -> None:
    """Also one that somebody adds later."""
    for kind in SendError.__subclasses__():
        assert after(kind())
