"""Whether a run says something about Loket, or about what else the machine did."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

#: Processor seconds a second that others may use in the median round.
OTHERS: Final = 0.10
#: How far a round may lie from the median of all, up or down.
RANGE: Final = 1.25
#: Fewer rounds have no range to speak of.
ROUNDS: Final = 3


@dataclass(frozen=True, slots=True)
class Trust:
    """A verdict.

    Attributes:
        reasons: sentences that say why the run is not to be trusted; none when it is.
    """

    reasons: tuple[str, ...] = ()

    @property
    def trusted(self) -> bool:
        """Whether nothing speaks against it."""
        return not self.reasons

    def __str__(self) -> str:
        """As it is printed."""
        if self.trusted:
            return "To be trusted: others left the machine alone and the rounds agree."
        return "\n".join(f"Not to be trusted: {reason}." for reason in self.reasons)


def judge(others: Sequence[float], main: Mapping[str, Sequence[float]]) -> Trust:
    """Judges a run.

    Args:
        others: processor seconds a second that others used, round by round.
        main: the figures that the run is about, by name: their values, round by round.
    """
    reasons = []
    middle = statistics.median(others) if others else 0.0
    if middle > OTHERS:
        reasons.append(
            f"other processes used {middle:.0%} of a core in the median round"
            f" (at most {OTHERS:.0%} may be)"
        )
    for name, values in main.items():
        if len(values) < ROUNDS:
            reasons.append(f"{name} was measured in fewer than {ROUNDS} rounds")
            continue
        median = statistics.median(values)
        if max(values) > RANGE * median or min(values) < median / RANGE:
            reasons.append(
                f"{name} went from {min(values):.3g} to {max(values):.3g} over the rounds, with a"
                f" median of {median:.3g} (at most {RANGE:g} times may lie between)"
            )
    return Trust(tuple(reasons))
