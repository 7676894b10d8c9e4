"""What a question leans on, and how much each sign of a passage at hand counts: values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.knowledge.ranking_model import SIGNS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from bot.knowledge.index_files import IndexEntry

    Matrix = NDArray[np.float64]

#: What speaks for a passage at hand, in the order of `FollowUpModel.weights`.
RANKS: Final = (
    "alone",  # how well it answers the question by itself
    "with_title",  # together with the title of the page, or of the task
    "same_page",  # that it stands on the page quoted last
    "same_task",  # that its page is about the task at hand
    "told",  # that it is what was told to the question before
)
#: What speaks for answering with the best of them, in the order of `FollowUpModel.gate`.
GATE: Final = (
    *SIGNS, "score", "lead", "behind", "same_page", "told", "quoted", "confidence", "length",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Context:
    """What a question may lean on.

    Attributes:
        page: slug of the page quoted last; empty: none was.
        asked: the question that it answered, as it was typed; may be empty.
        task: intent of the task at hand; empty: there is none.
        told: heading of the passage of that page that was quoted, when the question asks for
            something else than that; empty: it may be the answer.
        chosen: words for what the customer chose within the task; may be empty.
    """

    page: str = ""
    asked: str = ""
    task: str = ""
    told: str = ""
    chosen: str = ""


@dataclass(frozen=True, slots=True)
class FollowUpModel:
    """How much each sign counts, learned from examples.

    Attributes:
        weights: of `RANKS`.
        gate: of `GATE`.
        bias: added to the latter; the outcome goes through the logistic function.
        threshold: from this outcome on (0 to 1) the best passage is the answer.
        near: from this outcome on it is worth a look.
    """

    weights: tuple[float, ...]
    gate: tuple[float, ...]
    bias: float
    threshold: float
    near: float


@dataclass(frozen=True, slots=True)
class PageContext:
    """What a page belongs to.

    Attributes:
        title: of the page.
        task: intent that it is about; may be empty.
        owner: the team that keeps it, which keeps the pages on kindred subjects too.
    """

    title: str
    task: str
    owner: str


@dataclass(frozen=True, slots=True)
class Signs:
    """What was found about a question, a row a passage.

    Attributes:
        own: those of the question alone (`ranking_model.SIGNS`).
        ranks: those by which passages are compared (`RANKS`).
        at_hand: which passages are looked at.
        quoted: whether a page was quoted before the question.
        confidence: that the best of all passages is the answer to the question alone, 0 to 1.
        words: of the question.
        names: the best of all passages to the question together with its subject.
        named: that this one is the answer, 0 to 1.
    """

    own: Matrix
    ranks: Matrix
    at_hand: NDArray[np.bool_]
    quoted: bool
    confidence: float
    words: int
    names: IndexEntry
    named: float
