"""Agents' requests for a private number (BSN, bank account) of a customer.

Without such a question no private number gets into the database: `inbox.accept` masks them. A
question lets one number through, for a while, and stays on record with the agent and the time.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, Literal

from sqlalchemy import select, update

from bot.store.sql.tables import handovers, number_asks

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

#: The kinds of number that may be asked for. A payment card's number never is.
Asked = Literal["bsn", "iban"]
#: How long a customer has to answer.
LASTS: Final = timedelta(minutes=15)
_n = number_asks.c


def add(
    conn: Connection,
    conversation_id: str,
    handover_id: int,
    agent_id: int,
    kind: Asked,
    now: datetime,
) -> None:
    """Notes the question; an open one for the same kind is replaced.

    Args:
        conn: a write transaction that has locked the conversation.
        conversation_id: the customer's conversation.
        handover_id: the open hand-over.
        agent_id: the agent who asks.
        kind: what is asked for.
        now: the present.
    """
    conn.execute(
        update(number_asks)
        .where(
            _n.conversation_id == conversation_id,
            _n.kind == kind,
            _n.used_at.is_(None),
            _n.expires_at > now,
        )
        .values(expires_at=now)
    )
    values = {
        "conversation_id": conversation_id,
        "handover_id": handover_id,
        "agent_id": agent_id,
        "kind": kind,
        "asked_at": now,
        "expires_at": now + LASTS,
    }
    conn.execute(number_asks.insert(), values)


def open_(conn: Connection, conversation_id: str, now: datetime) -> Mapping[Asked, int]:
    """The questions of open hand-overs that still wait for their number: rows by kind."""
    rows = conn.execute(
        select(_n.kind, _n.id)
        .join(handovers, handovers.c.id == _n.handover_id)
        .where(
            _n.conversation_id == conversation_id,
            _n.used_at.is_(None),
            _n.expires_at > now,
            handovers.c.closed_at.is_(None),
        )
    )
    return {row.kind: row.id for row in rows}


def use(conn: Connection, ask_id: int, now: datetime) -> None:
    """Notes that the number came; the next one is masked again."""
    conn.execute(update(number_asks).where(_n.id == ask_id).values(used_at=now))
