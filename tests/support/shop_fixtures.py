"""Actions get a shop of their own, and a clock that stands still."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.dialogue import runtime
from bot.store.sql.database import Database
from tests.support.process_caches import forget

#: A Tuesday morning, with people at work.
NOW = datetime(2026, 11, 24, 10, 30, tzinfo=ZoneInfo("Europe/Amsterdam"))


@pytest.fixture(scope="session")
def _migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Loket's database with nothing in it, to be copied: making one takes half a second."""
    file: Path = tmp_path_factory.mktemp("migrated") / "loket.db"
    database = Database(f"sqlite:///{file}")
    database.upgrade()
    database.dispose()
    return file


@pytest.fixture(autouse=True)
def _own_shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, _migrated: Path) -> Iterator[None]:
    """Sample data as of `NOW`, and nobody's failed proofs; gone after the test."""
    forget()
    shutil.copy(_migrated, tmp_path / "loket.db")
    monkeypatch.setenv("LOKET_VAR_DIR", str(tmp_path))
    monkeypatch.delenv("LOKET_DATABASE_URL", raising=False)
    monkeypatch.delenv("LOKET_SHOP_DATABASE_URL", raising=False)
    monkeypatch.setattr(runtime, "now", lambda: NOW)
    yield
    forget()
