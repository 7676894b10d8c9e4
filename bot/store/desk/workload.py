"""How much an agent can take on: presence, the limit, and what is in hand."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import and_, or_, select, update

from bot.store.conversation import customer_links
from bot.store.desk import agents
from bot.store.desk.agents import Agent, Presence
from bot.store.desk.desk_lists import TAKEN
from bot.store.handover import handovers as open_handovers
from bot.store.sql.tables import agents as agents_table
from bot.store.sql.tables import conversations, handovers

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from bot.records.handover_record import Handover

_a, _h = agents_table.c, handovers.c


def lock(conn: Connection, agent_id: int) -> Agent:
    """The agent with this id, locked until the transaction ends: what is counted stays so.

    Lock conversations first.

    Raises:
        LookupError: there is none.
    """
    query = select(*agents.COLUMNS).where(_a.id == agent_id).with_for_update(key_share=True)
    row = conn.execute(query).first()
    if row is None:
        raise LookupError(f"there is no agent {agent_id}")
    return agents.from_row(row)


def in_hand(conn: Connection, agent_id: int) -> tuple[str, ...]:
    """The ids of the conversations that an agent has, oldest hand-over first.

    Without those that are set aside: they leave room, and go home with nobody.
    """
    mine = (_h.agent_id == agent_id, _h.snoozed_until.is_(None))
    query = select(_h.conversation_id).where(*TAKEN, *mine).order_by(_h.id)
    return tuple(conn.execute(query).scalars())


def case_of(conn: Connection, agent_id: int, conversation_id: str) -> Handover | None:
    """The open hand-over for which an agent has a conversation; None: the agent does not have it.

    Set aside or not.
    """
    found = open_handovers.find_open(conn, conversation_id)
    is_mine = found is not None and found.taken_at is not None and found.agent_id == agent_id
    return found if is_mine else None


def cases(conn: Connection, agent_id: int) -> int:
    """How many conversations an agent has in hand; those of one customer that were joined are one.

    What is set aside counts as little here as in `in_hand`, joined or not.
    """
    held = in_hand(conn, agent_id)
    leads = customer_links.joined(conn, held)
    return len({leads.get(each, each) for each in held})


def set_presence(conn: Connection, agent_id: int, presence: Presence, now: datetime) -> None:
    """Note what the person says of being there; the same again keeps the moment it began."""
    conn.execute(
        update(agents_table)
        .where(_a.id == agent_id, _a.presence != presence)
        .values(presence=presence, presence_at=now)
    )


def set_capacity(conn: Connection, agent_id: int, capacity: int | None) -> None:
    """Set how many conversations a person has at once at most; None: the desk's own limit."""
    agents.update_row(conn, agent_id, capacity=capacity)


def silent(conn: Connection, since: datetime) -> tuple[str, ...]:
    """Conversations whose agent has left the customer without a word since before a moment, by id.

    That is, the agent said nothing after taking it, or nothing to what the customer wrote since.
    Nor was the agent reminded since that moment. Those of accounts that nobody can log in with are
    left out, as of an external desk's agents, those that are set aside, and those whose customer
    wiped the conversation and waits for nothing.

    Args:
        conn: a transaction.
        since: the moment.
    """
    # The agents come first, so that their hand-overs are found by an index.
    whose = list(conn.execute(select(_a.id).where(_a.active)).scalars())
    query = (
        select(_h.conversation_id)
        .join(conversations, conversations.c.id == _h.conversation_id)
        .where(
            *TAKEN,
            _h.agent_id.in_(whose),
            _h.taken_at < since,
            _h.snoozed_until.is_(None),
            conversations.c.wiped_at.is_(None),
            or_(_h.reminded_at.is_(None), _h.reminded_at <= since),
            or_(
                _h.last_reply_at.is_(None),
                _h.last_reply_at < _h.taken_at,
                and_(_h.last_reply_at < since, conversations.c.last_inbound_at > _h.last_reply_at),
            ),
        )
        .order_by(_h.id)
    )
    return tuple(conn.execute(query).scalars())
