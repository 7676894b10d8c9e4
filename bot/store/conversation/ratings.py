"""Scores that customers gave: one for each session and subject, which may be changed once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from sqlalchemy import bindparam, select, update

from bot.messages import Subject
from bot.store.sql.dialect_statements import insert_new
from bot.store.sql.tables import ratings

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

Outcome = Literal["given", "changed", "final"]


@dataclass(frozen=True, slots=True)
class Rating:
    """A score.

    Attributes:
        score: 1 (bad) to 5 (good).
        changes: how often it was changed, 0 or 1.
        given_at: when it was first given (UTC).
        changed_at: when it was changed (UTC), or None.
    """

    score: int
    changes: int
    given_at: datetime
    changed_at: datetime | None


_r = ratings.c
_THIS = (
    _r.conversation_id == bindparam("conversation"),
    _r.session == bindparam("this"),
    _r.of == bindparam("subject"),
)
_GIVEN = select(_r.score, _r.changes, _r.given_at, _r.changed_at).where(*_THIS)


def given(conn: Connection, conversation_id: str, session: int, of: Subject) -> Rating | None:
    """The score of this session for this subject, or None."""
    where = {"conversation": conversation_id, "this": session, "subject": of}
    row = conn.execute(_GIVEN, where).first()
    return None if row is None else Rating(*row)


def give(
    conn: Connection, conversation_id: str, session: int, of: Subject, score: int, now: datetime
) -> Outcome:
    """Keep a score.

    Args:
        conn: a write transaction.
        conversation_id: the conversation.
        session: its session's number.
        of: the subject that is rated.
        score: 1 (bad) to 5 (good).
        now: when it was given.

    Returns:
        `given` for the first score (and for the same one again, which uses up nothing), `changed`
        for the one change, `final` when it was changed before: then the score stays as it is.
    """
    key = {"conversation_id": conversation_id, "session": session, "of": of}
    values = {**key, "score": score, "changes": 0, "given_at": now}
    if insert_new(conn, ratings, values) is not None:
        return "given"
    this = (_r.conversation_id == conversation_id, _r.session == session, _r.of == of)
    changed = conn.execute(
        update(ratings)
        .where(*this, _r.changes == 0, _r.score != score)
        .values(score=score, changes=1, changed_at=now)
    )
    if changed.rowcount:
        return "changed"
    unchanged = conn.execute(select(_r.id).where(*this, _r.changes == 0)).first()
    return "final" if unchanged is None else "given"


def of(conn: Connection, conversation_id: str) -> tuple[tuple[Subject, int], ...]:
    """All scores of a conversation, each with its subject, oldest first."""
    rows = conn.execute(
        select(_r.of, _r.score).where(_r.conversation_id == conversation_id).order_by(_r.id)
    )
    return tuple((subject, score) for subject, score in rows)
