"""Actions get a shop of their own, and a clock that stands still."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from actions import surroundings
from actions.backends import shop

#: A Tuesday morning, with people at work.
NOW = datetime(2026, 11, 24, 10, 30, tzinfo=ZoneInfo("Europe/Amsterdam"))


@pytest.fixture(autouse=True)
def _own_shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Sample data as of `NOW`, gone after the test."""
    caches = (surroundings.settings, shop._database, shop._days_prepared)
    for cached in caches:
        cached.cache_clear()
    monkeypatch.setenv("LOKET_VAR_DIR", str(tmp_path))
    monkeypatch.delenv("LOKET_SHOP_DATABASE_URL", raising=False)
    monkeypatch.setattr(surroundings, "now", lambda: NOW)
    yield
    shop._database().dispose()
    for cached in caches:
        cached.cache_clear()
