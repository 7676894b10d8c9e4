"""What predictions are worth."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

#: Steps of confidence in which it is compared with what came true.
BINS = 15


@dataclass(frozen=True, slots=True)
class Predicted:
    """What a model made of one text.

    Attributes:
        right: the intent that it has.
        intent: the likeliest by the model.
        confidence: 0 to 1.
        doubted: whether the model's own thresholds would ask back.
        took: milliseconds by the clock.
        worked: milliseconds of the processor: the same when nothing else runs on the machine.
    """

    right: str
    intent: str
    confidence: float
    doubted: bool
    took: float
    worked: float

    @property
    def is_right(self) -> bool:
        """Whether the likeliest intent is the right one, in doubt or not."""
        return self.intent == self.right


@dataclass(frozen=True, slots=True)
class Bin:
    """The predictions of about one confidence: how many, their mean confidence, the share right."""

    count: int
    confidence: float
    right: float


def accuracy(rows: Sequence[Predicted]) -> float:
    """Per cent right."""
    return 100 * statistics.fmean(row.is_right for row in rows)


def bins(rows: Sequence[Predicted]) -> list[Bin]:
    """The predictions by confidence, in steps of equal width, empty ones left out."""
    result = []
    for step in range(BINS):
        within = [row for row in rows if min(int(row.confidence * BINS), BINS - 1) == step]
        if within:
            confidence = statistics.fmean(row.confidence for row in within)
            right = statistics.fmean(row.is_right for row in within)
            result.append(Bin(len(within), confidence, right))
    return result


def calibration_error(rows: Sequence[Predicted]) -> float:
    """Expected calibration error, 0 to 1: mean distance of confidence and share right."""
    return sum(each.count * abs(each.confidence - each.right) for each in bins(rows)) / len(rows)


def acted_upon(rows: Sequence[Predicted]) -> tuple[float, float]:
    """Per cent that the model would act upon, and per cent of those that are wrong."""
    acted = [row for row in rows if not row.doubted]
    wrong = 100 - accuracy(acted) if acted else 0.0
    return 100 * len(acted) / len(rows), wrong


def median_and_slow(milliseconds: Sequence[float]) -> tuple[float, float]:
    """The median, and what 95 of 100 stay under."""
    cuts = statistics.quantiles(milliseconds, n=20, method="inclusive")
    return cuts[9], cuts[18]
