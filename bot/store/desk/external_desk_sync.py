"""Finds what an external desk has not been shown yet; a link's claim keeps it to one process."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import except_, literal_column, select, update

from bot.records.handover_record import Handover
from bot.records.inbox_message import InboxMessage
from bot.records.outbox_message import OutboxMessage
from bot.store.delivery import outbox_queries
from bot.store.desk import external_desk_links
from bot.store.desk.external_desk_links import DeskLink
from bot.store.handover import handovers
from bot.store.history import linked_conversations
from bot.store.history.timeline import TimelineEntry, merge
from bot.store.sql.dialect_statements import NO_ROW, backwards
from bot.store.sql.tables import desk_links as links_table
from bot.store.sql.tables import handovers as handovers_table
from bot.store.sql.tables import inbox as inbox_table
from bot.store.sql.tables import outbox as outbox_table
from bot.store.worker import inbox

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

#: States of a link. `free`: in step. `busy`: a process works on it. `doubt`: a call failed, and may
#: still have had its effect. `over`: the hand-over is, here and there. `again`: it is over, and an
#: agent may have written since.
FREE: Final = "free"
BUSY: Final = "busy"
DOUBT: Final = "doubt"
OVER: Final = "over"
AGAIN: Final = "again"
#: How long a link that is over is looked at without being woken. Each time after as long again as
#: it has been over, so some eight times in all.
LATE: Final = timedelta(hours=2)
#: How many messages from before a hand-over the external desk is shown.
_BEFORE: Final = 50

_l, _i, _o, _h = links_table.c, inbox_table.c, outbox_table.c, handovers_table.c


@dataclass(frozen=True, slots=True)
class Held:
    """A link that this process works on.

    Attributes:
        link: the link.
        handover: its hand-over.
        doubtful: whether something may have been shown that is not noted here.
        again: whether it was over already.
    """

    link: DeskLink
    handover: Handover
    doubtful: bool
    again: bool


# Written out, as the index of those is: a planner must see at once that it may use it.
_STANDING: Final = _l.state != literal_column(f"'{OVER}'")
# A link ends after its hand-over, so an open hand-over's link is not over. Two lists, and what is
# on the first alone: joining the tables could read them whole.
_UNLINKED: Final = except_(
    select(_h.id).where(_h.closed_at.is_(None)), select(_l.handover_id).where(_STANDING)
)


def standing(conn: Connection, desk: str) -> tuple[tuple[int, str], ...]:
    """The links that are not over, oldest first: hand-over and conversation."""
    query = select(_l.handover_id, _l.conversation_id).where(_l.desk == desk, _STANDING)
    rows = conn.execute(query.order_by(_l.handover_id))
    return tuple((row.handover_id, row.conversation_id) for row in rows)


def unlinked(conn: Connection) -> bool:
    """Whether there are open hand-overs that no external desk knows of."""
    return conn.execute(_UNLINKED).first() is not None


def begin(conn: Connection, desk: str, now: datetime) -> None:
    """Makes links for open hand-overs that have none."""
    for number in sorted(conn.execute(_UNLINKED).scalars()):
        conversation_id = handovers.get(conn, number).conversation_id
        link = external_desk_links.open_(conn, number, conversation_id, desk, FREE, now)
        read_in, read_out = _start(conn, link.conversation_id)
        external_desk_links.change(
            conn, number, now, mirrored_inbox_id=read_in, mirrored_outbox_id=read_out
        )


def late(conn: Connection, desk: str, now: datetime) -> tuple[int, ...]:
    """Hand-overs whose links ended lately and may be looked at again; see `LATE`."""
    # Row by row: a join could read all links there ever were.
    looked = (
        select(_l.updated_at)
        .where(_l.handover_id == _h.id, _l.desk == desk, _l.state == OVER)
        .scalar_subquery()
    )
    ended = conn.execute(
        select(_h.id, _h.closed_at, looked.label("looked")).where(_h.closed_at >= now - LATE)
    )
    return tuple(
        row.id
        for row in ended
        if row.looked is not None and now - row.closed_at >= 2 * (row.looked - row.closed_at)
    )


def wake(conn: Connection, handover_id: int) -> None:
    """Has a link that is over looked at once more; another one is looked at anyway."""
    conn.execute(
        update(links_table)
        .where(_l.handover_id == handover_id, _l.state == OVER)
        .values(state=AGAIN)
    )


def claim(conn: Connection, handover_id: int, now: datetime, lease: timedelta) -> Held | None:
    """Take a link to work on; None when another process works on it, or it is over.

    Args:
        conn: a write transaction.
        handover_id: its hand-over.
        now: the present.
        lease: after this long a process that works on it counts as gone.
    """
    before = external_desk_links.find(conn, handover_id)
    if before is None or before.state == OVER:
        return None
    taken = conn.execute(
        update(links_table)
        .where(
            _l.handover_id == handover_id,
            _l.state != OVER,
            (_l.state != BUSY) | (_l.updated_at <= now - lease),
        )
        .values(state=BUSY, updated_at=now)
    )
    link = external_desk_links.find(conn, handover_id)
    if not taken.rowcount or link is None:
        return None
    doubtful = before.state not in (FREE, AGAIN)
    return Held(link, handovers.get(conn, handover_id), doubtful, before.state == AGAIN)


def unseen(conn: Connection, link: DeskLink, desk: str, limit: int) -> tuple[TimelineEntry, ...]:
    """The messages since the link's cursors, on whatever channel the conversation was then.

    Those of the external desk's own agents are left out: they have them. So is what was said after
    the hand-over ended: it is not theirs to read.

    Args:
        conn: a transaction.
        link: the link.
        desk: the desk's name, with which the client ids of its replies begin.
        limit: at most so many messages.
    """
    received: list[InboxMessage] = []
    said: list[OutboxMessage] = []
    end = handovers.get(conn, link.handover_id).closed_at or linked_conversations.ALWAYS
    new_out = outbox_queries.ONWARDS.where(
        _o.client_id.is_(None) | ~_o.client_id.like(f"{desk}-%"),
    )
    for part in linked_conversations.parts(conn, link.conversation_id):
        where = {"conversation": part.conversation_id, "limit": limit}
        last_in, last_out = link.mirrored_inbox_id, link.mirrored_outbox_id
        came = map(inbox.from_row, conn.execute(inbox.ONWARDS, {**where, "after": last_in}))
        until = min(part.until, end)
        received += [message for message in came if message.received_at <= until]
        went = map(outbox_queries.from_row, conn.execute(new_out, {**where, "after": last_out}))
        said += [message for message in went if message.created_at <= until]
    received.sort(key=lambda message: message.id)
    said.sort(key=lambda message: message.id)
    return tuple(merge(received, said, 0, 0))[:limit]


def last_applied(conn: Connection, link: DeskLink, desk: str) -> int:
    """The external desk's number of its newest reply since the hand-over; 0 without one."""
    began = handovers.get(conn, link.handover_id).created_at
    ids = [part.conversation_id for part in linked_conversations.parts(conn, link.conversation_id)]
    # As many as agents of that desk wrote; found by the index of messages with a client's id.
    said = conn.execute(
        select(_o.id, _o.client_id).where(
            _o.conversation_id.in_(ids),
            _o.client_id.isnot(None),
            _o.client_id.like(f"{desk}-%"),
            _o.created_at >= began,
        )
    )
    last = max(said, key=lambda row: row.id, default=None)
    return int(last.client_id.rpartition("-")[2]) if last else 0


def _start(conn: Connection, conversation_id: str) -> tuple[int, int]:
    """The cursors from which the external desk is shown a conversation."""
    recent = linked_conversations.recent(conn, conversation_id, _BEFORE)
    received = [entry.inbound.id for entry in recent if entry.inbound is not None]
    said = [entry.outbound.id for entry in recent if entry.outbound is not None]
    first_in = min(received) - 1 if received else _newest(conn, inbox_table, conversation_id)
    first_out = min(said) - 1 if said else _newest(conn, outbox_table, conversation_id)
    return first_in, first_out


def _newest(conn: Connection, table: object, conversation_id: str) -> int:
    columns = inbox_table.c if table is inbox_table else outbox_table.c
    query = backwards(select(columns.id), columns.conversation_id, columns.id)
    where = {"conversation": conversation_id, "before": NO_ROW, "limit": 1}
    return int(conn.execute(query, where).scalar() or 0)
