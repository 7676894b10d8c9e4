"""What actions need to know of the world around them: the time, the organisation, the settings."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache

from bot.conversation.opening_hours import OpeningHours
from bot.organisation import Organisation, load
from bot.settings import Settings


@cache
def settings() -> Settings:
    """The installation's settings, read once a process."""
    return Settings.load()


def organisation() -> Organisation:
    """Whose counter this is (`data/organisation.yml`)."""
    return load(settings().root)


def now() -> datetime:
    """The time on the organisation's clock. The one place where actions look at a clock."""
    return organisation().local(datetime.now(UTC))


def today() -> date:
    """The day it is for the organisation."""
    return now().date()


def hours() -> OpeningHours:
    """When people work, this year and the next."""
    return organisation().hours(today().year)


def holidays() -> frozenset[date]:
    """Days on which nobody works or delivers."""
    return frozenset(hours().holidays)
