"""Brings a database's tables up to this version's, with Alembic."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from alembic.util import CommandError

from bot.errors import ConfigurationError

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

MIGRATIONS = Path(__file__).with_name("migrations")

#: Which PostgreSQL advisory lock stands for "the tables are being changed": "loket" in ASCII.
LOCK = int.from_bytes(b"loket", "big")


def upgrade(conn: Connection, country: str) -> None:
    """Run the migrations that this database has not had, all or none.

    Two processes that start at once do not trip over each other: the second waits for the first
    and finds nothing to do. On SQLite the write transaction is the lock.

    Args:
        conn: a write transaction.
        country: two letters; see `bot.phone_identity.e164`.

    Raises:
        ConfigurationError: the tables were made by a newer version of Loket.
    """
    if conn.dialect.name == "postgresql":
        conn.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = conn
    config.attributes["country"] = country
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise ConfigurationError(
            "The database was made by a newer version of Loket. Start that version, or point"
            " LOKET_DATABASE_URL at another database."
        ) from error
