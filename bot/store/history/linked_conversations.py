"""Linked conversations, across channels: reads them as one, and carries state to the next."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, delete, func, insert, select, update

from bot.store.conversation import channel_switch_codes, conversations
from bot.store.history.timeline import TimelineEntry, timeline
from bot.store.sql.tables import (
    acts,
    callbacks,
    desk_links,
    drafts,
    events,
    handovers,
    inbox,
    timers,
    trackers,
)
from bot.store.sql.tables import (
    conversations as conversations_table,
)

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

#: The end of time, for a part that is not over.
ALWAYS: Final = datetime.max.replace(tzinfo=UTC)
Cleaner = Callable[[Mapping[str, Any]], dict[str, Any]]
_WENT_ON = (
    select(conversations_table.c.id)
    .join(handovers, handovers.c.conversation_id == conversations_table.c.id)
    .where(conversations_table.c.continues == bindparam("this"), handovers.c.closed_at.is_(None))
    .order_by(handovers.c.id.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Part:
    """A conversation as far as it belongs to one that goes on from it.

    Attributes:
        conversation_id: the conversation.
        channel: name of its channel.
        until: what was said later does not belong to it (aware).
    """

    conversation_id: str
    channel: str
    until: datetime = ALWAYS


def parts(conn: Connection, conversation_id: str) -> tuple[Part, ...]:
    """The parts: the conversation, and then all that it goes on from.

    Raises:
        LookupError: there is no such conversation.
    """
    found: dict[str, Part] = {}
    waiting = deque([(conversation_id, ALWAYS)])
    while waiting:
        this, until = waiting.popleft()
        if this in found:
            continue
        found[this] = Part(this, conversations.get(conn, this).channel, until)
        for code in channel_switch_codes.joined(conn, this):
            if code.used_at is not None:
                waiting.append((code.conversation_id, min(until, code.used_at)))
    return tuple(found.values())


def went_on(conn: Connection, conversation_id: str) -> str | None:
    """The conversation where an open hand-over of this one went on, on another channel, or None."""
    found: str | None = conn.execute(_WENT_ON, {"this": conversation_id}).scalar()
    return found


def recent(conn: Connection, conversation_id: str, limit: int) -> tuple[TimelineEntry, ...]:
    """The newest messages of a conversation and of those it goes on from, in order of time.

    Their cursors are those of their own conversations.

    Args:
        conn: a transaction.
        conversation_id: the conversation.
        limit: at most so many.
    """
    entries: list[TimelineEntry] = []
    for part in reversed(parts(conn, conversation_id)):
        newest = timeline(conn, part.conversation_id, None, limit)
        entries += [entry for entry in newest if entry.at <= part.until]
    return tuple(sorted(entries, key=lambda entry: entry.at)[-limit:])


def tries(conn: Connection, conversation_id: str, intent: str, since: datetime) -> int:
    """How many messages of a conversation were kept with this intent since a moment."""
    count: int = conn.execute(
        select(func.count())
        .select_from(inbox)
        .where(
            inbox.c.conversation_id == conversation_id,
            inbox.c.intent == intent,
            inbox.c.received_at >= since,
            # Known by then, and found by an index, however long the conversation.
            inbox.c.done_at >= since,
        )
    ).scalar_one()
    return count


def carry_tracker(
    conn: Connection, old_id: str, new_id: str, clean_slots: Cleaner, clean_event: Cleaner
) -> None:
    """Move what the assistant knows from one conversation to another; the old one is left blank.

    What it knew in the new one before stays on record, and plays no part any more.

    Args:
        conn: a write transaction that has locked both conversations.
        old_id: the conversation that goes on elsewhere.
        new_id: where it goes on.
        clean_slots: leaves out what does not go along, from slots by name.
        clean_event: the same for an event of Rasa's in its JSON form.
    """
    old, new = _tracker(conn, old_id), _tracker(conn, new_id)
    if old is None:
        if new is not None:
            _write(conn, new_id, _blank(new.seq), new.seq, exists=True)
        return
    rows = conn.execute(
        select(events)
        .where(events.c.conversation_id == old_id, events.c.seq > old.head["base"]["seq"])
        .order_by(events.c.seq)
    ).all()
    shift = (0 if new is None else new.seq) - int(old.head["base"]["seq"])
    if rows:
        copies = [
            {
                "conversation_id": new_id,
                "seq": row.seq + shift,
                "type": row.type,
                "timestamp": row.timestamp,
                "data": clean_event(row.data),
            }
            for row in rows
        ]
        conn.execute(insert(events), copies)
    head = {
        **old.head,
        "base": _shifted(old.head["base"], shift, clean_slots),
        "following": _shifted(old.head["following"], shift, clean_slots),
        "slots": clean_slots(old.head.get("slots") or {}),
    }
    _write(conn, new_id, head, old.seq + shift, exists=new is not None)
    _write(conn, old_id, _blank(old.seq), old.seq, exists=True)


def carry_handover(conn: Connection, old_id: str, new_id: str) -> None:
    """Move an open hand-over, with all that belongs to it, to another conversation."""
    number = conn.execute(
        select(handovers.c.id).where(
            handovers.c.conversation_id == old_id, handovers.c.closed_at.is_(None)
        )
    ).scalar()
    if number is None:
        return
    conn.execute(update(handovers).where(handovers.c.id == number).values(conversation_id=new_id))
    for table in (acts, desk_links):
        mine = table.c.handover_id == number
        conn.execute(update(table).where(mine).values(conversation_id=new_id))
    waiting = (callbacks.c.conversation_id == old_id, callbacks.c.done_at.is_(None))
    conn.execute(update(callbacks).where(*waiting).values(conversation_id=new_id))
    typed = drafts.c.conversation_id
    conn.execute(delete(drafts).where(typed == new_id))
    conn.execute(update(drafts).where(typed == old_id).values(conversation_id=new_id))


def carry_timers(conn: Connection, old_id: str, new_id: str) -> None:
    """Move a conversation's timers to another, in place of those that were set there."""
    conn.execute(timers.delete().where(timers.c.conversation_id == new_id))
    conn.execute(
        update(timers).where(timers.c.conversation_id == old_id).values(conversation_id=new_id)
    )


@dataclass(frozen=True, slots=True)
class _Tracker:
    head: Mapping[str, Any]
    seq: int


def _tracker(conn: Connection, conversation_id: str) -> _Tracker | None:
    row = conn.execute(
        select(trackers.c.head, trackers.c.seq).where(trackers.c.conversation_id == conversation_id)
    ).first()
    return None if row is None else _Tracker(row.head, row.seq)


def _write(
    conn: Connection, conversation_id: str, head: Mapping[str, Any], seq: int, *, exists: bool
) -> None:
    values = {"head": dict(head), "seq": seq}
    if exists:
        mine = trackers.c.conversation_id == conversation_id
        conn.execute(update(trackers).where(mine).values(**values))
    else:
        conn.execute(insert(trackers).values(conversation_id=conversation_id, **values))


def _shifted(checkpoint: Mapping[str, Any], shift: int, clean_slots: Cleaner) -> dict[str, Any]:
    slots = checkpoint.get("slots")
    cleaned = None if slots is None else clean_slots(slots)
    return {**checkpoint, "seq": max(0, int(checkpoint["seq"]) + shift), "slots": cleaned}


def _blank(seq: int) -> dict[str, Any]:
    """The head of a blank tracker, which knows nothing though events came before."""
    beginning = {"seq": seq, "slots": None, "loop": None}
    return {"base": beginning, "following": beginning, "turns": 0, "slots": {}}
