"""Notes the outcome of an attempt to send a message, where it still belongs.

Whoever notes an outcome may be late: the database was away, or the process stood still. Meanwhile
the message may have been looked into and queued again, be under way once more in another process,
have been sent again by a person, or be erased. An attempt's message is found by its key, which only
a person's sending again changes; and the count of attempts tells whether it is still this one's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Concatenate, ParamSpec, Protocol

from sqlalchemy import bindparam, select

from bot.store.delivery.delivery_status import find
from bot.store.sql.tables import deliveries

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

P = ParamSpec("P")

_ATTEMPTS = select(deliveries.c.attempts).where(deliveries.c.id == bindparam("this"))


class DeliveryAttempt(Protocol):
    """One try at a message: a `Claimed`, or the `doubtful_deliveries.Doubtful` that came of one."""

    @property
    def channel(self) -> str:
        """Name of the channel."""

    @property
    def key(self) -> str:
        """Our own id of the message."""

    @property
    def attempts(self) -> int:
        """How often sending it was tried before."""


def outcome(
    conn: Connection,
    attempt: DeliveryAttempt,
    note: Callable[Concatenate[Connection, int, P], object],
    /,
    *args: P.args,
    **kwargs: P.kwargs,
) -> bool:
    """Note the outcome of an attempt, unless the message has had another one since.

    Args:
        conn: a write transaction.
        attempt: the attempt.
        note: takes the message's row and the rest.
        *args: the rest.
        **kwargs: the rest.

    Returns:
        Whether it was noted.
    """
    found = find(conn, attempt.channel, "", attempt.key)
    if found is None:
        return False
    if conn.execute(_ATTEMPTS, {"this": found}).scalar_one() != attempt.attempts:
        return False
    note(conn, found, *args, **kwargs)
    return True


def taken(
    conn: Connection,
    attempt: DeliveryAttempt,
    note: Callable[Concatenate[Connection, int, P], object],
    /,
    *args: P.args,
    **kwargs: P.kwargs,
) -> bool:
    """Note that the provider took a message, whatever status it was given since.

    Args:
        conn: a write transaction.
        attempt: the attempt.
        note: takes the message's row and the rest.
        *args: the rest.
        **kwargs: the rest.

    Returns:
        Whether it was noted: not where a person had the message sent again.
    """
    found = find(conn, attempt.channel, "", attempt.key)
    if found is None:
        return False
    note(conn, found, *args, **kwargs)
    return True
