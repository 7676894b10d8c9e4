"""Makes what Loket writes readable to its own user only: customers' words, the signing key."""

from __future__ import annotations

import os
import re
import stat
from contextlib import suppress
from pathlib import Path
from typing import Final

#: The umask with which the files of this process are for its own user.
OWNER_ONLY: Final = 0o077
#: Endings of SQLite's file, and of those that come and go beside it.
_SUFFIXES: Final = ("", "-wal", "-shm", "-journal", "-line")


def keep_folder(folder: Path, root: Path) -> None:
    """Makes a folder for its owner only, or makes it so when it is there, with the files in it.

    A folder of somebody else's is left as it is, and so is one that is plainly for more than
    Loket's data: one that all may write in (such as /tmp), a home, one that holds the project.

    Args:
        folder: the folder of what Loket writes.
        root: the project's folder.

    Raises:
        OSError: it cannot be made.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    shared = folder.stat().st_mode & stat.S_ISVTX
    if shared or folder in (root, *root.parents, Path.home()):
        return
    _keep(folder)
    for path in folder.iterdir():
        if not path.is_dir():
            _keep(path)


def keep_database(url: str) -> None:
    """Makes a SQLite database that is there, wherever it is, readable to its owner only."""
    if found := re.fullmatch(r"sqlite(?:\+\w+)?:///([^?]+)(?:\?.*)?", url):
        for suffix in _SUFFIXES:
            _keep(Path(found[1] + suffix))


def _keep(path: Path) -> None:
    with suppress(OSError):  # it is gone again, or its file system knows no permissions
        now = path.lstat()
        if (
            now.st_uid == os.geteuid()
            and not stat.S_ISLNK(now.st_mode)
            and now.st_mode & OWNER_ONLY
        ):
            path.chmod(stat.S_IMODE(now.st_mode) & ~OWNER_ONLY)
