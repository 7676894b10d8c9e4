"""What a bench measured, round by round, and what it comes to."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

#: Values by the name of a figure: one for each round in which it was measured.
Rounds = Mapping[str, Sequence[float]]


@dataclass(frozen=True, slots=True)
class Target:
    """What is wanted of a figure.

    Attributes:
        limit: the most, or the least, that its median may be, in the figure's own unit.
        least: whether `limit` is a lower bound.
    """

    limit: float
    least: bool = False

    def met(self, value: float) -> bool:
        """Whether a value is good enough; a value on the limit is."""
        return value >= self.limit if self.least else value <= self.limit


@dataclass(frozen=True, slots=True)
class Measure:
    """A row of a table.

    Attributes:
        name: what it is, in words; `{option}` stands for an option of the run.
        figure: name of its values in `Rounds`.
        unit: written behind each value: " ms", " MB", " times"; empty for a bare number.
        digits: behind the decimal point.
        target: what is wanted, if anything.
        beside: name of the other system's values, if it was measured too.
        readme: whether README shows the row.
    """

    name: str
    figure: str
    unit: str = ""
    digits: int = 1
    target: Target | None = None
    beside: str = ""
    readme: bool = False

    def shown(self, value: float) -> str:
        """A value with its unit."""
        return f"{value:.{self.digits}f}{self.unit}"

    def spread(self, values: Sequence[float]) -> str:
        """The median of the rounds, with the lowest and the highest; empty without a round."""
        if not values:
            return ""
        middle = self.shown(statistics.median(values))
        if len(values) == 1:
            return middle
        low, high = (f"{each:.{self.digits}f}" for each in (min(values), max(values)))
        return f"{middle} ({low} to {high})"

    def wanted(self) -> str:
        """The target in words; empty without one."""
        if self.target is None:
            return ""
        bound = "at least" if self.target.least else "at most"
        return f"{bound} {self.target.limit:g}{self.unit}"

    def verdict(self, rounds: Rounds) -> bool | None:
        """Whether the median meets the target; None without a target or a value."""
        values = rounds.get(self.figure, ())
        if self.target is None or not values:
            return None
        return self.target.met(statistics.median(values))


def medians(rounds: Rounds) -> dict[str, float]:
    """The median of each figure that was measured."""
    return {name: statistics.median(values) for name, values in rounds.items() if values}


def quantile(values: Sequence[float], part: float) -> float:
    """The value that this part (0 to 1) of all stays under, between two where need be.

    Raises:
        ValueError: there is no value, or the part lies outside.
    """
    if not values or not 0 <= part <= 1:
        raise ValueError(f"no {part} of {len(values)} values")
    ordered = sorted(values)
    place = part * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def table(
    measures: Sequence[Measure],
    rounds: Rounds,
    options: Mapping[str, object],
    systems: tuple[str, str] = ("Loket", ""),
) -> str:
    """A Markdown table of what was measured: each median with its range, its target, and whether.

    Args:
        measures: the rows; one without any value is left out.
        rounds: the values.
        options: of the run, for the names of the rows.
        systems: ours, and the other one; without an other there is no column for it.
    """
    heads = ["measure", *(each for each in systems if each), "target", "met?"]
    lines = [heads, ["---"] * len(heads)]
    for each in measures:
        if not rounds.get(each.figure) and not rounds.get(each.beside):
            continue
        other = [each.spread(rounds.get(each.beside, ()))] if systems[1] else []
        met = {True: "yes", False: "no", None: ""}[each.verdict(rounds)]
        name = each.name.format(**options)
        lines.append([name, each.spread(rounds.get(each.figure, ())), *other, each.wanted(), met])
    return "\n".join(row(line) for line in lines)


def row(cells: Sequence[str]) -> str:
    """A line of a Markdown table."""
    return f"| {' | '.join(cells)} |"


def missed(measures: Sequence[Measure], rounds: Rounds) -> bool:
    """Whether any figure misses its target."""
    return any(each.verdict(rounds) is False for each in measures)
