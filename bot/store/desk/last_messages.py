"""The last message of each conversation in a list, and the name by which its customer is known."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import bindparam, select, tuple_

from bot.messages import Attachment, Author, Outbound
from bot.store.delivery import outbox_queries
from bot.store.identity import site_customers
from bot.store.sql.dialect_statements import NO_ROW
from bot.store.sql.tables import callbacks, conversations, inbox, outbox

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


@dataclass(frozen=True, slots=True)
class LastMessage:
    """What was said last in a conversation, by the customer or to the customer.

    Attributes:
        by: `customer`, or the author of the outbox message.
        text: what the customer wrote; empty for messages to the customer.
        payload: the tapped option's payload, or None.
        attachment: kind of what came along, or None.
        message: the message to the customer, or None.
        at: when (UTC).
    """

    by: Literal["customer"] | Author
    text: str
    payload: str | None
    attachment: Attachment | None
    message: Outbound | None
    at: datetime


_c, _i, _o, _b = conversations.c, inbox.c, outbox.c, callbacks.c


def _newest(of: Any, number: Any) -> Any:
    """The number of a conversation's newest row; as in `dialect_statements.backwards`."""
    this: Any = _c.id
    return (
        select(number)
        .where(tuple_(of, number) < tuple_(this, NO_ROW), of >= this)
        .order_by(of.desc(), number.desc())
        .limit(1)
        .scalar_subquery()
    )


_ENDS = select(
    _c.id,
    _newest(_i.conversation_id, _i.id).label("heard"),
    _newest(_o.conversation_id, _o.id).label("said"),
).where(_c.id.in_(bindparam("ids", expanding=True)))
_HEARD = select(_i.conversation_id, _i.text, _i.payload, _i.attachment, _i.received_at).where(
    _i.id.in_(bindparam("ids", expanding=True))
)
_SAID = outbox_queries.ALL.where(_o.id.in_(bindparam("ids", expanding=True)))
# In an order that no index has: to go by one, a planner may read all requests there ever were.
_NAMES = select(
    _c.id,
    select(_b.name)
    .where(_b.conversation_id == _c.id, _b.name != "")
    .order_by(_b.created_at.desc(), _b.id.desc())
    .limit(1)
    .scalar_subquery()
    .label("name"),
).where(_c.id.in_(bindparam("ids", expanding=True)))


def of(conn: Connection, conversation_ids: Collection[str]) -> Mapping[str, LastMessage]:
    """The last message of each conversation: the customer's, or a later one of a person.

    What the assistant or Loket itself said tells conversations apart no better than the customer's
    words before it.
    """
    ends = conn.execute(_ENDS, {"ids": list(conversation_ids)}).all() if conversation_ids else []
    heard = [row.heard for row in ends if row.heard is not None]
    said = [row.said for row in ends if row.said is not None]
    found: dict[str, LastMessage] = {}
    for row in conn.execute(_HEARD, {"ids": heard}) if heard else ():
        found[row.conversation_id] = LastMessage(
            "customer", row.text, row.payload, row.attachment, None, row.received_at
        )
    for row in conn.execute(_SAID, {"ids": said}) if said else ():
        message = outbox_queries.from_row(row)
        before = found.get(message.conversation_id)
        if before is None or (message.author == "human" and message.created_at >= before.at):
            found[message.conversation_id] = LastMessage(
                message.author, "", None, None, message.message, message.created_at
            )
    return found


def names(conn: Connection, conversation_ids: Collection[str]) -> Mapping[str, str]:
    """The names by which customers are known.

    That is what a customer said when asking to be called back, the latest; else the name that the
    website has where the customer logged in.
    """
    if not conversation_ids:
        return {}
    rows = conn.execute(_NAMES, {"ids": list(conversation_ids)})
    given = {row.id: row.name for row in rows if row.name}
    return {**site_customers.names(conn, conversation_ids), **given}
