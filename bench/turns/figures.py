"""Times of turns, and what they come to."""

from __future__ import annotations

import json
import statistics
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Times:
    """What one system did.

    Attributes:
        many: milliseconds of each turn of many short conversations, one at a time.
        long: milliseconds of each turn of one long conversation.
        throughput: turns a second when all messages are there from the start.
    """

    many: tuple[float, ...]
    long: tuple[float, ...]
    throughput: float

    def quantile(self, part: float) -> float:
        """Milliseconds that this part (0 to 1) of the turns of short conversations stays under."""
        return statistics.quantiles(self.many, n=1000, method="inclusive")[round(part * 1000) - 1]

    def around(self, turn: int) -> float:
        """Milliseconds of the long conversation near a turn: the median of twenty around it.

        Twenty turns are whole visits, so that each place is measured over the same messages.
        """
        last = len(self.long)
        first = max(0, min(turn - 10, last - 20))
        return statistics.median(self.long[first : first + 20])


def write(times: Times) -> None:
    """Hands the figures to the parent process, as the last line of standard output."""
    sys.stdout.write(f"\n{json.dumps(asdict(times))}\n")


def read(output: str) -> Times:
    """The figures that a child process wrote."""
    data = json.loads(output.strip().splitlines()[-1])
    return Times(tuple(data["many"]), tuple(data["long"]), data["throughput"])


def row(name: str, cells: Sequence[str]) -> str:
    """A line of a Markdown table."""
    return f"| {name} | {' | '.join(cells)} |"


def on_core(core: int) -> list[str]:
    """The beginning of a command that runs Python on one core."""
    return ["taskset", "--cpu-list", str(core), sys.executable]
