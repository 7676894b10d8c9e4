"""A worker without a model: says back what it hears. Run as a program, to be killed.

Arguments: seconds that a turn takes; the worker's name (`w1`); seconds that a lease lasts. The
message "gif" kills the process that is at it.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from datetime import UTC, datetime, timedelta

from sqlalchemy.engine import Connection

from bot.core.interface import AssistantTurn, Parsed
from bot.core.translate import Said
from bot.delivery.loop import DeliveryLoop
from bot.logs import logging_setup
from bot.messages import Notice, Text
from bot.settings_loading import load_settings
from bot.store.notify import notifier
from bot.store.sql.database import Database
from bot.worker import leases, next_work
from bot.worker.handler import Handler
from bot.worker.loop import Worker
from bot.worker.worker_config import WorkerConfig
from channels import registry
from tests.support.forgetful import Forgetful

#: Of `data/knowledge/retourtermijn.md`.
PASSAGE = {
    "slug": "retourtermijn",
    "heading": "Binnen hoeveel dagen kan ik iets terugsturen?",
    "text": "U kunt een artikel terugsturen tot 30 dagen na de bezorging.",
    "marks": [[0, 60]],
}


class Nothing:
    """An assistant's memory that holds nothing."""

    sessions = 0

    def write(self, conn: Connection) -> None:
        """Keeps nothing."""


class Echo(Forgetful):
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
        memory: object = None,
    ) -> AssistantTurn:
        """One echo."""
        await asyncio.sleep(self.delay)
        if text == "gif":
            os.kill(os.getpid(), signal.SIGKILL)
        return AssistantTurn(Said((Text(f"echo {text}."),), ()), "greet", {}, Nothing(), ())

    async def parse(self, text: str) -> Parsed:
        """One page knows of sending things back, and no page of anything else."""
        if "terugsturen" not in text:
            return Parsed(None, 0.0, ())
        return Parsed("ask_knowledge", 0.9, (), {"passage": PASSAGE})


async def work(delay: float, name: str) -> None:
    """Works until it is killed."""
    settings = load_settings()
    logging_setup.configure(settings.log_level, "json")
    database = Database(settings.database_url)
    bell = notifier.of(settings.database_url, settings.var_dir)

    def now() -> datetime:
        return datetime.now(UTC)

    async def load() -> Echo:
        return Echo(delay)

    config = WorkerConfig(
        pause=timedelta(seconds=settings.burst_pause), channels=registry.profiles(settings.root)
    )
    worker = Worker(name, database, bell, Handler(database, now, config), load, now)
    pushed = registry.push_channels(registry.load(settings.root))
    delivery = DeliveryLoop(pushed, settings.public_url, database, bell, now)
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with asyncio.TaskGroup() as group:
        group.create_task(worker.run(stop))
        group.create_task(delivery.run(stop))


if __name__ == "__main__":
    given = sys.argv[1:]
    if len(given) > 2:
        leases.LEASE = next_work.LEASE = timedelta(seconds=float(given[2]))
    asyncio.run(work(float(given[0]), given[1] if len(given) > 1 else "w1"))
