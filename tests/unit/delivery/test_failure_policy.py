"""The next move after each kind of failure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.delivery.alarm import Alarm
from bot.delivery.failure_policy import (
    FIRST_WAIT,
    LONGEST_WAIT,
    AskPerson,
    Doubt,
    GiveUp,
    LookAgain,
    Retry,
    SendAgain,
    backoff,
    decide,
    settle,
)
from bot.store.delivery import doubtful_deliveries
from channels.errors import (
    Ambiguous,
    BadCredentials,
    OptedOut,
    SendError,
    Throttled,
    Unavailable,
    Undeliverable,
    WindowClosed,
)
from channels.send_results import Absent, Settling, StillInDoubt, Taken

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
LONG_AGO = NOW - timedelta(hours=24)


def after(error: Exception, attempts: int = 0, since: datetime = NOW) -> Retry | Doubt | GiveUp:
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


def test_what_the_provider_takes_each_time_is_tried_a_few_times() -> None:
    """A refusal at once costs nothing; one that is told later may."""
    trouble = Unavailable("131000")
    for attempts in range(9):
        move = decide(trouble, attempts, NOW, NOW, 0.5, most=3)
        assert isinstance(move, Retry if attempts < 3 else GiveUp)
    assert move.error == "kept_failing 131000"
    assert isinstance(decide(trouble, 9, NOW, NOW, 0.5), Retry)


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
    assert isinstance(after(error), Doubt)
    assert isinstance(after(error, 5, LONG_AGO), Doubt)


def test_some_things_are_final() -> None:
    """With the reason a person reads."""
    assert after(Undeliverable("131026")) == GiveUp("131026")
    assert after(OptedOut("21610")) == GiveUp("opted_out", opted_out=True)
    assert after(WindowClosed("131047")) == GiveUp("window_closed", window=True)


def test_every_error_has_a_move() -> None:
    """Also one that somebody adds later."""
    for kind in SendError.__subclasses__():
        assert after(kind())


WITH_LIST = Settling(receipt=30.0, absent=60.0)
WITHOUT = Settling(receipt=30.0)


@pytest.mark.parametrize(
    ("found", "settling", "seconds", "expected"),
    [
        (Taken("p1"), WITH_LIST, 0, Taken),
        (Absent(), WITH_LIST, 59, LookAgain),
        (Absent(), WITH_LIST, 60, SendAgain),
        (Absent(), WITHOUT, 99999, AskPerson),
        (StillInDoubt(), WITH_LIST, 29, LookAgain),
        (StillInDoubt(), WITH_LIST, 30, AskPerson),
        (None, WITHOUT, 29, LookAgain),
        (None, WITHOUT, 30, AskPerson),
        (None, Settling(receipt=0.0), 0, AskPerson),
        (Unavailable("503"), WITH_LIST, 3600, LookAgain),
        (Unavailable("503"), WITH_LIST, 24 * 3600, AskPerson),
    ],
)
def test_what_is_found_out_about_a_doubt(
    found: Any, settling: Settling, seconds: int, expected: type
) -> None:
    """Only a provider that surely does not have it makes Loket send again."""
    assert isinstance(settle(found, settling, NOW - timedelta(seconds=seconds), NOW), expected)


def test_the_alarm_is_raised_again_and_again() -> None:
    """At once, ever later, at once when there are twice as many, and anew after an end."""
    alarm = Alarm()

    def raised(minute: float, count: int) -> int:
        here = {"sms": doubtful_deliveries.UnclearCount(count, NOW)} if count else {}
        return alarm.due(here, NOW + timedelta(minutes=minute)).get("sms", 0)

    assert [raised(0, 1), raised(4, 1), raised(5, 1), raised(19, 1), raised(20, 1)] == [
        1, 0, 1, 0, 1,
    ]  # fmt: skip
    assert [raised(21, 2), raised(22, 3), raised(23, 4)] == [2, 0, 4]
    assert [raised(24, 0), raised(25, 4)] == [0, 4]
    assert alarm.looks(NOW)
    assert not alarm.looks(NOW + timedelta(seconds=9))
    assert alarm.looks(NOW + timedelta(seconds=10))
