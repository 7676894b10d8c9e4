"""The second of Loket's two roles: it thinks. Messages in, replies out, and the timers."""

from __future__ import annotations

import asyncio
import importlib
import signal
from datetime import UTC, datetime, timedelta
from typing import cast

import structlog

from bot import organisation
from bot.core.interface import Assistant
from bot.delivery.loop import Delivery
from bot.ops.train import current_model
from bot.settings import Settings
from bot.store import doorbell
from bot.store.database import Database
from bot.worker.handler import Handler
from bot.worker.loop import Worker
from bot.worker.outcome import Manners
from channels import registry

log = structlog.get_logger(__name__)


def now() -> datetime:
    """The present, in UTC."""
    return datetime.now(UTC)


def manners(settings: Settings) -> Manners:
    """How this installation behaves.

    Raises:
        ConfigurationError: `data/organisation.yml` or `credentials.yml` is missing or wrong.
    """
    channels = registry.load(settings.root)
    return Manners(
        turn_timeout=settings.turn_timeout,
        disclosure_every=settings.disclosure_every,
        quiet=timedelta(minutes=settings.quiet_minutes),
        labels=organisation.load(settings.root).labels,
        numbered=frozenset(
            name for name, channel in channels.items() if channel.capabilities.numbered
        ),
    )


async def load_assistant(settings: Settings, database: Database) -> Assistant:
    """The newest model, loaded off the event loop: importing Rasa alone takes ten seconds.

    Raises:
        ModelMissing: there is none, or it cannot be loaded.
    """
    path = await asyncio.to_thread(current_model, settings)
    module = await asyncio.to_thread(importlib.import_module, "bot.core.assistant")
    return cast(Assistant, await module.RasaAssistant.load(path, database))


def serve(settings: Settings) -> None:
    """Runs a worker until SIGINT or SIGTERM; blocks.

    Args:
        settings: where things are.
    """
    asyncio.run(_serve(settings))


async def _serve(settings: Settings) -> None:
    database = Database(settings.database_url)
    database.upgrade()
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    bell = doorbell.of(settings.database_url, settings.var_dir)
    pushed = registry.push_channels(registry.load(settings.root))
    delivery = Delivery(pushed, settings.public_url, database, bell, now)
    worker = Worker(
        settings.worker_name,
        database,
        bell,
        Handler(database, now, manners(settings)),
        lambda: load_assistant(settings, database),
        now,
    )
    log.info("worker_started", worker=settings.worker_name, channels=sorted(pushed))
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(worker.run(stop))
            group.create_task(delivery.run(stop))
    finally:
        database.dispose()
        log.info("worker_stopped", worker=settings.worker_name)
