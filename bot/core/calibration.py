"""Calibration: corrects the probability of the likeliest intent, fitted on examples left out.

A softmax whose scale was fitted is right on average, yet too sure of what it is surest of and too
modest about the rest. Beta calibration (Kull, Silva Filho, Flach: "Beta calibration", AISTATS
2017) bends it back with three numbers, and never changes which intent is the likeliest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import minimize

from bot.core.rejection import FEWEST

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Probabilities are kept so far from 0 and 1, where logarithms end.
_EDGE = 1e-6


@dataclass(frozen=True, slots=True)
class Calibration:
    """A correction of the probability p of the likeliest intent.

    Its log-odds become `sure * log(p) - unsure * log(1 - p) + lift`. The defaults change nothing.

    Attributes:
        sure: above 0; less than 1 trusts high probabilities less.
        unsure: likewise, of low ones.
        lift: added; above 0 trusts all of them more.
    """

    sure: float = 1.0
    unsure: float = 1.0
    lift: float = 0.0

    def correct(self, probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
        """Corrects probabilities; the other intents share what the likeliest leaves.

        Args:
            probabilities: of each intent (a column) for each message (a row); a row sums to 1.
        """
        top = probabilities.max(axis=1, keepdims=True)
        top = np.minimum(np.maximum(top, _EDGE), 1.0 - _EDGE)
        believed = 1.0 / (1.0 + np.exp(-self._odds(top)))
        second = np.sort(probabilities, axis=1)[:, -2:-1]
        # The likeliest stays the likeliest: it is never worth less than the second then has.
        believed = np.maximum(believed, second / (1.0 - top + second))
        result: NDArray[np.float64] = probabilities * ((1.0 - believed) / (1.0 - top))
        result[np.arange(len(result)), probabilities.argmax(axis=1)] = believed[:, 0]
        return result

    def _odds(self, top: NDArray[np.float64]) -> NDArray[np.float64]:
        odds: NDArray[np.float64] = (
            self.sure * np.log(top) - self.unsure * np.log(1.0 - top) + self.lift
        )
        return odds


def fit(probabilities: NDArray[np.float64], labels: NDArray[np.int64]) -> Calibration:
    """Fits the calibration under which the right intents are likeliest.

    Args:
        probabilities: of each intent (a column) for each example (a row), predicted by a model that
            did not see that example.
        labels: the column of the right intent of each example.

    Returns:
        The calibration; one that changes nothing when there are too few examples.
    """
    if len(labels) < FEWEST:
        return Calibration()
    top = np.clip(probabilities.max(axis=1), _EDGE, 1.0 - _EDGE)
    right = probabilities.argmax(axis=1) == labels

    def belief(point: NDArray[np.float64]) -> Calibration:
        return Calibration(float(np.exp(point[0])), float(np.exp(point[1])), float(point[2]))

    def loss(point: NDArray[np.float64]) -> float:
        odds = belief(point)._odds(top)  # noqa: SLF001 - its own module's
        surprise = np.logaddexp(0.0, np.where(right, -odds, odds)).sum()
        # Predictions that are all right would make it endlessly sure.
        return float(surprise + 0.5 * (point**2).sum())

    found = minimize(loss, np.zeros(3), method="Nelder-Mead", options={"xatol": 1e-3})
    return belief(found.x)
