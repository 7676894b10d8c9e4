"""Files of conversations: kept as references first, fetched by the delivery process, shown after.

A reference is written in the transaction that takes the message in, so that no kill loses a file:
whoever finds it due fetches it. The bytes are in `bot.attachments.storage`.
"""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, bindparam, or_, select, tuple_, update

from bot.records.attachment import FileReason, FileRecord, FileToFetch
from bot.store.sql.attachment_tables import IS_KEPT
from bot.store.sql.column_types import UtcTime
from bot.store.sql.tables import attachments, conversations

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from bot.messages import RemoteFile

#: Longest file name that is kept, in characters.
MAX_FILENAME: Final = 120
#: Bytes of chance in a name: 192 bits, as nobody can guess.
_NAME_BYTES: Final = 24

_a, _c = attachments.c, conversations.c
#: The columns of a `FileRecord`, in its order.
FIELDS: Final = (
    _a.id,
    _a.conversation_id,
    _a.name,
    _a.filename,
    _a.media_type,
    _a.size,
    _a.status,
    _a.reason,
    _a.created_at,
)
_RECORDS = select(*FIELDS)
_OF_INBOX = select(*FIELDS, _a.inbox_id.label("row")).where(
    _a.inbox_id.in_(bindparam("ids", expanding=True))
)
_OF_OUTBOX = select(*FIELDS, _a.outbox_id.label("row")).where(
    _a.outbox_id.in_(bindparam("ids", expanding=True))
)
_SHOWABLE = (
    select(_a.id)
    .where(_a.inbox_id == bindparam("inbox"), _a.status.in_(("waiting", "stored")))
    .limit(1)
)
_DUE = (
    select(_a.id, _a.conversation_id, _a.name, _a.channel, _a.reference, _a.tries, _a.created_at)
    .where(_a.due_at <= bindparam("now"), _a.channel.in_(bindparam("channels", expanding=True)))
    .order_by(_a.due_at, _a.id)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
)
_OLD = (
    select(_a.id, _a.created_at, _a.name)
    .join(conversations, _c.id == _a.conversation_id)
    .where(
        IS_KEPT,
        tuple_(_a.created_at, _a.id)
        > tuple_(bindparam("since", type_=UtcTime()), bindparam("after")),
        or_(
            and_(_a.status == "draft", _a.created_at < bindparam("drafts")),
            and_(
                _a.created_at < bindparam("cutoff"),
                or_(_c.last_inbound_at.is_(None), _c.last_inbound_at < bindparam("cutoff")),
                or_(_c.last_outbound_at.is_(None), _c.last_outbound_at < bindparam("cutoff")),
            ),
        ),
    )
    .order_by(_a.created_at, _a.id)
    .limit(bindparam("limit"))
)


def new_name() -> str:
    """A name for a file that nobody can guess: 48 hexadecimal digits."""
    return secrets.token_hex(_NAME_BYTES)


def came(
    conn: Connection,
    conversation_id: str,
    inbox_id: int,
    channel: str,
    files: Sequence[RemoteFile],
    now: datetime,
) -> None:
    """Notes the files that came with a message; they are due at once.

    Args:
        conn: the transaction that takes the message in.
        conversation_id: its conversation.
        inbox_id: its row.
        channel: the channel that can fetch them.
        files: what came.
        now: the present.
    """
    for file in files:
        given = {"inbox_id": inbox_id, "reference": file.reference, "due_at": now}
        values = _values(conversation_id, channel, new_name(), file.filename, now)
        conn.execute(attachments.insert(), {**values, **given, "status": "waiting"})


def draft(
    conn: Connection,
    conversation_id: str,
    channel: str,
    agent_id: int,
    name: str,
    filename: str,
    media_type: str,
    size: int,
    now: datetime,
) -> None:
    """Notes a file that an agent has chosen and not sent yet; its bytes are stored."""
    values = _values(conversation_id, channel, name, filename, now)
    given = {"agent_id": agent_id, "media_type": media_type, "size": size, "status": "draft"}
    conn.execute(attachments.insert(), {**values, **given})


def sent(conn: Connection, file_id: int, outbox_id: int) -> None:
    """Notes that an agent's file went with a message."""
    _change(conn, file_id, "draft", outbox_id=outbox_id, status="stored")


def due(
    conn: Connection, channels: Sequence[str], now: datetime, lease: timedelta, limit: int
) -> tuple[FileToFetch, ...]:
    """Claims files that are to be fetched now, the longest due first.

    Args:
        conn: a write transaction.
        channels: names of the channels that files can be fetched from.
        now: the present.
        lease: how long nobody else gets them: after that the claim counts as lost.
        limit: at most so many.
    """
    given = {"now": now, "channels": list(channels), "limit": limit}
    found = tuple(
        FileToFetch(
            row.id,
            row.conversation_id,
            row.name,
            row.channel,
            row.reference,
            row.tries,
            (now - row.created_at).total_seconds(),
        )
        for row in conn.execute(_DUE, given)
    )
    for file in found:
        _change(conn, file.id, "waiting", due_at=now + lease, tries=file.tries + 1)
    return found


