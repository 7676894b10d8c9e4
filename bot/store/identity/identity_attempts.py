"""Counts attempts to prove an identity, each once and before its answer is looked at.

Counting comes first and in one transaction with the verdict, so that any number of conversations
at once get no more than one after the other would. An attempt is known by a hash of conversation,
claim and answer: one that is made again, because a worker died or the customer typed the same
twice, tells nothing new and is not counted again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import and_, bindparam, delete, insert, select, update

from bot.store.identity import tallies
from bot.store.identity.identity_limits import ProofLimit, ProofLimits, counted, refunded, wait
from bot.store.identity.tallies import KEPT, Key, Verdict
from bot.store.sql.tables import identity_attempts, identity_tallies, origins

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

#: The one key of the count for everybody together.
EVERYBODY: Final = "everybody"


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


_a = identity_attempts.c
_STATUS = select(_a.status).where(_a.attempt == bindparam("this"))
_COUNT = insert(identity_attempts)
_MINE = and_(_a.attempt == bindparam("this"), _a.status == "counted")
_COUNTED = select(_a.claim, _a.origin).where(_MINE)
_PROVED = update(identity_attempts).where(_MINE).values(status="proved")


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
    counts = tallies.lock(conn, rules, now)
    pause = max(wait(tally, now) for tally in counts.values())
    if not pause:
        values = {"attempt": attempt.key, "claim": attempt.claim, "origin": attempt.origin}
        conn.execute(_COUNT, {**values, "status": "counted", "at": now})
        counts = {key: counted(tally, rules[key], now) for key, tally in counts.items()}
        tallies.keep(conn, counts)
    return Verdict(pause, tallies.alarms(conn, counts, rules, now))


def proved(conn: Connection, key: str, limits: ProofLimits, now: datetime) -> None:
    """Takes back the count of one attempt that turned out right, once; no other count changes."""
    row = conn.execute(_COUNTED, {"this": key}).first()
    if row is None:
        return
    rules = _rules(ProofAttempt(key, row.claim, row.origin), limits)
    counts = tallies.lock(conn, rules, now)
    if conn.execute(_PROVED, {"this": key}).rowcount:
        tallies.keep(conn, {each: refunded(tally, rules[each]) for each, tally in counts.items()})


def sweep(conn: Connection, now: datetime) -> int:
    """Forgets what is older than `KEPT`; returns how many rows that were."""
    old = now - KEPT
    statements = (
        delete(identity_attempts).where(_a.at < old),
        delete(identity_tallies).where(identity_tallies.c.at < old),
        delete(origins).where(origins.c.seen_at < old),
    )
    return sum(int(conn.execute(statement).rowcount) for statement in statements)


def _status(conn: Connection, key: str) -> str | None:
    found: str | None = conn.execute(_STATUS, {"this": key}).scalar()
    return found


def _rules(attempt: ProofAttempt, limits: ProofLimits) -> dict[Key, ProofLimit]:
    return {
        ("claim", attempt.claim): limits.claim,
        ("origin", attempt.origin): limits.origin,
        ("overall", EVERYBODY): limits.overall,
    }
