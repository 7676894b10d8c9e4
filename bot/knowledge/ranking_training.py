"""Learns from example questions how much each feature of a passage counts, and when to answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.preprocessing import StandardScaler

from bot.knowledge.example_questions import ExampleQuestion
from bot.knowledge.ranking_model import SIGNS, UNTAUGHT, Model
from bot.knowledge.search_index import Index, logistic
from bot.knowledge.word_coverage import Encode

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Matrix = NDArray[np.float64]
    Flags = NDArray[np.bool_]

#: Share of the questions without an answer that may get one, on questions left out.
WRONG: Final = 0.05
#: Share of the answerable questions for which nothing near is offered.
FAR: Final = 0.08
_FOLDS: Final = 5
#: With fewer of either kind of question the model would be theirs alone: those of one page out of
#: three teach nothing of the others, and the second highest of twenty scores is no threshold.
_LEAST: Final = 100
#: Keeps the weights small.
_PENALTY: Final = 0.003


def train_ranking(index: Index, questions: Sequence[ExampleQuestion], encode: Encode) -> Index:
    """Adds the example questions to the index and fits a model to them.

    Every question is looked at as if it were not among the examples, and whether to answer is
    learned from comparisons that the question had no part in: otherwise each would find itself.
    Of too few questions nothing is learned: they only lead to their passages, and those that no
    page answers may make the search more careful.
    """
    if not questions:
        return index
    labels = np.array([bool(question.page) for question in questions], dtype=bool)
    questions = [replace(each, ask=index.own.plain(each.ask)) for each in questions]
    right = [
        np.array([q.is_answered_by(entry.slug, entry.block) for entry in index.entries])
        for q in questions
    ]
    known = [at for at, question in enumerate(questions) if question.page]
    encode = remembering(index, [each.ask for each in questions], encode)
    index = index.asked([(questions[at].ask, int(right[at].argmax())) for at in known], encode)
    places = {at: place for place, at in enumerate(known)}
    signs = [
        index.signs(question.ask, encode, places.get(at)) for at, question in enumerate(questions)
    ]
    if min(labels.sum(), (~labels).sum()) < _LEAST:
        silent = [signs[at] for at in np.flatnonzero(~labels)]
        return index.taught(_careful(index, silent))
    gates, correct = np.zeros((len(questions), len(SIGNS) + 2)), np.zeros(len(questions), bool)
    for train, test in folds(labels):
        taught = [at for at in train if labels[at]]
        weights = compare([signs[at] for at in taught], [right[at] for at in taught])
        for at in test:
            scores = signs[at] @ weights
            gates[at], correct[at] = index.gate(signs[at], scores), right[at][scores.argmax()]
    scores = np.zeros(len(questions))
    for train, test in folds(labels):
        gate, bias = decide(gates[train], correct[train])
        scores[test] = gates[test] @ gate + bias
    gate, bias = decide(gates, correct)
    least = threshold(scores, labels)
    return index.taught(
        Model(
            weights=tuple(
                map(float, compare([signs[a] for a in known], [right[a] for a in known]))
            ),
            gate=tuple(map(float, gate)),
            bias=bias,
            threshold=logistic(least),
            near=logistic(min(float(np.quantile(scores[labels], FAR)), least)),
        )
    )


def _careful(index: Index, silent: Sequence[Matrix]) -> Model:
    """The untaught model, with a threshold that most questions without an answer stay below."""
    if not silent:
        return UNTAUGHT
    weights = np.array(UNTAUGHT.weights)
    sure = np.array([index.confidence(signs, signs @ weights) for signs in silent])
    highest = threshold(sure, np.zeros(len(sure), bool))
    return replace(UNTAUGHT, threshold=max(UNTAUGHT.threshold, highest))


def remembering(index: Index, questions: Sequence[str], encode: Encode) -> Encode:
    """An encoder that has seen the questions and their words all at once, which is much faster."""
    texts = list(dict.fromkeys(text for ask in questions for text in (ask, *index.words_of(ask))))
    vectors = dict(zip(texts, encode(texts), strict=True))

    def remembered(wanted: Sequence[str]) -> NDArray[np.float32]:
        return np.array([vectors[text] for text in wanted], dtype=np.float32)

    return remembered


def folds(labels: Flags) -> list[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Examples to learn from and others to try on, so that each is tried on once."""
    return list(StratifiedKFold(_FOLDS, shuffle=True, random_state=0).split(labels, labels))


def compare(signs: Sequence[Matrix], right: Sequence[Flags], least: float = _PENALTY) -> Matrix:
    """The weights under which the right passages are likeliest (a conditional logit).

    Args:
        signs: of each question, a row a passage.
        right: which of these passages answer it; at least one.
        least: keeps the weights small.
    """

    def loss(weights: Matrix) -> tuple[float, Matrix]:
        total, slope = 0.0, np.zeros(len(weights))
        for matrix, answers in zip(signs, right, strict=True):
            sums = matrix @ weights
            chances = np.exp(sums - sums.max())
            chances /= chances.sum()
            chance = float(chances[answers].sum()) + 1e-12
            total -= np.log(chance)
            slope += matrix.T @ (chances - np.where(answers, chances, 0.0) / chance)
        penalty = least * weights
        return total / len(signs) + float(penalty @ weights) / 2, slope / len(signs) + penalty

    found: Matrix = minimize(loss, np.zeros(signs[0].shape[1]), jac=True, method="L-BFGS-B").x
    return found


def decide(gates: Matrix, correct: Flags, trust: float = 0.3) -> tuple[Matrix, float]:
    """Weights and bias of whether the best passage is the answer.

    Args:
        gates: what speaks for answering, a row a question.
        correct: whether the best passage was the answer.
        trust: how much to believe few examples (the inverse of the penalty).
    """
    scaler = StandardScaler().fit(gates)
    model = LogisticRegression(C=trust, max_iter=2000).fit(scaler.transform(gates), correct)
    weights: Matrix = model.coef_[0] / scaler.scale_
    return weights, float(model.intercept_[0] - weights @ scaler.mean_)


def threshold(scores: Matrix, answerable: Flags, wrong: float = WRONG) -> float:
    """The lowest score that keeps wrong answers to unanswerable questions within a share."""
    silent = np.sort(scores[~answerable])[::-1]
    return float(silent[int(wrong * len(silent))]) + 1e-6
