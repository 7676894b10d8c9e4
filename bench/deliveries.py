"""What it costs to take a message from the delivery queue, and how soon what is said has left.

`make bench-deliveries` prints two tables.

The first: milliseconds to claim a batch of eight, with 100, 5,000 and 50,000 customers waiting, on
SQLite and (where a server answers) PostgreSQL, with fresh statistics, with those of before the
backlog, and with none. Claims are interleaved, so that whatever else the machine does hits all
alike; "cpu" is this process's own time, without the server's.

The second: milliseconds from the commit of a reply until a fake WhatsApp has it, at a steady rate,
while every core computes without pause and, once, for some seconds holds the interpreter as a model
that loads does. Delivery runs as `loket delivery`, and, to compare, on a thread of the process that
computes.
"""

from __future__ import annotations

import argparse
import math
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from bench.measuring.postgres import Postgres  # noqa: E402 - found by the line above
from bot.messages import Inbound, Text  # noqa: E402 - as above
from bot.store.delivery import deliveries, outbox  # noqa: E402 - as above
from bot.store.notify import notifier  # noqa: E402 - as above
from bot.store.sql import tables  # noqa: E402 - as above
from bot.store.sql.database import Database  # noqa: E402 - as above
from bot.store.worker import inbox  # noqa: E402 - as above
from tests.chaos.cuts import find_server  # noqa: E402 - as above
from tests.contract.adapters.whatsapp import ADAPTERS  # noqa: E402 - as above