def stored(conn: Connection, file_id: int, media_type: str, size: int) -> bool:
    """Notes that a file was fetched, checked and stored; False: it is not waited for any more."""
    done = {"reference": "", "due_at": None, "media_type": media_type, "size": size}
    return _change(conn, file_id, "waiting", status="stored", **done)


def refused(conn: Connection, file_id: int, reason: FileReason) -> bool:
    """Notes that a file will not be shown; False: it is not waited for any more."""
    done = {"reference": "", "due_at": None, "reason": reason}
    return _change(conn, file_id, "waiting", status="refused", **done)


def again(conn: Connection, file_id: int, due_at: datetime) -> None:
    """Notes that a file could not be fetched, and when it is tried again."""
    _change(conn, file_id, "waiting", due_at=due_at)


def of_inbox(conn: Connection, ids: Sequence[int]) -> Mapping[int, tuple[FileRecord, ...]]:
    """The files that came with customers' messages, by inbox row."""
    return _by_row(conn, _OF_INBOX, ids)


def of_outbox(conn: Connection, ids: Sequence[int]) -> Mapping[int, tuple[FileRecord, ...]]:
    """The files that went with messages to customers, by outbox row."""
    return _by_row(conn, _OF_OUTBOX, ids)


def shows_file(conn: Connection, inbox_id: int) -> bool:
    """Whether a person sees, or is going to see, what came with a customer's message."""
    return conn.execute(_SHOWABLE, {"inbox": inbox_id}).first() is not None


def find(conn: Connection, name: str) -> FileRecord | None:
    """The file of this name, or None."""
    row = conn.execute(_RECORDS.where(_a.name == name)).first()
    return None if row is None else FileRecord(*row)


def sent_file(conn: Connection, name: str) -> FileRecord | None:
    """The stored file of this name that went to a customer; None for every other one.

    Nor of a conversation that was wiped: the address may be in a browser that others use.
    """
    readable = _RECORDS.join(conversations, _c.id == _a.conversation_id).where(
        _c.wiped_at.is_(None)
    )
    row = conn.execute(
        readable.where(_a.name == name, _a.status == "stored", _a.outbox_id.isnot(None))
    ).first()
    return None if row is None else FileRecord(*row)


def draft_of(conn: Connection, name: str, conversation_id: str, agent_id: int) -> FileRecord | None:
    """The file that this agent chose for this conversation and has not sent yet, or None."""
    mine = (_a.conversation_id == conversation_id, _a.agent_id == agent_id, _a.status == "draft")
    row = conn.execute(_RECORDS.where(_a.name == name, *mine)).first()
    return None if row is None else FileRecord(*row)


def unknown(conn: Connection, names: Sequence[str]) -> tuple[str, ...]:
    """Those of the names that belong to no file that is kept, or to come from there."""
    wanted = list(names)
    kept = _a.status.in_(("waiting", "stored", "draft"))
    rows = conn.execute(select(_a.name).where(_a.name.in_(wanted), kept))
    to_come = conn.execute(
        select(_a.reference).where(_a.due_at.isnot(None), _a.reference.in_(wanted))
    )
    known = {row.name for row in rows} | {row.reference for row in to_come}
    return tuple(name for name in wanted if name not in known)


def old(
    conn: Connection,
    after: tuple[datetime, int],
    cutoff: datetime,
    drafts: datetime,
    limit: int,
) -> tuple[tuple[int, datetime, str], ...]:
    """Kept files that expire, in order of age: row, when they came, and name.

    Args:
        conn: a transaction.
        after: when the last one that was looked at came, and its row.
        cutoff: conversations in which nothing was said since then lose their files.
        drafts: what was chosen before then and never sent goes.
        limit: at most so many.
    """
    given = {"since": after[0], "after": after[1], "limit": limit}
    rows = conn.execute(_OLD, {**given, "cutoff": cutoff, "drafts": drafts})
    return tuple((row.id, row.created_at, row.name) for row in rows)


def expired(conn: Connection, ids: Sequence[int]) -> None:
    """Notes that the bytes of files are gone."""
    conn.execute(update(attachments).where(_a.id.in_(list(ids))).values(status="expired"))


def _values(
    conversation_id: str, channel: str, name: str, filename: str, now: datetime
) -> dict[str, Any]:
    return {
        "conversation_id": conversation_id,
        "channel": channel,
        "name": name,
        "reference": "",
        "filename": filename.strip()[:MAX_FILENAME],
        "media_type": "",
        "size": 0,
        "reason": "",
        "tries": 0,
        "created_at": now,
    }


def _change(conn: Connection, file_id: int, was: str, **values: Any) -> bool:
    this = (_a.id == file_id, _a.status == was)
    return bool(conn.execute(update(attachments).where(*this).values(**values)).rowcount)


def _by_row(
    conn: Connection, query: Any, ids: Sequence[int]
) -> Mapping[int, tuple[FileRecord, ...]]:
    found: defaultdict[int, list[FileRecord]] = defaultdict(list)
    if ids:
        for *fields, row in conn.execute(query.order_by(_a.id), {"ids": list(ids)}):
            found[row].append(FileRecord(*fields))
    return {row: tuple(files) for row, files in found.items()}
