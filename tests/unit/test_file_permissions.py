"""What Loket writes is for the user that runs it, whatever was there before."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.file_permissions import keep_database, keep_folder
from bot.settings import Settings
from bot.settings_loading import load_settings
from bot.store.sql.database import Database
from tests.support.webchat import Server


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


@pytest.fixture(autouse=True)
def everybody_may() -> Iterator[None]:
    """A mask that takes nothing away, so that only Loket can."""
    before = os.umask(0)
    yield
    os.umask(before)


def load(root: Path, **values: str) -> Settings:
    return load_settings({f"LOKET_{name}": value for name, value in values.items()}, root)


def test_a_new_installation_is_its_owners(tmp_path: Path) -> None:
    """Folder, key, database and what SQLite puts beside it; a folder above it too."""
    there = load(tmp_path, VAR_DIR=str(tmp_path / "new" / "var"))
    database = Database(there.database_url)
    database.upgrade()
    elsewhere = Database(f"sqlite:///{tmp_path / 'else' / 'loket.db'}")
    elsewhere.upgrade()
    found = [there.var_dir, tmp_path / "else", *there.var_dir.iterdir()]
    assert {path.name for path in found} >= {"var", "secret", "loket.db", "loket.db-wal"}
    for path in [*found, *(tmp_path / "else").iterdir()]:
        assert mode(path) & 0o077 == 0, path
    database.dispose()
    elsewhere.dispose()


def test_an_older_installation_becomes_its_owners(tmp_path: Path) -> None:
    """A folder made by hand, a database copied back by root's umask."""
    var = tmp_path / "var"
    var.mkdir(mode=0o755)
    for name in ("loket.db", "loket.db-wal", "shop.db", "secret"):
        (var / name).touch(0o644)
    (var / "secret").write_text("s" * 40)
    load(tmp_path)
    assert mode(var) == 0o700
    assert {mode(path) for path in var.iterdir()} == {0o600}


def test_a_database_elsewhere_is_kept_but_not_its_folder(tmp_path: Path) -> None:
    """The folder may be for more; nor is the organisation's own database ours to close."""
    shared = tmp_path / "srv"
    shared.mkdir(mode=0o755)
    for name in ("loket.db", "loket.db-wal", "shop.db"):
        (shared / name).touch(0o664)
    url = f"sqlite:///{shared / 'loket.db'}?timeout=5"
    load(tmp_path, DATABASE_URL=url, SHOP_DATABASE_URL=f"sqlite:///{shared / 'shop.db'}")
    assert mode(shared) == 0o755
    assert [mode(shared / name) for name in ("loket.db", "loket.db-wal")] == [0o600, 0o600]
    assert mode(shared / "shop.db") == 0o664


def test_a_folder_that_is_for_more_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A setting must not close the project, a home, or /tmp."""
    project, home, temporary = (tmp_path / name for name in ("project", "home", "temporary"))
    for folder in (project, home, temporary):
        folder.mkdir(mode=0o755)
    temporary.chmod(0o1777)
    tmp_path.chmod(0o755)
    monkeypatch.setenv("HOME", str(home))
    before = [mode(folder) for folder in (project, home, temporary, tmp_path)]
    for folder in (project, home, temporary, tmp_path):
        load(project, VAR_DIR=str(folder))
        assert mode(folder / "secret") == 0o600
    assert [mode(folder) for folder in (project, home, temporary, tmp_path)] == before


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    """Somebody else's file must not change by a name in our folder."""
    outside = tmp_path / "outside"
    outside.touch(0o644)
    var = tmp_path / "var"
    var.mkdir()
    (var / "link").symlink_to(outside)
    keep_folder(var, tmp_path / "project")
    assert mode(outside) == 0o644


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(st.integers(0, 0o777), st.integers(0, 0o777))
def test_only_the_owners_rights_stay(tmp_path: Path, folder: int, file: int) -> None:
    """Whatever they were; nothing is added."""
    var = tmp_path / "var"
    var.mkdir(exist_ok=True)
    path = var / "loket.db"
    path.touch()
    path.chmod(file)
    var.chmod(folder | 0o700)
    keep_folder(var, tmp_path / "project")
    keep_database(f"sqlite:///{path}")
    assert mode(var) == 0o700
    assert mode(path) == file & 0o700
    path.chmod(0o600)


def test_what_a_running_web_process_makes_is_its_owners(tmp_path: Path) -> None:
    """The pipes by which processes wake each other, too."""
    server = Server(tmp_path / "var")
    (tmp_path / "var").mkdir(mode=0o777)
    server.log = tmp_path / "log"
    server.start()
    try:
        deadline = time.monotonic() + 30
        while not list((tmp_path / "var").glob("bells/*")):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        found = [tmp_path / "var", *(tmp_path / "var").rglob("*")]
        assert [path for path in found if mode(path) & 0o077] == []
    finally:
        server.stop()


def test_a_process_hides_what_libraries_make(tmp_path: Path) -> None:
    """Its mask is set before anything is made."""
    code = (
        "import sys; from pathlib import Path\n"
        "from bot.web import app as web; from bot.worker import process as worker\n"
        "from bot.settings_loading import load_settings\n"
        "class Stop(Exception): pass\n"
        "def stop(*_): Path(sys.argv[1]).touch(); raise Stop\n"
        "web.listen = worker.Database = stop\n"
        "try:\n    {}.serve(load_settings())\nexcept Stop: pass"
    )
    for role in ("web", "worker"):
        path = tmp_path / role
        subprocess.run(
            [sys.executable, "-c", code.format(role), str(path)],
            env={**os.environ, "LOKET_VAR_DIR": str(tmp_path / "var")},
            check=True,
            timeout=60,
        )
        assert mode(path) == 0o600
