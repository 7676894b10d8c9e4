"""What a turn costs, from inbox to outbox, beside Rasa as it comes: `make bench-turns`.

Both answer the same messages with the same content on one core of this machine, one after the
other in one run; the client and everything else are on another core. Rasa is its own default
configuration behind its REST channel with an action server. The machine's noise hits both, so the
ratio is what counts.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

import rasa_default  # noqa: E402 - found by the line above
import starting  # noqa: E402 - as above
from figures import Times, on_core, read, row  # noqa: E402 - as above
from script import VISIT  # noqa: E402 - as above


def main() -> None:
    """Measures and prints a table."""
    parser = argparse.ArgumentParser(prog="bench/turns", description=__doc__)
    parser.add_argument("--conversations", type=int, default=30, help="short conversations")
    parser.add_argument("--long", type=int, default=300, help="turns of Loket's long conversation")
    parser.add_argument(
        "--rasa-long", type=int, default=100, help="turns of Rasa's: its cost grows with each"
    )
    parser.add_argument("--epochs", type=int, default=5, help="of Rasa's training (own: 100)")
    parser.add_argument("--without-rasa", action="store_true", help="measure Loket alone")
    given = parser.parse_args()
    cores = sorted(os.sched_getaffinity(0))
    served, rest = cores[0], set(cores[1:]) or set(cores)
    os.sched_setaffinity(0, rest)

    ours = _loket(given.conversations, given.long, served)
    theirs = None
    if not given.without_rasa:
        with tempfile.TemporaryDirectory() as folder:
            _say(f"training Rasa's default configuration, {given.epochs} epochs ...")
            os.sched_setaffinity(0, cores)
            rasa_default.train(Path(folder), given.epochs)
            os.sched_setaffinity(0, rest)
            _say("measuring Rasa's default configuration ...")
            theirs = rasa_default.measure(
                Path(folder), given.conversations, len(VISIT), given.rasa_long, served
            )
    _say("measuring a start ...")
    os.sched_setaffinity(0, cores)
    start = starting.measure()
    _print(ours, theirs, start, given)


def _loket(conversations: int, long: int, core: int) -> Times:
    _say("measuring Loket ...")
    program = str(Path(__file__).with_name("loket.py"))
    counts = {"--conversations": conversations, "--visit": len(VISIT), "--long": long}
    done = subprocess.run(
        [*on_core(core), program, *(str(each) for pair in counts.items() for each in pair)],
        env={**os.environ, "PYTHONWARNINGS": "ignore", "SQLALCHEMY_SILENCE_UBER_WARNING": "1"},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit("Loket's part of the bench failed; see above.")
    return read(done.stdout)


def _print(
    ours: Times, theirs: Times | None, start: starting.Start, given: argparse.Namespace
) -> None:
    turns = given.conversations * len(VISIT)
    print(f"\n{turns} turns in {given.conversations} conversations, one core, one run\n")
    print(row("measure", ("Loket", "Rasa's default", "target")))
    print("|---|---|---|---|")

    def line(name: str, mine: str, other: str, target: str) -> None:
        print(row(name, (mine, other if theirs else "not measured", target)))

    other = theirs or ours
    ratio = ours.throughput / other.throughput
    line(
        "turns a second",
        f"{ours.throughput:.0f}" + (f" ({ratio:.1f} times)" if theirs else ""),
        f"{other.throughput:.1f}",
        "6 times Rasa's",
    )
    line("p50", f"{ours.quantile(0.5):.1f} ms", f"{other.quantile(0.5):.1f} ms", "")
    line(
        "p95",
        f"{ours.quantile(0.95):.1f} ms ({ours.quantile(0.95) / ours.quantile(0.5):.2f} x p50)",
        f"{other.quantile(0.95):.1f} ms",
        "2 x p50",
    )
    line("around turn 10", f"{ours.around(10):.1f} ms", f"{other.around(10):.1f} ms", "")
    line(
        "around the last turn",
        _grown(ours, given.long),
        _grown(other, given.rasa_long),
        "1.3 x turn 10",
    )
    print(
        f"\nA start of `loket run`: first message accepted after {start.accepted:.1f} s, answered"
        f" after {start.answered:.1f} s; web {start.web:.0f} MB, worker {start.worker:.0f} MB."
    )
    if theirs:
        print(f"Rasa was trained for {given.epochs} epochs, which does not change its turns' cost.")


def _grown(times: Times, turn: int) -> str:
    there = times.around(turn)
    return f"{there:.1f} ms at {turn} ({there / times.around(10):.2f} x turn 10)"


def _say(sentence: str) -> None:
    print(f"bench: {sentence}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
