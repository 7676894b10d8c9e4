"""What several of these tests begin with."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.store.sql.database import Database
from tests.support.counter import Counter


@pytest.fixture
async def counter(tmp_path: Path) -> AsyncIterator[Counter]:
    """A fresh database."""
    database = Database(f"sqlite:///{tmp_path}/loket.db")
    database.upgrade()
    yield Counter(database)
    database.dispose()
