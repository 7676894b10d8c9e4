"""Claims on conversations by workers, their leases, and the attempts that interrupted ones leave.

A claim is a lease on a conversation's row. Its token is the fence: whoever changes a conversation
on the strength of a claim checks the token under the row's lock (`held`), so a task that lost its
claim, however long it slept, changes nothing any more.

A claim also notes itself in the row's `attempts`. A turn that is committed wipes the note, an end
that was no fault of the turn takes it back (`release`, `abandon`), so what is left are the claims
whose process died or whose turn itself failed: the conversation is a suspect. The note is the
token, and notes are strung together, so that a task that takes one back late takes back no other.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, Literal

from sqlalchemy import and_, bindparam, func, not_, or_, select, update

from bot.errors import LoketError
from bot.records.conversation import Conversation
from bot.store.conversation import conversations
from bot.store.sql.tables import conversations as conversations_table
from bot.store.sql.tables import inbox as inbox_table

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection
    from sqlalchemy.sql.elements import ColumnElement

#: Characters of a token: 64 random bits.
TOKEN: Final = 16
#: No lease ends later than so after the present: one that does was written by a clock that was
#: wrong, and binds nobody. Leases are shorter by far, and so is what clocks may differ.
_FURTHEST: Final = timedelta(minutes=2)


class ClaimLost(LoketError):
    """Another worker took the conversation over, or it is gone. Roll back and drop this turn."""


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to handle a conversation's messages.

    Attributes:
        conversation_id: the conversation.
        token: the fence; no two claims have the same.
        attempts: how many earlier claims were interrupted while at the oldest message, or failed.
    """

    conversation_id: str
    token: str
    attempts: int = 0


_i, _c = inbox_table.c, conversations_table.c


def unclaimed() -> ColumnElement[Any]:
    """SQL condition that nobody works on a conversation; its parameters come from `at`."""
    return or_(
        _c.claimed_until.is_(None),
        _c.claimed_until <= bindparam("now"),
        _c.claimed_until > bindparam("wrong"),
    )


def claimable() -> ColumnElement[Any]:
    """SQL condition that a worker may take a conversation up; its parameters come from `at`.

    Nobody works on it, and its customer is not waited for (`bot.store.worker.holding`).
    """
    held = and_(_c.ready_at > bindparam("now"), _c.ready_at <= bindparam("wrong"))
    return and_(unclaimed(), or_(_c.ready_at.is_(None), not_(held)))


def at(now: datetime) -> dict[str, object]:
    """The values of the parameters of `unclaimed` and `claimable` at a moment."""
    return {"now": now, "wrong": now + _FURTHEST}


def noted() -> ColumnElement[Any]:
    """SQL for the length of a conversation's note of attempts, in characters; NULL without one."""
    return func.length(_c.attempts)


_HELD = (
    select(*conversations.COLUMNS, _c.claim)
    .where(_c.id == bindparam("this"))
    .with_for_update(key_share=True)
)
_CLAIM = update(conversations_table).where(
    _c.id == bindparam("conversation"), _c.claim == bindparam("token")
)
_FREE: dict[str, None] = {"claimed_by": None, "claimed_until": None, "claim": None}
#: What becomes of a claim with the commit of a turn: it stands and nothing is begun under it, its
#: next message is begun, or it is given back.
Afterwards = Literal["stands", "begins", "ends"]
_LESS = func.nullif(func.replace(_c.attempts, bindparam("token"), ""), "")
_RELEASE = _CLAIM.values(**_FREE, attempts=_LESS)
_RELEASE_FAILED = _CLAIM.values(**_FREE)
_TAKE_BACK = (
    update(conversations_table)
    .where(_c.id == bindparam("conversation"), _c.attempts.contains(bindparam("token")))
    .values(attempts=_LESS)
)
_ABANDON = (
    update(conversations_table)
    .where(_c.claimed_by == bindparam("worker"), _c.claim == bindparam("token"))
    .values(**_FREE, attempts=_LESS)
)
_TAKE_BACK_ANYWHERE = (
    update(conversations_table)
    .where(_c.attempts.isnot(None), _c.attempts.contains(bindparam("token")))
    .values(attempts=_LESS)
)
_BEGIN = _CLAIM.values(attempts=bindparam("note"))
_ANY_PENDING = (
    select(_i.id)
    .where(_i.conversation_id == bindparam("conversation"), _i.done_at.is_(None))
    .limit(1)
)
# Rows that somebody keeps locked are left for the next time: they must not hold up the others.
_mine = conversations_table.alias("mine")
_STANDING = (
    select(_mine.c.id)
    .where(
        _mine.c.id.in_(bindparam("conversations", expanding=True)),
        _mine.c.claim.in_(bindparam("tokens", expanding=True)),
    )
    .with_for_update(skip_locked=True, key_share=True)
)
_RENEW = update(conversations_table).where(_c.id.in_(_STANDING))
_CLAIMS_OF = update(conversations_table).where(_c.claimed_by == bindparam("worker")).values(**_FREE)


