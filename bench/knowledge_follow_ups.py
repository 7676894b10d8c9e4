"""How well the search among the pages at hand does, for questions that lean on what was told.

Part of `make bench-knowledge`. The questions are those of `bench/data/knowledge_follow_ups.yml`, of
which none is among the examples in `data/knowledge/follow_ups.yml`; and the questions that no page
answers, each asked behind a page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from bot.core.page_search import tasks_of, vectors
from bot.knowledge import example_questions, follow_up_examples, follow_up_training, pages
from bot.knowledge.example_questions import ExampleQuestion
from bot.knowledge.follow_up_examples import FollowUp
from bot.knowledge.follow_up_model import Context
from bot.knowledge.follow_ups import FollowUps
from bot.knowledge.search_index import Index
from bot.topics import declared

TEST = Path("bench") / "data" / "knowledge_follow_ups.yml"


@dataclass(frozen=True, slots=True)
class Result:
    """Outcome for a set of follow-ups; shares are 0 to 1.

    Attributes:
        answerable: number of questions that a page at hand answers.
        unanswerable: number of the others.
        alone: share of the answerable ones that the search of all pages answers rightly, for sure.
        answered: share of them that this search answers rightly, for sure.
        offered: share of them of which the right passage is among the three best.
        wrong: share of them that get another passage as their answer.
        fooled: share of the unanswerable ones that get an answer.
    """

    answerable: int
    unanswerable: int
    alone: float
    answered: float
    offered: float
    wrong: float
    fooled: float


def build(root: Path, index: Index) -> FollowUps:
    """The search among the pages at hand, as training makes it."""
    found = pages.read_all(root)
    tasks = tasks_of(found, declared.load(root))
    untaught = FollowUps.of(found, {task: str(own["title"]) for task, own in tasks.items()})
    examples = follow_up_examples.load(root / pages.FOLLOW_UPS, found)
    asked = example_questions.load(root / pages.QUESTIONS, found)
    return follow_up_training.train(untaught, index, examples, asked, vectors)


def judge(
    root: Path, index: Index, follow_ups: FollowUps, unanswerable: Sequence[ExampleQuestion]
) -> Result:
    """Asks every question behind its page, and those without an answer behind one of them."""
    asked = follow_up_examples.load(root / TEST, pages.read_all(root))
    behind = cycle(dict.fromkeys((each.after, each.asked) for each in asked))
    asked += tuple(FollowUp(*next(behind), question) for question in unanswerable)
    assert follow_ups.model is not None, "too few examples to learn from"
    alone = answered = offered = wrong = fooled = 0
    for each in asked:
        question = each.question
        found = follow_ups.search(index, question.ask, Context(each.after, each.asked), vectors)
        sure = found.confidence >= follow_ups.model.threshold
        if not question.page:
            fooled += sure
            continue
        right = [question.is_answered_by(hit.entry.slug, hit.entry.block) for hit in found.hits]
        answered, wrong = answered + (sure and right[0]), wrong + (sure and not right[0])
        offered += any(right)
        first = index.search(question.ask, vectors)
        entry = first.hits[0].entry
        known = question.is_answered_by(entry.slug, entry.block)
        alone += known and first.confidence >= index.model.threshold
    count = sum(1 for each in asked if each.question.page)
    others = len(asked) - count
    return Result(
        count, others, alone / count, answered / count, offered / count, wrong / count,
        fooled / max(others, 1),
    )  # fmt: skip
