"""Claims the conversation that a worker handles next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, bindparam, exists, select

from bot.records.conversation import Conversation
from bot.records.inbox_message import InboxMessage
from bot.store.conversation import conversations
from bot.store.sql.tables import conversations as conversations_table
from bot.store.sql.tables import inbox as inbox_table
from bot.store.worker import inbox
from bot.store.worker.claims import TOKEN, Claim, at, claimable, noted

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

#: Most attempts that are noted: every decision by their number is made before.
_MOST_NOTED: Final = 8


@dataclass(frozen=True, slots=True)
class Claimant:
    """The worker that claims, and the terms of its claim.

    Attributes:
        worker: a name that a restarted worker gets again, at most 128 characters.
        token: the claim's (`new_token`).
        now: the present.
        lease: how long the claim stands unless renewed, at most a minute; after it others may take
            over.
    """

    worker: str
    token: str
    now: datetime
    lease: timedelta


@dataclass(frozen=True, slots=True)
class NextWork:
    """A claim with its conversation and the messages to handle.

    Attributes:
        claim: the claim.
        conversation: the conversation, as it stood at the claim.
        messages: its unhandled messages in order, at least one.
    """

    claim: Claim
    conversation: Conversation
    messages: tuple[InboxMessage, ...]


_i, _c = inbox_table.c, conversations_table.c
_ROW = (*conversations.COLUMNS, _c.attempts)
_LONGEST_WAITING = (
    select(*_ROW)
    .join(inbox_table)
    .where(_i.done_at.is_(None), claimable(), _c.attempts.is_(None))
    .order_by(_i.id)
    .limit(1)
    .with_for_update(of=conversations_table, skip_locked=True, key_share=True)
    .with_hint(inbox_table, "INDEXED BY ix_inbox_queue", "sqlite")
)
_WAITS = exists().where(and_(_i.conversation_id == _c.id, _i.done_at.is_(None)))
_THIS_ONE = (
    select(*_ROW)
    .where(_c.id == bindparam("conversation"), claimable(), _WAITS)
    .with_for_update(skip_locked=True, key_share=True)
)
_SUSPECTS = (
    select(*_ROW)
    .where(_c.attempts.isnot(None), claimable(), _WAITS)
    .order_by(noted(), _c.id)
    .limit(1)
    .with_hint(conversations_table, "INDEXED BY ix_conversations_attempts", "sqlite")
)
_SUSPECT = _SUSPECTS.where(noted() <= bindparam("most") * TOKEN).with_for_update(
    of=conversations_table, skip_locked=True, key_share=True
)


def claim(
    conn: Connection, claimant: Claimant, conversation_id: str | None = None
) -> NextWork | None:
    """Take the conversation whose unhandled message waits longest and that nobody works on.

    Suspects are left out: see `suspect`.

    Args:
        conn: a write transaction; commit it before working.
        claimant: the worker that claims.
        conversation_id: take this conversation or none, suspect or not; any when left out.
    """
    query, where = _LONGEST_WAITING, at(claimant.now)
    if conversation_id is not None:
        query, where = _THIS_ONE, {**where, "conversation": conversation_id}
    while (row := conn.execute(query, where).first()) is not None:
        if (work := _take(conn, row, claimant)) is not None:
            return work
    return None


def suspicion(conn: Connection, now: datetime) -> int | None:
    """The fewest attempts among the suspects that wait; None when no suspect waits."""
    row = conn.execute(_SUSPECTS, at(now)).first()
    return None if row is None else _count(row.attempts)


def suspect(conn: Connection, claimant: Claimant, most: int) -> NextWork | None:
    """Take a suspect that waits: one with the fewest attempts, and with no more than `most`.

    Args:
        conn: a write transaction; commit it before working.
        claimant: the worker that claims.
        most: attempts that it may have at most.
    """
    row = conn.execute(_SUSPECT, {**at(claimant.now), "most": most}).first()
    return None if row is None else _take(conn, row, claimant)


def _take(conn: Connection, row: Any, claimant: Claimant) -> NextWork | None:
    *values, tokens = row
    conversation = Conversation(*values)
    messages = inbox.pending(conn, conversation.id)
    if not messages:  # another worker handled them while this one was looking
        return None
    count, token = _count(tokens), claimant.token
    conversations.change(
        conn,
        conversation.id,
        claimed_by=claimant.worker,
        claimed_until=claimant.now + claimant.lease,
        claim=token,
        ready_at=None,
        attempts=(tokens or "") + token if count < _MOST_NOTED else tokens,
    )
    return NextWork(Claim(conversation.id, token, count), conversation, messages)


def _count(tokens: str | None) -> int:
    return len(tokens or "") // TOKEN
