"""Appointments. Replace these two functions when another system keeps them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import sqlalchemy as sa

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

METADATA = sa.MetaData()
#: The first number that is given out is the one after this.
_BEFORE_FIRST = 1000

appointments = sa.Table(
    "appointments",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("conversation", sa.String(64), nullable=False),
    sa.Column("subject", sa.String(12), nullable=False),
    sa.Column("day", sa.Date, nullable=False),
    sa.UniqueConstraint("conversation", "subject", "day"),
    # Tables with personal data say so, for retention and export.
    info={"personal": True},
)


@dataclass(frozen=True, slots=True)
class Appointment:
    """A moment that is kept for somebody.

    Attributes:
        number: like `BV-1001`.
        subject: what it is about: `language`, `computer` or `other`.
        day: when.
    """

    number: str
    subject: str
    day: date


def make(conn: Connection, conversation: str, subject: str, day: date) -> Appointment:
    """Makes an appointment. A second time for the same gives the first one back.

    Args:
        conn: the organisation's database.
        conversation: id of the conversation it is made in.
        subject: what it is about.
        day: when.
    """
    found = _find(conn, conversation, subject, day)
    if found is None:
        row = {"conversation": conversation, "subject": subject, "day": day}
        conn.execute(appointments.insert().values(row))
        found = _find(conn, conversation, subject, day)
    assert found is not None
    return found


def _find(conn: Connection, conversation: str, subject: str, day: date) -> Appointment | None:
    known = conn.execute(
        sa.select(appointments.c.id).where(
            appointments.c.conversation == conversation,
            appointments.c.subject == subject,
            appointments.c.day == day,
        )
    ).scalar()
    if known is None:
        return None
    return Appointment(f"BV-{_BEFORE_FIRST + known}", subject, day)
