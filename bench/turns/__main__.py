"""What a turn costs, from inbox to outbox, beside Rasa as it comes: `make bench-turns`.

Both answer the same messages with the same content on one core of this machine, in turn, round
after round, while the other one waits; the client and everything else are on the other cores. Rasa
is its own default configuration behind its REST channel with an action server. Both are started and
warmed up once. The verdict at the end says whether the machine was quiet enough.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from bench.measuring import results
from bench.measuring.customers import VISIT
from bench.measuring.neighbours import Load, Neighbours
from bench.measuring.running import Run, before, count, report, say
from bench.turns import rasa_default
from bench.turns.cores import kept_to, served_and_rest
from bench.turns.figures import BESIDE, MAIN, MEASURES, Round, collected
from bench.turns.loket_process import LoketProcess


def main() -> int:
    """Measures, prints a table and records it; the exit code is that of `report`."""
    parser = _parser()
    given = parser.parse_args()
    options = {name: value for name, value in vars(given).items() if name != "results"}
    quiet = before()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        if not given.without_rasa:
            say(f"training Rasa's default configuration, {given.epochs} epochs ...")
            rasa_default.train(folder, given.epochs)
        served, rest = served_and_rest()
        stack.enter_context(kept_to(rest))
        say("starting and warming up ...")
        loket = stack.enter_context(LoketProcess(served))
        loket.wait()
        rasa = None
        if not given.without_rasa:
            rasa = stack.enter_context(rasa_default.RasaServers(folder, served))
            rasa.wait()
        ours, theirs, during = _rounds(loket, rasa, given)
    turns = given.conversations * len(VISIT)
    print(f"\n{turns} turns in {given.conversations} conversations a round, on one core")
    run = Run(
        bench="turns",
        measures=MEASURES,
        rounds=collected(ours, theirs),
        main=MAIN if given.without_rasa else {**MAIN, **BESIDE},
        before=quiet,
        during=during,
        options=options,
        whole=_is_whole(given, parser),
        systems=("Loket", "" if given.without_rasa else "Rasa's default"),
    )
    return report(run, given.results)


def _rounds(
    loket: LoketProcess, rasa: rasa_default.RasaServers | None, given: argparse.Namespace
) -> tuple[list[Round], list[Round], list[Load]]:
    """Both in turn; of the two stretches of a round the busier one tells what others did."""
    ours, theirs, during = [], [], []
    neighbours = Neighbours()
    for number in range(given.rounds):
        say(f"round {number + 1} of {given.rounds}: Loket ...")
        neighbours.lap()
        ours.append(loket.round(given.conversations, given.long))
        load = neighbours.lap()
        if rasa is not None:
            say(f"round {number + 1} of {given.rounds}: Rasa ...")
            # Once: its cost grows with each turn, and so does its time.
            long = given.rasa_long if number == 0 else 0
            theirs.append(rasa.round(given.conversations, long))
            load = max(load, neighbours.lap(), key=lambda each: each.others)
        during.append(load)
    return ours, theirs, during


def _is_whole(given: argparse.Namespace, parser: argparse.ArgumentParser) -> bool:
    """Whether the run was what README describes: Rasa too, and the usual conversations."""
    same = ("long", "rasa_long")
    return (
        not given.without_rasa
        and given.conversations >= parser.get_default("conversations")
        and given.rounds >= parser.get_default("rounds")
        and all(getattr(given, name) == parser.get_default(name) for name in same)
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="bench/turns",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--rounds", type=count, default=5, help="of each of the two, in turn")
    parser.add_argument("--conversations", type=count, default=30, help="short ones, in each round")
    parser.add_argument(
        "--long", type=count, default=300, help="turns of Loket's long conversation"
    )
    parser.add_argument(
        "--rasa-long", type=count, default=100, help="turns of Rasa's: its cost grows with each"
    )
    parser.add_argument("--epochs", type=count, default=5, help="of Rasa's training (own: 100)")
    parser.add_argument("--without-rasa", action="store_true", help="measure Loket alone")
    parser.add_argument(
        "--results", type=Path, default=results.RESULTS, help="folder that keeps the results"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
