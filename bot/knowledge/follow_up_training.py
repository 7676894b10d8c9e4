"""Learns from examples how sure to be of an answer that the pages at hand give."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import TYPE_CHECKING, Final

import numpy as np

from bot.knowledge.example_questions import ExampleQuestion
from bot.knowledge.follow_up_examples import FollowUp
from bot.knowledge.follow_up_model import Context, FollowUpModel, Signs
from bot.knowledge.follow_ups import FollowUps
from bot.knowledge.ranking_training import compare, decide, folds, remembering, threshold
from bot.knowledge.search_index import Index, logistic

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bot.knowledge.word_coverage import Encode

#: Share of the questions that no page at hand answers, that may get an answer.
WRONG: Final = 0.02
#: Share of the answerable ones that may lie below "worth a look".
_FAR: Final = 0.1
#: With fewer examples of either kind nothing can be learned.
_LEAST: Final = 20
#: Of the example questions that no page answers one in so many is tried behind a page.
_OF_SILENT: Final = 2
_PENALTY: Final = 0.01
_TRUST: Final = 0.1


@dataclass(frozen=True, slots=True)
class _Trial:
    """An example as it is learned from: its signs, and which passages answer it."""

    found: Signs
    right: NDArray[np.bool_]


def train(
    untaught: FollowUps,
    index: Index,
    follow_ups: Sequence[FollowUp],
    questions: Sequence[ExampleQuestion],
    encode: Encode,
) -> FollowUps:
    """Fits the weights and thresholds; with too few examples nothing is learned.

    Every example is tried once behind its page and question, and once within the task of that page
    with nothing quoted. Example questions that no page answers, and one for each passage, asked
    behind a page on another subject, show when to be silent.
    """
    if len(follow_ups) < _LEAST:
        return untaught
    plain = index.own.plain
    asked = [*_asked(untaught, follow_ups, questions)]
    texts = {text for question, context in asked for text in _texts(untaught, question, context)}
    encode = remembering(index, [*map(plain, sorted(texts))], encode)
    places = {ask: place for place, (ask, _) in enumerate(index.examples)}
    trials: list[_Trial] = []
    for question, context in asked:
        forget = places.get(plain(question.ask))
        found = untaught.signs(index, plain(question.ask), context, encode, forget)
        if found is not None:
            right = [question.is_answered_by(each.slug, each.block) for each in index.entries]
            trials.append(_Trial(found, np.array(right) & found.at_hand))
    labels = np.array([bool(trial.right.any()) for trial in trials], dtype=bool)
    if min(labels.sum(), (~labels).sum()) < _LEAST:
        return untaught
    return FollowUps(untaught.pages, untaught.titles, _fitted(untaught, trials, labels))


def _fitted(
    untaught: FollowUps, trials: Sequence[_Trial], labels: NDArray[np.bool_]
) -> FollowUpModel:
    """The model, of which each threshold was tried on examples that it was not fitted to."""
    gates: list[NDArray[np.float64]] = [np.zeros(0)] * len(trials)
    correct = np.zeros(len(trials), bool)
    for known, others in folds(labels):
        weights = _weights([trials[at] for at in known if labels[at]])
        for at in others:
            scores = trials[at].found.ranks @ weights
            gates[at] = untaught.gate(trials[at].found, scores)
            best = int(np.where(trials[at].found.at_hand, scores, -np.inf).argmax())
            correct[at] = trials[at].right[best]
    rows = np.array(gates)
    scores = np.zeros(len(trials))
    for known, others in folds(labels):
        gate, bias = decide(rows[known], correct[known], _TRUST)
        scores[others] = rows[others] @ gate + bias
    gate, bias = decide(rows, correct, _TRUST)
    least = threshold(scores, labels, WRONG)
    return FollowUpModel(
        weights=tuple(map(float, _weights([trials[at] for at in np.flatnonzero(labels)]))),
        gate=tuple(map(float, gate)),
        bias=bias,
        threshold=logistic(least),
        near=logistic(min(float(np.quantile(scores[labels], _FAR)), least)),
    )


def _weights(trials: Sequence[_Trial]) -> NDArray[np.float64]:
    """How much each sign of a passage counts among those at hand."""
    signs = [trial.found.ranks[trial.found.at_hand] for trial in trials]
    return compare(signs, [trial.right[trial.found.at_hand] for trial in trials], _PENALTY)


def _asked(
    untaught: FollowUps, follow_ups: Sequence[FollowUp], questions: Sequence[ExampleQuestion]
) -> Iterator[tuple[ExampleQuestion, Context]]:
    """Every question to learn from, with what it is asked behind."""
    for each in follow_ups:
        yield each.question, Context(each.after, each.asked)
        if task := untaught.pages[each.after].task:
            yield each.question, Context(task=task)
    contexts = cycle(dict.fromkeys(Context(each.after, each.asked) for each in follow_ups))
    seen: set[tuple[str, str]] = set()
    silent = [each for each in questions if not each.page][::_OF_SILENT]
    for question in (*silent, *(each for each in questions if each.page)):
        if question.page and (question.page, question.says) in seen:
            continue
        context = next(contexts)
        if question.page:
            seen.add((question.page, question.says))
            if untaught.pages[question.page].owner == untaught.pages[context.page].owner:
                continue
        yield question, context


def _texts(untaught: FollowUps, question: ExampleQuestion, context: Context) -> tuple[str, ...]:
    """All that is compared with the pages for a question."""
    ask = question.ask
    return ask, context.asked, f"{ask} {untaught.subject(context)}"
