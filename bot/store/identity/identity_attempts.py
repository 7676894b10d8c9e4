"""Counts attempts to prove an identity, each once and before its answer is looked at.

Counting comes first and in one transaction with the verdict, so that any number of conversations
at once get no more than one after the other would. An attempt is known by a hash of conversation,
claim and answer: one that is made again, because a worker died or the customer typed the same
twice, tells nothing new and is not counted again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, Literal

from sqlalchemy import and_, bindparam, delete, insert, or_, select, tuple_, update

from bot.store.identity.identity_limits import (
    ProofLimit,
    ProofLimits,
    Tally,
    counted,
    is_alarming,
    level,
    refunded,
    wait,
)
from bot.store.sql.dialect_statements import insert_new
from bot.store.sql.tables import identity_attempts, identity_tallies, origins

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

Scope = Literal["claim", "origin", "overall", "queue"]
#: The one key of the count for everybody together.
EVERYBODY: Final = "everybody"
#: How long hashes are kept.
KEPT: Final = timedelta(days=1)
#: One alarm about the same thing in so much time is enough.
ALARM_AGAIN: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class ProofAttempt:
    """An attempt, in keyed hashes of 64 hex digits.

    Attributes:
        key: of conversation, claim and answer together.
        claim: of what is claimed.
        origin: of where it comes from.
    """

    key: str
    claim: str
    origin: str


@dataclass(frozen=True, slots=True)
class ProofAlarm:
    """An alarm: more attempts failed than customers make by mistake.

    Attributes:
        scope: about one claim, from one origin, or overall.
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


_a = identity_attempts.c
_t = identity_tallies.c
_Key = tuple[Scope, str]
_STATUS = select(_a.status).where(_a.attempt == bindparam("this"))
_COUNT = insert(identity_attempts)
_MINE = and_(_a.attempt == bindparam("this"), _a.status == "counted")
_COUNTED = select(_a.claim, _a.origin).where(_MINE)
_PROVED = update(identity_attempts).where(_MINE).values(status="proved")
_TALLIES = (
    select(_t.scope, _t.key, _t.level, _t.at, _t.opens_at)
    .where(tuple_(_t.scope, _t.key).in_(bindparam("keys", expanding=True)))
    .order_by(_t.scope, _t.key)
)
_TALLIES_LOCKED = _TALLIES.with_for_update()
_KEEP = update(identity_tallies).where(
    _t.scope == bindparam("this_scope"), _t.key == bindparam("this_key")
)


def begin(conn: Connection, attempt: ProofAttempt, limits: ProofLimits, now: datetime) -> Verdict:
    """Counts an attempt as a failure, unless it has to wait. Commit before looking at the answer.

    Args:
        conn: a write transaction.
        attempt: what is tried.
        limits: how often that may go wrong.
        now: the present.
    """
    if _status(conn, attempt.key) is not None:
        return Verdict(timedelta())
    rules = _rules(attempt, limits)
    tallies = lock(conn, rules, now)
    pause = max(wait(tally, now) for tally in tallies.values())
    if not pause:
        values = {"attempt": attempt.key, "claim": attempt.claim, "origin": attempt.origin}
        conn.execute(_COUNT, {**values, "status": "counted", "at": now})
        tallies = {key: counted(tally, rules[key], now) for key, tally in tallies.items()}
        _keep(conn, tallies)
    alarming = [key for key, tally in tallies.items() if is_alarming(tally, rules[key], now)]
    return Verdict(
        pause,
        tuple(
            ProofAlarm(scope, key[:8], round(level(tallies[scope, key], rules[scope, key], now)))
            for scope, key in alarming
            if _alarm(conn, scope, key, now)
        ),
    )


def proved(conn: Connection, key: str, limits: ProofLimits, now: datetime) -> None:
    """Takes back the count of one attempt that turned out right, once; no other count changes."""
    row = conn.execute(_COUNTED, {"this": key}).first()
    if row is None:
        return
    rules = _rules(ProofAttempt(key, row.claim, row.origin), limits)
    tallies = lock(conn, rules, now)
    if conn.execute(_PROVED, {"this": key}).rowcount:
        _keep(conn, {each: refunded(tally, rules[each]) for each, tally in tallies.items()})


def lock(conn: Connection, keys: Iterable[_Key], now: datetime) -> dict[_Key, Tally]:
    """The counts, kept from everybody else until the transaction ends.

    Rows are made and locked in one order, so that two transactions never wait for each other.
    """
    wanted: Sequence[_Key] = sorted(set(keys))
    found: dict[_Key, Tally] = {}
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


def sweep(conn: Connection, now: datetime) -> int:
    """Forgets what is older than `KEPT`; returns how many rows that were."""
    old = now - KEPT
    statements = (
        delete(identity_attempts).where(_a.at < old),
        delete(identity_tallies).where(_t.at < old),
        delete(origins).where(origins.c.seen_at < old),
    )
    return sum(int(conn.execute(statement).rowcount) for statement in statements)


def _status(conn: Connection, key: str) -> str | None:
    found: str | None = conn.execute(_STATUS, {"this": key}).scalar()
    return found


def _rules(attempt: ProofAttempt, limits: ProofLimits) -> dict[_Key, ProofLimit]:
    return {
        ("claim", attempt.claim): limits.claim,
        ("origin", attempt.origin): limits.origin,
        ("overall", EVERYBODY): limits.overall,
    }


def _keep(conn: Connection, tallies: Mapping[_Key, Tally]) -> None:
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
