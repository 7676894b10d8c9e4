"""Who works on which conversation: claims, their leases, and what interrupted claims leave behind.

A claim is a lease on a conversation's row. Its token is the fence: whoever changes a conversation
on the strength of a claim checks the token under the row's lock (`held`), so a task that lost its
claim, however long it slept, changes nothing any more.

A claim also notes itself in the row's `attempts`. A turn that is committed wipes the note, an end
that was no fault of the turn takes it back (`release`, `take_back`), so what is left are the claims
whose process died or whose turn itself failed: the conversation is a suspect. Notes are strung
together, each with its own token, so that who takes one back late takes back no other.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, bindparam, exists, func, or_, select, update

from bot.errors import LoketError
from bot.store import conversations, inbox
from bot.store.conversations import Conversation
from bot.store.inbox import InboxMessage
from bot.store.tables import conversations as conversations_table
from bot.store.tables import inbox as inbox_table

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection
    from sqlalchemy.sql.elements import ColumnElement

#: Characters of a token: 64 random bits.
_TOKEN: Final = 16
#: So many attempts are noted at most; what is decided by their number is decided before.
_MOST_NOTED: Final = 8
#: No lease ends later than so after the present: one that does was written by a clock that was
#: wrong, and binds nobody. Leases are shorter by far, and so is what clocks may differ.
_FURTHEST: Final = timedelta(minutes=2)


class ClaimLost(LoketError):
    """Another took the conversation over, or it is gone. Roll back and drop this turn."""


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


@dataclass(frozen=True, slots=True)
class Work:
    """What a worker claimed.

    Attributes:
        claim: the claim.
        conversation: the conversation, as it stood at the claim.
        messages: its unhandled messages in order, at least one.
    """

    claim: Claim
    conversation: Conversation
    messages: tuple[InboxMessage, ...]


_i, _c = inbox_table.c, conversations_table.c


def unclaimed() -> ColumnElement[Any]:
    """The condition that nobody works on a conversation; takes the parameters `at`."""
    return or_(
        _c.claimed_until.is_(None),
        _c.claimed_until <= bindparam("now"),
        _c.claimed_until > bindparam("wrong"),
    )


def at(now: datetime) -> dict[str, Any]:
    """The parameters of `unclaimed` at a moment."""
    return {"now": now, "wrong": now + _FURTHEST}


def attempted() -> ColumnElement[Any]:
    """How many attempts are noted with a conversation, for a query; NULL: none."""
    return func.length(_c.attempts) / _TOKEN


_ROW = (*conversations.COLUMNS, _c.attempts)
_LONGEST_WAITING = (
    select(*_ROW)
    .join(inbox_table)
    .where(_i.done_at.is_(None), unclaimed(), _c.attempts.is_(None))
    .order_by(_i.id)
    .limit(1)
    .with_for_update(of=conversations_table, skip_locked=True, key_share=True)
    .with_hint(inbox_table, "INDEXED BY ix_inbox_queue", "sqlite")
)
_NOTED = func.length(_c.attempts)
_WAITS = exists().where(and_(_i.conversation_id == _c.id, _i.done_at.is_(None)))
_THIS_ONE = (
    select(*_ROW)
    .where(_c.id == bindparam("conversation"), unclaimed(), _WAITS)
    .with_for_update(skip_locked=True, key_share=True)
)
_SUSPECTS = (
    select(*_ROW)
    .where(_c.attempts.isnot(None), unclaimed(), _WAITS)
    .order_by(_NOTED, _c.id)
    .limit(1)
    .with_hint(conversations_table, "INDEXED BY ix_conversations_attempts", "sqlite")
)
_SUSPECT = _SUSPECTS.where(bindparam("most") * _TOKEN >= _NOTED).with_for_update(
    of=conversations_table, skip_locked=True, key_share=True
)
_HELD = (
    select(*conversations.COLUMNS, _c.claim)
    .where(_c.id == bindparam("this"))
    .with_for_update(key_share=True)
)
_CLAIM = update(conversations_table).where(
    _c.id == bindparam("conversation"), _c.claim == bindparam("token")
)
_FREE: dict[str, Any] = {"claimed_by": None, "claimed_until": None, "claim": None}
_LESS = func.nullif(func.replace(_c.attempts, bindparam("token"), ""), "")
_RELEASE = _CLAIM.values(**_FREE, attempts=_LESS)
_RELEASE_FAILED = _CLAIM.values(**_FREE)
_TAKE_BACK = (
    update(conversations_table)
    .where(_c.id == bindparam("conversation"), _c.attempts.contains(bindparam("token")))
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


def claim(
    conn: Connection,
    worker: str,
    now: datetime,
    lease: timedelta,
    conversation_id: str | None = None,
) -> Work | None:
    """Take the conversation whose unhandled message waits longest and that nobody works on.

    Suspects are left out: see `suspect`.

    Args:
        conn: a write transaction; commit it before working.
        worker: who claims; a name that a restarted worker gets again, at most 128 characters.
        now: the present.
        lease: how long the claim stands unless renewed; after it others may take over. At most
            a minute.
        conversation_id: take this conversation or none, suspect or not; any when left out.
    """
    query, where = _LONGEST_WAITING, at(now)
    if conversation_id is not None:
        query, where = _THIS_ONE, {**where, "conversation": conversation_id}
    while (row := conn.execute(query, where).first()) is not None:
        if (work := _take(conn, row, worker, now + lease)) is not None:
            return work
    return None


def suspicion(conn: Connection, now: datetime) -> int | None:
    """The fewest attempts among the suspects that wait; None when no suspect waits."""
    row = conn.execute(_SUSPECTS, at(now)).first()
    return None if row is None else _count(row.attempts)


def suspect(
    conn: Connection, worker: str, now: datetime, lease: timedelta, most: int
) -> Work | None:
    """Take a suspect that waits: one with the fewest attempts, and with no more than `most`.

    Args:
        conn: a write transaction; commit it before working.
        worker: as for `claim`.
        now: the present.
        lease: as for `claim`.
        most: attempts that it may have at most.
    """
    row = conn.execute(_SUSPECT, {**at(now), "most": most}).first()
    return None if row is None else _take(conn, row, worker, now + lease)


def _take(conn: Connection, row: Any, worker: str, until: datetime) -> Work | None:
    *values, noted = row
    conversation = Conversation(*values)
    messages = inbox.pending(conn, conversation.id)
    if not messages:  # another worker handled them while this one was looking
        return None
    count, token = _count(noted), secrets.token_hex(_TOKEN // 2)
    conversations.change(
        conn,
        conversation.id,
        claimed_by=worker,
        claimed_until=until,
        claim=token,
        attempts=(noted or "") + token if count < _MOST_NOTED else noted,
    )
    return Work(Claim(conversation.id, token, count), conversation, messages)


def _count(noted: str | None) -> int:
    return len(noted or "") // _TOKEN


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

    Commit it before the turn. Returns the claim as it stands for that message.

    Raises:
        ClaimLost: see `held`.
    """
    where = {"conversation": claim.conversation_id, "token": claim.token}
    if not conn.execute(_BEGIN, {**where, "note": claim.token}).rowcount:
        raise ClaimLost(f"The claim on conversation {claim.conversation_id} is lost.")
    return Claim(claim.conversation_id, claim.token)


def release(conn: Connection, claim: Claim, *, failed: bool = False) -> bool:
    """Give a claim back; what another took over meanwhile stays with that other.

    Args:
        conn: a write transaction.
        claim: the claim.
        failed: whether the turn itself failed, so that the attempt counts.

    Returns:
        Whether messages of this conversation wait. Their doorbell may have rung while they could
        not be claimed, so whoever releases looks for work once more.
    """
    where = {"conversation": claim.conversation_id, "token": claim.token}
    done = conn.execute(_RELEASE_FAILED if failed else _RELEASE, where).rowcount
    if not done and not failed:
        conn.execute(_TAKE_BACK, where)
    return conn.execute(_ANY_PENDING, where).first() is not None


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
    where: dict[str, Any] = {
        "conversations": [each.conversation_id for each in claims],
        "tokens": [each.token for each in claims],
    }
    return int(conn.execute(_RENEW, {**where, "claimed_until": now + lease}).rowcount)


def free_all(conn: Connection, worker: str) -> int:
    """Free what a worker claimed in its former life; returns how many. Call it at start."""
    return int(conn.execute(_CLAIMS_OF, {"worker": worker}).rowcount)
