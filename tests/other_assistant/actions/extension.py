"""What this assistant adds to Loket: the address of its database, and the tables in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.extension import Extension, OwnSetting

if TYPE_CHECKING:
    from bot.settings import Settings

OFFICE_DATABASE = OwnSetting(
    "office_database_url",
    "Database of the organisation: its appointments.",
    "sqlite:///<var_dir>/office.db",
    secret=True,
)


def prepare(settings: Settings) -> None:
    """Sees to it that the organisation's database has its tables."""
    # The web process reads these settings too, and needs no backend.
    from actions.backends import office

    office.ensure(settings.own[OFFICE_DATABASE.name])


EXTENSION = Extension((OFFICE_DATABASE,), prepare)
