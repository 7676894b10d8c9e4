"""Requests to be called or written back, left when nobody could answer at once."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import and_, bindparam, func, or_, select, update

from bot.records.call_back_result import Result
from bot.store.sql.tables import callbacks, conversations, handovers

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


@dataclass(frozen=True, slots=True)
class Callback:
    """A request to be called or written back.

    Attributes:
        id: its row; grows with time.
        conversation_id: the conversation it was left in.
        team: id of the team that answers.
        topic: what it is about (an intent name), or empty.
        name: the customer's name.
        contact: telephone number or e-mail address, as the form checked it.
        moment: when it suits, in the customer's words.
        question: what the customer wants to know.
        created_at: when it was left (UTC).
        done_at: when somebody settled it (UTC), or None.
        done_by: id of the agent who settled it, or None: another request took its place.
        due_at: from when the customer wants to be called (UTC): since it was left, if no time was
            named.
        claimed_by: id of the agent who is going to do it, or None.
        result: how it ended, when an agent settled it.
    """

    id: int
    conversation_id: str
    team: str
    topic: str
    name: str
    contact: str
    moment: str
    question: str
    created_at: datetime
    done_at: datetime | None = None
    done_by: int | None = None
    due_at: datetime | None = None
    claimed_by: int | None = None
    result: Result | None = None

    def planned(self, now: datetime) -> bool:
        """Whether somebody is going to do it, or it is due later: a chat does not settle that."""
        later = self.due_at is not None and self.due_at > now
        return self.done_at is None and (self.claimed_by is not None or later)


@dataclass(frozen=True, slots=True)
class CallbackRequest:
    """A request as a customer leaves it; the attributes are those of `Callback`."""

    conversation_id: str
    team: str
    topic: str
    name: str
    contact: str
    moment: str
    question: str


@dataclass(frozen=True, slots=True)
class CallbackCount:
    """How many requests wait for a team.

    Attributes:
        team: id of the team, as the requests have it.
        count: how many, at least one.
        newest: id of the newest one.
        claimed_at: when one was last claimed (UTC), or None.
        last_due_at: when the last one is due (UTC), or None.
    """

    team: str
    count: int
    newest: int
    claimed_at: datetime | None
    last_due_at: datetime | None


_c, _h = callbacks.c, handovers.c
_ALL = select(
    _c.id,
    _c.conversation_id,
    _c.team,
    _c.topic,
    _c.name,
    _c.contact,
    _c.moment,
    _c.question,
    _c.created_at,
    _c.done_at,
    _c.done_by,
    _c.due_at,
    _c.claimed_by,
    _c.result,
)
#: Whether the customer wrote since the request was left: an answer in the chat is due first, if the
#: customer can still read one.
WROTE_SINCE = and_(
    conversations.c.last_inbound_at.isnot(None),
    conversations.c.last_inbound_at > _c.created_at,
    conversations.c.wiped_at.is_(None),
)
#: A request whose case stands in another list: an agent has the conversation, or it waits in the
#: queue, being urgent or with a customer who wrote again.
_ELSEWHERE = (
    select(_h.id)
    .join(conversations, conversations.c.id == _h.conversation_id)
    .where(
        _h.conversation_id == _c.conversation_id,
        _h.closed_at.is_(None),
        or_(_h.taken_at.isnot(None), _h.urgent, WROTE_SINCE),
    )
    .correlate(callbacks)
    .exists()
)
_OPEN = (_c.done_at.is_(None), ~_ELSEWHERE)
_WAITING = (
    _ALL.where(*_OPEN, _c.team == bindparam("this_team"))
    .order_by(_c.due_at, _c.id)
    .limit(bindparam("limit"))
)
_LINES = (
    select(_c.team, func.count(), func.max(_c.id), func.max(_c.claimed_at), func.max(_c.due_at))
    .where(*_OPEN)
    .group_by(_c.team)
)
_DONE = (
    _ALL.where(_c.done_by == bindparam("agent"), _c.done_at >= bindparam("since"))
    .order_by(_c.done_at.desc())
    .limit(bindparam("limit"))
)


def add(
    conn: Connection, request: CallbackRequest, now: datetime, due_at: datetime | None = None
) -> Callback:
    """Keep a request.

    Args:
        conn: a write transaction.
        request: what the customer left.
        now: the present.
        due_at: from when the customer wants to be called; None: at once.
    """
    values = {**asdict(request), "created_at": now, "due_at": due_at or now}
    return get(conn, conn.execute(callbacks.insert(), values).inserted_primary_key[0])


def get(conn: Connection, callback_id: int) -> Callback:
    """The request with this id.

    Raises:
        LookupError: there is none.
    """
    row = conn.execute(_ALL.where(_c.id == callback_id)).first()
    if row is None:
        raise LookupError(f"there is no call-back {callback_id}")
    return Callback(*row)


def waiting(conn: Connection, teams: Collection[str], limit: int) -> tuple[Callback, ...]:
    """The first requests that nobody settled yet, in the order in which they are due.

    One whose case stands in another list is left out: see `_ELSEWHERE`.

    Args:
        conn: a transaction.
        teams: only those for these teams.
        limit: at most so many.
    """
    found = [
        Callback(*row)
        for team in sorted(teams)
        for row in conn.execute(_WAITING, {"this_team": team, "limit": limit})
    ]
    found.sort(key=lambda each: (each.due_at or each.created_at, each.id))
    return tuple(found[:limit])


def waiting_by_team(conn: Connection) -> tuple[CallbackCount, ...]:
    """How many requests `waiting` would give, by team; teams without any are left out."""
    return tuple(CallbackCount(*row) for row in conn.execute(_LINES))


def of(conn: Connection, conversation_id: str) -> tuple[Callback, ...]:
    """A conversation's requests, settled ones too, oldest first."""
    rows = conn.execute(_ALL.where(_c.conversation_id == conversation_id).order_by(_c.id))
    return tuple(Callback(*row) for row in rows)


