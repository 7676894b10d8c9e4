"""Loket tried to destruction: `make chaos`, or `python -m tests.chaos --help`."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from tests.chaos.run import NoServer, Options, run

_KINDS = ("sqlite", "postgresql")


def main() -> int:
    """Runs and reports; the exit code: 0 good, 1 something happened that may not."""
    parser = argparse.ArgumentParser(prog="make chaos", description=__doc__)
    parser.add_argument("--database", choices=(*_KINDS, "both"), default="both")
    parser.add_argument("--messages", type=int, default=2000, help="customers' messages, in all")
    parser.add_argument("--minutes", type=float, default=6.0, help="of traffic, at most")
    parser.add_argument("--seed", type=int, default=1, help="the same faults and messages again")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--pause", type=float, default=6.0, help="seconds between two faults")
    parser.add_argument("--quiet", type=float, default=300.0, help="seconds to finish in")
    parser.add_argument("--assistant", choices=("light", "real"), default="light")
    parser.add_argument(
        "--supervised", action="store_true", help="`loket run` restarts, not this program"
    )
    parser.add_argument("--short", action="store_true", help="one of each fault, as `make test`")
    parser.add_argument("--out", type=Path, help="folder for logs, timeline and report")
    given = parser.parse_args()
    out = given.out or Path(tempfile.mkdtemp(prefix="loket-chaos-"))
    good = True
    for kind in _KINDS if given.database == "both" else (given.database,):
        folder = out / kind
        folder.mkdir(parents=True)
        options = Options(
            folder=folder,
            database=kind,
            seed=given.seed,
            messages=given.messages,
            minutes=given.minutes,
            workers=given.workers,
            supervised=given.supervised,
            assistant=given.assistant,
            short=given.short,
            quiet=given.quiet,
            pause=given.pause,
        )
        try:
            report = asyncio.run(run(options))
        except NoServer:
            print("No PostgreSQL server answers; give one with LOKET_TEST_POSTGRES_URL.")
            good = False
            continue
        report.write(folder)
        print("\n".join(report.lines()))
        print(f"logs, timeline.jsonl and report.json: {folder}\n", flush=True)
        good = good and report.good
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
