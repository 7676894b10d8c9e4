"""What agents say of being there, and whether they can take one conversation more."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final, get_args

from bot.catalogue import say
from bot.desk.conversations import act_rules
from bot.desk.errors import Full, Unusable
from bot.store.desk import workload
from bot.store.desk.agents import Agent, Presence

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

#: Highest limit of conversations at once that can be set: nobody has more.
MOST_AT_ONCE: Final = 99


def named(typed: str) -> Presence:
    """The presence of this name.

    Raises:
        Unusable: there is no such presence.
    """
    return act_rules.one_of(get_args(Presence), typed, "desk.refused.presence")


def capacity(typed: str) -> int | None:
    """The limit of conversations at once that was typed; None when nothing was.

    Raises:
        Unusable: it is no number from 1 to `MOST_AT_ONCE`.
    """
    kept = typed.strip()
    if not kept:
        return None
    if not (kept.isascii() and kept.isdecimal()) or not 1 <= int(kept[:9]) <= MOST_AT_ONCE:
        raise Unusable(say("desk.refused.capacity", most=MOST_AT_ONCE))
    return int(kept)


def has_room(conn: Connection, agent: Agent, limit: int | None) -> bool:
    """Whether an agent is available and can have one conversation more, as it stands now.

    Args:
        conn: a transaction.
        agent: the agent.
        limit: the desk's own limit, for an agent without one; None: there is none.
    """
    most = limit if agent.capacity is None else agent.capacity
    is_there = agent.presence == "available"
    return is_there and (most is None or workload.cases(conn, agent.id) < most)


def check_room(conn: Connection, agent_id: int, limit: int | None) -> None:
    """Checks that an agent is there and can have one conversation more; locks the agent.

    So of two conversations that one agent takes at once only one counts as the last that fits.

    Args:
        conn: a write transaction that has locked the conversation.
        agent_id: the agent.
        limit: the desk's own limit, for an agent without one; None: there is none.

    Raises:
        Full: the agent has a pause, is away, or has as many as may be.
    """
    agent = workload.lock(conn, agent_id)
    if agent.presence != "available":
        raise Full(say(f"desk.refused.{agent.presence}"))
    most = limit if agent.capacity is None else agent.capacity
    if most is None:
        return
    has = workload.cases(conn, agent_id)
    if has >= most:
        raise Full(
            say("desk.refused.full_one") if has == 1 else say("desk.refused.full", count=has)
        )


def set_(conn: Connection, agent: Agent, typed: str, now: datetime) -> Presence:
    """Notes what an agent says of being there.

    Raises:
        Unusable: there is no such presence.
    """
    chosen = named(typed)
    workload.set_presence(conn, agent.id, chosen, now)
    return chosen
