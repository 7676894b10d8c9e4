"""Loket's turns, from inbox to outbox, in one process: started by `bench/turns` on one core.

It stays, warm, between rounds: a line of JSON on standard input asks for a round, a line of JSON on
standard output is the answer. The first line out says that it is ready; it ends with its input.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
import time
import uuid
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import asdict
from typing import TYPE_CHECKING, TextIO, cast

from actions.backends import sample
from bench.measuring.customers import VISIT, check_nobody_gave_up, fill, left, messages
from bench.measuring.machine import ROOT
from bench.turns.figures import Round, Took
from bot.cli.chat import Terminal
from bot.core import encoder
from bot.logs import logging_setup
from bot.ops.train import train_if_needed
from bot.settings import Settings
from bot.settings_loading import load_settings
from bot.store.notify import notifier
from bot.store.sql.database import Database
from bot.worker.handler import Handler
from bot.worker.loop import Worker
from bot.worker.process import load_assistant, load_config, now
from channels.webchat import WebChat

if TYPE_CHECKING:
    from bot.core.assistant import RasaAssistant


class Loket:
    """A loaded assistant, its database, and what a worker does with them."""

    def __init__(self, settings: Settings, database: Database, assistant: RasaAssistant) -> None:
        """Keeps its parts."""
        self._settings = settings
        self._database = database
        self._assistant = assistant
        self._handler = Handler(database, now, load_config(settings))

    async def round(self, conversations: int, long: int) -> Round:
        """Answers everybody; a turn ends when its replies are committed to the outbox."""
        many = [await self.talk(len(VISIT)) for _ in range(conversations)]
        wall = tuple(ms for each in many for ms in each.wall)
        cpu = tuple(ms for each in many for ms in each.cpu)
        return Round(
            Took(wall, cpu),
            sum(cpu) / len(cpu),
            await self.talk(long),
            await self._parses(),
            await self._throughput(conversations),
        )

    async def talk(self, turns: int) -> Took:
        """A new customer's messages, one at a time."""
        address = uuid.uuid4().hex
        terminal = Terminal(
            self._database, self._handler, self._assistant, WebChat(), address, "bench"
        )

        async def say(text: str) -> None:
            await terminal.say(text)

        took = await _timed(say, messages(turns))
        await self._database.query(check_nobody_gave_up)
        return took

    async def _parses(self) -> Took:
        """Understanding of the visit's sentences, some times over."""

        async def parse(text: str) -> None:
            await self._assistant.parse(text)

        # A sentence that was encoded before costs a look-up; a customer's hardly ever was.
        return await _timed(parse, VISIT * 10, encoder.forget)

    async def _throughput(self, conversations: int) -> float:
        """Turns a second of a worker for whom all messages are there from the start."""
        waiting = await self._database.run(fill, uuid.uuid4().hex, conversations)

        async def ready() -> RasaAssistant:
            return self._assistant

        bell = notifier.of(self._settings.database_url, self._settings.var_dir)
        worker = Worker("bench", self._database, bell, self._handler, ready, now)
        stop = asyncio.Event()
        began = time.perf_counter()
        running = asyncio.create_task(worker.run(stop))
        while await self._database.query(left):  # noqa: ASYNC110 - the database is what tells
            await asyncio.sleep(0.02)
        took = time.perf_counter() - began
        stop.set()
        with suppress(asyncio.CancelledError):
            await running
        bell.close()
        await self._database.query(check_nobody_gave_up)
        return waiting / took


async def _timed(
    do: Callable[[str], Awaitable[None]],
    texts: Sequence[str],
    before: Callable[[], None] = lambda: None,
) -> Took:
    """What each took; `before` runs before each and is not counted."""
    wall, cpu = [], []
    for text in texts:
        before()
        began, used = time.perf_counter(), time.process_time()
        await do(text)
        cpu.append((time.process_time() - used) * 1000)
        wall.append((time.perf_counter() - began) * 1000)
    return Took(tuple(wall), tuple(cpu))


async def serve(settings: Settings, answers: TextIO) -> None:
    """Loads, warms up, and does the rounds that are asked for."""
    database = Database(settings.database_url)
    database.upgrade()
    sample.ensure(settings.own["shop_database_url"])
    assistant = cast("RasaAssistant", await load_assistant(settings, database))
    loket = Loket(settings, database, assistant)
    await loket.round(2, 20)  # whatever is made at first use is made now
    _write(answers, {"ready": True})
    while line := await asyncio.to_thread(sys.stdin.readline):
        _write(answers, asdict(await loket.round(**json.loads(line))))
    database.dispose()


def _write(answers: TextIO, value: object) -> None:
    answers.write(json.dumps(value) + "\n")
    answers.flush()


def main() -> None:
    """Serves rounds with a database of its own."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # a library that prints must not spoil an answer
    with tempfile.TemporaryDirectory() as folder:
        environment = {"LOKET_VAR_DIR": folder, "LOKET_MODELS_DIR": str(ROOT / "models")}
        settings = load_settings(environment, ROOT)
        logging_setup.configure("ERROR", "json")
        train_if_needed(settings)
        asyncio.run(serve(settings, answers))


if __name__ == "__main__":
    main()
