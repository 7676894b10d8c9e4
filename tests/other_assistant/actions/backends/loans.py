"""Members of the library and what they borrowed; sample data, no real person in it."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from actions.backends.appointments import METADATA

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

#: How long something may be kept from the day it is renewed.
TERM = timedelta(weeks=3)
#: The year of a card that does not exist: as long as any, and nobody's.
_NOBODY = "----"
_SAMPLE = {
    ("2700001234", "1984"): ("Het diner", "De avond is ongemak"),
    ("2700005678", "1990"): (),
}

members = sa.Table(
    "members",
    METADATA,
    sa.Column("card", sa.String(10), primary_key=True),
    sa.Column("birth_year", sa.String(4), nullable=False),
    info={"personal": True},
)
loans = sa.Table(
    "loans",
    METADATA,
    sa.Column("card", sa.ForeignKey("members.card"), primary_key=True),
    sa.Column("title", sa.String(80), primary_key=True),
    sa.Column("due_on", sa.Date, nullable=False),
    info={"personal": True},
)


@dataclass(frozen=True, slots=True)
class Loan:
    """Something that a member has at home.

    Attributes:
        title: what it is.
        due_on: the last day on which it may come back.
    """

    title: str
    due_on: date


def renewed_until(today: date) -> date:
    """The last day after a renewal today."""
    return today + TERM


def belongs(conn: Connection, card: str, birth_year: str) -> bool:
    """Whether a card exists and its owner was born in a year.

    One answer for both, so that nobody learns which cards exist.
    """
    known = conn.execute(sa.select(members.c.birth_year).where(members.c.card == card)).scalar()
    return hmac.compare_digest((known or _NOBODY).encode(), birth_year.encode())


def of_card(conn: Connection, card: str) -> tuple[Loan, ...]:
    """What a member has at home, by title. Call it only for a card that `belongs` to who asks."""
    rows = conn.execute(sa.select(loans).where(loans.c.card == card).order_by("title"))
    return tuple(Loan(row.title, row.due_on) for row in rows)


def renew(conn: Connection, card: str, until: date) -> None:
    """Lets a member keep everything until a day. May be called twice."""
    conn.execute(loans.update().where(loans.c.card == card).values(due_on=until))


def fill(conn: Connection, today: date) -> None:
    """Puts the sample members in an empty database."""
    if conn.execute(sa.select(members.c.card).limit(1)).first() is not None:
        return
    for (card, birth_year), titles in _SAMPLE.items():
        conn.execute(members.insert().values(card=card, birth_year=birth_year))
        for title in titles:
            conn.execute(loans.insert().values(card=card, title=title, due_on=today))