def new_token() -> str:
    """A new random token, which no other claim has."""
    return secrets.token_hex(TOKEN // 2)


def held(conn: Connection, claim: Claim) -> Conversation:
    """The claimed conversation, locked until the transaction ends.

    A claim whose lease ran out still holds as long as nobody took over.

    Raises:
        ClaimLost: somebody took over, or the conversation is gone.
    """
    row = conn.execute(_HELD, {"this": claim.conversation_id}).first()
    if row is None or row.claim != claim.token:
        raise ClaimLost(f"The claim on conversation {claim.conversation_id} is lost.")
    return Conversation(*row[:-1])


def begin(conn: Connection, claim: Claim) -> Claim:
    """Note that a further message is begun under a claim: `claim` notes only the first.

    Commit it before the turn; `after_turn` does it together with the turn before. Returns the claim
    as it stands for that message.

    Raises:
        ClaimLost: see `held`.
    """
    where = {"conversation": claim.conversation_id, "token": claim.token}
    if not conn.execute(_BEGIN, {**where, "note": claim.token}).rowcount:
        raise ClaimLost(f"The claim on conversation {claim.conversation_id} is lost.")
    return Claim(claim.conversation_id, claim.token)


def after_turn(claim: Claim, afterwards: Afterwards) -> dict[str, str | None]:
    """The columns to save with a conversation whose turn is over, under the lock of `held`.

    Args:
        claim: the turn's.
        afterwards: what becomes of it.
    """
    if afterwards == "ends":
        return {**_FREE, "attempts": None}
    return {"attempts": claim.token if afterwards == "begins" else None}


def waits(conn: Connection, conversation_id: str) -> bool:
    """Whether messages of a conversation wait, for a transaction that gives its claim back.

    Their notifier may have rung while they could not be claimed, so whoever gives a claim back
    looks for work once more.
    """
    return conn.execute(_ANY_PENDING, {"conversation": conversation_id}).first() is not None


def release(conn: Connection, claim: Claim, *, failed: bool = False) -> bool:
    """Give a claim back; a conversation that another worker took over meanwhile stays with it.

    Args:
        conn: a write transaction.
        claim: the claim.
        failed: whether the turn itself failed, so that the attempt counts.

    Returns:
        Whether messages of this conversation wait; see `waits`.
    """
    where = {"conversation": claim.conversation_id, "token": claim.token}
    done = conn.execute(_RELEASE_FAILED if failed else _RELEASE, where).rowcount
    if not done and not failed:
        conn.execute(_TAKE_BACK, where)
    return waits(conn, claim.conversation_id)


def renew(conn: Connection, claims: Collection[Claim], now: datetime, lease: timedelta) -> int:
    """Extend these claims, as far as they stand; returns how many.

    Args:
        conn: a write transaction.
        claims: those that somebody works on at this moment, and no others.
        now: the present.
        lease: how long they stand from now on.
    """
    if not claims:
        return 0
    where: dict[str, object] = {
        "conversations": [each.conversation_id for each in claims],
        "tokens": [each.token for each in claims],
    }
    return int(conn.execute(_RENEW, {**where, "claimed_until": now + lease}).rowcount)


def abandon(conn: Connection, worker: str, token: str) -> None:
    """Give back a claim that may or may not have been made, as the commit's answer was lost."""
    where = {"worker": worker, "token": token}
    if not conn.execute(_ABANDON, where).rowcount:
        conn.execute(_TAKE_BACK_ANYWHERE, where)


def free_all(conn: Connection, worker: str) -> int:
    """Free what a worker claimed in its former life; returns how many. Call it at start."""
    return int(conn.execute(_CLAIMS_OF, {"worker": worker}).rowcount)
