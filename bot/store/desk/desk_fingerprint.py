"""Tells whether the desk's lists have changed, without reading all that waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, select

from bot.store.desk import desk_lists, joined_cases
from bot.store.handover import callbacks, handovers
from bot.store.sql.tables import conversations, mentions
from bot.store.sql.tables import handovers as handovers_table

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_h, _c = handovers_table.c, conversations.c
_SHOWN = select(
    _h.id,
    _h.team,
    _h.topic,
    _h.urgent,
    _h.agent_id,
    _h.queued_at,
    _h.last_reply_at,
    _h.reminded_at,
    _h.snoozed_until,
    _h.woken_at,
    _c.last_inbound_at,
    _c.left_at,
    _c.wiped_at,
).join(conversations)
_IN_LINE = (
    _SHOWN.where(*desk_lists.IN_QUEUE, _h.team == bindparam("team"))
    .order_by(*handovers.ORDER)
    .limit(bindparam("limit"))
)
# As many as agents have in hand; the lists of some of them show each.
_IN_HAND = _SHOWN.where(
    *desk_lists.TAKEN, _h.agent_id.in_(bindparam("agents", expanding=True))
).order_by(_h.id)
_IN_NO_HAND = _SHOWN.where(*desk_lists.TAKEN, _h.agent_id.is_(None)).order_by(_h.id)
_MENTIONED = select(func.count(), func.max(mentions.c.id)).where(mentions.c.seen_at.is_(None))


def fingerprint(conn: Connection, shown: int) -> int:
    """A number that differs when a list at the desk would look different; good within one process.

    Args:
        conn: a transaction.
        shown: how many lines of a list are shown; of the others only their number counts.
    """
    doubles = joined_cases.doubles(conn)
    aside = list(desk_lists.set_aside(conn, doubles))
    lines = desk_lists.lines(conn, aside)
    rows = [
        tuple(row)
        for line in lines
        for row in conn.execute(_IN_LINE, {"team": line.team, "limit": shown, "aside": aside})
    ]
    people = {each.agent_id for each in desk_lists.hands(conn, doubles)}
    rows += map(tuple, conn.execute(_IN_HAND, {"agents": sorted(people - {None})}))
    if None in people:
        rows += map(tuple, conn.execute(_IN_NO_HAND))
    asked = tuple(conn.execute(_MENTIONED).one())
    return hash((lines, tuple(rows), callbacks.waiting_by_team(conn), asked, doubles))
