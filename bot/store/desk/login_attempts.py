"""Counts attempts to log in with a password, each before the password is looked at.

By log-in name and visitor together, so that somebody who mistypes waits and nobody else does; and
by log-in name alone over all visitors that are no known device of its owner, so that a guesser with
thousands of addresses is as slow as one. A name that is nobody's is counted like another.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from bot.store.identity import tallies
from bot.store.identity.identity_limits import ProofLimit, Tally, counted, refunded, wait
from bot.store.identity.tallies import Key, Verdict

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

#: Of one name from one device or address: wrong passwords that are free, and the pause after them.
VISITOR: Final = ProofLimit(
    free=5,
    first=timedelta(minutes=15),
    longest=timedelta(minutes=15),
    forget=timedelta(minutes=3),
)
#: Of one name from everywhere but its owner's devices. Short: the owner on a new device waits too.
LOGIN: Final = ProofLimit(
    free=10,
    first=timedelta(seconds=1),
    longest=timedelta(minutes=1),
    forget=timedelta(minutes=6),
)
#: A count goes no higher: what was guessed for a day is forgotten within hours.
_MOST: Final = 20.0


@dataclass(frozen=True, slots=True)
class LoginAttempt:
    """An attempt, in keyed hashes of 64 hex digits.

    Attributes:
        login: of the log-in name, and of the password that it has now: another one begins anew.
        visitor: of that, with the device or address that it comes from.
        known: whether the device is one on which the owner logged in before.
    """

    login: str
    visitor: str
    known: bool


def begin(conn: Connection, attempt: LoginAttempt, now: datetime) -> Verdict:
    """Counts an attempt as failed, unless it has to wait. Commit before looking at the password.

    Args:
        conn: a write transaction.
        attempt: who tries as whom.
        now: the present.
    """
    rules = _rules(attempt)
    counts = tallies.lock(conn, rules, now)
    pause = max(wait(tally, now) for tally in counts.values())
    if not pause:
        counts = {key: _counted(tally, rules[key], now) for key, tally in counts.items()}
        tallies.keep(conn, counts)
    return Verdict(pause, tallies.alarms(conn, counts, rules, now))


def proved(conn: Connection, attempt: LoginAttempt, now: datetime) -> None:
    """Takes back the count of an attempt whose password was right; others stay counted."""
    rules = _rules(attempt)
    counts = tallies.lock(conn, rules, now)
    tallies.keep(conn, {key: refunded(tally, rules[key]) for key, tally in counts.items()})


def _rules(attempt: LoginAttempt) -> dict[Key, ProofLimit]:
    rules: dict[Key, ProofLimit] = {("visitor", attempt.visitor): VISITOR}
    return rules if attempt.known else rules | {("login", attempt.login): LOGIN}


def _counted(tally: Tally, limit: ProofLimit, now: datetime) -> Tally:
    after = counted(tally, limit, now)
    return replace(after, level=min(after.level, _MOST))
