"""The third of Loket's roles: it hands what was said to providers, and to another desk.

It needs no model, and shares no event loop with one: a model that loads or thinks keeps a process's
other work waiting, for seconds at a time, and what is said already must not wait for that.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from datetime import UTC, datetime

import structlog

from bot.beats import Beats
from bot.delivery.loop import Delivery
from bot.desk import chatwoot
from bot.desk.chatwoot.client import Chatwoot
from bot.desk.mirror import Mirror
from bot.desk.service import Service
from bot.heart import Heart
from bot.permissions import OWNER_ONLY
from bot.settings import Settings
from bot.store import doorbell
from bot.store.database import Database
from channels import registry

log = structlog.get_logger(__name__)


def now() -> datetime:
    """The present, in UTC."""
    return datetime.now(UTC)


def serve(settings: Settings) -> None:
    """Delivers until SIGINT or SIGTERM; blocks.

    Args:
        settings: where things are.

    Raises:
        ConfigurationError: a channel's or the other desk's configuration is wrong.
    """
    os.umask(OWNER_ONLY)
    asyncio.run(_serve(settings, Beats.of_this_process()))


async def _serve(settings: Settings, beats: Beats) -> None:
    beat = beats.register("delivery")
    database = Database(settings.database_url)
    with beats.slow():
        database.upgrade()
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    bell = doorbell.of(settings.database_url, settings.var_dir)
    channels = registry.load(settings.root)
    pushed = registry.push_channels(channels)
    other_desk = chatwoot.config(settings)
    # Its row goes when it stops, so that a name of its own for each life leaves none behind.
    heart = Heart(f"delivery-{socket.gethostname()}-{os.getpid()}", database, now, "delivery")
    heart.ready()
    keeping = asyncio.create_task(heart.keep())
    log.info("delivery_started", channels=sorted(pushed))
    try:
        async with beat.beating(), asyncio.TaskGroup() as group:
            delivery = Delivery(pushed, settings.public_url, database, bell, now)
            group.create_task(delivery.run(stop))
            if other_desk is not None:
                desk, service = Chatwoot(other_desk), Service.load(settings, channels)
                group.create_task(Mirror(desk, service, database, bell, now).run(stop))
    finally:
        keeping.cancel()
        await heart.stop()
        bell.close()
        database.dispose()
        log.info("delivery_stopped")
