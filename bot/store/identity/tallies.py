"""Counts of what went wrong, by what is guessed at and by who guesses: rows that are locked.

The rules for a count are in `identity_limits`; what is counted is its caller's business. Keys are
keyed hashes, and are forgotten after `KEPT` (`identity_attempts.sweep`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, Literal

from sqlalchemy import bindparam, or_, select, tuple_, update

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
_TALLIES = (
    select(_t.scope, _t.key, _t.level, _t.at, _t.opens_at)
    .where(tuple_(_t.scope, _t.key).in_(bindparam("keys", expanding=True)))
    .order_by(_t.scope, _t.key)
)
_TALLIES_LOCKED = _TALLIES.with_for_update()
_KEEP = update(identity_tallies).where(
    _t.scope == bindparam("this_scope"), _t.key == bindparam("this_key")
)


def lock(conn: Connection, keys: Iterable[Key], now: datetime) -> dict[Key, Tally]:
    """The counts, kept from everybody else until the transaction ends.

    Rows are made and locked in one order, so that two transactions never wait for each other.
    """
    wanted: Sequence[Key] = sorted(set(keys))
    found: dict[Key, Tally] = {}
    while len(found) < len(wanted):  # again when one was swept away in between
        # Mostly all are there. To look first takes less than to try to make each.
        there = {(row.scope, row.key) for row in conn.execute(_TALLIES, {"keys": wanted})}
        for scope, key in wanted:
            if (scope, key) not in there:
                fresh = {"scope": scope, "key": key, "level": 0.0, "at": now, "opens_at": now}
                insert_new(conn, identity_tallies, fresh)
        locked = conn.execute(_TALLIES_LOCKED, {"keys": wanted})
        found = {(row.scope, row.key): Tally(*row[2:]) for row in locked}
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
