"""Runs the delivery process, `loket delivery`: hands messages to providers and an external desk.

It needs no model, and shares no event loop with one: a model that loads or computes keeps a
process's other work waiting, for seconds at a time, and finished replies must not wait for that.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket

import structlog

from bot.attachments.file_keeper import FileKeeper
from bot.clock import now
from bot.delivery.file_sources import file_fetcher
from bot.delivery.loop import DeliveryLoop
from bot.desk.conversations.service import Service
from bot.desk.external import chatwoot
from bot.desk.external.chatwoot.client import Chatwoot
from bot.desk.external.sync import ExternalDeskSync
from bot.file_permissions import OWNER_ONLY
from bot.process.heartbeat import Heartbeats
from bot.process.liveness import Liveness
from bot.settings import Settings
from bot.store.notify import notifier
from bot.store.sql.database import Database
from channels import registry

log = structlog.get_logger(__name__)


def serve(settings: Settings) -> None:
    """Delivers until SIGINT or SIGTERM; blocks.

    Args:
        settings: where things are.

    Raises:
        ConfigurationError: a channel's or the external desk's configuration is wrong.
    """
    os.umask(OWNER_ONLY)
    asyncio.run(_serve(settings, Liveness.of_this_process()))


async def _serve(settings: Settings, beats: Liveness) -> None:
    beat = beats.register("delivery")
    database = Database(settings.database_url)
    with beats.slow():
        database.upgrade(settings.country)
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    wakeups = notifier.of(settings.database_url, settings.var_dir)
    channels = registry.load(settings.root)
    pushed = registry.push_channels(channels)
    other_desk = chatwoot.config(settings)
    # Its row goes when it stops, so that a name of its own for each life leaves none behind.
    heartbeats = Heartbeats(
        f"delivery-{socket.gethostname()}-{os.getpid()}", database, now, "delivery"
    )
    heartbeats.ready()
    keeping = asyncio.create_task(heartbeats.keep())
    log.info("delivery_started", channels=sorted(pushed))
    try:
        async with beat.beating(), asyncio.TaskGroup() as group:
            where = (pushed, settings.public_url, database, wakeups, now)
            storage = FileKeeper.of(settings).storage
            delivery = DeliveryLoop(*where, storage)
            group.create_task(delivery.run(stop))
            files = file_fetcher(settings, channels, database, wakeups, now)
            group.create_task(files.run(stop))
            if other_desk is not None:
                desk, service = Chatwoot(other_desk), Service.load(settings, channels)
                sync = ExternalDeskSync(desk, service, storage, database, wakeups, now)
                group.create_task(sync.run(stop))
    finally:
        keeping.cancel()
        await heartbeats.stop()
        wakeups.close()
        database.dispose()
        log.info("delivery_stopped")
