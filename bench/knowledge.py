"""How well the search in the pages does: `make bench-knowledge`.

Builds the index from `data/knowledge` as training does, then asks it the questions of
`bench/data/knowledge_questions.yml`, which it has never seen: not for its examples, not for its
weights and not for its thresholds, which all come from `data/knowledge/questions.yml`.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from bench import knowledge_follow_ups  # noqa: E402 - found by the line above
from bot.core import encoder, own_spellings  # noqa: E402 - found by the line above
from bot.core.page_search import vectors  # noqa: E402 - as above
from bot.knowledge import example_questions, pages, ranking_training  # noqa: E402 - as above
from bot.knowledge.example_questions import ExampleQuestion  # noqa: E402 - as above
from bot.knowledge.search_index import Index  # noqa: E402 - as above

TEST = ROOT / "bench" / "data" / "knowledge_questions.yml"


@dataclass(frozen=True, slots=True)
class Result:
    """Outcome for a set of questions; shares are 0 to 1.

    Attributes:
        answerable: number of questions that a page answers.
        unanswerable: number of the others.
        hit_1: share of the answerable ones whose best passage is the right one.
        hit_3: whose best three hold it.
        silent: share of the answerable ones that get no answer but pages to look at.
        wrong: share of the answerable ones that get another passage as their answer.
        fooled: share of the unanswerable ones that get an answer.
        offered: share of the answerable ones without an answer to which the right page is offered.
        milliseconds: median time of a search, the encoder included, nothing remembered.
        misses: the questions that went wrong, in words.
    """

    answerable: int
    unanswerable: int
    hit_1: float
    hit_3: float
    silent: float
    wrong: float
    fooled: float
    offered: float
    milliseconds: float
    misses: tuple[str, ...]


def build(root: Path = ROOT) -> Index:
    """The index as training makes it."""
    found = pages.read_all(root)
    own = example_questions.load_words(root / pages.WORDS, own_spellings.load(root))
    index = Index.build(found, vectors, own)
    return ranking_training.train_ranking(
        index, example_questions.load(root / pages.QUESTIONS, found), vectors
    )


def judge(index: Index, asked: Sequence[ExampleQuestion]) -> Result:
    """Asks every question."""
    first = third = silent = wrong = fooled = offered = 0
    times, misses = [], []
    for question in asked:
        encoder.forget()
        began = time.perf_counter()
        found = index.search(question.ask, vectors)
        times.append(1000 * (time.perf_counter() - began))
        answered = found.confidence >= index.model.threshold
        entry = found.hits[0].entry
        if not question.page:
            fooled += answered
            misses += [f"answered: {question.ask} -> {entry.slug}"] if answered else []
            continue
        right = [question.is_answered_by(hit.entry.slug, hit.entry.block) for hit in found.hits[:3]]
        first, third = first + right[0], third + any(right)
        wrong += answered and not right[0]
        if not answered:
            silent += 1
            offered += question.page in {hit.entry.slug for hit in found.hits}
        if not right[0]:
            misses.append(f"{question.ask} -> {entry.slug}: {entry.block.heading}")
    count = sum(1 for question in asked if question.page)
    others = len(asked) - count
    return Result(
        count, others, first / count, third / count, silent / count, wrong / count,
        fooled / max(others, 1), offered / max(silent, 1), statistics.median(times), tuple(misses),
    )  # fmt: skip


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--misses", action="store_true", help="list what went wrong")
    options = parser.parse_args()
    found = pages.read_all(ROOT)
    asked = example_questions.load(TEST, found)
    known = {question.ask for question in example_questions.load(ROOT / pages.QUESTIONS, found)}
    if doubles := [question.ask for question in asked if question.ask in known]:
        sys.exit(f"These questions are among the examples too: {', '.join(doubles)}")
    began = time.perf_counter()
    index = build()
    seconds = time.perf_counter() - began
    result = judge(index, asked)
    passages = len(index.entries)
    print(f"{len(found)} pages, {passages} passages; indexed and fitted in {seconds:.0f} s on")
    print(f"{len(known)} example questions (data/knowledge/questions.yml, the development set).")
    print(f"Judged on {len(asked)} other questions ({TEST.relative_to(ROOT)}, the test set);")
    print("no weight, threshold or example comes from them, but their totals were looked at a few")
    print("times while the signs were chosen, and the same people wrote both sets.\n")
    print("| measure | value | target |")
    print("|---|---|---|")
    for name, value, target in (
        (f"right passage first (hit@1, {result.answerable} questions)", result.hit_1, ">= 85 %"),
        ("right passage among three (hit@3)", result.hit_3, ">= 95 %"),
        (f"answers to unanswerable questions ({result.unanswerable})", result.fooled, "<= 5 %"),
        ("answerable, answered with another passage", result.wrong, ""),
        ("answerable, but no answer given", result.silent, ""),
        ("of those, right page among those offered", result.offered, ""),
    ):
        print(f"| {name} | {100 * value:.1f} % | {target} |")
    print(f"| a search, p50 | {result.milliseconds:.1f} ms | |")
    leaning = knowledge_follow_ups.judge(
        ROOT, index, knowledge_follow_ups.build(ROOT, index), [q for q in asked if not q.page]
    )
    print(f"\n| questions that lean on an answer ({leaning.answerable}) | value | target |")
    print("|---|---|---|")
    for name, value in (
        ("answered rightly by the search of all pages", leaning.alone),
        ("answered rightly among the pages at hand", leaning.answered),
        ("answered with another passage", leaning.wrong),
        ("right passage among the three offered", leaning.offered),
        (f"answers to unanswerable ones ({leaning.unanswerable})", leaning.fooled),
    ):
        print(f"| {name} | {100 * value:.1f} % | |")
    if options.misses:
        print("\n" + "\n".join(result.misses))


if __name__ == "__main__":
    main()
