"""Where the files of each channel are fetched, and the fetcher of an installation."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from bot.attachments.file_keeper import FileKeeper
from bot.delivery.file_expiry import FileExpiry
from bot.delivery.file_fetcher import FileFetcher
from bot.settings import Settings
from bot.store.notify.notifier import Notifier
from bot.store.sql.database import Database
from channels.protocol import Channel, FetchesFiles


def file_fetcher(
    settings: Settings,
    channels: Mapping[str, Channel],
    database: Database,
    notifier: Notifier,
    clock: Callable[[], datetime],
) -> FileFetcher:
    """The fetcher of an installation; it does not start before `FileFetcher.run`.

    Args:
        settings: all of them.
        channels: by name; those whose customers send files count.
        database: Loket's database, migrated.
        notifier: rings when a file can be shown.
        clock: the present, aware.
    """
    keeper = FileKeeper.of(settings)
    expiry = FileExpiry(keeper, timedelta(days=settings.attachments_days), database, clock)
    sources = {
        name: channel.files(keeper.storage)
        for name, channel in channels.items()
        if isinstance(channel, FetchesFiles)
    }
    return FileFetcher(sources, keeper, expiry, database, notifier, clock, random.random)
