"""Decides the next move when a provider did not take a message. Pure."""

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
from channels.send_results import Absent, Settling, StillInDoubt, Taken

#: A message that could not be handed over for this long is given up, and shown to a person.
GIVE_UP_AFTER = timedelta(hours=24)
#: Seconds between two looks at whether the provider has a message in doubt.
LOOK_EVERY = 5.0
#: How long a provider that does not answer is asked about a message in doubt.
ASK_FOR = timedelta(hours=24)
#: Pause of a channel whose token is refused: a person must act first.
CREDENTIALS_PAUSE = 60.0
#: How often a message is sent again of which the provider told later that it failed. It takes each
#: of them first, and may charge for it.
MOST_TOLD_LATER = 5
#: First wait after a failure, and the longest, in seconds.
FIRST_WAIT = 2.0
LONGEST_WAIT = 120.0


@dataclass(frozen=True, slots=True)
class Retry:
    """The decision to try again.

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
    """The decision that a message may have been taken: find out, and never send it again unasked.

    Attributes:
        error: what happened.
    """

    error: str


@dataclass(frozen=True, slots=True)
class GiveUp:
    """The decision not to try again.

    Attributes:
        error: why.
        opted_out: whether the customer wants no messages.
        window: whether the channel's template may go out instead.
    """

    error: str
    opted_out: bool = False
    window: bool = False


def decide(
    error: Exception,
    attempts: int,
    queued_at: datetime,
    now: datetime,
    chance: float,
    *,
    most: int | None = None,
) -> Retry | Doubt | GiveUp:
    """Decides the next move after an error of `Sender.send`, or one that was told later.

    Args:
        error: what it raised; anything but a `SendError` is as unclear as `Ambiguous`.
        attempts: how often this message was tried before.
        queued_at: since when it waits.
        now: the present.
        chance: 0 to 1, random: spreads retries, so that they do not all come at once.
        most: how many attempts there may be; None: any number, within `GIVE_UP_AFTER`.
    """
    code = error.code if isinstance(error, SendError) else type(error).__name__
    late = now - queued_at >= GIVE_UP_AFTER
    spent = most is not None and attempts >= most
    match error:
        case Undeliverable():
            return GiveUp(code or "undeliverable")
        case OptedOut():
            return GiveUp("opted_out", opted_out=True)
        case WindowClosed():
            return GiveUp("window_closed", window=True)
        case Throttled() | Unavailable() | BadCredentials() if late:
            return GiveUp(f"gave_up {code}".strip())
        case Throttled() | Unavailable() | BadCredentials() if spent:
            return GiveUp(f"kept_failing {code}".strip())
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
    """The decision to look again: it is not clear yet whether a message in doubt was taken.

    Attributes:
        when: look again at this moment.
    """

    when: datetime


@dataclass(frozen=True, slots=True)
class SendAgain:
    """The decision to send a message in doubt again: it was certainly not taken."""


@dataclass(frozen=True, slots=True)
class AskPerson:
    """The decision to let a person judge: whether it was taken cannot be found out."""


def first_look(settling: Settling, now: datetime) -> datetime:
    """The moment to look first whether a message in doubt was taken."""
    seconds = settling.receipt if settling.absent is None else LOOK_EVERY
    return now + timedelta(seconds=seconds)


def settle(
    found: Taken | Absent | StillInDoubt | SendError | None,
    settling: Settling,
    since: datetime,
    now: datetime,
) -> Taken | LookAgain | SendAgain | AskPerson:
    """Decides the next move with a message in doubt.

    Args:
        found: the provider's answer about it, or why there is none; None: it cannot be asked.
        settling: how a message in doubt can be settled on this channel.
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
