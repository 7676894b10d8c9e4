"""The cases that people ended in a period, with their times and score; no words of anybody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, Literal, get_args

from sqlalchemy import func, select

from bot.messages import Reason
from bot.records.handover_record import Outcome, Resolution
from bot.store.conversation import quote_votes
from bot.store.conversation.quote_votes import GivenVote
from bot.store.handover.audit_log import ActKind
from bot.store.sql.tables import acts, agents, conversations, handovers, ratings

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
        first_reply_at: when a person first answered (UTC), or None.
        closed_at: when it ended (UTC).
        outcome: how it ended.
        score: what the customer gave for it, 1 to 5, or None.
        resolution: what came of it, as the person said who closed it, or None.
        waited: how long the customer waited in a queue, all times together; None when nobody ever
            took it.
        had: how long people had it, all of them together, without the time that it was set aside;
            None when nobody ever took it.
        yes: how many quotes the customer said to have helped, from `VOTED` before it was handed
            over until it ended.
        no: how many did not.
    """

    conversation_id: str
    channel: str
    team: str
    topic: str
    reason: Reason
    agent_id: int | None
    agent: str
    created_at: datetime
    first_reply_at: datetime | None
    closed_at: datetime
    outcome: Outcome
    score: int | None
    resolution: Resolution | None = None
    waited: timedelta | None = None
    had: timedelta | None = None
    yes: int = 0
    no: int = 0


_Standing = Literal["waits", "had", "aside"]
#: How a case stands after an act: it waits in a queue, a person has it, or set it aside. Other acts
#: leave that as it is.
_AFTER: Final[Mapping[ActKind, _Standing]] = {
    "queued": "waits", "released": "waits", "lost": "waits", "silent": "waits",
    "transferred": "waits", "taken": "had", "taken_over": "had", "assigned": "had", "woken": "had",
    "snoozed": "aside",
}  # fmt: skip
#: How a person ends a hand-over that is a case.
_HANDLED: Final[tuple[Outcome, ...]] = ("closed", "to_bot")
#: How long before a hand-over votes on quotes belong to its case.
VOTED: Final = timedelta(days=1)
#: Cases whose acts, or votes, are read at once: a statement has room for so many values.
_AT_ONCE: Final = 500

_h, _r, _a = handovers.c, ratings.c, acts.c
_later, _earlier = handovers.alias("later"), handovers.alias("earlier")
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

# What was settled with another conversation is no case of its own; nor are its votes the next's.
_BEFORE = (
    select(func.max(_earlier.c.closed_at))
    .where(
        _earlier.c.conversation_id == _h.conversation_id,
        _earlier.c.id < _h.id,
        _earlier.c.outcome.in_((*_HANDLED, "joined")),
    )
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
            _h.id, _h.conversation_id, conversations.c.channel, _h.team, _h.topic, _h.reason,
            _h.agent_id, func.coalesce(agents.c.name, ""), _h.created_at, _h.first_reply_at,
            _h.closed_at, _h.outcome, _SCORE, _h.resolution,
            _BEFORE,
        )
        .select_from(handovers.join(conversations).outerjoin(agents, agents.c.id == _h.agent_id))
        .where(
            _h.closed_at >= since,
            _h.closed_at < until,
            _h.outcome.in_(_HANDLED),
        )
        .order_by(_h.closed_at.desc(), _h.id.desc())
        .limit(limit)
    )  # fmt: skip
    if agent_id is not None:
        query = query.where(_h.agent_id == agent_id)
    rows = conn.execute(query).all()
    done = _acts(conn, [row.id for row in rows])
    cases = []
    for row in rows:
        waited, had = spans(done[row.id], row.created_at, row.closed_at)
        case = replace(HandledCase(*row[1:-1]), waited=waited, had=had)
        cases.append((case, row[-1]))
    return _with_votes(conn, cases)


def spans(
    done: Iterable[tuple[ActKind, datetime]], created_at: datetime, closed_at: datetime
) -> tuple[timedelta | None, timedelta | None]:
    """How long a case waited in a queue, and how long people had it; None when nobody took it.

    The time that it was set aside is of neither.

    Args:
        done: the acts with it and their times (UTC), oldest first.
        created_at: when it began to wait (UTC).
        closed_at: when it ended (UTC).
    """
    spent: dict[_Standing, timedelta] = dict.fromkeys(get_args(_Standing), timedelta(0))
    since, ever = created_at, False
    standing: _Standing = "waits"
    for act, at in [*done, (None, closed_at)]:
        after = standing if act is None else _AFTER.get(act)
        if after is None:
            continue
        spent[standing] += max(timedelta(0), at - since)
        since, standing = at, after
        ever = ever or standing == "had"
    return (spent["waits"], spent["had"]) if ever else (None, None)


def _with_votes(
    conn: Connection, cases: Sequence[tuple[HandledCase, datetime | None]]
) -> tuple[HandledCase, ...]:
    """The cases with the votes on quotes; each comes with when a person ended the one before it.

    Each vote is of the first case of its conversation that a person ended after it, whichever of
    them are asked for.
    """
    counted = []
    for start in range(0, len(cases), _AT_ONCE):
        some = cases[start : start + _AT_ONCE]
        since = min(case.created_at for case, _ in some) - VOTED
        until = max(case.closed_at for case, _ in some)
        found: defaultdict[str, list[GivenVote]] = defaultdict(list)
        ids = {case.conversation_id for case, _ in some}
        for vote in quote_votes.given_in(conn, ids, since, until):
            found[vote.conversation_id].append(vote)
        for case, before in some:
            mine = [
                vote.helpful
                for vote in found[case.conversation_id]
                if case.created_at - VOTED <= vote.at <= case.closed_at
                and (before is None or vote.at > before)
            ]
            counted.append(replace(case, yes=sum(mine), no=len(mine) - sum(mine)))
    return tuple(counted)


def _acts(
    conn: Connection, handover_ids: Sequence[int]
) -> defaultdict[int, list[tuple[ActKind, datetime]]]:
    found: defaultdict[int, list[tuple[ActKind, datetime]]] = defaultdict(list)
    for start in range(0, len(handover_ids), _AT_ONCE):
        some = handover_ids[start : start + _AT_ONCE]
        query = select(_a.handover_id, _a.act, _a.at).where(_a.handover_id.in_(some))
        for number, act, at in conn.execute(query.order_by(_a.handover_id, _a.id)):
            found[number].append((act, at))
    return found
