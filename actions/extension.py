"""The shop's extension of Loket: the address of its database, and the sample data in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.extension import Extension, OwnSetting

if TYPE_CHECKING:
    from bot.settings import Settings

SHOP_DATABASE = OwnSetting(
    "shop_database_url",
    "Database of the organisation: orders, invoices and so on.",
    "sqlite:///<var_dir>/shop.db",
    secret=True,
)


def prepare(settings: Settings) -> None:
    """Fills the shop's database with sample data, or brings its dates up to today."""
    # The web process reads these settings too, and needs no backend.
    from actions.backends import sample  # noqa: PLC0415

    sample.ensure(settings.own[SHOP_DATABASE.name])


EXTENSION = Extension((SHOP_DATABASE,), prepare)
