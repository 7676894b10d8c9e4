"""Open hand-overs that are one case: of one customer, in one hand or one team's queue.

Of those the desk shows and counts one: where the customer wrote last. What is set aside, or was
wiped, stands for a case only where all of it is; in a queue what is urgent goes before all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select

from bot.store.conversation import conversations as talks
from bot.store.conversation import customer_links
from bot.store.handover import handovers as open_handovers
from bot.store.handover import snoozes
from bot.store.sql.tables import conversations, handovers
from bot.store.sql.tables import customer_links as links

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection, Row

    from bot.records.conversation import Conversation
    from bot.records.handover_record import Handover


@dataclass(frozen=True, slots=True)
class DoubleCase:
    """An open hand-over of which another one stands for the same case.

    Attributes:
        id: the hand-over's row.
        team: id of its team.
        agent_id: the agent who has it, or None.
        is_taken: whether somebody has it, or had until the account was gone.
    """

    id: int
    team: str
    agent_id: int | None
    is_taken: bool


_h, _c, _l = handovers.c, conversations.c, links.c
# From hand-overs that are open to the link of each, never through all links there ever were: as a
# value rather than an "exists" PostgreSQL does not make a join of it.
_LEAD: Any = (
    select(_l.lead_id)
    .where(_l.conversation_id == _h.conversation_id, _l.ended_at.is_(None))
    .correlate(handovers)
    .scalar_subquery()
)
_LEADS = select(_LEAD.label("lead")).where(_h.closed_at.is_(None), _LEAD.isnot(None))
_OPEN = (
    select(
        _h.id,
        _h.conversation_id,
        _h.team,
        _h.agent_id,
        _h.taken_at,
        _h.created_at,
        _h.urgent,
        _c.last_inbound_at,
        _c.wiped_at,
        snoozes.IS_ASLEEP.label("asleep"),
    )
    .join(conversations, _c.id == _h.conversation_id)
    .where(_h.conversation_id.in_(bindparam("ids", expanding=True)), _h.closed_at.is_(None))
)


def doubles(conn: Connection) -> tuple[DoubleCase, ...]:
    """The open hand-overs that are not shown and not counted by themselves."""
    leads = sorted(set(conn.execute(_LEADS).scalars()))
    if not leads:
        return ()
    lead_of = customer_links.members(conn, leads)
    cases: dict[str, list[Row]] = {each: [] for each in leads}
    for row in conn.execute(_OPEN, {"ids": list(lead_of)}):
        cases[lead_of[row.conversation_id]].append(row)
    return tuple(double for rows in cases.values() for double in _doubles(rows))


def others(
    conn: Connection, of: Handover, *, lock: bool = False
) -> Iterator[tuple[Conversation, Handover]]:
    """The other conversations of the same case with their open hand-overs.

    Args:
        conn: a transaction.
        of: one of the case's hand-overs, open.
        lock: whether to lock each for the rest of a write transaction.
    """
    for each in customer_links.group(conn, of.conversation_id):
        if each == of.conversation_id:
            continue
        # Locked before it is looked at: until then a colleague may take it, or its customer end it.
        there = talks.get(conn, each, lock=lock)
        found = open_handovers.find_open(conn, each)
        if found is not None and found.one_case_with(of):
            yield there, found


def _doubles(rows: list[Row]) -> Iterator[DoubleCase]:
    """Of one customer's open hand-overs those of which another one stands for the same case."""
    rows.sort(key=_stands_first, reverse=True)
    shown: set[tuple[str, int | None, bool]] = set()
    for row in rows:
        # What one agent has is one case whatever the teams; in a queue each team has its own.
        is_taken = row.taken_at is not None
        place = ("" if row.agent_id else row.team, row.agent_id, is_taken)
        if place in shown:
            yield DoubleCase(row.id, row.team, row.agent_id, is_taken)
        shown.add(place)


def _stands_first(row: Row) -> tuple[bool, bool, bool, datetime, int]:
    # What was wiped waits for no answer, and must not hide what does; nor must what is set aside.
    # Only somebody in danger comes before, until a person has read it.
    wrote = row.last_inbound_at or row.created_at
    in_danger = row.urgent and row.taken_at is None
    return in_danger, row.wiped_at is None, not row.asleep, wrote, row.id
