"""Telephone numbers get one spelling (E.164): one customer, one conversation, one opt-out.

Where two spellings had two conversations, these become one: everything of theirs, in order of time.
The one that stays is the one that a person has, or is waited for, or else the newest; how is in
docs/decisions/0113-one-number-one-customer.md. The way back gives each conversation the spelling
that it was last known by; what was joined stays joined.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import sqlalchemy as sa
from alembic import context, op

from bot import clock
from bot.phone_identity import DEFAULT_COUNTRY, e164
from bot.store.sql.column_types import UtcTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

CHANNEL = "sms"
#: The rank of an address by which a customer is not written to any more.
FORMER = 9


def _table(name: str, *columns: str) -> Any:
    moments = ("at", "seen_at", "created_at", "last_inbound_at", "last_outbound_at", "closed_at")
    kinds: Any = {each: UtcTime() for each in moments}
    return sa.table(name, *(sa.column(each, kinds.get(each)) for each in columns))


TIMES = ("created_at", "last_inbound_at", "last_outbound_at")
CONVERSATIONS = _table(
    "conversations", "id", "channel", "address", "owner", "session", "continues", *TIMES
)
ADDRESSES = _table("addresses", "channel", "alias", "address", "rank", "seen_at")
OPTOUTS = _table("optouts", "channel", "address", "active", "at")
HANDOVERS = _table(
    "handovers", "id", "conversation_id", "created_at", "closed_at", "outcome", "urgent"
)
RATINGS = _table("ratings", "conversation_id", "session")
TIMERS = _table("timers", "conversation_id", "kind")
DELIVERIES = _table("deliveries", "id", "conversation_id", "status", "front")
TRACKERS = _table("trackers", "conversation_id")
EVENTS = _table("events", "conversation_id", "seq")


def upgrade() -> None:
    """Join the conversations of one number, and spell what is left in one way."""
    conn, country = op.get_bind(), _country()
    rows = conn.execute(sa.select(CONVERSATIONS).where(CONVERSATIONS.c.channel == CHANNEL)).all()
    spelled = defaultdict(list)
    for row in rows:
        spelled[e164(row.address, country)].append(row)
    references = _references(conn)
    for address, found in spelled.items():
        keep, *others = sorted(found, key=lambda row: _rank(conn, row))
        for other in others:
            keep = _join(conn, keep, other, references)
        if keep.address != address:
            mine = CONVERSATIONS.c.id == keep.id
            conn.execute(sa.update(CONVERSATIONS).where(mine).values(address=address))
        former = {row.address: row.last_inbound_at or row.created_at for row in found}
        _respell_addresses(conn, address, former)
    _respell_optouts(conn, country)


def downgrade() -> None:
    """Spell each number as it was last known, so that an earlier version finds its customer."""
    conn = op.get_bind()
    this = (ADDRESSES.c.channel == CHANNEL, ADDRESSES.c.rank == FORMER)
    former = conn.execute(sa.select(ADDRESSES).where(*this).order_by(ADDRESSES.c.seen_at)).all()
    spellings = {row.address: row.alias.rpartition(":")[2] for row in former}
    for address, spelling in spellings.items():
        for table in (CONVERSATIONS, ADDRESSES, OPTOUTS):
            mine = (table.c.channel == CHANNEL, table.c.address == address)
            conn.execute(sa.update(table).where(*mine).values(address=spelling))
    conn.execute(sa.update(ADDRESSES).where(*this).values(rank=0))


def _country() -> str:
    return str(context.config.attributes.get("country", DEFAULT_COUNTRY))


def _rank(conn: Any, row: Any) -> tuple[Any, ...]:
    """Who comes first keeps its conversation: the one a person has, or that waits longest."""
    if row.owner != "queued":
        newest = (row.last_inbound_at or row.created_at).timestamp()
        return (0 if row.owner == "human" else 2, 0, -newest)
    this = (HANDOVERS.c.conversation_id == row.id, HANDOVERS.c.closed_at.is_(None))
    waits = conn.execute(sa.select(HANDOVERS).where(*this)).first()
    since = waits.created_at.timestamp() if waits else 0
    return (1, not (waits and waits.urgent), since)


def _references(conn: Any) -> list[tuple[str, str]]:
    """Every table and column that names a conversation, of whatever version made them."""
    looked = sa.inspect(conn)
    found = [
        (table, key["constrained_columns"][0])
        for table in looked.get_table_names()
        for key in looked.get_foreign_keys(table)
        if key["referred_table"] == "conversations"
    ]
    return sorted({*found, ("disclosures", "conversation_id")})


def _join(conn: Any, keep: Any, other: Any, references: list[tuple[str, str]]) -> Any:
    """Move all that one conversation has to another, and remove the empty one."""
    ids = {"keep": keep.id, "other": other.id}
    _close_second_handover(conn, keep, other)
    session = keep.session + _shift_sessions(conn, keep, other)
    _leave_out_doubles(conn, ids)
    both = DELIVERIES.c.conversation_id.in_([keep.id, other.id])
    conn.execute(sa.update(DELIVERIES).where(both).values(front=sa.false()))
    _join_memories(conn, ids)
    for table, column in references:
        conn.execute(
            sa.text(f"UPDATE {table} SET {column} = :keep WHERE {column} = :other"),  # noqa: S608
            ids,
        )
    waiting = (
        DELIVERIES.c.conversation_id == keep.id,
        DELIVERIES.c.status.in_(("queued", "sending")),
    )
    first = (
        sa.select(DELIVERIES.c.id)
        .where(*waiting)
        .order_by(DELIVERIES.c.status.desc(), DELIVERIES.c.id)  # what is being sent stays in front
        .limit(1)
    )
    front = conn.execute(first).scalar()
    mine = DELIVERIES.c.id == front
    conn.execute(sa.update(DELIVERIES).where(mine).values(front=sa.true()))
    conn.execute(sa.delete(CONVERSATIONS).where(CONVERSATIONS.c.id == other.id))
    values = {
        "session": session,
        "created_at": min(keep.created_at, other.created_at),
        "last_inbound_at": _latest(keep.last_inbound_at, other.last_inbound_at),
        "last_outbound_at": _latest(keep.last_outbound_at, other.last_outbound_at),
        "continues": next(
            (
                each
                for each in (keep.continues, other.continues)
                if each not in (None, *ids.values())
            ),
            None,
        ),
    }
    this = CONVERSATIONS.c.id == keep.id
    conn.execute(sa.update(CONVERSATIONS).where(this).values(**values))
    return conn.execute(sa.select(CONVERSATIONS).where(this)).one()


def _latest(*moments: Any) -> Any:
    return max((each for each in moments if each is not None), default=None)


def _close_second_handover(conn: Any, keep: Any, other: Any) -> None:
    """One customer waits once; what was urgent stays so."""
    is_open = HANDOVERS.c.closed_at.is_(None)
    query = sa.select(HANDOVERS).where(is_open)
    mine = conn.execute(query.where(HANDOVERS.c.conversation_id == keep.id)).first()
    second = conn.execute(query.where(HANDOVERS.c.conversation_id == other.id)).first()
    if mine is None or second is None:
        return
    this, that = HANDOVERS.c.id == mine.id, HANDOVERS.c.id == second.id
    conn.execute(sa.update(HANDOVERS).where(this).values(urgent=mine.urgent or second.urgent))
    over = {"closed_at": clock.now(), "outcome": "closed"}
    conn.execute(sa.update(HANDOVERS).where(that).values(**over))


def _shift_sessions(conn: Any, keep: Any, other: Any) -> int:
    """Number the sessions that stay after those that join; returns by how much."""
    by: int = max(keep.session, other.session) + 1
    mine = RATINGS.c.conversation_id == keep.id
    conn.execute(sa.update(RATINGS).where(mine).values(session=RATINGS.c.session + by))
    return by


def _leave_out_doubles(conn: Any, ids: dict[str, str]) -> None:
    """A conversation has one timer of each kind, and one network that it came from."""
    own = sa.select(TIMERS.c.kind).where(TIMERS.c.conversation_id == ids["keep"])
    double = (TIMERS.c.conversation_id == ids["other"], TIMERS.c.kind.in_(own))
    conn.execute(sa.delete(TIMERS).where(*double))
    conn.execute(
        sa.text(
            "DELETE FROM origins WHERE conversation_id = :other AND EXISTS"
            " (SELECT 1 FROM origins o WHERE o.conversation_id = :keep)"
        ),
        ids,
    )


def _join_memories(conn: Any, ids: dict[str, str]) -> None:
    """The assistant remembers what stays; the other's events stay on record, before the first."""
    keep, other = ids["keep"], ids["other"]
    if conn.execute(sa.select(TRACKERS).where(TRACKERS.c.conversation_id == keep)).first():
        conn.execute(sa.delete(TRACKERS).where(TRACKERS.c.conversation_id == other))
    mine = TRACKERS.c.conversation_id == other
    conn.execute(sa.update(TRACKERS).where(mine).values(conversation_id=keep))
    edge = sa.select(sa.func.min(EVENTS.c.seq)).where(EVENTS.c.conversation_id == keep)
    last = sa.select(sa.func.max(EVENTS.c.seq)).where(EVENTS.c.conversation_id == other)
    first, end = conn.execute(edge).scalar(), conn.execute(last).scalar()
    back = 0 if first is None or end is None else end - first + 1
    theirs = EVENTS.c.conversation_id == other
    moved = {"conversation_id": keep, "seq": EVENTS.c.seq - back}
    conn.execute(sa.update(EVENTS).where(theirs).values(**moved))


