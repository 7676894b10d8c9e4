"""Fits the model of a search that learned nothing: `python -m bench.knowledge_small_sites`.

What `bot.knowledge.ranking_model.UNTAUGHT` holds. It is for any organisation, and most begin with a
few pages, so it is fitted on small sites: pages that are drawn from `data/knowledge`, half of them
without the organisation's words. They are asked what their pages answer, and as many questions that
other pages answer, or none. No question is an example of its site.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from bot.core import own_spellings
from bot.core.page_search import vectors
from bot.knowledge import example_questions, pages, ranking_training
from bot.knowledge.example_questions import ExampleQuestion
from bot.knowledge.ranking_model import Model
from bot.knowledge.search_index import Index, logistic
from bot.knowledge.vocabulary import OwnWords

if TYPE_CHECKING:
    from numpy.typing import NDArray

ROOT = Path(__file__).parents[1]
#: Sites to draw, by their number of pages.
_SITES: Final = {2: 20, 3: 30, 5: 20, 8: 12}
#: Questions to a site at most: those it answers, those of other pages, and those of no page.
_ASKED: Final = (30, 20, 10)
#: Share of the questions without an answer that may get one. Stricter than of a taught search: most
#: of the drawn ones are about other things altogether, and those of customers mostly are not.
_WRONG: Final = 0.03


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to a drawn site.

    Attributes:
        index: of the site.
        signs: a row a passage.
        right: which passages answer it.
    """

    index: Index
    signs: NDArray[np.float64]
    right: NDArray[np.bool_]


def ask(root: Path = ROOT) -> Iterator[Asked]:
    """All questions to all sites; the same each time."""
    found = pages.read_all(root)
    own = example_questions.load_words(root / pages.WORDS, own_spellings.load(root))
    asked = example_questions.load(root / pages.QUESTIONS, found)
    drawing = random.Random(1)  # noqa: S311 - not for secrets
    for size, count in _SITES.items():
        for number in range(count):
            site = drawing.sample(sorted(found), size)
            words = own if number % 2 else OwnWords(spellings=own.spellings)
            index = Index.build({slug: found[slug] for slug in site}, vectors, words)
            yield from _of(index, _drawn(asked, site, drawing))


def fit(asked: list[Asked]) -> Model:
    """The model under which the right passages are likeliest, and are told from the others."""
    answered = [each for each in asked if each.right.any()]
    weights = ranking_training.compare(
        [each.signs for each in answered], [each.right for each in answered]
    )
    scores = [each.signs @ weights for each in asked]
    gates = np.array([e.index.gate(e.signs, s) for e, s in zip(asked, scores, strict=True)])
    correct = np.array([e.right[s.argmax()] for e, s in zip(asked, scores, strict=True)])
    gate, bias = ranking_training.decide(gates, correct)
    answerable = np.array([each.right.any() for each in asked])
    sure = gates @ gate + bias
    least = ranking_training.threshold(sure, answerable, _WRONG)
    near = float(np.quantile(sure[answerable], ranking_training.FAR))
    return Model(
        tuple(map(float, weights)), tuple(map(float, gate)), bias, logistic(least), logistic(near)
    )


def _drawn(
    asked: tuple[ExampleQuestion, ...], site: list[str], drawing: random.Random
) -> list[ExampleQuestion]:
    """What is asked of a site."""
    of_it = [each for each in asked if each.page in site]
    of_others = [each for each in asked if each.page and each.page not in site]
    of_none = [each for each in asked if not each.page]
    kinds = zip((of_it, of_others, of_none), _ASKED, strict=True)
    return [each for kind, most in kinds for each in drawing.sample(kind, min(most, len(kind)))]


def _of(index: Index, asked: list[ExampleQuestion]) -> Iterator[Asked]:
    plain = [index.own.plain(each.ask) for each in asked]
    encode = ranking_training.remembering(index, plain, vectors)
    for question, text in zip(asked, plain, strict=True):
        right = [question.is_answered_by(entry.slug, entry.block) for entry in index.entries]
        yield Asked(index, index.signs(text, encode), np.array(right))


def main() -> None:
    """Prints the model, to be written into `ranking_model.py`."""
    model = fit(list(ask()))
    for name in ("weights", "gate"):
        print(f"{name}=({', '.join(f'{value:.2f}' for value in getattr(model, name))}),")
    print(f"bias={model.bias:.2f}, threshold={model.threshold:.2f}, near={model.near:.2f}")


if __name__ == "__main__":
    main()
