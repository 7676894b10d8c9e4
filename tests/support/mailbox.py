"""What is in the store, for tests that talk to Loket from outside."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select

from bot.messages import Choice, Option, Outbound
from bot.records.conversation import Conversation
from bot.store.conversation import conversations
from bot.store.delivery import outbox
from bot.store.sql import tables
from bot.store.sql.database import Database
from bot.store.worker import inbox


class Mailbox:
    """Inbox and outbox of a folder's database; knows only of what came since it was made."""

    def __init__(self, folder: Path) -> None:
        self.database = Database(f"sqlite:///{folder / 'loket.db'}")
        with self.database.read() as conn:
            self._in = conn.execute(select(func.max(tables.inbox.c.id))).scalar() or 0

    def texts(self) -> list[str]:
        """The texts of the messages that came, in order."""
        return [text for text, _ in self._received()]

    def payloads(self) -> list[str | None]:
        """Their payloads."""
        return [payload for _, payload in self._received()]

    def waiting(self) -> list[str]:
        """The texts of the newest conversation's messages that nobody has handled yet."""
        conversation_id = self.conversation().id
        with self.database.read() as conn:
            return [each.inbound.text for each in inbox.pending(conn, conversation_id)]

    def _received(self) -> list[tuple[str, str | None]]:
        columns = tables.inbox.c
        query = select(columns.text, columns.payload).where(columns.id > self._in)
        with self.database.read() as conn:
            return [(row.text, row.payload) for row in conn.execute(query.order_by(columns.id))]

    def waits(self) -> timedelta | None:
        """How long the newest message waits for another; below zero: for the one before it."""
        came, held = tables.inbox.c.received_at, tables.conversations.c.ready_at
        query = select(came, held).select_from(tables.inbox.join(tables.conversations))
        with self.database.read() as conn:
            row = conn.execute(query.order_by(tables.inbox.c.id.desc()).limit(1)).one()
        return None if row.ready_at is None else row.ready_at - row.received_at

    def conversation(self) -> Conversation:
        """That of the newest message."""
        query = select(tables.inbox.c.conversation_id).order_by(tables.inbox.c.id.desc()).limit(1)
        with self.database.read() as conn:
            return conversations.get(conn, conn.execute(query).scalar_one())

    def say(self, *said: Outbound) -> list[int]:
        """Says something in the newest conversation, as a person would; returns the rows."""
        conversation_id = self.conversation().id
        with self.database.begin() as conn:
            added = outbox.add(
                conn, conversation_id, None, [("human", each) for each in said], datetime.now(UTC)
            )
        return [each.id for each in added]

    def asks(self, text: str, *options: tuple[str, str]) -> int:
        """Asks a question with options; returns its row."""
        (row,) = self.say(Choice(text, tuple(Option(*option) for option in options)))
        return row

    def status(self, row: int) -> str:
        """What became of a message."""
        query = select(tables.outbox.c.status).where(tables.outbox.c.id == row)
        with self.database.read() as conn:
            return str(conn.execute(query).scalar_one())

    def close(self) -> None:
        """Lets go of the database."""
        self.database.dispose()
