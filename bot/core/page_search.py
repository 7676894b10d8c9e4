"""The search in the pages with all that a model knows of them, for the component and the policy."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final
from weakref import ref

import numpy as np

from bot.core.encoder import encode_all, encode_few
from bot.dutch.question_grammar import asking_part, says_mine, supposes
from bot.knowledge import pages
from bot.knowledge.answering import KnowledgeAnswer, near_pages, passage_of
from bot.knowledge.follow_up_model import Context
from bot.knowledge.follow_ups import FollowUps
from bot.knowledge.search_index import Index, SearchResult
from bot.topics.facts import TopicFacts
from bot.topics.topics import Topics

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: How sure the search must be (0 to 1) of a page before a task that a question was taken for: who
#: did ask for the task taps its button, who did not would be asked for a number.
BEFORE_TASK: Final = 0.5
#: How sure it must be of a page about the task that is going on, for a question without a subject.
_IN_TASK: Final = 0.55
#: How near a word of such a question must come to one of the passage (0 to 1).
_ASKED_IN_IT: Final = 0.5
#: From this on an intent is sure enough to go before a question that a page has as its heading.
_SURE: Final = 0.7
#: "Mijn ..." is about the customer's own affairs, unless a page is the answer: how sure it must be.
_IF_MINE: Final = 0.6
#: Kinds of entity that tell when.
_DAYS: Final = frozenset({"date", "day_part", "time"})
#: Words that point at something known, such as the customer's own order.
_POINTS: Final = re.compile(
    r"\b(?:het|t|dat|dit|die|deze|hij|ie|hem|m|mijn|mij|me|mn)\b", re.IGNORECASE
)
#: How sure the search must be of a general question that names a day.
ABOUT_A_DAY: Final = 0.75
_ABOUT: Final = "about.json"
#: So many texts and more are encoded together.
_BATCH: Final = 32


class PageSearch:
    """Searches the pages of a model.

    Attributes:
        index: of the pages.
        facts: about the topics.
        about: the tasks with pages of their own, by intent: title, slugs of the pages, words for
            the values of its slots, and kinds of entity that its answers are read from.
        follow_ups: searches the pages at hand.
    """

    #: The searches of the models that are in use, by the model's id. The component that owns one
    #: keeps it; the policy of the same model finds it here, as Rasa lets no policy ask a component.
    #: A model may be loaded more than once in a process, and each of them be dropped.
    _of_models: ClassVar[defaultdict[str, list[ref[PageSearch]]]] = defaultdict(list)

    def __init__(
        self,
        index: Index,
        facts: TopicFacts,
        about: Mapping[str, Mapping[str, Any]],
        follow_ups: FollowUps,
    ) -> None:
        """Takes what was trained or loaded."""
        self.index = index
        self.facts = facts
        self.about = about
        self.follow_ups = follow_ups

    def serve(self, model: str) -> None:
        """Answers for the model of an id from now on."""
        alive = [each for each in self._of_models[model] if each() is not None]
        self._of_models[model] = [*alive, ref(self)]

    @classmethod
    def of_model(cls, model: str) -> PageSearch | None:
        """The newest search that answers for the model of an id; None: there is none."""
        found = (each() for each in reversed(cls._of_models.get(model, ())))
        return next((search for search in found if search is not None), None)

    def save(self, folder: Path) -> None:
        """Writes itself into a folder."""
        self.index.save(folder)
        self.facts.save(folder)
        self.follow_ups.save(folder)
        (folder / _ABOUT).write_text(json.dumps(self.about), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> PageSearch:
        """What `save` wrote.

        Raises:
            OSError: a file is missing.
            ValueError: a file is not what `save` writes.
        """
        about = json.loads((folder / _ABOUT).read_text(encoding="utf-8"))
        return cls(Index.load(folder), TopicFacts.load(folder), about, FollowUps.load(folder))

    def search(self, text: str) -> SearchResult:
        """What all pages say to words of a customer."""
        return self.index.search(text, vectors)

    def search_parts(self, text: str) -> SearchResult:
        """What all pages say to a message: to all of it, or to the sentences that ask."""
        parts = dict.fromkeys((text, asking_part(text)))
        return max(map(self.search, parts), key=lambda found: found.confidence)

    def goes_before(self, intent: Mapping[str, Any], text: str) -> bool:
        """Whether a page that has this very question as a heading is more than an intent.

        It is more than one that is not sure, and than that of a sensitive topic: its examples are
        about money, illness and mail, and so are questions that a page was written for.

        Args:
            intent: with `name` and `confidence`.
            text: as it was typed.
        """
        name = intent.get("name")
        if not name or name in self.facts.pages_first:
            return False
        weak = name in self.facts.sensitive or float(intent.get("confidence", 0.0)) < _SURE
        return weak and self.index.written.passage_of(text) is not None

    def of_no_subject(self, text: str, found: SearchResult) -> SearchResult:
        """What was found for a question without a subject: for sure only what a heading asks."""
        if self.index.written.passage_of(asking_part(text)) is not None:
            return found
        return replace(found, confidence=min(found.confidence, self.index.model.near))

    def of_nothing_known(
        self, text: str, entities: Iterable[Mapping[str, Any]]
    ) -> SearchResult | None:
        """What all pages say to a question that names a day, where nothing is known to point at.

        "Kan het ook op zondag?" as the first words points at nothing. None: it is about the
        customer's own affairs all the same, or the pages are not sure.
        """
        kinds = {str(entity["entity"]) for entity in entities} & self.facts.own_entities
        if not kinds or not kinds <= _DAYS or self.is_own((), text) or says_mine(text):
            return None
        found = self.search_parts(text)
        return found if found.confidence >= ABOUT_A_DAY else None

    def least(self, text: str, least: float) -> float:
        """How sure the search must be of an answer to a question."""
        own = min(self.index.model.threshold, _IF_MINE)
        return max(least, own) if says_mine(text) and not supposes(text) else least

    def is_own(self, entities: Iterable[Mapping[str, Any]], text: str) -> bool:
        """Whether a message names the customer's own affairs, by a value or a noun.

        What a customer might do ("als ik nu opzeg") is nobody's yet.
        """
        entities = [*entities]
        if supposes(text) and not any(map(self.tells_who, entities)):
            return False
        kinds = {str(entity["entity"]) for entity in entities}
        own = _own(self.facts.belongings)
        named = own is not None and own.search(self.index.own.plain(text)) is not None
        return named or not kinds.isdisjoint(self.facts.own_entities)

    def tells_who(self, entity: Mapping[str, Any]) -> bool:
        """Whether a value tells which customer is asking."""
        return entity["entity"] in self.facts.who_entities

    def is_any_day(self, entities: Iterable[Mapping[str, Any]], text: str) -> bool:
        """Whether only a day or the like makes a message look as one about own affairs.

        "Zijn jullie er op zaterdag" points at nothing that is the customer's.
        """
        own = {str(entity["entity"]) for entity in entities} & self.facts.own_entities
        return own <= _DAYS and _POINTS.search(text) is None and not self.is_own((), text)

    def about_tasks(self, text: str, found: SearchResult) -> dict[str, dict[str, Any]]:
        """The answer under each task that its page is about, for when that task is going on."""
        least = self.least(text, BEFORE_TASK)
        return {task: said for task in self.about if (said := self._of_task(task, found, least))}

    def elliptic_about(self, text: str) -> dict[str, dict[str, Any]]:
        """What the pages of each task say to a question without a subject of its own."""
        told: dict[str, dict[str, Any]] = {}
        for task, own in self.about.items():
            found = self.search(f"{text.rstrip(' ?.!')} {own['title']}")
            # The title finds any passage about the task; the question must be found in it too.
            if self.index.touches(text, found.hits[0].entry, vectors) < _ASKED_IN_IT:
                continue
            if said := self._of_task(task, found, _IN_TASK):
                told[task] = said
        return told

    @property
    def topics(self) -> frozenset[str]:
        """The topics that pages are about, also those that no form arranges."""
        return frozenset(page.task for page in self.follow_ups.pages.values() if page.task)

    def is_at_hand(self, slug: str, context: Context) -> bool:
        """Whether a page is the one quoted last, or about the task at hand."""
        page = self.follow_ups.pages.get(slug)
        of_task = bool(context.task) and page is not None and page.task == context.task
        return slug == context.page or of_task

    def chosen(self, task: str, slots: Mapping[str, Any]) -> str:
        """Words for what was chosen within a task; empty: nothing was that has words.

        Args:
            task: its intent.
            slots: their values.
        """
        values = self.about.get(task, {}).get("values", {})
        named = (names.get(str(slots.get(slot))) for slot, names in values.items())
        return " ".join(filter(None, named))

    def leaning(self, text: str, context: Context) -> dict[str, Any] | None:
        """What the pages at hand say to a question that leans on what was told before.

        Args:
            text: as it was typed.
            context: what it may lean on.

        Returns:
            A passage, when it is sure to be the answer, and the pages that are near; None when none
            of them is worth a look.
        """
        model = self.follow_ups.model
        # "Middag. Kost dat extra?" is about the afternoon; other sentences only blur the question.
        found = max(
            (
                self.follow_ups.search(self.index, part, context, vectors)
                for part in dict.fromkeys((asking_part(text), text.strip()))
            ),
            key=lambda result: result.confidence,
        )
        if model is None or not found.hits or found.confidence < model.near:
            return None
        sure = found.confidence >= self.least(text, model.threshold)
        passage = passage_of(found.hits[0]) if sure else None
        return KnowledgeAnswer(passage, near_pages(found), found.confidence).as_json()

    def _of_task(self, task: str, found: SearchResult, least: float) -> dict[str, Any] | None:
        """The best passage, when the search is sure enough and it is of a page about the task."""
        slugs = self.about[task]["slugs"]
        if found.confidence < least or found.hits[0].entry.slug not in slugs:
            return None
        return KnowledgeAnswer(passage_of(found.hits[0]), (), found.confidence).as_json()


def tasks_of(found: Mapping[str, pages.Page], topics: Topics) -> dict[str, dict[str, Any]]:
    """The tasks with pages of their own, by intent (see `PageSearch`)."""
    return {
        task: {
            "title": topics.of(task).title,
            "slugs": [slug for slug, page in found.items() if page.task == task],
            "values": {slot: dict(names) for slot, names in topics.of(task).values.items()},
            "entities": list(topics.of(task).entities),
        }
        for task in sorted({page.task for page in found.values() if page.task})
        if topics.kind(task) == "task"
    }


def points(text: str) -> bool:
    """Whether words point at something known: "kan ik hem dan omruilen"."""
    return _POINTS.search(text) is not None


@cache
def _own(nouns: frozenset[str]) -> re.Pattern[str] | None:
    """A pattern of the customer's own affairs, which are for a task; None: there are no nouns."""
    words = "|".join(map(re.escape, sorted(nouns)))
    return re.compile(rf"\b(?:mijn|me|m'n) (?:\w+ )?(?:{words})\b") if words else None


def vectors(texts: Sequence[str]) -> NDArray[np.float32]:
    """Vectors of some texts; few ones come from the encoder's memory where it has them."""
    if 0 < len(texts) < _BATCH:
        return np.stack(encode_few(texts))
    return encode_all(texts)
