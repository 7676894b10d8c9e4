"""Gives actions what they need from outside the turn: time, organisation, settings."""

from __future__ import annotations

import asyncio
from datetime import date, datetime
from functools import cache

from bot import clock, identity_proofs
from bot.channel_profiles import ChannelProfiles
from bot.conversation.opening_hours import OpeningHours
from bot.identity_proofs import Proofs
from bot.organisation import Organisation, load
from bot.settings import Settings
from bot.settings_loading import load_settings
from bot.store.sql.database import Database
from bot.topics import declared
from bot.topics.topics import Topics
from channels import registry


@cache
def settings() -> Settings:
    """The installation's settings, read once a process."""
    return load_settings()


def organisation() -> Organisation:
    """The organisation, as `data/organisation.yml` describes it."""
    return load(settings().root)


def topics() -> Topics:
    """The topics that the assistant declares."""
    return declared.load(settings().root)


@cache
def channels() -> ChannelProfiles:
    """The profiles of the channels in `credentials.yml`, in the order in which they are offered.

    Raises:
        ConfigurationError: the file is unusable.
    """
    return registry.profiles(settings().root)


async def proofs() -> Proofs:
    """Counts proofs of identity in Loket's database.

    Raises:
        SQLAlchemyError: the database cannot be reached.
    """
    return _proofs() if _proofs.cache_info().currsize else await asyncio.to_thread(_proofs)


async def vouched(conversation_id: str, slot: str) -> tuple[str, ...]:
    """What a website vouches for (`Proofs.vouched`); nothing where none shares a secret with us.

    Raises:
        SQLAlchemyError: the database cannot be reached.
    """
    if not settings().knows_customers:
        return ()
    return await (await proofs()).vouched(conversation_id, slot, now())


@cache
def _proofs() -> Proofs:
    # Rasa's own commands run actions without the worker, which upgrades the database otherwise.
    database = Database(settings().database_url)
    database.upgrade(settings().country)
    return Proofs(database, settings().secret, identity_proofs.limits(settings()))


def now() -> datetime:
    """The time where the organisation is. The one place where actions look at the clock."""
    return organisation().local(clock.now())


def today() -> date:
    """The day it is for the organisation."""
    return now().date()


def hours() -> OpeningHours:
    """When people work, this year and the next."""
    return organisation().hours(today().year)


def holidays() -> frozenset[date]:
    """Days on which nobody works or delivers."""
    return frozenset(hours().holidays)
