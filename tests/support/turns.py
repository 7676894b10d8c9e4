"""Having a message handled as a worker does it: claimed, answered, let go."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.core.interface import Assistant
from bot.store.sql.database import Database
from bot.store.worker import claims, next_claim
from bot.store.worker.next_claim import Claimant
from bot.worker.handler import Handled, Handler

LEASE = timedelta(seconds=10)


def claimant(now: datetime, worker: str = "w1", lease: timedelta = LEASE) -> Claimant:
    """Who claims, once."""
    return Claimant(worker, claims.new_token(), now, lease)


async def answer(
    database: Database,
    handler: Handler,
    conversation_id: str,
    assistant: Assistant | None,
    now: datetime,
) -> Handled:
    """Claims a conversation in which one message waits, and has that handled."""
    work = await database.run(next_claim.claim, claimant(now), conversation_id)
    assert work is not None
    (message,) = work.messages
    try:
        return await handler.handle(work.claim, message, assistant)
    finally:
        await database.run(claims.release, work.claim)
