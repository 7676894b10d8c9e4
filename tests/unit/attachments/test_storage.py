"""Bytes are kept whole or not at all, for their owner only, and nowhere else."""

from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.attachments.storage import SMALL, FolderStorage
from bot.store.conversation.attachments import new_name


def test_what_is_kept_comes_back(tmp_path: Path) -> None:
    """Until it is removed; removing twice is no error."""
    storage, name = FolderStorage(tmp_path / "files"), new_name()
    storage.put(name, b"een")
    storage.put(name, b"twee")
    storage.put(f"{name}{SMALL}", b"klein")
    assert (storage.get(name), storage.get(f"{name}{SMALL}")) == (b"twee", b"klein")
    storage.delete(name)
    storage.delete(name)
    with pytest.raises(FileNotFoundError):
        storage.get(name)


def test_only_the_owner_reads_it(tmp_path: Path) -> None:
    """The files and the folders made for them."""
    FolderStorage(tmp_path / "files").put(new_name(), b"een")
    for path in (tmp_path / "files", *(tmp_path / "files").rglob("*")):
        assert not path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO), path


@pytest.mark.parametrize(
    "name", ["", "../secret", "/etc/passwd", "a" * 47, "A" * 48, "a" * 48 + "/x"]
)
def test_no_other_name_will_do(tmp_path: Path, name: str) -> None:
    """So that no address leads out of the folder."""
    storage = FolderStorage(tmp_path)
    for use in (storage.get, storage.delete, lambda each: storage.put(each, b"")):
        with pytest.raises(ValueError, match="no name"):
            use(name)


def test_what_is_old_is_listed_and_what_is_unfinished_goes(tmp_path: Path) -> None:
    """What another process is just writing stays."""
    storage, name = FolderStorage(tmp_path), new_name()
    storage.put(name, b"een")
    draft = tmp_path / name[:2] / f"{name}.77.part"
    draft.write_bytes(b"half")
    now = datetime.now(UTC)
    assert list(storage.names(now - timedelta(hours=1))) == []
    assert draft.exists()
    assert list(storage.names(now + timedelta(seconds=5))) == [name]
    assert not draft.exists()
