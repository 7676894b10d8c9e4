"""Failures that a provider tells of after it took a message, until they are decided on.

Such a message goes back to its place in its conversation's line with the provider's code in
`late_error`. Who delivers comes to it there, and decides as on an error at sending; what waits
behind it waits on. A message that goes out again does so under another key, so that what is still
told of the copy before does not count for it. One that is given up is `failed`, the provider's last
word: of what it tells of that message later only that it arrived counts.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Final

from sqlalchemy import bindparam, select

from bot.store.delivery import deliveries
from bot.store.delivery.delivery_status import change, find, follow, locked, move
from bot.store.sql import tables

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

#: Our own id of a template that was sent in a message's place: the message's own, and a mark.
_INVITATION: Final = re.compile(r"(\d{1,18}\.\d{1,18}\.\d{1,18})\.1", re.ASCII)
#: Error of a failure of which the provider gives no code.
UNNAMED: Final = "failed"

_d = tables.deliveries.c
_ERROR = select(_d.error).where(_d.id == bindparam("this"))
_LATER = (
    select(_d.id)
    .where(
        _d.conversation_id == bindparam("conversation"),
        _d.id > bindparam("this"),
        _d.status.in_(("sent", "delivered", "read")),
    )
    .limit(1)
)


def told(
    conn: Connection, channel: str, provider_id: str, error: str, key: str, now: datetime
) -> bool:
    """Note that a provider says that a message failed, which it took or may have taken.

    Args:
        conn: a write transaction.
        channel: name of the channel.
        provider_id: the provider's id of the message.
        error: the provider's error code, or empty.
        key: our own id of it, where the provider gives it back; else empty.
        now: the present.

    Returns:
        Whether there is something to decide on now. Not when this was told before, when the
        message did arrive, or when it was given up for another reason than doubt: then nothing, or
        no more than its status, changes.
    """
    invitation = _INVITATION.fullmatch(key)
    if invitation is not None:
        _not_invited(conn, channel, invitation[1], now)
        return False
    found = find(conn, channel, provider_id, key)
    return found is not None and note(conn, found, error, now)


def invitation_key(key: str) -> str:
    """Our own id of the template that is sent in the place of the message with this one."""
    return f"{key}.1"


def _not_invited(conn: Connection, channel: str, key: str, now: datetime) -> None:
    """Note that the template did not arrive: the customer was not invited to write."""
    found = find(conn, channel, "", key)
    where = {"this": found}
    if found is not None and conn.execute(_ERROR, where).scalar_one() == deliveries.INVITED:
        change(conn, found, now, error=deliveries.WINDOW_CLOSED)


def note(conn: Connection, delivery_id: int, error: str, now: datetime) -> bool:
    """As `told`, for a message that is known."""
    row = locked(conn, delivery_id)
    in_doubt = row.status == "dead" and row.unsure_since is not None
    if row.status not in ("queued", "sending", "sent") and not in_doubt:
        move(conn, delivery_id, "failed", error, now)
        return False
    if row.late_error:
        return False
    code = error or UNNAMED
    change(
        conn,
        delivery_id,
        now,
        status="queued",
        next_attempt_at=now,
        late_error=code,
        error=code,
        unsure_since=None,
    )
    follow(conn, row.outbox_id, now)
    return True


def overtaken(conn: Connection, conversation_id: str, delivery_id: int) -> bool:
    """Whether something that was said after a message is with the provider, or the customer.

    To send the message again would tell things in the wrong order.
    """
    where = {"conversation": conversation_id, "this": delivery_id}
    return conn.execute(_LATER, where).first() is not None


def retry(conn: Connection, delivery_id: int, when: datetime, error: str, now: datetime) -> None:
    """Set when to send a message once more that was claimed to be decided on."""
    row = locked(conn, delivery_id)
    if row.status != "sending" or not row.late_error:
        return
    change(
        conn,
        delivery_id,
        now,
        status="queued",
        next_attempt_at=when,
        queued_at=now,
        error=error,
        late_error="",
        late_failures=_d.late_failures + 1,
        resends=_d.resends + 1,
        provider_id=None,
        sent_at=None,
    )
    follow(conn, row.outbox_id, now)


def interrupted(conn: Connection, delivery_id: int, now: datetime) -> None:
    """Have a message decided on anew whose process died, or stopped, over it."""
    row = locked(conn, delivery_id)
    if row.status == "sending" and row.late_error:
        change(conn, delivery_id, now, status="queued", next_attempt_at=now)
