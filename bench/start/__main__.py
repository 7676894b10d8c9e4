"""How soon Loket is there, and in how much memory: `make bench-start`.

In each round: a start of `loket run` with a trained model and an empty database, until its first
message is stored and answered; `loket parse` and `loket chat --json` until their first answer; and
`loket train` when nothing changed. Then, fewer times: the worker's memory after a thousand turns; a
training; and two workers beside one on PostgreSQL, where a server answers. The verdict at the end
says whether the machine was quiet enough.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from bench.measuring import results
from bench.measuring.neighbours import Load, Neighbours
from bench.measuring.postgres import Postgres
from bench.measuring.running import Run, before, count, report, say
from bench.start import commands, workers
from bench.start.measures import MAIN, MEASURES
from bench.start.running import RunningLoket, environment
from bot.ops.train import train_if_needed
from bot.settings_loading import load_settings
from tests.chaos.cuts import find_server

PARTS: Final = ("start", "commands", "turns", "training", "workers")


class Bench:
    """Collects the values of all parts, and what others did meanwhile."""

    def __init__(self, given: argparse.Namespace) -> None:
        """Measures nothing yet."""
        self._given = given
        self._parts = [each for each in PARTS if each not in given.without]
        self.rounds: dict[str, list[float]] = {}
        self.during: list[Load] = []

    def run(self) -> None:
        """All parts, the short ones in turn, round after round."""
        for number in range(self._given.rounds):
            if {"start", "commands"} & set(self._parts):
                say(f"round {number + 1} of {self._given.rounds} ...")
                self._round()
        if "turns" in self._parts:
            say(f"the worker's memory after {self._given.turns} turns ...")
            self._turns()
        if "training" in self._parts:
            self._training()
        if "workers" in self._parts:
            self._workers()

    def _round(self) -> None:
        neighbours = Neighbours()
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            if "start" in self._parts:
                with RunningLoket(folder) as loket:
                    self._add(loket.first_message())
                    for role in ("web", "worker"):
                        self._add(loket.memory(role), f"{role}_")
            if "commands" in self._parts:
                self._add({"parse_answered": commands.first_answer(folder, "parse")})
                self._add({"chat_answered": commands.first_answer(folder, "chat", "--json")})
                self._add({"train_unchanged": commands.train(folder, force=False)[0]})
        self.during.append(neighbours.lap())

    def _turns(self) -> None:
        neighbours = Neighbours()
        with tempfile.TemporaryDirectory() as folder, RunningLoket(Path(folder)) as loket:
            loket.first_message()
            loket.turns(self._given.turns)
            self._add(loket.memory("worker"), "later_")
        self.during.append(neighbours.lap())

    def _training(self) -> None:
        for number in range(self._given.trainings):
            say(f"training {number + 1} of {self._given.trainings} ...")
            neighbours = Neighbours()
            with tempfile.TemporaryDirectory() as folder:
                seconds, peak = commands.train(Path(folder), force=True)
            self._add({"train_forced": seconds, "train_peak": peak})
            self.during.append(neighbours.lap())

    def _workers(self) -> None:
        server = find_server(os.environ.get("LOKET_TEST_POSTGRES_URL"))
        if server is None:
            say("no PostgreSQL server answers, so two workers are not measured beside one.")
            return
        # The server's own work is part of what is measured.
        neighbours = Neighbours(also=["postgres"])
        with ExitStack() as stack:
            postgres = Postgres(server)
            stack.callback(postgres.close)
            for number in range(self._given.worker_rounds):
                say(f"workers, round {number + 1} of {self._given.worker_rounds} ...")
                one, two = (
                    workers.turns_a_second(postgres, count, self._given.conversations)
                    for count in (1, 2)
                )
                self._add({"one_worker": one, "two_workers": two, "two_by_one": two / one})
                self.during.append(neighbours.lap())

    def _add(self, values: Mapping[str, float], before: str = "") -> None:
        for name, value in values.items():
            self.rounds.setdefault(before + name, []).append(value)


def main() -> int:
    """Measures, prints a table and records it; the exit code is that of `report`."""
    parser = _parser()
    given = parser.parse_args()
    options = {name: value for name, value in vars(given).items() if name != "results"}
    with tempfile.TemporaryDirectory() as folder:
        train_if_needed(load_settings(environment(Path(folder))))
    quiet = before()
    bench = Bench(given)
    bench.run()
    if not bench.rounds:
        parser.error("there is nothing left to measure")
    run = Run(
        bench="start",
        measures=MEASURES,
        rounds=bench.rounds,
        main=MAIN,
        before=quiet,
        during=bench.during,
        options=options,
        whole=_is_whole(given, parser),
    )
    return report(run, given.results)


def _is_whole(given: argparse.Namespace, parser: argparse.ArgumentParser) -> bool:
    """Whether the run was what README describes; a missing PostgreSQL is told there."""
    at_least = ("rounds", "trainings", "worker_rounds", "conversations")
    return (
        not given.without
        and given.turns == parser.get_default("turns")
        and all(getattr(given, name) >= parser.get_default(name) for name in at_least)
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="bench/start",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--rounds", type=count, default=5, help="of starts and commands")
    parser.add_argument(
        "--turns", type=count, default=1000, help="before memory is looked at again"
    )
    parser.add_argument("--trainings", type=count, default=3, help="from scratch")
    parser.add_argument("--worker-rounds", type=count, default=3, help="of one worker, then two")
    parser.add_argument(
        "--conversations", type=count, default=60, help="ten messages each, in the workers' rounds"
    )
    parser.add_argument(
        "--without", action="append", choices=PARTS, default=[], help="leave a part out"
    )
    parser.add_argument(
        "--results", type=Path, default=results.RESULTS, help="folder that keeps the results"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
