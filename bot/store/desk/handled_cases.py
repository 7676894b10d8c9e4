"""The cases that people ended in a period, with their times and score; no words of anybody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from bot.messages import Reason
from bot.records.handover_record import Outcome
from bot.store.sql.tables import agents, conversations, handovers, ratings

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


@dataclass(frozen=True, slots=True)
class HandledCase:
    """A hand-over that a person ended.

    Attributes:
        conversation_id: the conversation.
        channel: name of its channel.
        team: id of the team that had it last.
        topic: what it was about (an intent name), or empty.
        reason: why a person was needed.
        agent_id: the agent who had it last, or None.
        agent: that person's name, or empty.
        created_at: when the customer was handed over (UTC).
        queued_at: since when it last waited (UTC), or None.
        taken_at: when it was last taken (UTC); None when it was settled from the queue.
        first_reply_at: when a person first answered (UTC), or None.
        closed_at: when it ended (UTC).
        outcome: how it ended.
        score: what the customer gave for it, 1 to 5, or None.
    """

    conversation_id: str
    channel: str
    team: str
    topic: str
    reason: Reason
    agent_id: int | None
    agent: str
    created_at: datetime
    queued_at: datetime | None
    taken_at: datetime | None
    first_reply_at: datetime | None
    closed_at: datetime
    outcome: Outcome
    score: int | None


_h, _r = handovers.c, ratings.c
_later = handovers.alias("later")
# The first score after it ended, unless the customer was with another person by then.
_SCORE = (
    select(_r.score)
    .where(
        _r.conversation_id == _h.conversation_id,
        _r.of == "human",
        _r.given_at >= _h.closed_at,
        ~select(_later.c.id)
        .where(
            _later.c.conversation_id == _h.conversation_id,
            _later.c.id > _h.id,
            _later.c.created_at < _r.given_at,
        )
        .correlate(handovers, ratings)
        .exists(),
    )
    .order_by(_r.given_at, _r.id)
    .limit(1)
    .correlate(handovers)
    .scalar_subquery()
)


def between(
    conn: Connection, since: datetime, until: datetime, agent_id: int | None, limit: int
) -> tuple[HandledCase, ...]:
    """The cases that people ended from one moment to before another, the latest first.

    Args:
        conn: a transaction.
        since: from then on.
        until: before then.
        agent_id: only those that this agent had last; None for all.
        limit: at most so many.
    """
    query = (
        select(
            _h.conversation_id, conversations.c.channel, _h.team, _h.topic, _h.reason, _h.agent_id,
            func.coalesce(agents.c.name, ""), _h.created_at, _h.queued_at, _h.taken_at,
            _h.first_reply_at, _h.closed_at, _h.outcome, _SCORE,
        )
        .select_from(handovers.join(conversations).outerjoin(agents, agents.c.id == _h.agent_id))
        .where(
            _h.closed_at >= since,
            _h.closed_at < until,
            _h.outcome.in_(("closed", "to_bot")),
        )
        .order_by(_h.closed_at.desc(), _h.id.desc())
        .limit(limit)
    )  # fmt: skip
    if agent_id is not None:
        query = query.where(_h.agent_id == agent_id)
    return tuple(HandledCase(*row) for row in conn.execute(query))
