"""What a turn left in a conversation's tracker, for code that shows how it was understood."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, select

from bot.store.conversation import tracker_slots
from bot.store.sql.tables import events

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_e = events.c
_USER: Final = "user"
_LOOP: Final = "active_loop"
#: After these no form runs, until the tracker says so again.
_ANEW: Final = ("session_started", "restart")
_NEW = (
    select(_e.seq, _e.type, _e.data)
    .where(
        _e.conversation_id == bindparam("conversation"),
        _e.seq > bindparam("after"),
        _e.type.in_((_USER, _LOOP, *_ANEW)),
    )
    .order_by(_e.seq)
)


@dataclass(frozen=True, slots=True)
class TurnTrace:
    """How far a conversation was read, and what stood there.

    Attributes:
        seq: number of the last event that was read.
        parsed: what the newest message was understood as (Rasa's parse data); None: no message
            came to the assistant since the last reading.
        form: the form that runs, or None.
        asks: the slot that it asks for, or None.
    """

    seq: int = 0
    parsed: Mapping[str, Any] | None = field(default=None, hash=False)
    form: str | None = None
    asks: str | None = None


def read_on(conn: Connection, conversation_id: str, before: TurnTrace) -> TurnTrace:
    """Reads what was added to a conversation.

    Args:
        conn: a transaction.
        conversation_id: the conversation.
        before: the last reading; an empty one reads from the beginning.
    """
    seq, parsed, form = before.seq, None, before.form
    for row in conn.execute(_NEW, {"conversation": conversation_id, "after": before.seq}):
        seq = row.seq
        if row.type == _USER:
            parsed = row.data.get("parse_data")
        else:
            form = row.data.get("name") if row.type == _LOOP else None
    slots = tracker_slots.slots(conn, conversation_id) if form else {}
    return replace(before, seq=seq, parsed=parsed, form=form, asks=slots.get("requested_slot"))
