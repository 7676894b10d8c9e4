"""Offers again a disclosure that did not arrive, before anything else that the bot says.

The outbox refuses a message of the bot in a session without a disclosure. This module keeps that
rule when the disclosure dies afterwards: the messages behind it are held back, until a new
disclosure goes out before them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, func, or_, select, update

from bot.messages import Notice
from bot.records.outbox_message import OutboxMessage, is_disclosure, speaks_undisclosed
from bot.store.conversation import conversations, disclosures
from bot.store.conversation.disclosures import LOST, Latest, Loss
from bot.store.delivery import delivery_order, outbox
from bot.store.sql.tables import IS_OPEN, deliveries
from bot.store.sql.tables import outbox as outbox_table

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection, CursorResult, Row

#: Disclosures lost in a row after which the bot falls silent for this customer, until the next
#: turn; what it had to say is shown to a person.
MOST: Final = 3
#: Error of a message that was not sent because the disclosure before it could not be delivered.
UNDISCLOSED: Final = "undisclosed"
#: A delivery that is not due before this moment waits for a disclosure to be put before it.
HELD: Final = datetime(9999, 1, 1, tzinfo=UTC)

_d, _o = deliveries.c, outbox_table.c
_WAITING = (
    select(_d.id, _d.outbox_id)
    .where(_d.conversation_id == bindparam("conversation"), IS_OPEN, _d.status == "queued")
    .order_by(_d.id)
)
# A delivery speaks for the bot when any of the messages that it carries is the bot's.
_SPEAKING = select(func.coalesce(_o.sent_with, _o.id)).where(
    _o.author == "bot",
    or_(
        _o.id.in_(bindparam("ids", expanding=True)),
        _o.sent_with.in_(bindparam("ids", expanding=True)),
    ),
)
# A part that died was not heard, so the rest of its message is not worth sending.
_BEGUN = select(_d.outbox_id).where(
    _d.conversation_id == bindparam("conversation"),
    _d.outbox_id.in_(bindparam("ids", expanding=True)),
    _d.status.notin_(("queued", "dead")),
)
_BEHIND = (
    select(deliveries)
    .where(
        _d.conversation_id == bindparam("conversation"),
        _d.id >= bindparam("first"),
        _d.outbox_id != bindparam("notice"),
        IS_OPEN,
        _d.status == "queued",
    )
    .order_by(_d.id)
    .with_for_update(key_share=True)
)
_TO_PLAN = select(_o.id).where(_o.id == bindparam("outbox"), _o.to_plan != "")
_IN_LINE = select(_d.id).where(_d.outbox_id == bindparam("outbox"), IS_OPEN).limit(1)
_HOLD = (
    update(deliveries)
    .where(
        _d.conversation_id == bindparam("conversation"),
        _d.id >= bindparam("first"),
        IS_OPEN,
        _d.status == "queued",
    )
    .values(next_attempt_at=HELD)
)
_HELD = (
    select(deliveries)
    .where(
        _d.conversation_id.in_(bindparam("conversations", expanding=True)),
        IS_OPEN,
        _d.status == "queued",
        _d.next_attempt_at == HELD,
    )
    .order_by(_d.id)
)
_CERTAINLY_LOST = select(_d.id).where(
    _d.outbox_id == bindparam("outbox"), _d.status == "dead", _d.unsure_since.is_(None)
)
_FIRST_OF = select(_o.sent_with).where(_o.id == bindparam("this"))


def lost(conn: Connection, conversation_id: str, loss: Loss, now: datetime) -> tuple[int, ...]:
    """Puts a new disclosure before what waits behind a lost one, or says what is to be given up.

    Args:
        conn: a write transaction.
        conversation_id: the conversation.
        loss: which disclosure it was.
        now: the present.

    Returns:
        Deliveries that are to be given up as `UNDISCLOSED`.
    """
    delivery_order.lock(conn, [conversation_id])
    if loss == "newest":
        conversations.change(conn, conversation_id, disclosed=False)
    waiting = _undisclosed(conn, conversation_id)
    if not waiting:
        return ()
    latest = disclosures.latest(conn, conversation_id, MOST)
    if latest is None or not _may_try(conn, latest):
        return tuple(row.id for row in waiting)
    told = latest.status not in (*LOST, "offered")
    if not told and not _follow_pending(conn, conversation_id, latest, waiting[0].id, now):
        lead(conn, conversation_id, latest, waiting[0].id, now)
    return ()


def ensure(conn: Connection, conversation_id: str, again: Collection[int], now: datetime) -> None:
    """Make the messages that a person queued again follow a disclosure.

    A message that is queued again stands in the line where it stood: before a disclosure that was
    offered since, and may not have gone out yet.

    Args:
        conn: a write transaction that has settled the line.
        conversation_id: the conversation.
        again: the first outbox rows of the messages that were queued again.
        now: the present.
    """
    conversation = conversations.get(conn, conversation_id, lock=True)
    latest = disclosures.latest(conn, conversation_id, MOST)
    if latest is None or (conversation.disclosed and latest.status != "offered"):
        return
    waiting = _undisclosed(conn, conversation_id)
    first = waiting[0].id if waiting else None
    if first is not None and not _follow_pending(conn, conversation_id, latest, first, now):
        if not conversation.disclosed:
            lead(conn, conversation_id, latest, first, now)
    elif latest.status == "offered" and _first_of(conn, latest) in again:
        # The disclosure itself is on its way again.
        conversations.change(conn, conversation_id, disclosed=True)


def _follow_pending(
    conn: Connection, conversation_id: str, latest: Latest, first: int, now: datetime
) -> bool:
    """Put deliveries, from one on, behind the newest disclosure; False if that is not waiting."""
    notice = _first_of(conn, latest)
    if latest.status != "offered" or notice is None:
        return False
    if conn.execute(_TO_PLAN, {"outbox": notice}).first() is not None:
        conn.execute(_HOLD, {"conversation": conversation_id, "first": first})
        return True
    if conn.execute(_IN_LINE, {"outbox": notice}).first() is None:
        return False
    where = {"conversation": conversation_id, "first": first, "notice": notice}
    if behind := _take_out(conn, conn.execute(_BEHIND, where)):
        conn.execute(deliveries.insert(), behind)
    delivery_order.settle(conn, [conversation_id], now)
    return True


def lead(conn: Connection, conversation_id: str, latest: Latest, first: int, now: datetime) -> None:
    """Offer the disclosure again, and hold the waiting deliveries until it is planned before them.

    Args:
        conn: a write transaction.
        conversation_id: the conversation.
        latest: the newest disclosure, whose words are used again.
        first: the first delivery that must not go before it.
        now: the present.
    """
    conn.execute(_HOLD, {"conversation": conversation_id, "first": first})
    notice = Notice(latest.text, "disclosure", latest.version)
    outbox.add(conn, conversation_id, None, [("bot", notice)], now)
    conversations.change(conn, conversation_id, disclosed=True, turns_since_disclosure=0)


def before_planning(
    conn: Connection,
    conversation_id: str,
    *,
    disclosed: bool,
    messages: Sequence[OutboxMessage],
    now: datetime,
) -> tuple[bool, tuple[OutboxMessage, ...]]:
    """A conversation's new messages, in the order in which they are to be sent.

    Args:
        conn: a write transaction that holds the conversation's row.
        conversation_id: the conversation.
        disclosed: whether a disclosure is under way or has arrived.
        messages: its messages that have no deliveries yet, in order.
        now: the present.

    Returns:
        Whether what the bot says among them may go out, and the messages. A disclosure comes before
        all that the bot says: one that was offered again is younger than what waits for it.
    """
    if not disclosed and _speaks(messages):
        latest = disclosures.latest(conn, conversation_id, MOST)
        if latest is None or not _may_try(conn, latest):
            return False, tuple(messages)
        notice = Notice(latest.text, "disclosure", latest.version)
        (offered,) = outbox.add(conn, conversation_id, None, [("bot", notice)], now)
        conversations.change(conn, conversation_id, disclosed=True, turns_since_disclosure=0)
        messages = (*messages, offered)
    return True, _disclosure_first(messages)


def take_held(
    conn: Connection, conversation_ids: Sequence[str]
) -> defaultdict[str, list[dict[str, Any]]]:
    """Takes held deliveries out of the queue: rows without ids, in order, by conversation."""
    held: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    if conversation_ids:
        found = conn.execute(_HELD, {"conversations": conversation_ids})
        for row in _take_out(conn, found):
            held[row["conversation_id"]].append(row)
    return held


def apart(
    messages: Sequence[OutboxMessage],
) -> tuple[Sequence[OutboxMessage], Sequence[OutboxMessage]]:
    """The first disclosure among messages, if there is one, and the others."""
    notice = next((each for each in messages if is_disclosure(each.message)), None)
    if notice is None:
        return (), messages
    return (notice,), [each for each in messages if each is not notice]


def _take_out(conn: Connection, found: CursorResult) -> list[dict[str, Any]]:
    rows = found.mappings().all()
    if rows:
        conn.execute(deliveries.delete().where(_d.id.in_([row["id"] for row in rows])))
    return [{**{name: row[name] for name in row if name != "id"}, "front": False} for row in rows]


def _undisclosed(conn: Connection, conversation_id: str) -> tuple[Row, ...]:
    """Deliveries of the bot that nobody began to send, up to the next disclosure in the queue."""
    where = {"conversation": conversation_id}
    rows = conn.execute(_WAITING, where).all()
    if not rows:
        return ()
    ids = [row.outbox_id for row in rows]
    begun = set(conn.execute(_BEGUN, {**where, "ids": ids}).scalars())
    speaking = set(conn.execute(_SPEAKING, {"ids": ids}).scalars())
    leading = disclosures.leading(conn, conversation_id)
    found: list[Row] = []
    for row in rows:
        if row.outbox_id in leading:
            break
        if row.outbox_id in speaking and row.outbox_id not in begun:
            found.append(row)
    return tuple(found)


def _may_try(conn: Connection, latest: Latest) -> bool:
    if latest.status not in LOST:
        return True
    return latest.lost < MOST and not _certainly_lost(conn, latest)


def _certainly_lost(conn: Connection, latest: Latest) -> bool:
    """Whether a disclosure was given up for a reason that will be there the next time too."""
    where = {"outbox": _first_of(conn, latest)}
    return conn.execute(_CERTAINLY_LOST, where).first() is not None


def _first_of(conn: Connection, latest: Latest) -> int | None:
    """The outbox row whose deliveries carry a disclosure; None: it is erased."""
    if latest.outbox_id is None:
        return None
    return conn.execute(_FIRST_OF, {"this": latest.outbox_id}).scalar() or latest.outbox_id


def _speaks(messages: Sequence[OutboxMessage]) -> bool:
    return speaks_undisclosed((each.author, each.message) for each in messages)


def _disclosure_first(messages: Sequence[OutboxMessage]) -> tuple[OutboxMessage, ...]:
    if not _speaks(messages):
        return tuple(messages)
    notice = next((each for each in messages if is_disclosure(each.message)), None)
    if notice is None:
        return tuple(messages)
    rest = [each for each in messages if each is not notice]
    first = next(n for n, each in enumerate(rest) if each.author == "bot")
    return (*rest[:first], notice, *rest[first:])
