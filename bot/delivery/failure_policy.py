"""What to do when a provider did not take a message. Pure rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

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
from channels.send_results import Absent, Settling, Taken, Unclear

#: A message that could not be handed over for so long is given up, and shown to a person.
GIVE_UP_AFTER = timedelta(hours=24)
#: Seconds between two looks at whether the provider has a message in doubt.
LOOK_EVERY = 5.0
#: How long a provider that does not answer is asked about a message in doubt.
ASK_FOR = timedelta(hours=24)
#: Pause of a channel whose token is refused: a person must act first.
CREDENTIALS_PAUSE = 60.0
#: First wait after a failure, and the longest, in seconds.
FIRST_WAIT = 2.0
LONGEST_WAIT = 120.0


@dataclass(frozen=True, slots=True)
class Retry:
    """Try again.

    Attributes:
        when: not before this moment.
        error: why it failed.
        pause: seconds for which the whole channel rests.
    """

    when: datetime
    error: str
    pause: float = 0.0


@dataclass(frozen=True, slots=True)
class Doubt:
    """It may have been taken: find out, and never send it again unasked.

    Attributes:
        error: what happened.
    """

    error: str


@dataclass(frozen=True, slots=True)
class GiveUp:
    """Do not try again.

    Attributes:
        error: why.
        opted_out: whether the customer wants no messages.
        window: whether the channel's template may go out instead.
    """

    error: str
    opted_out: bool = False
    window: bool = False


def decide(
    error: Exception, attempts: int, queued_at: datetime, now: datetime, chance: float
) -> Retry | Doubt | GiveUp:
    """The next move after an error of `Sender.send`.

    Args:
        error: what it raised; anything but a `SendError` is as unclear as `Ambiguous`.
        attempts: how often this message was tried before.
        queued_at: since when it waits.
        now: the present.
        chance: 0 to 1, random: spreads retries, so that they do not all come at once.
    """
    code = error.code if isinstance(error, SendError) else type(error).__name__
    late = now - queued_at >= GIVE_UP_AFTER
    match error:
        case Undeliverable():
            return GiveUp(code or "undeliverable")
        case OptedOut():
            return GiveUp("opted_out", opted_out=True)
        case WindowClosed():
            return GiveUp("window_closed", window=True)
        case Throttled() | Unavailable() | BadCredentials() if late:
            return GiveUp(f"gave_up {code}".strip())
        case BadCredentials():
            wait = timedelta(seconds=CREDENTIALS_PAUSE)
            return Retry(now + wait, code or "bad_credentials", CREDENTIALS_PAUSE)
        case Throttled(retry_after=float() | int() as told):
            seconds = max(0.1, told) * (1 + chance / 10)
            pause = seconds if error.everyone else 0.0
            return Retry(now + timedelta(seconds=seconds), code or "throttled", pause)
        case Throttled(everyone=everyone):
            seconds = backoff(attempts, chance)
            pause = seconds if everyone else 0.0
            return Retry(now + timedelta(seconds=seconds), code or "throttled", pause)
        case Unavailable():
            return Retry(now + timedelta(seconds=backoff(attempts, chance)), code or "unavailable")
        case Ambiguous() | _:
            return Doubt(f"ambiguous {code}".strip())


def backoff(attempts: int, chance: float) -> float:
    """Seconds to wait: doubling from `FIRST_WAIT` to `LONGEST_WAIT`, half of it by chance."""
    longest = min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(attempts, 30))
    return longest * (0.5 + chance / 2)


@dataclass(frozen=True, slots=True)
class LookAgain:
    """It is not clear yet whether a message in doubt was taken.

    Attributes:
        when: look again at this moment.
    """

    when: datetime


@dataclass(frozen=True, slots=True)
class SendAgain:
    """It was certainly not taken."""


@dataclass(frozen=True, slots=True)
class AskPerson:
    """It cannot be found out: a person must judge."""


def first_look(settling: Settling, now: datetime) -> datetime:
    """When to look first whether a message in doubt was taken."""
    seconds = settling.receipt if settling.absent is None else LOOK_EVERY
    return now + timedelta(seconds=seconds)


def settle(
    found: Taken | Absent | Unclear | SendError | None,
    settling: Settling,
    since: datetime,
    now: datetime,
) -> Taken | LookAgain | SendAgain | AskPerson:
    """The next move with a message in doubt.

    Args:
        found: what the provider says of it, or why it does not; None: it cannot be asked.
        settling: what can be found out on this channel.
        since: since when the message is in doubt.
        now: the present.
    """
    age = now - since
    again = LookAgain(now + timedelta(seconds=LOOK_EVERY))
    match found:
        case Taken():
            return found
        case Absent() if settling.absent is not None:
            sure = age >= timedelta(seconds=settling.absent)
            return SendAgain() if sure else again
        case SendError():
            wait = timedelta(seconds=min(LONGEST_WAIT, max(LOOK_EVERY, age.total_seconds() / 4)))
            return LookAgain(now + wait) if age < ASK_FOR else AskPerson()
        case _:
            ends = since + timedelta(seconds=settling.receipt)
            if now >= ends:
                return AskPerson()
            return LookAgain(ends) if found is None else again
