"""The files of an installation on several machines: in a bucket, as they are in a folder."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.contract.test_channels import settings_of
from tests.contract.test_files import WITH_FILES, Line
from tests.providers.s3 import KEY, S3, SECRET
from tests.support import desk_people, pictures
from tests.support.desk_people import signed_in
from tests.support.webchat import running

TELEGRAM = next(each for each in WITH_FILES if each.id.startswith("telegram"))


@pytest.fixture(scope="module")
def s3() -> Iterator[S3]:
    server = S3()
    yield server
    server.close()


@pytest.fixture(scope="module")
def line(s3: S3, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    folder: Path = tmp_path_factory.mktemp("files-in-bucket")
    provider = TELEGRAM.provider()
    where = {
        "LOKET_ATTACHMENTS_URL": s3.address,
        "LOKET_ATTACHMENTS_KEY": KEY,
        "LOKET_ATTACHMENTS_SECRET": SECRET,
    }
    own = {**settings_of(TELEGRAM, provider), **where}
    here = {**own, "LOKET_PUBLIC_URL": ""}
    with running(folder, **own) as server, running(folder, **here) as inside:
        desk_people.add(folder, "sanne", "supervisor")
        with signed_in(inside.url, "sanne") as desk:
            line = Line(TELEGRAM, provider, server, desk, where)
            yield line
            line.web.close()
    provider.close()


async def test_a_photo_goes_through_the_bucket(line: Line, s3: S3) -> None:
    """Kept there, shown from there by another process, and removed there in time."""
    talk = line.sends(pictures.photo(64, 48))
    async with line.fetching():
        await line.until(lambda: line.newest().status == "stored")
    name = line.newest().name
    assert sorted(s3.objects) == [f"loket/{name}", f"loket/{name}.small"]
    assert not (line.settings.var_dir / "attachments").exists()
    shown = line.desk.get(f"/desk/c/{talk}/file/{name}")
    assert (shown.status_code, shown.content) == (200, s3.objects[f"loket/{name}"][0])
    line.shift += timedelta(days=line.settings.attachments_days, minutes=1)
    async with line.fetching():
        await line.until(lambda: line.newest().status == "expired")
    assert not s3.objects
    assert "Niet meer bewaard" in line.desk.get(f"/desk/c/{talk}").text


async def test_a_bucket_that_is_away_loses_no_photo(line: Line, s3: S3) -> None:
    """It is fetched again until it can be kept."""
    line.sends(pictures.photo(64, 48))
    s3.failing = 10**6
    async with line.fetching():
        await line.until(lambda: line.newest().tries > 0)
        assert line.newest().status == "waiting"
        s3.failing = 0
        line.shift += timedelta(minutes=10)
        await line.until(lambda: line.newest().status == "stored")
