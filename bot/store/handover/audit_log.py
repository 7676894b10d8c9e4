"""The audit log: each act with a hand-over, its agent and its time. Rows are only ever added."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final, Literal, Protocol

from sqlalchemy import select

from bot.store.sql.tables import acts, agents

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

#: `lost`: given back because the agent was away; `silent`: because the customer got no answer.
#: `resumed`: the customer went back to the bot; `wiped`: the customer wiped the conversation;
#: `to_bot`: the agent sent the customer there. `asked_number`: the agent asked for a private
#: number. `taken_over`: a supervisor took what a colleague had; `assigned`: it was given to a
#: colleague. `snoozed`: its agent set it aside until a moment; `woken`: that was over.
#: `joined`: it was settled with another conversation of the same customer.
ActKind = Literal[
    "queued",
    "taken",
    "released",
    "lost",
    "silent",
    "transferred",
    "closed",
    "to_bot",
    "resumed",
    "wiped",
    "asked_number",
    "taken_over",
    "assigned",
    "snoozed",
    "woken",
    "joined",
]

#: The detail of a closing of which the customer was told nothing.
UNTOLD: Final = "untold"
#: The detail of a `woken` that shows by itself: the customer wrote, or was answered.
IN_TALK: Final = "talk"


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One act with a hand-over.

    Attributes:
        id: its row; grows with time.
        conversation_id: the conversation.
        handover_id: the hand-over.
        agent_id: the agent who did it; None for the customer, the system, or an account that is
            gone.
        by: that person's name, or empty.
        act: what was done.
        detail: id of the team it went to, or kind of number asked for, or name of who got it, or
            `UNTOLD`, or `IN_TALK`, or the moment until which it is set aside (ISO 8601).
        at: when (UTC).
    """

    id: int
    conversation_id: str
    handover_id: int
    agent_id: int | None
    by: str
    act: ActKind
    detail: str
    at: datetime


class HasId(Protocol):
    """A hand-over's ids, which is all that the audit log needs of one."""

    @property
    def id(self) -> int:
        """The row of the hand-over."""

    @property
    def conversation_id(self) -> str:
        """The id of the conversation."""


_a = acts.c


def add(
    conn: Connection,
    handover: HasId,
    agent_id: int | None,
    act: ActKind,
    now: datetime,
    detail: str = "",
) -> None:
    """Note an act, in the transaction that does it; for the store's own modules."""
    values = {
        "conversation_id": handover.conversation_id,
        "handover_id": handover.id,
        "agent_id": agent_id,
        "act": act,
        "detail": detail,
        "at": now,
    }
    conn.execute(acts.insert(), values)


def of(
    conn: Connection,
    conversation_id: str,
    since: datetime | None = None,
    until: datetime | None = None,
) -> tuple[AuditEntry, ...]:
    """The acts with a conversation's hand-overs, oldest first.

    Args:
        conn: a transaction.
        conversation_id: the conversation.
        since: leave out what is older; None for the beginning.
        until: leave out what is of then or later; None for the end.
    """
    within = [_a.conversation_id == conversation_id]
    if since is not None:
        within.append(_a.at >= since)
    if until is not None:
        within.append(_a.at < until)
    rows = conn.execute(
        select(
            _a.id,
            _a.conversation_id,
            _a.handover_id,
            _a.agent_id,
            agents.c.name,
            _a.act,
            _a.detail,
            _a.at,
        )
        .outerjoin(agents, agents.c.id == _a.agent_id)
        .where(*within)
        .order_by(_a.id)
    )
    return tuple(
        AuditEntry(number, conversation, handover, agent_id, name or "", act, detail, at)
        for number, conversation, handover, agent_id, name, act, detail, at in rows
    )
