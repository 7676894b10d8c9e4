"""The thresholds below which a classification is not acted upon."""

from __future__ import annotations

import numpy as np
import pytest

from bot.core.rejection import FEWEST, Rejection, fit


def predictions(count: int = 4000) -> tuple[np.ndarray, np.ndarray]:
    """Calibrated probabilities of three intents, and what came true."""
    rng = np.random.default_rng(1)
    probabilities = rng.dirichlet([0.6, 0.6, 0.6], count)
    labels = np.array([rng.choice(3, p=row) for row in probabilities])
    return probabilities, labels


def wrong_share(
    doubt: Rejection, probabilities: np.ndarray, labels: np.ndarray, refusals: tuple[int, ...] = ()
) -> tuple[int, float]:
    """How many predictions are acted upon, and which share of those is wrong."""
    acted = []
    for row, label in zip(probabilities, labels, strict=True):
        ranking = sorted(((str(at), p) for at, p in enumerate(row)), key=lambda pair: -pair[1])
        if not doubt.applies(ranking) and int(ranking[0][0]) not in refusals:
            acted.append(ranking[0][0] == str(label))
    return len(acted), 1 - float(np.mean(acted)) if acted else 0.0


@pytest.mark.parametrize("rate", [0.05, 0.1, 0.2])
def test_the_rate_is_kept(rate: float) -> None:
    """No more of the messages acted upon are wrong than was allowed, and no fewer than needed."""
    probabilities, labels = predictions()
    doubt = fit(probabilities, labels, [], rate)
    count, wrong = wrong_share(doubt, probabilities, labels)
    assert wrong <= rate
    assert count > 0
    assert wrong > rate / 2


def test_more_is_asked_when_less_may_be_wrong() -> None:
    """A stricter rate acts upon fewer messages."""
    probabilities, labels = predictions()
    counts = [
        wrong_share(fit(probabilities, labels, [], rate), probabilities, labels)[0]
        for rate in (0.02, 0.05, 0.1)
    ]
    assert counts == sorted(counts)
    assert counts[0] < counts[-1]


def test_refusing_is_never_wrong() -> None:
    """Whatever is taken for out of scope asks back anyway and needs no threshold."""
    probabilities, labels = predictions()
    doubt = fit(probabilities, labels, [0], 0.05)
    assert wrong_share(doubt, probabilities, labels, (0,))[1] <= 0.05


def test_a_rate_that_cannot_be_kept() -> None:
    """Where every prediction is wrong the thresholds are there all the same."""
    probabilities = np.tile([0.9, 0.1], (200, 1))
    doubt = fit(probabilities, np.ones(200, dtype=np.int64), [], 0.05)
    assert 0 < doubt.least < 1


def test_too_few_examples() -> None:
    """A handful of examples says nothing: Rasa's own thresholds are kept."""
    probabilities, labels = predictions(FEWEST - 1)
    assert fit(probabilities, labels, [], 0.05) == Rejection()


@pytest.mark.parametrize(
    ("ranking", "doubted"),
    [
        ([], True),
        ([("a", 0.29)], True),
        ([("a", 0.9)], False),
        ([("a", 0.5), ("b", 0.45)], True),
        ([("a", 0.5), ("b", 0.3)], False),
    ],
)
def test_doubt(ranking: list[tuple[str, float]], doubted: bool) -> None:
    """Nothing, too unlikely, and too close to the next are in doubt."""
    assert Rejection().applies(ranking) is doubted
