"""Looks questions up in the pages of `data/knowledge`, before the bot says "not understood"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

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
from bot.core.encoder import encode, encode_all
from bot.core.project import folder
from bot.dutch.spelling import plain
from bot.knowledge import example_questions, pages, ranking_training
from bot.knowledge.answering import KnowledgeAnswer, answer
from bot.knowledge.search_index import Index
from bot.topics.facts import TopicFacts

if TYPE_CHECKING:
    from numpy.typing import NDArray

log = structlog.get_logger(__name__)

#: Key of a message under which the outcome of the search stands (`KnowledgeAnswer.as_json`, and
#: `leads`).
KNOWLEDGE = "knowledge"
#: A question about how things are in general: how long, how much, may I, what if.
_GENERAL = re.compile(
    r"\b(?:hoe ?(?:lang|veel|vaak|hoog|duur|snel|ver|werkt)"
    r"|wat (?:kost|is|zijn|betekent|gebeurt|als)|binnen hoeveel|tot wanneer|tot hoe laat|welke"
    r"|moet ik|mag ik|ben ik verplicht|is het mogelijk|is .{2,30} gratis|gratis|kost|kosten"
    r"|hebben jullie|waarmee kan ik|wie betaalt|kan ik (?:\w+ )+betalen"
    r"|termijn\w*|\w+termijn|\w+kosten)\b"
)
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
    lenen?") is general, so that the answer should come before the task.
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
            # What the organisation does: with `verhuren`, "verhuren jullie ..." is a general
            # question.
            "organisation_does": [],
            # What customers do: with `lenen`, "kan ik ... lenen" is a general question.
            "customers_do": [],
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
    ) -> None:
        """Make the component; without pages there is no index."""
        self._config = config
        self._general = _general(config["organisation_does"] or (), config["customers_do"] or ())
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
        except ValueError:
            # Rasa's storage says so when nothing was stored: there are no pages.
            return cls(config, model_storage, resource)
        return cls(config, model_storage, resource, index, facts)

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
        with self._model_storage.write_to(self._resource) as stored:
            self._index.save(stored)
            self._facts.save(stored)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Leave the examples alone: nothing after this component learns from it."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Search for each message that may be a question."""
        for message in messages:
            text = message.get(TEXT) or ""
            intent = (message.get(INTENT) or {}).get("name") or ""
            if self._index is None or text.lstrip().startswith(INTENT_MESSAGE_PREFIX):
                continue
            if intent in self._config["fallbacks"] or intent == self._config["intent"]:
                self._answer(message, text, intent)
            elif intent in self._facts.pages_first and self._is_general(message, text):
                found = self.ask(text)
                if found.passage:
                    message.set(KNOWLEDGE, {**found.as_json(), "leads": True}, add_to_output=True)
        return messages

    def ask(self, text: str) -> KnowledgeAnswer:
        """Looks up what the pages say to a question.

        Raises:
            LookupError: there are no pages.
        """
        if self._index is None:
            raise LookupError("nothing is known")
        return answer(self._index, self._index.search(text, vectors))

    def _answer(self, message: Message, text: str, intent: str) -> None:
        found = self.ask(text)
        message.set(KNOWLEDGE, {**found.as_json(), "leads": False}, add_to_output=True)
        least = float(self._config["second_chance"])
        if intent == self._config["intent"]:
            return
        if found.passage and found.confidence >= least:
            meant = {"name": self._config["intent"], "confidence": found.confidence}
            message.set(INTENT, meant, add_to_output=True)

    def _is_general(self, message: Message, text: str) -> bool:
        cleaned = self._index.own.plain(text) if self._index else plain(text)
        found = {entity["entity"] for entity in message.get(ENTITIES) or ()}
        own = _own(self._facts.belongings)
        return (
            found.isdisjoint(self._facts.own_entities)
            and any(each.search(cleaned) for each in self._general)
            and (own is None or own.search(cleaned) is None)
        )


@cache
def _own(nouns: frozenset[str]) -> re.Pattern[str] | None:
    """A pattern of the customer's own affairs, which are for a task; None: there are no nouns."""
    words = "|".join(map(re.escape, sorted(nouns)))
    return re.compile(rf"\b(?:mijn|me|m'n) (?:\w+ )?(?:{words})\b") if words else None


def _general(ours: Sequence[str], theirs: Sequence[str]) -> tuple[re.Pattern[str], ...]:
    """A pattern of a general question, given verbs for what is done here and what customers do."""
    do, can = "|".join(map(re.escape, ours)), "|".join(map(re.escape, theirs))
    return (
        _GENERAL,
        *([re.compile(rf"\b(?:{do}) jullie\b")] if do else ()),
        *([re.compile(rf"\bkan ik (?:\w+ )+(?:{can})\b")] if can else ()),
    )


def vectors(texts: Sequence[str]) -> NDArray[np.float32]:
    """Vectors of some texts; few ones come from the encoder's memory where it has them."""
    if 0 < len(texts) < _BATCH:
        return np.stack([encode(text) for text in texts])
    return encode_all(texts)
