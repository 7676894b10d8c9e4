"""`loket run`, from its command to a first answer and a thousandth, and the memory it holds."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import uuid
from contextlib import suppress
from pathlib import Path
from typing import Final, Self

import httpx
import psutil

from actions.backends import sample
from bench.measuring.customers import VISIT, check_nobody_gave_up, fill, left
from bench.measuring.machine import ROOT
from bot.settings_loading import load_settings
from bot.store.sql.database import Database
from tests.support.webchat import free_port

#: The beginning of every `loket` command.
LOKET: Final = (sys.executable, "-m", "bot.cli")
#: Seconds within which anything must have happened.
_PATIENCE: Final = 300.0


def environment(folder: Path, **settings: str) -> dict[str, str]:
    """Of Loket's processes: no settings but these, and all that they write in one folder."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LOKET_")}
    return {
        **kept,
        "PYTHONPATH": str(ROOT),
        "LOKET_ROOT": str(ROOT),
        "LOKET_VAR_DIR": str(folder),
        "LOKET_LOG_LEVEL": "ERROR",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        **settings,
    }


class RunningLoket:
    """One start of `loket run` on an empty database; use it in a `with` statement."""

    def __init__(self, folder: Path) -> None:
        """Makes the sample data, which is not part of the start; starts nothing.

        Args:
            folder: an empty one.
        """
        port = free_port()
        self._environment = environment(folder, LOKET_PORT=str(port))
        self._url = f"http://127.0.0.1:{port}"
        self._log = folder / "log"
        self._settings = load_settings(self._environment, ROOT)
        sample.ensure(self._settings.own["shop_database_url"])

    def __enter__(self) -> Self:
        with self._log.open("wb") as log:
            self._began = time.perf_counter()
            self._process = subprocess.Popen(
                [*LOKET, "run"], cwd=ROOT, env=self._environment, stdout=log, stderr=log
            )
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(30)

    def first_message(self) -> dict[str, float]:
        """Writes as soon as somebody listens.

        Returns:
            Seconds since the start until the message was stored (`run_accepted`) and answered
            (`run_answered`), and since the worker's own start until then (`worker_answered`).

        Raises:
            SystemExit: Loket did not listen, or not answer.
        """
        with httpx.Client(base_url=self._url, timeout=10) as client:
            client.headers["Authorization"] = f"Bearer {self._session(client)}"
            message = {"id": str(uuid.uuid4()), "text": "waar is mijn pakket?"}
            client.post("/webchat/messages", json=message).raise_for_status()
            accepted = time.perf_counter() - self._began
            _answered(client)
            answered = time.perf_counter() - self._began
        # Both by the system's clock, whose idea of when it booted may be off: by their difference.
        top = psutil.Process(self._process.pid).create_time()
        later = self._role("worker").create_time() - top
        return {
            "run_accepted": accepted,
            "run_answered": answered,
            "worker_answered": answered - later,
        }

    def memory(self, role: str) -> dict[str, float]:
        """MB (a million bytes) of a role's process.

        `rss` is all that is in memory for it, libraries that others use too included; `uss` is what
        would be free if it ended.
        """
        info = self._role(role).memory_full_info()
        return {"rss": info.rss / 1e6, "uss": info.uss / 1e6}

    def turns(self, count: int) -> None:
        """Has so many messages answered, all of them waiting from the start.

        Raises:
            SystemExit: it took too long.
        """
        database = Database(self._settings.database_url)
        try:
            with database.begin() as conn:
                fill(conn, uuid.uuid4().hex, max(1, count // len(VISIT)))
            until_answered(database)
        finally:
            database.dispose()

    def _role(self, role: str) -> psutil.Process:
        children = psutil.Process(self._process.pid).children(recursive=True)
        return next(each for each in children if role in each.cmdline())

    def _session(self, client: httpx.Client) -> str:
        """A browser's token; tried until the web role listens."""
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline and self._process.poll() is None:
            with suppress(httpx.TransportError):
                token: str = client.post("/webchat/session", json={}).json()["token"]
                return token
            time.sleep(0.02)
        raise SystemExit(f"Loket did not start:\n{self._log.read_text(encoding='utf-8')[-2000:]}")


def until_answered(database: Database) -> float:
    """Waits until no message waits; seconds that it took.

    Raises:
        SystemExit: it took too long, or a person was called.
    """
    began = time.perf_counter()
    while time.perf_counter() - began < _PATIENCE:
        with database.read() as conn:
            if not left(conn):
                took = time.perf_counter() - began
                check_nobody_gave_up(conn)
                return took
        time.sleep(0.05)
    raise SystemExit("Loket did not answer all messages in time.")


def _answered(client: httpx.Client) -> None:
    """Reads the stream until the bot has said something besides that it is an AI."""
    with client.stream("GET", "/webchat/events", timeout=_PATIENCE) as stream:
        for line in stream.iter_lines():
            if line.startswith("data: ") and '"author":"bot"' in line.replace(" ", ""):
                return
    raise SystemExit("Loket closed the stream before it answered.")
