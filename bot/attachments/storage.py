"""Where the bytes of files are: outside the web root, by names that nobody can guess."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Protocol

from bot.file_permissions import OWNER_ONLY

#: What is added to a file's name for the small picture of an image.
SMALL: Final = ".small"
#: What is added to it for what a browser sent and nobody has checked yet.
UNCHECKED: Final = ".unchecked"
_NAME: Final = re.compile(r"([0-9a-f]{48})(\.small|\.unchecked)?", re.ASCII)


class Storage(Protocol):
    """Keeps bytes by name. Its methods block; several processes may use it at once."""

    def put(self, name: str, data: bytes) -> None:
        """Keeps bytes, whole or not at all, in place of earlier ones.

        Raises:
            OSError: they could not be kept; try again later.
        """
        ...

    def get(self, name: str) -> bytes:
        """The bytes of a name.

        Raises:
            FileNotFoundError: there are none.
            OSError: they could not be read; try again later.
        """
        ...

    def delete(self, name: str) -> None:
        """Removes the bytes of a name, if there are any.

        Raises:
            OSError: they could not be removed.
        """
        ...

    def names(self, before: datetime) -> Iterator[str]:
        """The names of files that were kept before a moment (aware).

        Raises:
            OSError: they could not be listed.
        """
        ...

    def check(self) -> None:
        """Looks whether files could be read now.

        Raises:
            OSError: they could not; says why, without a secret.
        """
        ...


class FolderStorage:
    """A `Storage` in a folder, which only the user that runs Loket can read.

    Args:
        folder: where the files are; made with the first one. Every process that shows or fetches
            files must see the same folder.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, name: str, data: bytes) -> None:
        """See `Storage`."""
        path = self._path(name)
        for folder in (self._folder, path.parent):
            folder.mkdir(mode=0o777 & ~OWNER_ONLY, parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}.part")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
        except OSError:
            with suppress(OSError):
                draft.unlink()
            raise

    def get(self, name: str) -> bytes:
        """See `Storage`."""
        return self._path(name).read_bytes()

    def delete(self, name: str) -> None:
        """See `Storage`."""
        self._path(name).unlink(missing_ok=True)

    def names(self, before: datetime) -> Iterator[str]:
        """See `Storage`. What a killed process left unfinished is removed on the way."""
        for path in self._folder.glob("??/*"):
            with suppress(FileNotFoundError):
                made = datetime.fromtimestamp(path.stat().st_mtime, UTC)
                if made >= before:
                    continue
                if is_stored_name(path.name):
                    yield path.name
                elif path.suffix == ".part":
                    path.unlink()

    def check(self) -> None:
        """See `Storage`. A folder that is not there yet is made with the first file."""
        if self._folder.exists() and not os.access(self._folder, os.R_OK | os.W_OK | os.X_OK):
            raise PermissionError("its folder may not be read or written")

    def _path(self, name: str) -> Path:
        if not is_stored_name(name):
            raise ValueError("this is no name of a stored file")
        return self._folder / name[:2] / name


def is_stored_name(name: str) -> bool:
    """Whether a name is one that bytes are stored by."""
    return _NAME.fullmatch(name) is not None


def owner(name: str) -> str:
    """The name of the file that a stored name belongs to, without what was added to it."""
    return name.partition(".")[0]
