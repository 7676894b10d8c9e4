"""`make chaos`, short: one fault of each kind on both databases, and nothing may come of it.

It counts what became of messages and never how long that took; on a slow machine it waits longer.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.chaos.report import Report
from tests.chaos.run import NoServer, Options, run

pytestmark = [pytest.mark.slow, pytest.mark.postgres, pytest.mark.timeout(900)]


def options(folder: Path, database: str, *, supervised: bool) -> Options:
    """A short run with a folder of its own."""
    where = folder / database
    where.mkdir()
    return Options(
        folder=where,
        database=database,
        messages=90,
        workers=2,
        supervised=supervised,
        short=True,
    )


async def test_nothing_is_lost_doubled_out_of_order_or_stuck(tmp_path: Path) -> None:
    """On SQLite under `loket run`, and on PostgreSQL with two workers, side by side."""
    runs = (
        options(tmp_path, "sqlite", supervised=True),
        options(tmp_path, "postgresql", supervised=False),
    )
    reports = await asyncio.gather(*map(run, runs), return_exceptions=True)
    for report in reports:
        if isinstance(report, NoServer):
            pytest.skip("no PostgreSQL server answers; see tests/contract/store/conftest.py")
        assert isinstance(report, Report), report
        assert report.evidence.asked
        assert report.good, "\n".join(report.lines())
