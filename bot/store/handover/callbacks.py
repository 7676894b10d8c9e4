"""Requests to be called or written back, left when nobody could answer at once."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, select, update

from bot.store.sql.tables import callbacks

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
        done_by: id of the agent who settled it, or None.
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
    """

    team: str
    count: int
    newest: int


_c = callbacks.c
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
)


_WAITING = (
    _ALL.where(_c.done_at.is_(None), _c.team == bindparam("this_team"))
    .order_by(_c.id)
    .limit(bindparam("limit"))
)
_LINES = (
    select(_c.team, func.count(), func.max(_c.id)).where(_c.done_at.is_(None)).group_by(_c.team)
)


def add(conn: Connection, request: CallbackRequest, now: datetime) -> Callback:
    """Keep a request, in a write transaction."""
    values = {**asdict(request), "created_at": now}
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
    """The first requests that nobody settled yet, oldest first.

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
    return tuple(sorted(found, key=lambda each: each.id)[:limit])


def waiting_by_team(conn: Connection) -> tuple[CallbackCount, ...]:
    """How many requests nobody settled yet, by team; teams without any are left out."""
    return tuple(CallbackCount(*row) for row in conn.execute(_LINES))


def of(conn: Connection, conversation_id: str) -> tuple[Callback, ...]:
    """A conversation's requests, settled ones too, oldest first."""
    rows = conn.execute(_ALL.where(_c.conversation_id == conversation_id).order_by(_c.id))
    return tuple(Callback(*row) for row in rows)


def pass_on(conn: Connection, conversation_id: str, team: str) -> None:
    """Pass on unsettled requests to another team: the first one reads them no more."""
    waits = (_c.conversation_id == conversation_id, _c.done_at.is_(None))
    conn.execute(update(callbacks).where(*waits).values(team=team))


def done(conn: Connection, callback_id: int, agent_id: int | None, now: datetime) -> bool:
    """Note that a request is settled; False when it was so already, or there is none."""
    result = conn.execute(
        update(callbacks)
        .where(_c.id == callback_id, _c.done_at.is_(None))
        .values(done_at=now, done_by=agent_id)
    )
    return bool(result.rowcount)
