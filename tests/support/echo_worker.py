"""A worker without a model: says back what it hears. Run as a program, to be killed."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime

from sqlalchemy.engine import Connection

from bot import log
from bot.core.interface import Turn
from bot.core.translate import Said
from bot.delivery.loop import Delivery
from bot.messages import Notice, Text
from bot.settings import Settings
from bot.store import doorbell
from bot.store.database import Database
from bot.worker.handler import Handler
from bot.worker.loop import Worker
from bot.worker.manners import Manners
from channels import registry


class Nothing:
    """An assistant's memory that holds nothing."""

    sessions = 0

    def write(self, conn: Connection) -> None:
        """Keeps nothing."""


class Echo:
    """Says back what it heard, after a while."""

    disclosure: Notice | None = None

    def __init__(self, delay: float) -> None:
        self.delay = delay

    async def turn(
        self,
        conversation_id: str,
        text: str,
        message_id: str,
        channel: str,
        *,
        fresh: bool = False,
    ) -> Turn:
        """One echo."""
        await asyncio.sleep(self.delay)
        return Turn(Said((Text(f"echo {text}."),), ()), "greet", {}, Nothing(), ())


async def work(delay: float) -> None:
    """Works until it is killed."""
    settings = Settings.load()
    log.configure(settings.log_level, "json")
    database = Database(settings.database_url)
    bell = doorbell.of(settings.database_url, settings.var_dir)

    def now() -> datetime:
        return datetime.now(UTC)

    async def load() -> Echo:
        return Echo(delay)

    worker = Worker("w1", database, bell, Handler(database, now, Manners()), load, now)
    pushed = registry.push_channels(registry.load(settings.root))
    delivery = Delivery(pushed, settings.public_url, database, bell, now)
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(worker.run(stop))
        group.create_task(delivery.run(stop))


if __name__ == "__main__":
    asyncio.run(work(float(sys.argv[1])))
