"""Bytes are kept whole or not at all, for their owner only, and nowhere else."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.attachments.bucket_storage import BucketStorage
from bot.attachments.storage import SMALL, FolderStorage, Storage
from bot.bucket_address import BucketAddress
from bot.store.conversation.attachments import new_name
from tests.providers.s3 import BUCKET, KEY, S3, SECRET

NOW = datetime.now(UTC)


@pytest.fixture
def s3() -> Iterator[S3]:
    server = S3()
    yield server
    server.close()


def in_bucket(s3: S3, key: str = KEY, secret: str = SECRET) -> BucketStorage:
    return BucketStorage(BucketAddress.of(s3.address, key, secret))


@pytest.fixture(params=["folder", "bucket"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    """Each place in turn."""
    if request.param == "folder":
        return FolderStorage(tmp_path / "files")
    return in_bucket(request.getfixturevalue("s3"))


def test_what_is_kept_comes_back(storage: Storage) -> None:
    """Until it is removed; removing twice is no error."""
    name = new_name()
    storage.check()
    storage.put(name, b"een")
    storage.put(name, b"twee")
    storage.put(f"{name}{SMALL}", b"klein")
    storage.check()
    assert (storage.get(name), storage.get(f"{name}{SMALL}")) == (b"twee", b"klein")
    storage.delete(name)
    storage.delete(name)
    with pytest.raises(FileNotFoundError):
        storage.get(name)


@pytest.mark.parametrize(
    "name", ["", "../secret", "/etc/passwd", "a" * 47, "A" * 48, "a" * 48 + "/x"]
)
def test_no_other_name_will_do(storage: Storage, name: str) -> None:
    """So that no address leads out of its place."""
    for use in (storage.get, storage.delete, lambda each: storage.put(each, b"")):
        with pytest.raises(ValueError, match="no name"):
            use(name)


def test_what_is_old_is_listed(storage: Storage) -> None:
    """All of it, however much there is."""
    names = sorted(new_name() for _ in range(5))
    for each in names:
        storage.put(each, b"een")
    assert list(storage.names(NOW - timedelta(hours=1))) == []
    assert sorted(storage.names(datetime.now(UTC) + timedelta(seconds=5))) == names


def test_only_the_owner_reads_a_folder(tmp_path: Path) -> None:
    """The files and the folders made for them."""
    FolderStorage(tmp_path / "files").put(new_name(), b"een")
    for path in (tmp_path / "files", *(tmp_path / "files").rglob("*")):
        assert not path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO), path


def test_what_is_unfinished_in_a_folder_goes(tmp_path: Path) -> None:
    """What another process is just writing stays."""
    storage, name = FolderStorage(tmp_path), new_name()
    storage.put(name, b"een")
    draft = tmp_path / name[:2] / f"{name}.77.part"
    draft.write_bytes(b"half")
    assert list(storage.names(NOW - timedelta(hours=1))) == []
    assert draft.exists()
    assert list(storage.names(datetime.now(UTC) + timedelta(seconds=5))) == [name]
    assert not draft.exists()


def test_others_files_in_a_bucket_are_left_alone(s3: S3) -> None:
    """Beside the folder, and in it under other names."""
    storage, name = in_bucket(s3), new_name()
    storage.put(name, b"een")
    assert list(s3.objects) == [f"loket/{name}"]
    for key in (new_name(), f"lokettwee/{new_name()}", "loket/lees mij.txt"):
        s3.objects[key] = (b"", NOW)
    assert list(storage.names(datetime.now(UTC) + timedelta(seconds=5))) == [name]


def test_a_bucket_that_is_busy_is_asked_again(s3: S3) -> None:
    """As often as Amazon advises; then the caller tries later."""
    storage, name = in_bucket(s3), new_name()
    s3.failing = 2
    storage.put(name, b"een")
    s3.failing = 9
    with pytest.raises(OSError, match="SlowDown"):
        storage.get(name)


@pytest.mark.parametrize(
    ("key", "secret", "said"),
    [("AKIAWRONG", SECRET, "InvalidAccessKeyId"), (KEY, "wrong", "SignatureDoesNotMatch")],
)
def test_a_wrong_key_is_said_without_it(s3: S3, key: str, secret: str, said: str) -> None:
    """The sentence is shown and logged."""
    storage = in_bucket(s3, key, secret)
    with pytest.raises(OSError, match=said) as told:
        storage.check()
    assert secret not in str(told.value)
    assert key not in str(told.value)


def test_a_bucket_that_is_away_is_an_error_of_files(s3: S3) -> None:
    """Not one of a library that nobody waits for."""
    storage = in_bucket(s3)
    s3.close()
    with pytest.raises(OSError, match="no answer"):
        storage.put(new_name(), b"een")


@pytest.mark.parametrize(
    ("url", "found"),
    [
        (f"s3://{BUCKET}", BucketAddress(BUCKET)),
        (f"s3://{BUCKET}/", BucketAddress(BUCKET)),
        (f"s3://{BUCKET}/a/b?region=eu-west-1", BucketAddress(BUCKET, "a/b", region="eu-west-1")),
        (
            f"s3://{BUCKET}?endpoint=https://s3.example.nl:9000/",
            BucketAddress(BUCKET, endpoint="https://s3.example.nl:9000"),
        ),
    ],
)
def test_addresses_of_buckets(url: str, found: BucketAddress) -> None:
    """Whatever is left out is as Amazon's own settings say."""
    assert BucketAddress.of(url) == found


@pytest.mark.parametrize(
    "url",
    [
        BUCKET,
        f"https://{BUCKET}",
        "s3://",
        "s3://Hoofdletters",
        "s3://een_streep",
        f"s3://{BUCKET}/../boven",
        f"s3://{BUCKET}//twee",
        f"s3://{BUCKET}?region",
        f"s3://{BUCKET}?regio=eu-west-1",
        f"s3://{BUCKET}?endpoint=s3.example.nl",
        f"s3://{BUCKET}?endpoint=https://key:secret@s3.example.nl",
        f"s3://key:secret@{BUCKET}",
        f"s3://{BUCKET}#deel",
    ],
)
def test_no_other_address_will_do(url: str) -> None:
    """A mistake is found at the start, not with the first photo."""
    with pytest.raises(ValueError, match=r"address|field"):
        BucketAddress.of(url)
