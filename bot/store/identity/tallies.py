"""Counts of what went wrong, by what is guessed at and by who guesses: rows that are locked.

The rules for a count are in `identity_limits`; what is counted is its caller's business. Keys are
keyed hashes, and are forgotten after `KEPT` (`identity_attempts.sweep`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, Literal

from sqlalchemy import bindparam, or_, select, update

from bot.store.identity.identity_limits import ProofLimit, Tally, is_alarming, level
from bot.store.sql.dialect_statements import insert_new
from bot.store.sql.tables import identity_tallies

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

#: What is counted. Of customers: what they claim, where they come from, all together, and a place's
#: share of the queue. Of agents: a log-in name, and a log-in name from one device or address.
Scope = Literal["claim", "origin", "overall", "queue", "login", "visitor"]
Key = tuple[Scope, str]
#: How long hashes are kept.
KEPT: Final = timedelta(days=1)
#: One alarm about the same thing in so much time is enough.
ALARM_AGAIN: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class ProofAlarm:
    """An alarm: more attempts failed than people make by mistake.

    Attributes:
        scope: what was counted.
        key: the first digits of the hash, so that alarms about one thing can be told from others.
        failures: how many failed and are not forgotten.
    """

    scope: Scope
    key: str
    failures: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether an attempt may be looked at now.

    Attributes:
        wait: how long not; zero: it may be, and it is counted.
        alarms: what a person should know.
    """

    wait: timedelta
    alarms: tuple[ProofAlarm, ...] = ()


_t = identity_tallies.c
# One at a time: for several at once both databases read the whole index.
_LOCKED = (
    select(_t.level, _t.at, _t.opens_at)
    .where(_t.scope == bindparam("scope"), _t.key == bindparam("key"))
    .with_for_update()
)
_KEEP = update(identity_tallies).where(
    _t.scope == bindparam("this_scope"), _t.key == bindparam("this_key")
)


def lock(conn: Connection, keys: Iterable[Key], now: datetime) -> dict[Key, Tally]:
    """The counts, kept from everybody else until the transaction ends.

    Rows are made and locked in one order, so that two transactions never wait for each other.
    """
    found: dict[Key, Tally] = {}
    for scope, key in sorted(set(keys)):
        where = {"scope": scope, "key": key}
        # Mostly it is there. Again, too, when it was swept away in between.
        while (row := conn.execute(_LOCKED, where).first()) is None:
            insert_new(conn, identity_tallies, {**where, "level": 0.0, "at": now, "opens_at": now})
        found[scope, key] = Tally(*row)
    return found


def keep(conn: Connection, tallies: Mapping[Key, Tally]) -> None:
    """Writes counts that were locked."""
    conn.execute(
        _KEEP,
        [
            {
                "this_scope": scope,
                "this_key": key,
                "level": tally.level,
                "at": tally.at,
                "opens_at": tally.opens_at,
            }
            for (scope, key), tally in tallies.items()
        ],
    )


def alarms(
    conn: Connection, tallies: Mapping[Key, Tally], rules: Mapping[Key, ProofLimit], now: datetime
) -> tuple[ProofAlarm, ...]:
    """What a person should know of these counts, and was not told lately."""
    return tuple(
        ProofAlarm(key[0], key[1][:8], round(level(tally, rules[key], now)))
        for key, tally in tallies.items()
        if is_alarming(tally, rules[key], now) and _alarm(conn, *key, now)
    )


def _alarm(conn: Connection, scope: Scope, key: str, now: datetime) -> bool:
    """Notes an alarm; False: there was one about this a moment ago."""
    result = conn.execute(
        update(identity_tallies)
        .where(
            _t.scope == scope,
            _t.key == key,
            or_(_t.alarmed_at.is_(None), _t.alarmed_at <= now - ALARM_AGAIN),
        )
        .values(alarmed_at=now)
    )
    return bool(result.rowcount)
