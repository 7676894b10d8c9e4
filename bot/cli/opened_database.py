"""Opens the installation's database for one command of the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from bot.settings import Settings
from bot.settings_loading import load_settings
from bot.store.sql.database import Database


@contextmanager
def opened_database() -> Iterator[tuple[Database, Settings]]:
    """The database, upgraded and closed afterwards, and the settings that name it.

    Raises:
        ConfigurationError: a setting is wrong, or the database is newer than this Loket.
        SQLAlchemyError: the database cannot be reached.
    """
    settings = load_settings()
    database = Database(settings.database_url)
    try:
        database.upgrade(settings.country)
        yield database, settings
    finally:
        database.dispose()
