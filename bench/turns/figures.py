"""What a round of turns comes to."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bench.measuring.figures import Measure, Target, quantile


@dataclass(frozen=True, slots=True)
class Took:
    """What things took, one after another, in milliseconds.

    Attributes:
        wall: by the clock.
        cpu: of processor time; empty where it cannot be told for each.
    """

    wall: tuple[float, ...] = ()
    cpu: tuple[float, ...] = ()

    @classmethod
    def read(cls, data: Any) -> Took:
        """From JSON."""
        return cls(tuple(data["wall"]), tuple(data["cpu"]))


@dataclass(frozen=True, slots=True)
class Round:
    """What one system did in one round.

    Attributes:
        many: the turns of many short conversations, one at a time.
        cpu_mean: processor milliseconds of one of those turns, on average.
        long: the turns of one long conversation; empty when it had none in this round.
        parses: understanding alone, of one sentence at a time; empty when not measured.
        throughput: turns a second when all messages are there from the start.
    """

    many: Took
    cpu_mean: float
    long: Took
    parses: Took
    throughput: float

    @classmethod
    def read(cls, data: Any) -> Round:
        """From JSON."""
        took = {name: Took.read(data[name]) for name in ("many", "long", "parses")}
        return cls(cpu_mean=data["cpu_mean"], throughput=data["throughput"], **took)

    def figures(self) -> dict[str, float]:
        """Each figure by its name; what was not measured is left out."""
        found = {"turns_a_second": self.throughput, "cpu_mean": self.cpu_mean}
        for kind, values in _kinds(self.many):
            found[f"{kind}_p50"] = quantile(values, 0.5)
            found[f"{kind}_p95"] = quantile(values, 0.95)
            found[f"{kind}_p95_by_p50"] = found[f"{kind}_p95"] / found[f"{kind}_p50"]
        for kind, values in _kinds(self.long):
            found[f"{kind}_early"] = around(values, 10)
            found[f"{kind}_late"] = around(values, len(values))
            found[f"{kind}_grown"] = found[f"{kind}_late"] / found[f"{kind}_early"]
        for kind, values in _kinds(self.parses):
            found[f"{kind}_parse"] = statistics.median(values)
        return found


def around(values: tuple[float, ...], turn: int) -> float:
    """Milliseconds of a conversation near a turn: the median of twenty around it.

    Twenty turns are whole visits, so that each place is measured over the same tasks.
    """
    first = max(0, min(turn - 10, len(values) - 20))
    return statistics.median(values[first : first + 20])


def _kinds(took: Took) -> Iterator[tuple[str, tuple[float, ...]]]:
    for kind, values in (("wall", took.wall), ("cpu", took.cpu)):
        if values:
            yield kind, values


def collected(ours: list[Round], theirs: list[Round]) -> dict[str, list[float]]:
    """The values of each figure, round by round: `loket.wall_p50`, `rasa.wall_p50`, and so on.

    `loket.turns_by_rasas` compares the two within each round, in which the machine was the same to
    both.
    """
    found: dict[str, list[float]] = {}
    for system, rounds in (("loket", ours), ("rasa", theirs)):
        for each in rounds:
            for name, value in each.figures().items():
                found.setdefault(f"{system}.{name}", []).append(value)
    if theirs:
        found["loket.turns_by_rasas"] = [
            one.throughput / other.throughput for one, other in zip(ours, theirs, strict=True)
        ]
    return found


def _measure(
    name: str,
    figure: str,
    unit: str = " ms",
    digits: int = 1,
    target: Target | None = None,
    *,
    readme: bool = False,
) -> Measure:
    return Measure(name, f"loket.{figure}", unit, digits, target, f"rasa.{figure}", readme)


_EVEN = Target(1.5)
_FLAT = Target(1.05)
_PARSE = Target(2.5)

#: The rows of the table. Rasa's long conversation is shorter: its turns grow slow.
MEASURES = (
    _measure("turns a second, all messages waiting", "turns_a_second", "", readme=True),
    _measure(
        "the same beside Rasa's", "turns_by_rasas", " times", 1, Target(20, least=True), readme=True
    ),
    _measure("a turn, wall time, median", "wall_p50", readme=True),
    _measure("a turn, wall time, p95", "wall_p95"),
    _measure("p95 / p50, wall time", "wall_p95_by_p50", "", 2, _EVEN, readme=True),
    _measure("a turn, processor time, median", "cpu_p50", target=Target(8), readme=True),
    _measure("a turn, processor time, p95", "cpu_p95"),
    _measure("p95 / p50, processor time", "cpu_p95_by_p50", "", 2, _EVEN, readme=True),
    _measure("a turn, processor time, mean", "cpu_mean", readme=True),
    _measure("around turn 10 of one conversation, wall time", "wall_early"),
    _measure("around turn {long} (Rasa's: {rasa_long}), wall time", "wall_late"),
    _measure(
        "turn {long} / turn 10 (Rasa's: {rasa_long} / 10), wall time",
        "wall_grown",
        "",
        2,
        _FLAT,
        readme=True,
    ),
    _measure("around turn 10, processor time", "cpu_early"),
    _measure("around turn {long}, processor time", "cpu_late"),
    _measure("turn {long} / turn 10, processor time", "cpu_grown", "", 2, _FLAT, readme=True),
    _measure("a parse, wall time, median", "wall_parse", target=_PARSE, digits=2, readme=True),
    _measure("a parse, processor time, median", "cpu_parse", target=_PARSE, digits=2, readme=True),
)
#: The figures whose rounds must agree, in words.
MAIN = {"Loket's turns a second": "loket.turns_a_second"}
#: Those besides when Rasa is measured too.
BESIDE = {"their number beside Rasa's": "loket.turns_by_rasas"}
