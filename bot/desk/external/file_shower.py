"""Shows an external desk what customers send along, each file when it is there."""

from __future__ import annotations

import asyncio
from collections.abc import Collection

import structlog

from bot.attachments.sent_files import download_name
from bot.attachments.storage import Storage
from bot.catalogue import say
from bot.desk.external.external_desk import ExternalDesk, FileNotTaken, Item, ItemFile
from bot.records.attachment import FileRecord
from bot.store.desk import external_desk_files
from bot.store.sql.database import Database

log = structlog.get_logger(__name__)


class FileShower:
    """Shows files whose messages have been shown.

    Args:
        desk: the external desk.
        storage: has the bytes.
        database: Loket's database, migrated.
    """

    def __init__(self, desk: ExternalDesk, storage: Storage, database: Database) -> None:
        self._desk = desk
        self._storage = storage
        self._database = database

    async def show(self, handover_id: int, external_id: str, known: Collection[str]) -> None:
        """Shows what is ready, and says of the rest why it is not shown.

        Args:
            handover_id: the hand-over.
            external_id: its conversation at the external desk.
            known: keys of what stands there already.

        Raises:
            DeskUnavailable: the desk did not answer; what was shown is noted.
            OSError: a file could not be read; try again.
        """
        for file in await self._database.query(external_desk_files.ready, handover_id):
            key = f"f{file.id}"
            if key not in known:
                try:
                    await self._desk.show(external_id, await self._item(key, file))
                except FileNotTaken:
                    log.warning("file_not_taken", desk=self._desk.name, file=file.id)
                    note = Item(key, "note", say("desk.elsewhere.file_not_taken"))
                    await self._desk.show(external_id, note)
            await self._database.run(external_desk_files.shown, file.id)

    async def _item(self, key: str, file: FileRecord) -> Item:
        if file.status == "refused":
            return Item(key, "note", say(f"desk_file.refused.{file.reason}"))
        try:
            data = await asyncio.to_thread(self._storage.get, file.name)
        except FileNotFoundError:
            return Item(key, "note", say("desk.elsewhere.file_gone"))
        name = download_name(file.filename, file.media_type)
        return Item(key, "customer", "", ItemFile(name, file.media_type, data))
