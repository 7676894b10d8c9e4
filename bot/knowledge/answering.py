"""Turns search results into an answer: the sentences that answer, or pages to look at."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from bot.knowledge.blocks import Block
from bot.knowledge.polarity import lead, without_lead

if TYPE_CHECKING:
    from bot.knowledge.search_index import Hit, Index, SearchResult

#: Key in the outcome of a search under which stands what was found by what was told before.
LEANING: Final = "leaning"
#: Pages offered when none answers.
MOST_PAGES: Final = 3
#: Longest passage shown whole, in characters; of a longer one the sentences around the answer.
_LONGEST: Final = 420
#: A sentence this much less like the question than the best one (cosine) belongs to the answer.
_BESIDE: Final = 0.06
#: Added to the likeness of the first sentence below a heading: it mostly is the answer.
_FIRST: Final = 0.1
#: A sentence with such a word among its first ones leans on the one before it.
_LEANS: Final = frozenset(
    """dat die dit deze daar daarna daarin daarmee daarvan daarvoor dan hij ze zij ook anders beide
    dezelfde hetzelfde hiervan hiervoor hiermee hem haar zo""".split()
)
_FIRST_WORDS: Final = 4
#: A passage of so few sentences and characters is quoted whole: it stands on its own.
_SHORT: Final = (3, 240)


@dataclass(frozen=True, slots=True)
class Passage:
    """The words that answer a question.

    Attributes:
        slug: of the page.
        heading: above the passage; may be empty.
        text: the words quoted, verbatim.
        marks: where in `text` the answer itself stands.
    """

    slug: str
    heading: str
    text: str
    marks: tuple[tuple[int, int], ...]

    @property
    def answer(self) -> str:
        """The marked words."""
        return self.text[self.marks[0][0] : self.marks[-1][1]]


@dataclass(frozen=True, slots=True)
class KnowledgeAnswer:
    """The outcome for one question.

    Attributes:
        passage: the passage that answers it, or None when none does for sure.
        near: pages worth a look, the best first, each with the number of the passage that is
            nearest to the question: `lenen#1`.
        confidence: that the best passage is the answer, 0 to 1.
    """

    passage: Passage | None
    near: tuple[str, ...]
    confidence: float

    def as_json(self) -> dict[str, object]:
        """The answer as plain data, which a message of Rasa can carry."""
        return asdict(self)


def task_at_hand(form: str | None, topic: object = None) -> str:
    """Intent of the task that a question without a subject is about; empty: there is none.

    Args:
        form: name of the form that is going on, or None.
        topic: outside a form: what was helped with last.
    """
    return (form or "").removesuffix("_form") or str(topic or "")


def leaning(found: Mapping[str, Any]) -> Mapping[str, Any]:
    """What was found for a question by what was told before it; empty when nothing was.

    Args:
        found: the outcome of the search, as the message carries it.
    """
    return found.get(LEANING) or {}


def asks_pages(found: Mapping[str, Any] | None, task: str, *, running: bool) -> bool:
    """Whether a message is a general question that the pages answer, before a task goes on.

    Args:
        found: the outcome of the search, as the message carries it.
        task: intent of the task that is going on, or of the last one; empty: none.
        running: whether it still goes on; then a single word is no question.
    """
    if found is None:
        return False
    leads = found.get("leads") and (found.get("asks") or not running)
    told = leaning(found)
    leans = told.get("passage") or told.get("fact") or (told.get("near") and not running)
    return bool(leads or found.get("about", {}).get(task) or leans)


def answer(index: Index, found: SearchResult) -> KnowledgeAnswer:
    """Makes the answer from what a search found."""
    model = index.model
    pages = near_pages(found)
    if found.hits and found.confidence >= model.threshold:
        return KnowledgeAnswer(passage_of(found.hits[0]), pages, found.confidence)
    near = found.alike and found.confidence >= model.near
    return KnowledgeAnswer(None, pages if near else (), found.confidence)


def near_pages(found: SearchResult, most: int = MOST_PAGES) -> tuple[str, ...]:
    """The pages of a search, the best first, each with its best passage.

    Args:
        found: by the search.
        most: pages at most.
    """
    best: dict[str, str] = {}
    for hit in found.hits:
        best.setdefault(hit.entry.slug, hit.entry.reference)
    return tuple(best.values())[:most]


def passage_of(hit: Hit) -> Passage:
    """The passage of a hit with the sentence or two that answer marked.

    A "Ja," or "Nee," in front is left out, unless the question is the one that it answers.
    """
    block = hit.entry.block
    first, last = _answering(block, hit.sentences)
    start, end = _window(block, first, last)
    if hit.asked:
        marks = ((block.spans[first][0] - start, block.spans[last][1] - start),)
        return Passage(hit.entry.slug, block.heading, block.text[start:end], marks)
    return _quoted(hit.entry.slug, block, (start, end), first, last)


def referred(reference: str) -> tuple[str, int]:
    """Page and number of the passage that a button carries.

    Args:
        reference: of `IndexEntry.reference`; without a number it is the first passage.
    """
    slug, _, number = reference.partition("#")
    return slug, int(number) if number.isdecimal() else 0


def opening(slug: str, block: Block) -> Passage:
    """The first words of a passage, for a customer who chose its page."""
    last = min(1, len(block.spans) - 1)
    if block.parts > 1:
        last = len(block.spans) - 1
    start, end = _window(block, 0, last)
    return _quoted(slug, block, (start, end), 0, last)


def _quoted(slug: str, block: Block, window: tuple[int, int], first: int, last: int) -> Passage:
    """A part of a block without a "Ja" or "Nee" in front, sentences `first` to `last` marked."""
    whole = block.text[slice(*window)]
    start = window[0] + lead(whole)
    marks = ((max(block.spans[first][0] - start, 0), block.spans[last][1] - start),)
    return Passage(slug, block.heading, without_lead(whole), marks)


def _answering(block: Block, likeness: tuple[float, ...]) -> tuple[int, int]:
    """First and last sentence of the answer: at most two, next to each other."""
    if len(block.spans) == 1:
        return 0, 0
    likely = [value + (_FIRST if at == 0 else 0.0) for at, value in enumerate(likeness)]
    best = max(range(len(likely)), key=likely.__getitem__)
    if block.parts > 1:
        # The line above a list says nothing without it.
        return (0, len(block.spans) - 1) if best == 0 else (best, best)
    sentences = block.sentences
    if len(sentences) <= _SHORT[0] and block.spans[-1][1] - block.spans[0][0] <= _SHORT[1]:
        return 0, len(sentences) - 1
    if best > 0 and _leans(sentences[best]):
        return best - 1, best
    if best > 0 and likeness[best] - likeness[best - 1] <= _BESIDE:
        return best - 1, best
    if best + 1 < len(sentences):
        leans = _leans(sentences[best + 1])
        # "Nee." and the like say nothing alone.
        if (
            leans
            or len(sentences[best].split()) < 4
            or likeness[best] - likeness[best + 1] <= _BESIDE
        ):
            return best, best + 1
    return best, best


def _leans(sentence: str) -> bool:
    """Whether a sentence lacks what it refers to, without the one before it."""
    first = re.findall(r"\w+", sentence.casefold())[:_FIRST_WORDS]
    return not _LEANS.isdisjoint(first)


def _window(block: Block, first: int, last: int) -> tuple[int, int]:
    """Where the words shown begin and end: the whole block if it is short."""
    low, high = 0, len(block.spans) - 1
    while block.spans[high][1] - block.spans[low][0] > _LONGEST and (low, high) != (first, last):
        if high - last >= first - low:
            high -= 1
        else:
            low += 1
    return block.spans[low][0], block.spans[high][1]