BACKLOGS = (100, 5_000, 50_000)
#: Messages claimed in one transaction.
BATCH = 8
#: Computes without pause; holds its interpreter for some seconds first, as a loading model does.
BURN = """
import ctypes, sys, time
time.sleep(2)
if {hold}: ctypes.PyDLL(None).usleep(int({hold} * 1e6))
while True: sum(i * i for i in range(2000))
"""
#: Delivery as it would be on a thread of a worker.
BESIDE = """
import asyncio, threading
from datetime import UTC, datetime
from bot.logs import logging_setup
from bot.delivery.loop import DeliveryLoop
from bot.settings_loading import load_settings
from bot.store.notify import notifier
from bot.store.sql.database import Database
from channels import registry
settings = load_settings()
logging_setup.configure("ERROR", "json")
channels = registry.push_channels(registry.load(settings.root))
async def deliver():
    bell = notifier.of(settings.database_url, settings.var_dir)
    database = Database(settings.database_url)
    await DeliveryLoop(
        channels, settings.public_url, database, bell, lambda: datetime.now(UTC)
    ).run(asyncio.Event())
threading.Thread(target=asyncio.run, args=(deliver(),), daemon=True).start()
"""


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of all does not exceed."""
    return sorted(values)[math.ceil(share * len(values)) - 1]


@contextmanager
def databases(folder: Path) -> Iterator[Callable[[str], str]]:
    """Makes empty databases of a kind, and removes them; gives an empty URL where there is none."""
    server = find_server(os.environ.get("LOKET_TEST_POSTGRES_URL"))
    postgres = Postgres(server) if server else None

    def make(kind: str) -> str:
        if kind == "sqlite":
            return f"sqlite:///{folder}/{secrets.token_hex(4)}.db"
        return postgres.make() if postgres else ""

    yield make
    if postgres:
        postgres.close()


def fill(database: Database, customers: int, now: datetime) -> None:
    """So many customers with a message that is due."""
    owner = {"owner": "bot", "session": 0, "disclosed": True, "rating_asked": False}
    said = {"position": 0, "author": "human", "kind": "text", "content": {}, "status": "queued"}
    sent = {"part": 0, "content": {}, "status": "queued", "attempts": 0, "resends": 0, "error": ""}
    times = dict.fromkeys(("queued_at", "next_attempt_at", "updated_at"), now)
    for start in range(0, customers, 5000):
        numbers = range(start, min(start + 5000, customers))
        lines = [
            {"id": f"{n:032}", "address": f"+{n}", "channel": "sms", "created_at": now, **owner}
            for n in numbers
        ]
        messages = [
            {"id": n + 1, "conversation_id": f"{n:032}", "created_at": now, "to_plan": "", **said}
            for n in numbers
        ]
        waiting = [
            {"conversation_id": f"{n:032}", "outbox_id": n + 1, "channel": "sms", **sent, **times}
            for n in numbers
        ]
        with database.begin() as conn:
            conn.execute(
                tables.conversations.insert(),
                [{**line, "turns_since_disclosure": 0} for line in lines],
            )
            conn.execute(tables.outbox.insert(), messages)
            conn.execute(tables.deliveries.insert(), [{**row, "front": True} for row in waiting])


@dataclass(slots=True)
class Case:
    """A database with a backlog, and how long claims took there, in milliseconds."""

    kind: str
    statistics: str
    backlog: int
    database: Database
    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    @classmethod
    def made(cls, url: str, statistics: str, backlog: int, now: datetime) -> Case:
        """Filled, with statistics of before, of now, or none."""
        database = Database(url)
        database.upgrade()
        if database.dialect == "postgresql":
            with database.begin() as conn:
                conn.exec_driver_sql("ALTER TABLE deliveries SET (autovacuum_enabled = false)")
        if statistics == "before":
            _analyze(database)
        fill(database, backlog, now - timedelta(hours=1))
        if statistics == "fresh":
            _analyze(database)
        return cls(database.dialect, statistics, backlog, database)

    def claim(self, now: datetime) -> None:
        """One claim."""
        began, used = time.perf_counter(), time.process_time()
        with self.database.begin() as conn:
            batch = deliveries.claim(conn, "sms", now, timedelta(hours=9), BATCH)
        self.wall.append((time.perf_counter() - began) * 1000)
        self.cpu.append((time.process_time() - used) * 1000)
        # Back into the queue: the next one finds as much as this one did.
        with self.database.begin() as conn:
            for message in batch.messages:
                deliveries.retry(conn, message.id, now - timedelta(hours=1), "", now)


def claims(make: Callable[[str], str], rounds: int) -> None:
    """Prints the first table."""
    now = datetime.now(UTC)
    cases = [
        Case.made(url, statistics, backlog, now)
        for kind in ("sqlite", "postgresql")
        for statistics in ("none", "before", "fresh")
        for backlog in BACKLOGS
        if (url := make(kind))
    ]
    for _ in range(rounds + 1):
        for case in cases:
            case.claim(now)
    print(f"Claiming {BATCH} messages, in milliseconds")
    print(f"{'database':<12}{'statistics':<12}{'waiting':>8}{'p50':>8}{'p99':>8}{'cpu p50':>9}")
    for case in cases:
        wall, cpu = case.wall[1:], case.cpu[1:]  # the first prepares statements
        print(
            f"{case.kind:<12}{case.statistics:<12}{case.backlog:>8}{percentile(wall, 0.5):>8.2f}"
            f"{percentile(wall, 0.99):>8.2f}{percentile(cpu, 0.5):>9.2f}"
        )
        case.database.dispose()


def _analyze(database: Database) -> None:
    with database.begin() as conn:
        conn.exec_driver_sql("ANALYZE")


def leaving(url: str, folder: Path, how: str, rate: float, seconds: float, hold: float) -> None:
    """Prints a row of the second table."""
    adapter = ADAPTERS[0]
    with ExitStack() as stack:
        provider = adapter.provider()
        stack.callback(provider.close)
        database = Database(url)
        database.upgrade()
        stack.callback(database.dispose)
        bell = notifier.of(url, folder)
        stack.callback(bell.close)
        with database.begin() as conn:
            ids = [
                inbox.accept(
                    conn,
                    Inbound("whatsapp", f"316100{n:05}", f"{n}", "hoi"),
                    datetime.now(UTC),
                ).conversation_id
                for n in range(200)
            ]
        env = {
            **os.environ,
            **adapter.environment(provider),
            "LOKET_DATABASE_URL": url,
            "LOKET_VAR_DIR": str(folder),
            "LOKET_LOG_LEVEL": "ERROR",
            "PYTHONPATH": str(ROOT),
            "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        }
        beside = BESIDE + BURN.format(hold=hold)
        alone = ["-m", "bot.cli", "delivery"]
        commands = [alone if how == "process" else ["-c", beside]]
        if how == "process":
            commands += [["-c", BURN.format(hold=hold)]]
        commands += [["-c", BURN.format(hold=0)]] * ((os.cpu_count() or 1) - 1)
        for command in commands:
            process = subprocess.Popen([sys.executable, *command], env=env, cwd=ROOT)
            stack.callback(process.wait)
            stack.callback(process.kill)
        said, heard = _speak(database, bell, ids, provider, rate, seconds)
    took = [(heard[word] - at) * 1000 for word, at in said.items() if word in heard]
    kind = url.partition(":")[0]
    print(
        f"{kind:<12}{how:<10}{len(took):>9}{len(said) - len(took):>6}{percentile(took, 0.5):>9.0f}"
        f"{percentile(took, 0.99):>9.0f}{max(took):>9.0f}"
    )


def _speak(
    database: Database,
    bell: notifier.Notifier,
    ids: Sequence[str],
    provider: Any,
    rate: float,
    seconds: float,
) -> tuple[dict[str, float], dict[str, float]]:
    """Says things at a rate; when each was committed, and when the provider had it."""
    said: dict[str, float] = {}
    heard: dict[str, float] = {}

    def hear() -> None:
        for accepted in provider.accepted[len(heard) :]:
            heard[accepted.text] = time.perf_counter()

    def say(conversation_id: str, word: str) -> None:
        with database.begin() as conn:
            outbox.add(conn, conversation_id, None, [("human", Text(word))], datetime.now(UTC))
        said[word] = time.perf_counter()
        bell.ring("outbox", conversation_id)

    say(ids[0], "the first one shows that it has started")
    while not heard:
        time.sleep(0.01)
        hear()
    said.clear()
    start, number = time.perf_counter(), 0
    while (now := time.perf_counter() - start) < seconds:
        if number < now * rate:
            say(ids[number % len(ids)], f"antwoord {number}")
            number += 1
        hear()
        time.sleep(0.002)
    end = time.perf_counter() + 60
    while not said.keys() <= heard.keys() and time.perf_counter() < end:
        hear()
        time.sleep(0.002)
    return said, heard


def main() -> None:
    """Measures and prints the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=100, help="claims of each row")
    parser.add_argument("--rate", type=float, default=35.0, help="replies a second")
    parser.add_argument("--seconds", type=float, default=25.0, help="of each row")
    parser.add_argument("--hold", type=float, default=8.0, help="seconds that a model loads")
    parser.add_argument("--only", choices=("claims", "leaving"))
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, databases(Path(folder)) as make:
        if given.only != "leaving":
            claims(make, given.rounds)
        if given.only == "claims":
            return
        print(f"\nFrom commit to provider at {given.rate:g} a second, in milliseconds")
        print(f"{'database':<12}{'as':<10}{'replies':>9}{'lost':>6}{'p50':>9}{'p99':>9}{'most':>9}")
        for kind in ("sqlite", "postgresql"):
            for how in ("process", "thread"):
                if url := make(kind):
                    var = Path(tempfile.mkdtemp(dir=folder))
                    leaving(url, var, how, given.rate, given.seconds, given.hold)


if __name__ == "__main__":
    main()