def _respell_addresses(conn: Any, address: str, former: dict[str, Any]) -> None:
    """Write to the customer at the one number, by the gateway of the latest message."""
    known = {}
    for spelling, seen_at in former.items():
        where = (ADDRESSES.c.channel == CHANNEL, ADDRESSES.c.address == spelling)
        rows = conn.execute(sa.select(ADDRESSES).where(*where)).all()
        known.update({row.alias: row.seen_at for row in rows})
        if spelling != address and not rows:
            known[spelling] = seen_at
    seen: dict[str, Any] = {}
    for alias, seen_at in known.items():
        gateway, colon, _ = alias.rpartition(":")
        one = f"{gateway}{colon}{address}"
        seen[one] = _latest(seen.get(one), seen_at)
    if known.keys() == seen.keys() and former.keys() == {address}:
        return
    old = (ADDRESSES.c.channel == CHANNEL, ADDRESSES.c.alias.in_([*known, *seen]))
    conn.execute(sa.delete(ADDRESSES).where(*old))
    for alias, seen_at in {**known, **seen}.items():
        rank = 0 if alias in seen else FORMER
        row = {"alias": alias, "address": address, "rank": rank, "seen_at": seen_at}
        conn.execute(sa.insert(ADDRESSES).values(channel=CHANNEL, **row))


def _respell_optouts(conn: Any, country: str) -> None:
    """One customer has one wish: the last one; of two at once the one for silence."""
    mine = OPTOUTS.c.channel == CHANNEL
    wishes = defaultdict(list)
    for row in conn.execute(sa.select(OPTOUTS).where(mine)).all():
        wishes[e164(row.address, country)].append(row)
    for address, found in wishes.items():
        if [row.address for row in found] == [address]:
            continue
        last = max(found, key=lambda row: (row.at, row.active))
        theirs = OPTOUTS.c.address.in_([row.address for row in found])
        conn.execute(sa.delete(OPTOUTS).where(mine, theirs))
        wish = {"channel": CHANNEL, "address": address, "active": last.active, "at": last.at}
        conn.execute(sa.insert(OPTOUTS).values(**wish))
