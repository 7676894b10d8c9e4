"""Alembic's entry: runs the migrations in the transaction of `bot.store.sql.migrate.upgrade`.

For a developer's `alembic` command, which brings no connection, it opens the configured database.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic import context

from bot.settings_loading import load_settings
from bot.store.sql.database import Database
from bot.store.sql.tables import metadata

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


def _is_ours(name: str | None, *_: object) -> bool:
    return name != "sqlite_sequence"


def _migrate(conn: Connection) -> None:
    context.configure(
        connection=conn, target_metadata=metadata, render_as_batch=True, include_name=_is_ours
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    _migrate(given)
else:
    settings = load_settings()
    context.config.attributes["country"] = settings.country
    with Database(settings.database_url).begin() as opened:
        _migrate(opened)
