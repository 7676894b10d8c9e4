"""Runs the worker process, `loket worker`: loads the model, answers messages, fires timers."""

from __future__ import annotations

import asyncio
import importlib
import os
import signal
from collections.abc import Collection
from datetime import timedelta
from types import ModuleType
from typing import Final, Never, cast

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot import organisation
from bot.clock import now
from bot.core import rasa_versions, safeguard_check, stand_ins, used_components
from bot.core.interface import Assistant
from bot.errors import ModelMissing
from bot.file_permissions import OWNER_ONLY
from bot.ops.train import is_current, models
from bot.process.liveness import PIPE, Liveness
from bot.settings import Settings
from bot.store.notify import notifier
from bot.store.sql.database import Database
from bot.store.worker import heartbeats
from bot.transcripts.transcript_links import TranscriptLinks
from bot.worker.channel_switch import ChannelSwitch, entrances
from bot.worker.handler import Handler
from bot.worker.loop import Worker
from bot.worker.worker_config import WorkerConfig
from channels import registry

log = structlog.get_logger(__name__)

#: Seconds between two looks whether a delivery process sends the replies.
_MISS_EVERY: Final = 60.0


def load_config(settings: Settings) -> WorkerConfig:
    """Loads the worker's configuration from settings and content.

    Raises:
        ConfigurationError: `data/organisation.yml` or `credentials.yml` is missing or wrong.
    """
    channels = registry.load(settings.root)
    profiles = registry.profiles(settings.root)
    links = TranscriptLinks.of(settings)
    whose = organisation.load(settings.root)
    channel_switch = ChannelSwitch(
        entrances(channels), links, settings.secret, whose.topics.personal, profiles=profiles
    )
    return WorkerConfig(
        turn_timeout=settings.turn_timeout,
        disclosure_every=settings.disclosure_every,
        pause=timedelta(seconds=settings.burst_pause),
        quiet=timedelta(minutes=settings.quiet_minutes),
        accept=timedelta(minutes=settings.accept_minutes),
        memory=timedelta(days=settings.memory_days),
        organisation=whose,
        channels=profiles,
        numbered=frozenset(
            name for name, channel in channels.items() if channel.capabilities.numbered
        ),
        elsewhere=channel_switch.elsewhere,
        link=channel_switch.link,
        channel_switch=channel_switch,
        queue_per_origin=settings.queue_per_origin,
        own_desk=not settings.chatwoot_url,
    )


async def load_assistant(settings: Settings, database: Database) -> Assistant:
    """Loads the model of the present content, else the newest that can be loaded.

    Content that changed without a training must not hand every customer to a person: an older
    model, which says what it was trained to say, serves until the worker is started anew. It is
    loaded off the event loop: importing Rasa alone takes seconds.

    Raises:
        ModelMissing: none can be loaded.
    """
    found = await asyncio.to_thread(models, settings)
    used = await asyncio.to_thread(used_components.of_models, found)
    module = await asyncio.to_thread(_import_assistant, used, settings.tensorflow)
    for path in found:
        try:
            loaded = cast(Assistant, await module.RasaAssistant.load(path, database))
        except ModelMissing as error:
            log.error("model_unusable", model=path.name, reason=str(error))
            continue
        if not await asyncio.to_thread(is_current, settings, path):
            log.error(
                "model_is_not_of_this_content",
                model=path.name,
                hint="the content has changed since: run loket train, then restart the worker",
            )
        return loaded
    raise ModelMissing("There is no model that can be loaded. Train one: loket train")


def _import_assistant(used: Collection[str], tensorflow: bool) -> ModuleType:  # noqa: FBT001 - for a thread
    stand_ins.keep_tensorflow_out(used, wanted=tensorflow)
    with stand_ins.lean_import():
        return importlib.import_module("bot.core.assistant")


async def _miss_delivery(database: Database, labels: str) -> Never:
    """Logs an error again and again while no delivery process is there to send the replies.

    Args:
        database: holds the heartbeats.
        labels: the channels that wait for it.
    """
    while True:
        await asyncio.sleep(_MISS_EVERY)
        try:
            since = now() - timedelta(seconds=_MISS_EVERY)
            sends = await database.query(heartbeats.any_ready, since, None, "delivery")
        except SQLAlchemyError:  # the beats say that the database is away
            continue
        if not sends:
            hint = f"start loket delivery: answers on {labels} wait for it"
            log.error("delivery_missing", hint=hint)


def serve(settings: Settings) -> None:
    """Runs a worker until SIGINT or SIGTERM; blocks.

    Args:
        settings: where things are.

    Raises:
        ConfigurationError: a safeguard lacks something in the content, or Rasa has a version that
            Loket was not made for.
    """
    os.umask(OWNER_ONLY)
    rasa_versions.check()
    if PIPE not in os.environ:
        # `loket run` looked at the content before it started any process. Content that changed
        # since must not end the worker it restarts: an older model, which is checked, goes on.
        safeguard_check.check(settings.root)
    asyncio.run(_serve(settings, Liveness.of_this_process()))


async def _serve(settings: Settings, beats: Liveness) -> None:
    beat = beats.register("worker")
    database = Database(settings.database_url)
    with beats.slow():
        database.upgrade(settings.country)
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    wakeups = notifier.of(settings.database_url, settings.var_dir)

    async def load() -> Assistant:
        with beats.slow():
            return await load_assistant(settings, database)

    pushed = registry.push_channels(registry.load(settings.root))
    labels = ", ".join(each.profile.label for each in pushed.values())
    worker = Worker(
        settings.worker_name,
        database,
        wakeups,
        Handler(database, now, load_config(settings)),
        load,
        now,
    )
    log.info("worker_started", worker=settings.worker_name)
    try:
        async with beat.beating(), asyncio.TaskGroup() as group:
            missing = group.create_task(_miss_delivery(database, labels)) if pushed else None
            await worker.run(stop)
            if missing is not None:
                missing.cancel()
    finally:
        database.dispose()
        log.info("worker_stopped", worker=settings.worker_name)
