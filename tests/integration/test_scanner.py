"""What the scanner has not looked at is not let in, and what it finds is refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.attachments.file_keeper import FileKeeper, RefusedFile, ScannerAway
from bot.attachments.scanner import Clamd as Scanner
from bot.attachments.storage import FolderStorage
from bot.store.conversation.attachments import new_name
from tests.providers.clamd import Clamd
from tests.support import pictures


@pytest.fixture
def clamd(tmp_path: Path) -> Iterator[Clamd]:
    server = Clamd(tmp_path / "clamd.ctl")
    yield server
    server.close()


@pytest.fixture
def keeper(clamd: Clamd, tmp_path: Path) -> FileKeeper:
    storage = FolderStorage(tmp_path / "files")
    return FileKeeper(storage, 10 * 1024 * 1024, Scanner(clamd.address))


async def test_what_is_clean_is_let_in(keeper: FileKeeper, clamd: Clamd) -> None:
    """The scanner gets it as it came, all of it."""
    name, data = new_name(), pictures.photo(3000, 2000)
    assert (await keeper.keep(name, data)).media_type == "image/jpeg"
    assert clamd.scanned == [len(data)]
    assert keeper.storage.get(name)


async def test_what_is_harmful_is_refused(keeper: FileKeeper) -> None:
    """And nothing of it is stored."""
    name = new_name()
    with pytest.raises(RefusedFile) as caught:
        await keeper.keep(name, pictures.PDF + pictures.EICAR)
    assert caught.value.reason == "harmful"
    with pytest.raises(FileNotFoundError):
        keeper.storage.get(name)


async def test_without_a_verdict_nothing_is_let_in(keeper: FileKeeper, clamd: Clamd) -> None:
    """The scanner says that a file is too long for it; and then it is away."""
    name = new_name()
    clamd.most = 10
    with pytest.raises(ScannerAway):
        await keeper.keep(name, pictures.PDF)
    clamd.close()
    with pytest.raises(ScannerAway):
        await keeper.keep(name, pictures.PDF)
    with pytest.raises(FileNotFoundError):
        keeper.storage.get(name)
