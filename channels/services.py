"""The services that the web process gives to a channel's routes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from bot.channel_profiles import ChannelProfiles

if TYPE_CHECKING:
    from bot.settings import Settings
    from bot.store.notify.notifier import Notifier
    from bot.store.sql.database import Database


@dataclass(frozen=True, slots=True)
class Services:
    """The services that a channel's routes work with; `bot.web` makes them.

    Attributes:
        database: the store.
        notifier: wakes workers.
        settings: all of them.
        now: the present, aware.
        profiles: the facts of each channel of this installation.
        rejected: how many requests without a good signature each channel refused.
    """

    database: Database
    notifier: Notifier
    settings: Settings
    now: Callable[[], datetime]
    profiles: ChannelProfiles = field(default_factory=ChannelProfiles)
    rejected: Counter[str] = field(default_factory=Counter)
