"""How far probabilities can be believed."""

from __future__ import annotations

import numpy as np
import pytest

from bot.core.calibration import Calibration, fit


def predictions(count: int = 6000) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities of five intents that are too sure of themselves, and what came true."""
    rng = np.random.default_rng(2)
    true = rng.dirichlet([0.4] * 5, count)
    labels = np.array([rng.choice(5, p=row) for row in true])
    sharper = true**1.8
    return sharper / sharper.sum(axis=1, keepdims=True), labels


def off_by(probabilities: np.ndarray, labels: np.ndarray) -> float:
    """Mean distance of confidence and share right, over ten steps of confidence."""
    top, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == labels
    steps = np.minimum((top * 10).astype(int), 9)
    gaps = [abs((top - right)[steps == step].sum()) for step in range(10)]
    return float(sum(gaps)) / len(labels)


def test_confidence_comes_true() -> None:
    """Corrected on some examples, the confidence of others says how many of them are right."""
    probabilities, labels = predictions()
    belief = fit(probabilities[:4000], labels[:4000])
    rest = probabilities[4000:], labels[4000:]
    assert off_by(*rest) > 0.06
    assert off_by(belief.correct(rest[0]), rest[1]) < 0.03


@pytest.mark.parametrize(
    "belief", [Calibration(0.2, 0.2, -3.0), Calibration(3.0, 0.1, -1.0), Calibration()]
)
def test_the_likeliest_stays_the_likeliest(belief: Calibration) -> None:
    """The order of the intents and the sum of the probabilities do not change."""
    probabilities, _ = predictions(500)
    corrected = belief.correct(probabilities)
    assert corrected.sum(axis=1) == pytest.approx(1.0)
    chosen = np.arange(500), probabilities.argmax(axis=1)
    assert (corrected[chosen] >= corrected.max(axis=1) - 1e-12).all()
    assert (np.diff(np.take_along_axis(corrected, np.argsort(probabilities), 1)) >= -1e-12).all()


def test_few_or_perfect_predictions() -> None:
    """Of too few nothing is made, and of many that all come true no certainty."""
    few = np.array([[0.7, 0.3], [0.4, 0.6]])
    assert fit(few, np.array([0, 1])) == Calibration()
    assert Calibration().correct(few) == pytest.approx(few)
    many = np.tile(few, (500, 1))
    corrected = fit(many, np.tile([0, 1], 500)).correct(many)
    assert 0.9 < corrected.max() < 1.0
