"""Links to hand-overs at an external desk, and how far that desk has been shown each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from bot.store.sql.dialect_statements import insert_new
from bot.store.sql.tables import desk_links

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


@dataclass(frozen=True, slots=True)
class DeskLink:
    """A link to a hand-over at an external desk.

    Attributes:
        handover_id: the hand-over.
        conversation_id: its conversation.
        desk: name of the external desk, such as `chatwoot`.
        external_id: the external desk's id of the conversation; empty until it gave one.
        mirrored_inbox_id: the customer's messages up to this row have been shown there.
        mirrored_outbox_id: the messages to the customer up to this row have been shown there.
        state: a word of the desk's own, such as `open`; at most 16 characters.
        updated_at: when this changed (UTC).
    """

    handover_id: int
    conversation_id: str
    desk: str
    external_id: str
    mirrored_inbox_id: int
    mirrored_outbox_id: int
    state: str
    updated_at: datetime


_l = desk_links.c
_ALL = select(
    _l.handover_id,
    _l.conversation_id,
    _l.desk,
    _l.external_id,
    _l.mirrored_inbox_id,
    _l.mirrored_outbox_id,
    _l.state,
    _l.updated_at,
)


def open_(
    conn: Connection,
    handover_id: int,
    conversation_id: str,
    desk: str,
    state: str,
    now: datetime,
) -> DeskLink:
    """The link of a hand-over, locked; a new one, with nothing shown yet, if there is none.

    Args:
        conn: a write transaction.
        handover_id: the hand-over.
        conversation_id: its conversation.
        desk: name of the external desk, for a new one.
        state: state of a new one.
        now: when a new one is made.
    """
    values = {
        "handover_id": handover_id,
        "conversation_id": conversation_id,
        "desk": desk,
        "external_id": "",
        "mirrored_inbox_id": 0,
        "mirrored_outbox_id": 0,
        "state": state,
        "updated_at": now,
    }
    insert_new(conn, desk_links, values)
    row = conn.execute(_ALL.where(_l.handover_id == handover_id).with_for_update()).one()
    return DeskLink(*row)


def find(conn: Connection, handover_id: int) -> DeskLink | None:
    """The link of a hand-over, or None."""
    row = conn.execute(_ALL.where(_l.handover_id == handover_id)).first()
    return None if row is None else DeskLink(*row)


def by_external(conn: Connection, desk: str, external_id: str) -> DeskLink | None:
    """The newest link with a desk's own id of a conversation, or None."""
    row = conn.execute(
        _ALL.where(_l.desk == desk, _l.external_id == external_id)
        .order_by(_l.handover_id.desc())
        .limit(1)
    ).first()
    return None if row is None else DeskLink(*row)


def change(
    conn: Connection,
    handover_id: int,
    now: datetime,
    *,
    external_id: str | None = None,
    mirrored_inbox_id: int | None = None,
    mirrored_outbox_id: int | None = None,
    state: str | None = None,
) -> None:
    """Change the given fields of a link; the rest stays."""
    given = {
        "external_id": external_id,
        "mirrored_inbox_id": mirrored_inbox_id,
        "mirrored_outbox_id": mirrored_outbox_id,
        "state": state,
    }
    values = {name: value for name, value in given.items() if value is not None}
    conn.execute(
        update(desk_links).where(_l.handover_id == handover_id).values(**values, updated_at=now)
    )
