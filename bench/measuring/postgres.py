"""Databases for one run of a bench, on a PostgreSQL server that is there."""

from __future__ import annotations

import contextlib
import secrets

import psycopg2
from sqlalchemy.engine import URL


class Postgres:
    """Databases of their own on a server; `close` drops them."""

    def __init__(self, server: URL) -> None:
        """Makes nothing yet; `server` is where databases may be created."""
        self._server = server
        self._made: list[str] = []

    def make(self, template: str | None = None) -> str:
        """A database, empty or a copy; its URL."""
        name = f"loket_bench_{secrets.token_hex(6)}"
        copied = f" TEMPLATE {self._name(template)}" if template else ""
        self._administer(f"CREATE DATABASE {name}{copied}")
        self._made.append(name)
        return self._server.set(database=name).render_as_string(hide_password=False)

    def drop(self, url: str) -> None:
        """Drops one that was made, whoever is connected to it."""
        name = self._name(url)
        self._administer(f"DROP DATABASE {name} WITH (FORCE)")
        self._made.remove(name)

    def close(self) -> None:
        """Drops what is left of what was made."""
        for name in tuple(self._made):
            self.drop(name)

    def _name(self, url: str) -> str:
        return url.rpartition("/")[2]

    def _administer(self, statement: str) -> None:
        address = self._server.set(drivername="postgresql").render_as_string(hide_password=False)
        with contextlib.closing(psycopg2.connect(address)) as connection:
            connection.autocommit = True
            connection.cursor().execute(statement)
