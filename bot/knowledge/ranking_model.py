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


#: The model that holds until one is learned from questions.
UNTAUGHT: Final = Model(
    weights=(2.0, 3.0, 4.0, 2.0, 4.0, 1.0, 3.0, 3.0, 0.5, 0.5),
    gate=(*([0.0] * len(SIGNS)), 1.0, 1.0),
    bias=-8.0,
    threshold=0.5,
    near=0.05,
)
