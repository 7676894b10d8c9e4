"""Notes whether the customer still has the chat open, for the person who answers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Final

import structlog
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from bot.store.conversation import conversations
from bot.store.notify.notifier import Notifier
from bot.store.sql.database import Database
from channels.webchat import WebChat
from channels.webchat.hub import Hub

log = structlog.get_logger(__name__)

#: Seconds without an open page after which the customer has left: longer than a reload, or a phone
#: that changes from one network to another.
PATIENCE: Final = 20.0


class Presence:
    """Notes when a customer's last page closes and when one opens again.

    A page that asks for news every few seconds is open in between. Each process knows its own pages
    only. A page that is open elsewhere puts a wrong note right
    when it looks for news, within seconds (see `back`).

    Args:
        database: the store.
        hub: knows which pages are open.
        notifier: rung when it changes.
        clock: the time now (aware).
        patience: seconds to wait before noting that somebody left.
    """

    def __init__(
        self,
        database: Database,
        hub: Hub,
        notifier: Notifier,
        clock: Callable[[], datetime],
        patience: float = PATIENCE,
    ) -> None:
        self._database = database
        self._hub = hub
        self._notifier = notifier
        self._clock = clock
        self._patience = patience
        self._leaving: dict[str, asyncio.Task[None]] = {}
        self._closed: dict[str, float] = {}  # when it last did, by the event loop's clock

    def closed(self, address: str) -> None:
        """Takes in that a page of this customer closed; perhaps it was the last one."""
        if self._hub.closing or self._hub.count(address):
            return
        loop = asyncio.get_running_loop()
        self._closed[address] = loop.time()
        if address in self._leaving:
            return
        task = loop.create_task(self._leave(address))
        self._leaving[address] = task
        task.add_done_callback(lambda _: self._forget(address))

    async def back(self, conversation_id: str) -> None:
        """Takes in that a page is open, though it was noted that there was none."""
        await self._database.run(conversations.set_left, conversation_id, None)
        self._notifier.ring("outbox", conversation_id)

    async def _leave(self, address: str) -> None:
        now = asyncio.get_running_loop().time
        # The end moves with every answer that closes, so there is nothing to wait for but time.
        while (rest := self._closed[address] + self._patience - now()) > 0:  # noqa: ASYNC110 - see above
            await asyncio.sleep(rest)
        if self._hub.closing or self._hub.count(address):
            return
        try:
            left = await self._database.run(_note, address, self._clock())
        except SQLAlchemyError as error:
            log.warning("presence_unknown", error=type(error).__name__)
            return
        if left is not None:
            self._notifier.ring("outbox", left)

    def _forget(self, address: str) -> None:
        del self._leaving[address], self._closed[address]


def _note(conn: Connection, address: str, now: datetime) -> str | None:
    conversation = conversations.find(conn, WebChat.name, address)
    if conversation is None or conversation.left_at is not None:
        return None
    conversations.set_left(conn, conversation.id, now)
    return conversation.id
