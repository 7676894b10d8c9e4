"""Does Loket stay quick as it grows old? `make bench-acknowledge` measures it.

How long a webhook, a receipt and a message of the web chat take until Loket says "I have it", with
few and with many old conversations in the database: the real web process and a busy worker, four
channels, strict fake providers, a steady rate, and rounds in turn, so that whatever else the
machine does hits both. Wanted: p99 with many at most twice p99 with few.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import math
import os
import statistics
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from filling import copy_sqlite, multiply  # noqa: E402 - found by the line above
from load import Bench, Round  # noqa: E402 - as above

from bench.measuring.postgres import Postgres  # noqa: E402 - as above
from bench.measuring.running import say  # noqa: E402 - as above
from tests.chaos.cuts import find_server  # noqa: E402 - as above
from tests.chaos.phones import ALL  # noqa: E402 - as above
from tests.support.webchat import free_port  # noqa: E402 - as above

#: What is wanted: p99 with many by p99 with few.
_WANTED: Final = 2.0
#: With more of the machine in other hands, or rounds further apart than this, nothing is proved.
_OTHERS: Final = 0.25
_SPREAD: Final = 2.0


def main() -> int:
    """Measures and prints; the exit code: 0 as wanted, 1 not, 2 not to be trusted."""
    parser = argparse.ArgumentParser(
        prog="bench/acknowledge",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--few", type=int, default=100, help="old conversations")
    parser.add_argument("--many", type=int, default=100_000, help="old conversations")
    parser.add_argument("--rounds", type=int, default=3, help="on each of the two, in turn")
    parser.add_argument("--seconds", type=float, default=20.0, help="for each round")
    parser.add_argument("--rate", type=float, default=8.0, help="messages a second, and receipts")
    given = parser.parse_args()
    kinds = ("sqlite", "postgresql") if given.database == "both" else (given.database,)
    return max([_bench(kind, given) for kind in kinds])


def _bench(kind: str, given: argparse.Namespace) -> int:
    with ExitStack() as stack:
        folders = [
            Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="loket-bench-")))
            for _ in range(2)
        ]
        phones = [make() for make in ALL]
        for each in phones:
            stack.callback(each.provider.close)
        bench = Bench(phones, free_port(), given.few)
        say(f"{kind}: filling {given.few} conversations by real traffic ...")
        if kind == "sqlite":
            files = [folder / "loket.db" for folder in folders]
            urls = [f"sqlite:///{file}" for file in files]
            asyncio.run(bench.fill(folders[0], urls[0]))
            copy_sqlite(*files)
        else:
            server = find_server(os.environ.get("LOKET_TEST_POSTGRES_URL"))
            if server is None:
                say("no PostgreSQL server answers; give one with LOKET_TEST_POSTGRES_URL")
                return 2
            databases = Postgres(server)
            stack.callback(databases.close)
            urls = [databases.make()]
            asyncio.run(bench.fill(folders[0], urls[0]))
            urls.append(databases.make(urls[0]))
        few = multiply(urls[0], given.few)
        say(f"{kind}: copying them to {given.many} ...")
        many = multiply(urls[1], given.many)
        rounds: tuple[list[Round], list[Round]] = ([], [])
        for number in range(given.rounds):
            for place in (0, 1):
                say(f"{kind}: round {number + 1}, {(few, many)[place]} old conversations ...")
                where = (folders[place], urls[place], given.rate, given.seconds)
                rounds[place].append(asyncio.run(bench.measure(*where)))
        return _print(kind, (few, many), rounds, given)


def _print(
    kind: str, counts: tuple[int, int], rounds: tuple[list[Round], list[Round]], given: object
) -> int:
    few, many = rounds
    print(f"\n{kind}: {vars(given)['rate']:g} messages and as many receipts of old ones a second\n")
    print(
        "| old conversations | requests | p50 ms | p99 ms | p99 by round | receipts p99 | "
        "web: processor ms a request | others' share of the machine |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for count, each in zip(counts, rounds, strict=True):
        everything = sorted(ms for one in each for ms in one.milliseconds())
        receipts = sorted(ms for one in each for ms in one.milliseconds("receipt"))
        cpu = sum(one.web for one in each) * 1000 / len(everything)
        print(
            f"| {count} | {len(everything)} | {_part(everything, 0.5):.1f}"
            f" | {_part(everything, 0.99):.1f}"
            f" | {', '.join(f'{_p99(one):.0f}' for one in each)}"
            f" | {_part(receipts, 0.99):.1f} | {cpu:.1f}"
            f" | {max(one.others for one in each):.0%} |"
        )
    ratios = [_p99(other) / _p99(one) for one, other in zip(few, many, strict=True)]
    ratio = statistics.median(ratios)
    print(
        f"\np99 with many by p99 with few: {ratio:.2f} (rounds: {min(ratios):.2f} to"
        f" {max(ratios):.2f}); wanted: at most {_WANTED:g}"
    )
    doubts = list(_doubts(few, many))
    for doubt in doubts:
        print(f"not to be trusted: {doubt}")
    if ratio > _WANTED and not doubts:
        return 1
    return 2 if doubts else 0


def _doubts(few: Sequence[Round], many: Sequence[Round]) -> list[str]:
    found = []
    others = max(each.others for each in (*few, *many))
    if others > _OTHERS:
        found.append(f"other programs had {others:.0%} of the machine in one round")
    for name, rounds in (("few", few), ("many", many)):
        times = [_p99(each) for each in rounds]
        if max(times) > _SPREAD * min(times):
            found.append(f"with {name}, p99 went from {min(times):.0f} to {max(times):.0f} ms")
    return found


def _p99(one: Round) -> float:
    return _part(one.milliseconds(), 0.99)


def _part(ordered: Sequence[float], share: float) -> float:
    return ordered[math.ceil(share * len(ordered)) - 1] if ordered else math.nan


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        sys.exit(main())
