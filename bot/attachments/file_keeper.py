"""Lets a file in: has it scanned, tells what it is, makes it harmless and stores it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self

from bot.attachments import media_types
from bot.attachments.bucket_storage import BucketStorage
from bot.attachments.scanner import Clamd, ScannerAway
from bot.attachments.storage import SMALL, FolderStorage, Storage
from bot.bucket_address import BucketAddress
from bot.records.attachment import FileReason

if TYPE_CHECKING:
    from bot.settings import Settings

__all__ = ["FileKeeper", "KeptFile", "RefusedFile", "ScannerAway"]

#: Bytes of a megabyte, as providers count their limits.
MEGABYTE: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file that was let in and stored.

    Attributes:
        media_type: what it is.
        size: bytes.
    """

    media_type: str
    size: int


class RefusedFile(Exception):
    """A file is not let in, now or later.

    Attributes:
        reason: why.
    """

    def __init__(self, reason: FileReason) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class FileKeeper:
    """Lets files in, for one installation.

    Attributes:
        storage: where they are kept.
        limit: most bytes of a file.
        scanner: looks for harm in it; None: nobody does.
    """

    storage: Storage
    limit: int
    scanner: Clamd | None = None

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """The keeper of an installation, as its settings say."""
        scanner = Clamd(settings.clamd) if settings.clamd else None
        limit = settings.attachments_max_mb * MEGABYTE
        return cls(storage_of(settings), limit, scanner)

    async def keep(self, name: str, data: bytes) -> KeptFile:
        """Lets a file in and stores it under a name, an image with a small one beside it.

        Args:
            name: as `bot.store.conversation.attachments.new_name` makes it.
            data: the bytes as they came.

        Raises:
            RefusedFile: it is not let in.
            ScannerAway: nobody could look at it; try again.
            OSError: it could not be stored; try again.
        """
        if len(data) > self.limit:
            raise RefusedFile("too_large")
        found = media_types.media_type(data)
        if not found:
            raise RefusedFile("kind")
        if self.scanner is not None and await self.scanner.is_harmful(data):
            raise RefusedFile("harmful")
        return await asyncio.to_thread(self._store, name, data, found)

    def _store(self, name: str, data: bytes, found: str) -> KeptFile:
        if found in media_types.IMAGES:
            from bot.attachments import images  # noqa: PLC0415 - Pillow, which few messages need

            try:
                picture = images.encoded_anew(data)
            except images.TooManyPixels as error:
                raise RefusedFile("too_large") from error
            except images.Damaged as error:
                raise RefusedFile("damaged") from error
            found, data = picture.media_type, picture.data
            self.storage.put(f"{name}{SMALL}", picture.small)
        self.storage.put(name, data)
        return KeptFile(found, len(data))

    def remove(self, name: str) -> None:
        """Removes all that is stored of a file.

        Raises:
            OSError: it could not be removed.
        """
        for each in (name, f"{name}{SMALL}"):
            self.storage.delete(each)


def storage_of(settings: Settings) -> Storage:
    """Where an installation keeps its files, as its settings say."""
    if not settings.attachments_url:
        return FolderStorage(settings.attachments_dir)
    secrets = (settings.attachments_key, settings.attachments_secret)
    return BucketStorage(BucketAddress.of(settings.attachments_url, *secrets))
