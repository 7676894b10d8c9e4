"""`loket backup`: everything a restore needs, in one file, made while Loket runs."""

from __future__ import annotations

import io
import json
import os
import signal
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from types import FrameType
from typing import Final, NoReturn

import click

from bot import clock
from bot.errors import LoketError
from bot.file_permissions import OWNER_ONLY
from bot.settings import Settings
from bot.settings_loading import load_settings
from bot.store.sql.database_copy import Copy, copy

#: What the folder of an unfinished backup begins with; it lies beside the file that it becomes.
_DRAFT: Final = ".loket-backup-"


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Replace FILE when it is there.")
def backup(file: Path, *, force: bool) -> None:
    """Copy the database and the signing key to FILE while Loket runs.

    FILE becomes a tar archive for your eyes only: it holds what customers wrote. It appears whole
    or not at all. How to restore: docs/operations.md. Not in it: the organisation's own database,
    models (they can be trained) and what you keep yourself, such as .env.
    """
    settings = load_settings()
    file = file.absolute()
    if file.exists() and not force:
        raise _is_there(file)
    os.umask(OWNER_ONLY)
    with _draft_folder(file) as folder, _room():
        made = copy(settings.database_url, folder)
        draft = folder / "backup.tar"
        with_key = _pack(draft, made, _kept_key(settings))
        size = draft.stat().st_size
        _publish(draft, file, force=force)
    key = "and the signing key" if with_key else "without LOKET_SECRET, which you keep yourself"
    click.echo(f"loket: {file} holds the database {key} ({size / 1e6:.1f} MB).", err=True)


@contextmanager
def _draft_folder(file: Path) -> Iterator[Path]:
    """Makes a folder for the unfinished backup; it is removed in any case, also on SIGTERM."""

    def stop(number: int, _frame: FrameType | None) -> NoReturn:
        sys.exit(128 + number)

    before = signal.signal(signal.SIGTERM, stop)
    try:
        made = tempfile.TemporaryDirectory(prefix=_DRAFT, dir=file.parent)
    except OSError as error:
        raise LoketError(f"Nothing can be written in {file.parent}: {error.strerror}.") from error
    try:
        with made as folder:
            yield Path(folder)
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _room() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise LoketError(
            f"The backup could not be written ({error.strerror}). It takes the database's size"
            " twice for a moment; nothing is left of it."
        ) from error


def _is_there(file: Path) -> LoketError:
    return LoketError(f"{file} is there already. Choose another name, or replace it with --force.")


def _kept_key(settings: Settings) -> str | None:
    """The signing key, if Loket made it; one from the settings is the operator's to keep."""
    path = settings.var_dir / "secret"
    kept = path.read_text(encoding="ascii").strip() if path.exists() else None
    return kept if kept == settings.secret else None


def _pack(draft: Path, made: Copy, key: str | None) -> bool:
    """Puts the parts in an archive, on disk for certain; returns whether the key is in it."""
    about = {
        "made_at": clock.now().isoformat(timespec="seconds"),
        "loket": version("loket"),
        "database": made.kind,
        "revision": made.revision,
    }
    with draft.open("wb") as file, tarfile.open(fileobj=file, mode="w") as archive:
        _add(archive, "backup.json", json.dumps(about, indent=2) + "\n")
        if key is not None:
            _add(archive, "secret", key + "\n")
        archive.add(made.file, arcname=made.file.name)
        archive.close()
        file.flush()
        os.fsync(file.fileno())
    made.file.unlink()
    return key is not None


def _add(archive: tarfile.TarFile, name: str, text: str) -> None:
    member = tarfile.TarInfo(name)
    member.mode, member.mtime = 0o600, int(clock.now().timestamp())
    member.size = len(text.encode())
    archive.addfile(member, io.BytesIO(text.encode()))


def _publish(draft: Path, file: Path, *, force: bool) -> None:
    """Gives the archive its name, also in case of a power cut right after."""
    if force or not _link(draft, file):
        draft.replace(file)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _link(draft: Path, file: Path) -> bool:
    """Names a file unless the name is taken by now, which a rename would not notice.

    Returns:
        False on a file system that knows no links (of Windows, say).
    """
    try:
        os.link(draft, file)
    except FileExistsError as error:
        raise _is_there(file) from error
    except OSError:
        return False
    return True