def pass_on(conn: Connection, conversation_id: str, team: str) -> None:
    """Pass on unsettled requests to another team: the first one reads them no more."""
    waits = (_c.conversation_id == conversation_id, _c.done_at.is_(None))
    conn.execute(update(callbacks).where(*waits).values(team=team))


def claim(conn: Connection, callback_id: int, agent_id: int, now: datetime) -> bool:
    """Give an open request to an agent who is going to do it; False when somebody has it."""
    free = (_c.id == callback_id, _c.done_at.is_(None), _c.claimed_by.is_(None))
    values = {"claimed_by": agent_id, "claimed_at": now}
    return bool(conn.execute(update(callbacks).where(*free).values(values)).rowcount)


def unclaim(conn: Connection, callback_id: int) -> bool:
    """Leave an open request to whoever wants it; False when it was nobody's, or is settled."""
    held = (_c.id == callback_id, _c.done_at.is_(None), _c.claimed_by.isnot(None))
    values = {"claimed_by": None, "claimed_at": None}
    return bool(conn.execute(update(callbacks).where(*held).values(values)).rowcount)


def plan(conn: Connection, callback_id: int, due_at: datetime) -> bool:
    """Set from when on an open request is to be done; False when it is settled."""
    still = (_c.id == callback_id, _c.done_at.is_(None))
    return bool(conn.execute(update(callbacks).where(*still).values(due_at=due_at)).rowcount)


def done(
    conn: Connection,
    callback_id: int,
    agent_id: int | None,
    now: datetime,
    result: Result | None = None,
) -> bool:
    """Note that a request is settled; False when it was so already, or there is none.

    Args:
        conn: a write transaction.
        callback_id: the request.
        agent_id: the agent who settled it; None when another request takes its place.
        now: the present.
        result: how it ended.
    """
    done_now = {"done_at": now, "done_by": agent_id, "result": result}
    still = (_c.id == callback_id, _c.done_at.is_(None))
    return bool(conn.execute(update(callbacks).where(*still).values(done_now)).rowcount)


def undo(conn: Connection, callback_id: int) -> bool:
    """Open a request again that an agent settled; False when none did, or it is open already."""
    was = (_c.id == callback_id, _c.done_by.isnot(None), _c.done_at.isnot(None))
    values = {"done_at": None, "done_by": None, "result": None}
    return bool(conn.execute(update(callbacks).where(*was).values(values)).rowcount)


def done_by(conn: Connection, agent_id: int, since: datetime, limit: int) -> tuple[Callback, ...]:
    """The requests that an agent settled since a moment, the latest first, at most `limit`."""
    where = {"agent": agent_id, "since": since, "limit": limit}
    return tuple(Callback(*row) for row in conn.execute(_DONE, where))
