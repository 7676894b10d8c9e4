"""One worker beside two on one PostgreSQL: how much more the second one brings."""

from __future__ import annotations

import subprocess
import tempfile
import time
import uuid
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from actions.backends import sample
from bench.measuring.customers import fill
from bench.measuring.machine import ROOT
from bench.measuring.postgres import Postgres
from bench.start.running import LOKET, environment, until_answered
from bot.settings_loading import load_settings
from bot.store.notify import notifier
from bot.store.sql.database import Database
from bot.store.worker import heartbeats

#: Seconds within which workers must be ready.
_PATIENCE: Final = 120.0


def turns_a_second(postgres: Postgres, workers: int, conversations: int) -> float:
    """Turns a second of some workers for whom all messages are there from the start.

    They are fresh processes on a database of their own, warmed up; no core is theirs alone, as they
    share the machine with the database.

    Args:
        postgres: makes the database.
        workers: how many.
        conversations: of one visit each.

    Raises:
        SystemExit: they were not ready, or did not answer, in time.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = postgres.make()
        stack.callback(postgres.drop, url)
        given = environment(folder, LOKET_DATABASE_URL=url)
        settings = load_settings(given, ROOT)
        database = Database(url)
        stack.callback(database.dispose)
        database.upgrade()
        sample.ensure(settings.own["shop_database_url"])
        bell = notifier.of(url, settings.var_dir)
        stack.callback(bell.close)
        for number in range(workers):
            name = ("--name", f"bench-{number}")
            process = subprocess.Popen([*LOKET, "worker", *name], cwd=ROOT, env=given)
            stack.callback(process.wait, 30)
            stack.callback(process.terminate)
        _until_ready(database, workers)
        _answer(database, bell, 4 * workers)
        waiting, took = _answer(database, bell, conversations)
    return waiting / took


def _answer(database: Database, bell: notifier.Notifier, conversations: int) -> tuple[int, float]:
    """Messages, and seconds from when they were there until the last one was answered."""
    with database.begin() as conn:
        waiting = fill(conn, uuid.uuid4().hex, conversations)
    bell.ring("inbox")
    return waiting, until_answered(database)


def _until_ready(database: Database, workers: int) -> None:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        with database.read() as conn:
            there = heartbeats.alive(conn, datetime.now(UTC) - timedelta(seconds=10))
        if sum(each.ready for each in there) == workers:
            return
        time.sleep(0.1)
    raise SystemExit("The workers were not ready in time.")
