"""How much each feature of a passage counts in a search: weights and thresholds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

#: Features that speak for a passage, in the order of `Model.weights`; each about 0 to 1.
SIGNS: Final = (
    "asked",  # likeness of meaning to the heading, or to an example question
    "sentence",  # to the sentence that is nearest
    "context",  # to heading and first sentence together
    "bm25",  # words in common
    "likeness",  # how near each word of the question comes to a word of the passage
    "letters_heading",  # groups of letters in common with the heading
    "letters_text",  # with the whole passage
    "letters_asked",  # with the heading or an example question
    "cover",  # share of the question's words that the passage has
    "page_cover",  # that its page has
)
#: Features that speak for answering at all, in the order of `Model.gate`: those of the best
#: passage, and how far the best passage of another page stays behind.
GATE: Final = (*SIGNS, "score", "lead")


@dataclass(frozen=True, slots=True)
class Model:
    """The weights and thresholds learned from the example questions.

    Attributes:
        weights: how much each of `SIGNS` counts in comparing passages.
        gate: how much each of `GATE` counts in deciding whether the best one is the answer.
        bias: added to the latter; the outcome goes through the logistic function.
        threshold: from this outcome on (0 to 1) the best passage is the answer.
        near: from this outcome on the best pages are worth a look.
    """

    weights: tuple[float, ...]
    gate: tuple[float, ...]
    bias: float
    threshold: float
    near: float


#: The model that holds until there are enough questions to learn one from. It is for pages of any
#: organisation, and few: `bench/knowledge_small_sites.py` fitted it on small sites.
UNTAUGHT: Final = Model(
    weights=(3.30, 2.89, 3.13, 0.71, 2.36, 1.25, 2.82, 1.25, 1.27, 1.33),
    gate=(1.30, 2.08, 0.15, 0.19, 2.96, -0.13, 3.45, -0.13, -0.21, -0.92, 0.08, 0.27),
    bias=-4.97,
    threshold=0.62,
    near=0.06,
)
