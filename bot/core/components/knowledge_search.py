"""Looks questions up in the pages of `data/knowledge`, before the bot says "not understood"."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import structlog
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.constants import INTENT_MESSAGE_PREFIX
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.core import own_spellings, topic_facts
from bot.core.components.request_splitting import ESSENCE
from bot.core.encoder import encode, encode_all
from bot.core.project import folder
from bot.dutch.questions import is_elliptic, is_question
from bot.knowledge import example_questions, pages, ranking_training
from bot.knowledge.answering import KnowledgeAnswer, answer, passage_of
from bot.knowledge.search_index import Index, SearchResult
from bot.topics import declared
from bot.topics.facts import TopicFacts

if TYPE_CHECKING:
    from numpy.typing import NDArray

log = structlog.get_logger(__name__)

#: Key of a message under which the outcome of the search stands (`KnowledgeAnswer.as_json`, and
#: `leads`).
KNOWLEDGE = "knowledge"
_ABOUT: Final = "about.json"
#: How sure the search must be (0 to 1) of a page before a task that a question was taken for: who
#: did ask for the task taps its button, who did not would be asked for a number.
_BEFORE_TASK: Final = 0.5
#: From this on pages are worth a look, and a general question starts no task by itself.
_NEAR: Final = 0.25
#: How sure it must be of a page about the task that is going on, for a question without a subject.
_IN_TASK: Final = 0.55
#: "Mijn ..." is about the customer's own affairs, unless a page is the answer beyond doubt.
_MINE: Final = re.compile(r"\b(?:mijn|mij|me|m'n|mn)\b", re.IGNORECASE)
#: How sure it must be of a single word that is no question: "garantie".
_ONE_WORD: Final = 0.8
#: To stop where nothing is going on may be a question: "annuleren".
_STOP: Final = "cancel_task"
_NO_TOPICS = TopicFacts()
#: So many texts and more are encoded together.
_BATCH = 32


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class KnowledgeSearch(GraphComponent):
    """Finds the passage that answers a message, and turns "not understood" into a question.

    Put it last. At training it indexes the pages of `data/knowledge` in the project's folder and
    learns from `data/knowledge/questions.yml` when a passage is an answer. A message that was not
    understood but that a passage answers gets the intent `ask_knowledge`. One with that intent,
    or with that of a topic that asks the pages first (`bot.topics.topic.Topic`), gets the outcome
    under the key `knowledge`; `leads` in it says that a question to a task ("hoe lang kan ik
    lenen?") is general, so that the answer should come before the task. A question without a
    subject of its own ("kost dat iets?") gets under `about` what the pages of each task say to it.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Defaults; see the comments."""
        return {
            # The intent of a question to the pages.
            "intent": "ask_knowledge",
            # Intents that mean "not understood": the pages are a second chance.
            "fallbacks": ["nlu_fallback", "out_of_scope"],
            # How sure the search must be (0 to 1) to overrule "not understood".
            "second_chance": 0.8,
        }

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Has Rasa train again after a change of the topics, instead of using its cache."""
        return topic_facts.present().dumps()

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        index: Index | None = None,
        facts: TopicFacts = _NO_TOPICS,
        about: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> None:
        """Make the component; without pages there is no index, and nothing else either."""
        self._config = config
        self._about = about or {}
        self._model_storage = model_storage
        self._resource = resource
        self._index = index
        self._facts = facts

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> KnowledgeSearch:
        """Make an untrained component (see the parent class)."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> KnowledgeSearch:
        """Bring back the index."""
        try:
            with model_storage.read_from(resource) as stored:
                index, facts = Index.load(stored), TopicFacts.load(stored)
                about = json.loads((stored / _ABOUT).read_text(encoding="utf-8"))
        except ValueError:
            # Rasa's storage says so when nothing was stored: there are no pages.
            return cls(config, model_storage, resource)
        return cls(config, model_storage, resource, index, facts, about)

    def train(self, training_data: TrainingData) -> Resource:
        """Index the pages.

        Raises:
            ConfigurationError: a page or the example questions are wrong; it names file and line.
        """
        found = pages.read_all(folder())
        if not found:
            log.warning("knowledge_without_pages")
            return self._resource
        own = example_questions.load_words(folder() / pages.WORDS, own_spellings.load(folder()))
        asked = example_questions.load(folder() / pages.QUESTIONS, found)
        index = Index.build(found, vectors, own)
        self._index = ranking_training.train_ranking(index, asked, vectors)
        self._facts = topic_facts.present()
        self._about = _tasks(found)
        with self._model_storage.write_to(self._resource) as stored:
            self._index.save(stored)
            self._facts.save(stored)
            (stored / _ABOUT).write_text(json.dumps(self._about), encoding="utf-8")
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Leave the examples alone: nothing after this component learns from it."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Search for each message that may be a question."""
        for message in messages:
            text = message.get(ESSENCE) or message.get(TEXT) or ""
            if self._index is None or text.lstrip().startswith(INTENT_MESSAGE_PREFIX):
                continue
            intent = (message.get(INTENT) or {}).get("name") or ""
            before = intent == _STOP or intent in self._facts.pages_first
            pages_only = intent in (*self._config["fallbacks"], self._config["intent"])
            elliptic = is_elliptic(text)
            asks = elliptic or is_question(text)
            # A single word may be the name of a page. What names the customer's own affairs is no
            # general question, and needs no search.
            may_ask = asks or (before and len(text.split()) == 1)
            general = may_ask and not self._is_own(message, text)
            if not pages_only and not general:
                continue
            found = self._index.search(text, vectors)
            if pages_only:
                self._answer(message, found, intent)
            elif before and not elliptic and found.confidence >= (_NEAR if asks else _ONE_WORD):
                leading = {**self._leading(text, found), "leads": True, "asks": asks}
                # Pages that are only near keep a task from starting; a question has its answer.
                if leading["passage"] or intent in (_STOP, *self._facts.tasks):
                    message.set(KNOWLEDGE, leading, add_to_output=True)
            if not asks or not general:
                continue
            if about := self._elliptic_about(text) if elliptic else self._about_tasks(text, found):
                known = message.get(KNOWLEDGE) or {}
                message.set(KNOWLEDGE, {**known, "about": about}, add_to_output=True)
        return messages

    def _leading(self, text: str, found: SearchResult) -> dict[str, Any]:
        """The answer to a general question, or the pages that are near: it starts no task."""
        pages_near = tuple(dict.fromkeys(hit.entry.slug for hit in found.hits))[:2]
        sure = found.confidence >= self._least(text, _BEFORE_TASK)
        passage = passage_of(found.hits[0]) if sure else None
        return KnowledgeAnswer(passage, pages_near, found.confidence).as_json()

    def _least(self, text: str, least: float) -> float:
        """How sure the search must be of an answer to a question."""
        assert self._index is not None
        return max(least, self._index.model.threshold) if _MINE.search(text) else least

    def _is_own(self, message: Message, text: str) -> bool:
        """Whether a message names the customer's own affairs, by a value or a noun."""
        assert self._index is not None
        kinds = {entity["entity"] for entity in message.get(ENTITIES) or ()}
        own = _own(self._facts.belongings)
        named = own is not None and own.search(self._index.own.plain(text)) is not None
        return named or not kinds.isdisjoint(self._facts.own_entities)

    def _about_tasks(self, text: str, found: SearchResult) -> dict[str, dict[str, Any]]:
        """The answer under each task that its page is about, for when that task is going on."""
        least = self._least(text, _BEFORE_TASK)
        return {task: said for task in self._about if (said := self._of_task(task, found, least))}

    def _elliptic_about(self, text: str) -> dict[str, dict[str, Any]]:
        """What the pages of each task say to a question without a subject of its own."""
        assert self._index is not None
        told: dict[str, dict[str, Any]] = {}
        for task, own in self._about.items():
            found = self._index.search(f"{text.rstrip(' ?.!')} {own['title']}", vectors)
            if said := self._of_task(task, found, _IN_TASK):
                told[task] = said
        return told

    def _of_task(self, task: str, found: SearchResult, least: float) -> dict[str, Any] | None:
        """The best passage, when the search is sure enough and it is of a page about the task."""
        slugs = self._about[task]["slugs"]
        if found.confidence < least or found.hits[0].entry.slug not in slugs:
            return None
        return KnowledgeAnswer(passage_of(found.hits[0]), (), found.confidence).as_json()

    def ask(self, text: str) -> KnowledgeAnswer:
        """Looks up what the pages say to a question.

        Raises:
            LookupError: there are no pages.
        """
        if self._index is None:
            raise LookupError("nothing is known")
        return answer(self._index, self._index.search(text, vectors))

    def _answer(self, message: Message, result: SearchResult, intent: str) -> None:
        assert self._index is not None
        found = answer(self._index, result)
        message.set(KNOWLEDGE, {**found.as_json(), "leads": False}, add_to_output=True)
        least = float(self._config["second_chance"])
        if intent == self._config["intent"]:
            return
        if found.passage and found.confidence >= least:
            meant = {"name": self._config["intent"], "confidence": found.confidence}
            message.set(INTENT, meant, add_to_output=True)


def _tasks(found: Mapping[str, pages.Page]) -> dict[str, dict[str, Any]]:
    """The tasks with pages of their own: title, and slugs of the pages, by intent."""
    topics = declared.load(folder())
    tasks = {page.task for page in found.values() if page.task}
    return {
        task: {
            "title": topics.of(task).title,
            "slugs": [slug for slug, page in found.items() if page.task == task],
        }
        for task in sorted(tasks)
        if topics.kind(task) == "task"
    }


@cache
def _own(nouns: frozenset[str]) -> re.Pattern[str] | None:
    """A pattern of the customer's own affairs, which are for a task; None: there are no nouns."""
    words = "|".join(map(re.escape, sorted(nouns)))
    return re.compile(rf"\b(?:mijn|me|m'n) (?:\w+ )?(?:{words})\b") if words else None


def vectors(texts: Sequence[str]) -> NDArray[np.float32]:
    """Vectors of some texts; few ones come from the encoder's memory where it has them."""
    if 0 < len(texts) < _BATCH:
        return np.stack([encode(text) for text in texts])
    return encode_all(texts)
