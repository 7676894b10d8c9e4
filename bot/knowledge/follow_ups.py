"""Finds what the pages at hand say to a question that leans on what was told before it.

"En hoeveel dagen heb ik daarvoor?" has too little of its own for a search of all pages. Asked
behind an answer about returns, it is compared with the passages about returns only, alone and
together with their title. Which signs count, and how sure to be, is learned from examples
(`bot.knowledge.follow_up_training`).
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from bot.dutch.question_grammar import names_nothing
from bot.knowledge.follow_up_model import RANKS, Context, FollowUpModel, PageContext, Signs
from bot.knowledge.pages import Page
from bot.knowledge.ranking_model import SIGNS
from bot.knowledge.search_index import Index, SearchResult, logistic

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bot.knowledge.word_coverage import Encode

    Matrix = NDArray[np.float64]

_FILE: Final = "follow_ups.json"
_FAR: Final = -1e9
#: The lead of the only passage at hand, and the most that counts of any.
_MOST: Final = 10.0
#: Words of a question by which `length` counts: 1 is a long one.
_LONG: Final = 10
#: From this outcome on the search of all pages may confirm it, with the subject said: the subject
#: alone finds any passage about it.
_WORTH: Final = 0.25
#: How far the best passage must lead where the question itself says nothing.
_CLEARLY: Final = 0.5
#: How far it must lead by all signs together to be found by the question's own words.
_FAR_AHEAD: Final = 3.0
#: A passage that has all the words of a question.
_ALL: Final = 0.999
#: So much of what was chosen a page says at least, in comparing it with others.
_LITTLE: Final = 0.01


class FollowUps:
    """Searches the pages at hand."""

    def __init__(
        self,
        pages: Mapping[str, PageContext],
        titles: Mapping[str, str],
        model: FollowUpModel | None = None,
    ) -> None:
        """Takes what the pages belong to.

        Args:
            pages: by slug.
            titles: of the tasks, by intent.
            model: None: nothing was learned, so that nothing is found.
        """
        self.pages = pages
        self.titles = titles
        self.model = model

    @classmethod
    def of(cls, pages: Mapping[str, Page], titles: Mapping[str, str]) -> FollowUps:
        """Those of some pages, untaught."""
        near = {
            slug: PageContext(page.title, page.task, page.owner) for slug, page in pages.items()
        }
        return cls(near, titles)

    def save(self, folder: Path) -> None:
        """Writes itself into a folder."""
        data = {
            "pages": {slug: asdict(page) for slug, page in self.pages.items()},
            "titles": dict(self.titles),
            "model": asdict(self.model) if self.model else None,
        }
        (folder / _FILE).write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> FollowUps:
        """What `save` wrote.

        Raises:
            OSError: there is no such file.
        """
        data = json.loads((folder / _FILE).read_text(encoding="utf-8"))
        model = data["model"]
        if model is not None:
            model = FollowUpModel(
                tuple(model["weights"]), tuple(model["gate"]),
                model["bias"], model["threshold"], model["near"],
            )  # fmt: skip
        pages = {slug: PageContext(**page) for slug, page in data["pages"].items()}
        return cls(pages, data["titles"], model)

    def search(
        self, index: Index, question: str, context: Context, encode: Encode, count: int = 3
    ) -> SearchResult:
        """The best passages at hand, and whether the first is the answer.

        Args:
            index: of the same pages.
            question: the customer's words.
            context: what they may lean on.
            encode: the encoder that built the index.
            count: passages at most.
        """
        if self.model is None:
            return SearchResult((), 0.0)
        found = self.signs(index, question, context, encode)
        if found is None:
            return SearchResult((), 0.0)
        scores = found.ranks @ np.array(self.model.weights)
        bare = names_nothing(question) and not found.quoted and not _leads(scores, found.at_hand)
        if bare:
            # Only what is at hand says what "hoe lang duurt dat" is about.
            scores = found.ranks[:, RANKS.index("with_title")]
        gate = float(self.gate(found, scores) @ np.array(self.model.gate)) + self.model.bias
        sure = logistic(gate)
        best = int(np.where(found.at_hand, scores, _FAR).argmax())
        shares = found.own[best, SIGNS.index("cover")] > 0.0
        if sure >= _WORTH and shares and found.names is index.entries[best]:
            sure = max(sure, found.named)
        order = np.argsort(-np.where(found.at_hand, scores, _FAR), kind="stable")
        if bare and len(order) > 1 and scores[order[0]] - scores[order[1]] < _CLEARLY:
            # "Wat kost dat" may be the price, or what it costs to end it.
            sure = min(sure, self.model.near)
        sentences = index.sentences(question, encode)
        hits = tuple(
            index.hit(question, int(at), float(scores[at]), sentences)
            for at in order[: min(count, int(found.at_hand.sum()))]
        )
        return SearchResult(hits, sure)

    def signs(
        self,
        index: Index,
        question: str,
        context: Context,
        encode: Encode,
        forget: int | None = None,
    ) -> Signs | None:
        """The signs of every passage; None when no page is at hand.

        Args:
            index: of the same pages.
            question: the customer's words.
            context: what they may lean on.
            encode: the encoder.
            forget: which of the example questions to leave out, because it is the question.
        """
        weights = np.array(index.model.weights)
        slugs = [entry.slug for entry in index.entries]
        here = self.pages.get(context.page)
        task = context.task or (here.task if here else "")
        same_page = np.array([bool(here) and slug == context.page for slug in slugs])
        same_task = np.array([bool(task) and self.pages[slug].task == task for slug in slugs])
        belongs = same_task.astype(float)
        if context.chosen and same_task.any():
            covered = index.page_share(context.chosen)
            belongs *= covered / max(float(covered[same_task].max()), _LITTLE)
        owner = here.owner if here else self._owner(task)
        at_hand = same_page | same_task
        if not at_hand.any():
            return None
        at_hand |= np.array([self.pages[slug].owner == owner for slug in slugs])
        own = index.signs(question, encode, forget)
        if context.told:
            told_before = np.array([each.block.heading == context.told for each in index.entries])
            # "En de grote?" may ask for what else stands in the same passage.
            new = set(index.words_of(question)) - set(index.words_of(context.told))
            holds = own[:, SIGNS.index("cover")] >= (_ALL if new else math.inf)
            at_hand &= ~(same_page & told_before & ~holds)
        alone = own @ weights
        title = self.subject(context)
        asked = index.signs(context.asked, encode) @ weights if here and context.asked else None
        told = np.zeros(len(slugs))
        if asked is not None:
            told[int(np.where(same_page, asked, _FAR).argmax())] = 1.0
        together = index.signs(f"{question} {title}".strip(), encode, forget)
        with_title = together @ weights
        ranks = np.column_stack([
            alone, with_title,
            same_page, belongs, told,
        ])  # fmt: skip
        return Signs(
            own, ranks.astype(np.float64), at_hand, bool(here), index.confidence(own, alone),
            len(question.split()), index.entries[int(with_title.argmax())],
            index.confidence(together, with_title),
        )  # fmt: skip

    def subject(self, context: Context) -> str:
        """The words that say what a question without a subject of its own is about."""
        if here := self.pages.get(context.page):
            return here.title
        # Of a task with many subjects the one that was chosen.
        return context.chosen or self.titles.get(context.task, "")

    def _owner(self, task: str) -> str:
        """The team that keeps most of the pages about a task."""
        owners = Counter(page.owner for page in self.pages.values() if page.task == task)
        return owners.most_common(1)[0][0] if owners else ""

    def gate(self, found: Signs, scores: Matrix) -> Matrix:
        """What speaks for answering with the best passage at hand, in the order of `GATE`."""
        at_hand = np.where(found.at_hand, scores, _FAR)
        best = int(at_hand.argmax())
        second = np.delete(at_hand, best).max(initial=_FAR)
        lead = min(float(scores[best] - second), _MOST)
        alone = found.ranks[:, RANKS.index("alone")]
        own = [
            scores[best], lead, alone[best] - alone.max(),
            found.ranks[best, RANKS.index("same_page")], found.ranks[best, RANKS.index("told")],
            float(found.quoted), found.confidence, found.words / _LONG,
        ]  # fmt: skip
        return np.concatenate([found.own[best], own])


def _leads(scores: Matrix, at_hand: NDArray[np.bool_]) -> bool:
    """Whether one passage at hand stands out: "hoeveel tijd heb ik nog" finds that of the term."""
    first, *others = sorted(scores[at_hand], reverse=True)
    return bool(others) and first - others[0] >= _FAR_AHEAD
