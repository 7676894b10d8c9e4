"""What agents say often: the canned answers in use, and every wording that each of them had."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import func, select, update

from bot.store.sql.column_types import storable
from bot.store.sql.dialect_statements import insert_new
from bot.store.sql.tables import agents, canned_answers, canned_versions

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

#: `answer`: for the reply field; `closing`: what was agreed, when a conversation is closed.
Kind = Literal["answer", "closing"]


@dataclass(frozen=True, slots=True)
class Wording:
    """What a canned answer says, and for whom.

    Attributes:
        title: a few words to find it by.
        word: what brings it up after a slash, or None.
        text: what is said, with placeholders such as `{naam_medewerker}`.
        teams: ids of the teams that use it; empty for all.
    """

    title: str
    word: str | None
    text: str
    teams: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CannedAnswer:
    """A canned answer as it is now.

    Attributes:
        id: its row.
        kind: where it is used.
        now: what it says.
        retired_at: since when it is not used any more (UTC), or None.
    """

    id: int
    kind: Kind
    now: Wording
    retired_at: datetime | None


@dataclass(frozen=True, slots=True)
class Version:
    """A wording that a canned answer has or had.

    Attributes:
        id: its row; grows with time.
        said: the wording.
        by: name of who wrote it; empty for the project's file, or an account that is gone.
        at: when (UTC).
    """

    id: int
    said: Wording
    by: str
    at: datetime


_c, _v = canned_answers.c, canned_versions.c
_ANSWER = select(_c.id, _c.kind, _c.title, _c.word, _c.text, _c.teams, _c.retired_at)
_VERSION = select(
    _v.id, _v.title, _v.word, _v.text, _v.teams, func.coalesce(agents.c.name, ""), _v.created_at
).select_from(canned_versions.outerjoin(agents, agents.c.id == _v.agent_id))


def add(
    conn: Connection,
    kind: Kind,
    said: Wording,
    by: int | None,
    now: datetime,
    *,
    origin: str | None = None,
) -> int | None:
    """Keep a new canned answer with its first version; returns its id.

    Args:
        conn: a write transaction.
        kind: where it is used.
        said: what it says.
        by: id of the agent who wrote it; None for the project's file.
        now: the present.
        origin: its title in that file, or None.

    Returns:
        None when one came from that file with this title before, or the word is in use.
    """
    kept = None if origin is None else storable(origin)
    number = insert_new(conn, canned_answers, {"kind": kind, "origin": kept, **_values(said)})
    if number is None:
        return None
    _keep(conn, int(number), said, by, now)
    return int(number)


def change(conn: Connection, number: int, said: Wording, by: int, now: datetime) -> None:
    """Give a canned answer other words; what it said before stays among its versions."""
    conn.execute(update(canned_answers).where(_c.id == number).values(**_values(said)))
    _keep(conn, number, said, by, now)


def retire(conn: Connection, number: int, now: datetime | None) -> None:
    """Take a canned answer out of use since a moment; None: it is used again."""
    conn.execute(update(canned_answers).where(_c.id == number).values(retired_at=now))


def all_(conn: Connection, *, used: bool = False) -> tuple[CannedAnswer, ...]:
    """The canned answers in the order in which they were made; `used`: without retired ones."""
    query = _ANSWER.where(_c.retired_at.is_(None)) if used else _ANSWER
    return tuple(map(_answer, conn.execute(query.order_by(_c.id))))


def get(conn: Connection, number: int) -> CannedAnswer:
    """The canned answer with this id.

    Raises:
        LookupError: there is none.
    """
    row = conn.execute(_ANSWER.where(_c.id == number)).first()
    if row is None:
        raise LookupError(f"there is no canned answer {number}")
    return _answer(row)


def versions(conn: Connection, number: int) -> tuple[Version, ...]:
    """The wordings of a canned answer, the newest first."""
    rows = conn.execute(_VERSION.where(_v.answer_id == number).order_by(_v.id.desc()))
    return tuple(
        Version(row.id, Wording(row.title, row.word, row.text, tuple(row.teams)), row[5], row[6])
        for row in rows
    )


def origins(conn: Connection) -> frozenset[tuple[Kind, str]]:
    """Kind and title of those that came from the project's file, as they are there."""
    rows = conn.execute(select(_c.kind, _c.origin).where(_c.origin.isnot(None)))
    return frozenset((row.kind, row.origin) for row in rows)


def _keep(conn: Connection, number: int, said: Wording, by: int | None, now: datetime) -> None:
    values = {"answer_id": number, "agent_id": by, "created_at": now, **_values(said)}
    conn.execute(canned_versions.insert(), values)


def _values(said: Wording) -> dict[str, Any]:
    return {
        "title": said.title,
        "word": said.word,
        "text": said.text,
        "teams": list(said.teams),
    }


def _answer(row: Any) -> CannedAnswer:
    said = Wording(row.title, row.word, row.text, tuple(row.teams))
    return CannedAnswer(row.id, row.kind, said, row.retired_at)
