"""Brings the canned answers of the project's file into the database when the web process starts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import structlog

from bot.desk.conversations import canned_replies
from bot.store.sql.database import Database

log = structlog.get_logger(__name__)


class CannedFile:
    """The canned answers that a project brings along."""

    def __init__(self, database: Database, root: Path, clock: Callable[[], datetime]) -> None:
        """Keeps what it needs; `start` reads the file.

        Args:
            database: Loket's.
            root: the project's folder.
            clock: the present, aware.
        """
        self._database = database
        self._root = root
        self._clock = clock

    async def start(self, _app: object, _loop: asyncio.AbstractEventLoop) -> None:
        """Brings those that never were there; a listener of the web server."""
        found = canned_replies.load(self._root)
        if not found:
            return
        try:
            count: int = await self._database.run(canned_replies.bring, found, self._clock())
        except Exception as error:  # noqa: BLE001 - the desk serves without them; a start tries anew
            log.error("canned_answers_not_brought", error=type(error).__name__)
        else:
            if count:
                log.info("canned_answers_brought", count=count)
