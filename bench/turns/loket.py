"""Loket's turns, from inbox to outbox, in one process: run by `bench/turns` on one core."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
import uuid
from contextlib import suppress
from pathlib import Path

from sqlalchemy.engine import Connection

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from figures import Times, write  # noqa: E402 - found by the line above
from script import messages  # noqa: E402 - as above

from actions.backends import sample  # noqa: E402 - as above
from bot.cli.chat import Terminal  # noqa: E402 - as above
from bot.logs import logging_setup  # noqa: E402 - as above
from bot.messages import Inbound  # noqa: E402 - as above
from bot.ops.train import train_if_needed  # noqa: E402 - as above
from bot.settings import Settings  # noqa: E402 - as above
from bot.store import inbox, notifier  # noqa: E402 - as above
from bot.store.database import Database  # noqa: E402 - as above
from bot.worker.handler import Handler  # noqa: E402 - as above
from bot.worker.loop import Worker  # noqa: E402 - as above
from bot.worker.process import load_assistant, load_config, now  # noqa: E402 - as above
from channels.webchat import WebChat  # noqa: E402 - as above


async def measure(settings: Settings, conversations: int, visit: int, long: int) -> Times:
    """Answers everybody; each turn ends when its replies are committed to the outbox."""
    database = Database(settings.database_url)
    database.upgrade()
    sample.ensure(settings.own["shop_database_url"])
    handler = Handler(database, now, load_config(settings))
    assistant = await load_assistant(settings, database)

    async def talk(texts: list[str]) -> list[float]:
        terminal = Terminal(database, handler, assistant, WebChat(), uuid.uuid4().hex, "bench")
        took = []
        for text in texts:
            began = time.perf_counter()
            handled = await terminal.say(text)
            took.append((time.perf_counter() - began) * 1000)
            if handled.owner != "bot":
                raise SystemExit("A person was called: from then on a turn costs next to nothing.")
        return took

    await talk(messages(visit))  # whatever is made at first use is made now
    many = [took for _ in range(conversations) for took in await talk(messages(visit))]
    lasting = await talk(messages(long))

    waiting = 0
    for number in range(conversations):
        for text in messages(visit):
            inbound = Inbound("webchat", f"bench-{number}", uuid.uuid4().hex, text)
            await database.run(inbox.accept, inbound, now())
            waiting += 1

    async def ready() -> object:
        return assistant

    bell = notifier.of(settings.database_url, settings.var_dir)
    worker = Worker("bench", database, bell, handler, ready, now)
    stop = asyncio.Event()
    began = time.perf_counter()
    running = asyncio.create_task(worker.run(stop))
    while await database.query(_left):  # noqa: ASYNC110 - the database is what tells
        await asyncio.sleep(0.02)
    throughput = waiting / (time.perf_counter() - began)
    stop.set()
    with suppress(asyncio.CancelledError):
        await running
    bell.close()
    database.dispose()
    return Times(tuple(many), tuple(lasting), throughput)


def _left(conn: Connection) -> bool:
    return bool(conn.exec_driver_sql("select 1 from inbox where done_at is null limit 1").first())


def main() -> None:
    """Measures in a database of its own and prints the figures as JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--conversations", type=int, required=True)
    parser.add_argument("--visit", type=int, required=True)
    parser.add_argument("--long", type=int, required=True)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings.load(
            {"LOKET_VAR_DIR": folder, "LOKET_MODELS_DIR": str(ROOT / "models")}, ROOT
        )
        logging_setup.configure("ERROR", "json")
        train_if_needed(settings)
        write(asyncio.run(measure(settings, given.conversations, given.visit, given.long)))


if __name__ == "__main__":
    main()
