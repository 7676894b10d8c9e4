"""Looks questions up in the pages of `data/knowledge`, before the bot says "not understood"."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import structlog
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.constants import INTENT_MESSAGE_PREFIX
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.core import own_spellings, topic_facts
from bot.core.components.request_splitting import ESSENCE
from bot.core.page_search import ABOUT_A_DAY, BEFORE_TASK, PageSearch, tasks_of, vectors
from bot.core.project import folder
from bot.dutch.question_grammar import asking_part, is_elliptic, is_question
from bot.knowledge import (
    example_questions,
    follow_up_examples,
    follow_up_training,
    pages,
    ranking_training,
)
from bot.knowledge.answering import KnowledgeAnswer, answer, near_pages, passage_of
from bot.knowledge.follow_ups import FollowUps
from bot.knowledge.search_index import WRITTEN, Index, SearchResult
from bot.topics import declared

log = structlog.get_logger(__name__)

#: Key of a message under which the outcome of the search stands (`KnowledgeAnswer.as_json`, and
#: `leads`).
KNOWLEDGE = "knowledge"
#: From this on pages are worth a look, and a general question starts no task by itself.
_NEAR: Final = 0.25
#: Pages offered instead of a task.
_NEAR_PAGES: Final = 2
#: How sure it must be of a single word that is no question: "garantie".
_ONE_WORD: Final = 0.8
#: To stop where nothing is going on may be a question: "annuleren".
_STOP: Final = "cancel_task"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class KnowledgeSearch(GraphComponent):
    """Finds the passage that answers a message, and turns "not understood" into a question.

    Put it last. At training it indexes the pages of `data/knowledge` in the project's folder and
    learns from `data/knowledge/questions.yml` when a passage is an answer. A message that was not
    understood but that a passage answers gets the intent `ask_knowledge`. One with that intent,
    or with that of a topic that asks the pages first (`bot.topics.topic.Topic`), gets the outcome
    under the key `knowledge`; `leads` in it says that a question to a task ("hoe lang kan ik
    lenen?") is general, so that the answer should come before the task. A question without a
    subject of its own ("kost dat iets?") gets under `about` what the pages of each task say to it,
    and no passage of the others: it could be about any of them. A question that a page has as its
    heading goes before an intent that is not sure, or sensitive.
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
        pages_search: PageSearch | None = None,
    ) -> None:
        """Make the component; without pages there is no search, and nothing else either."""
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._search = pages_search

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
        """Bring back the search, which the policy of this model finds by the model's id."""
        try:
            with model_storage.read_from(resource) as stored:
                search = PageSearch.load(stored)
        except ValueError:
            # Rasa's storage says so when nothing was stored: there are no pages.
            return cls(config, model_storage, resource)
        search.serve(str(execution_context.model_id))
        return cls(config, model_storage, resource, search)

    def train(self, training_data: TrainingData) -> Resource:
        """Index the pages.

        Raises:
            ConfigurationError: a page or an example is wrong; it names file and line.
        """
        found = pages.read_all(folder())
        if not found:
            log.warning("knowledge_without_pages")
            return self._resource
        own = example_questions.load_words(folder() / pages.WORDS, own_spellings.load(folder()))
        asked = example_questions.load(folder() / pages.QUESTIONS, found)
        leaning = follow_up_examples.load(folder() / pages.FOLLOW_UPS, found)
        index = Index.build(found, vectors, own)
        index = ranking_training.train_ranking(index, asked, vectors)
        tasks = tasks_of(found, declared.load(folder()))
        titles = {task: str(each["title"]) for task, each in tasks.items()}
        follow_ups = FollowUps.of(found, titles)
        follow_ups = follow_up_training.train(follow_ups, index, leaning, asked, vectors)
        self._search = PageSearch(index, topic_facts.present(), tasks, follow_ups)
        with self._model_storage.write_to(self._resource) as stored:
            self._search.save(stored)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Leave the examples alone: nothing after this component learns from it."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Search for each message that may be a question."""
        for message in messages:
            text = message.get(ESSENCE) or message.get(TEXT) or ""
            if self._search is None or text.lstrip().startswith(INTENT_MESSAGE_PREFIX):
                continue
            search = self._search
            intent = self._intent(search, message, text)
            before = intent == _STOP or intent in search.facts.pages_first
            pages_only = intent in (*self._config["fallbacks"], self._config["intent"])
            # "Middag. Kost dat iets?" asks in its last sentence.
            elliptic = is_elliptic(asking_part(text))
            asks = elliptic or is_question(text)
            # A single word may be the name of a page. What names the customer's own affairs is no
            # general question, and needs no search.
            may_ask = asks or (before and len(text.split()) == 1)
            entities = message.get(ENTITIES) or ()
            own = search.is_own(entities, text)
            any_day = own and search.is_any_day(entities, text)
            general = may_ask and (not own or any_day)
            if not pages_only and not general:
                continue
            found = search.search_parts(text) if asks else search.search(text)
            if pages_only:
                told = search.of_no_subject(text, found) if elliptic else found
                self._answer(search, message, told, asks=asks and general)
            elif before and not elliptic and found.confidence >= _least(asks=asks, any_day=any_day):
                leading = {**_leading(search, text, found), "leads": True, "asks": asks}
                # Pages that are only near keep a task from starting; a question has its answer.
                if leading["passage"] or intent in (_STOP, *search.facts.tasks):
                    message.set(KNOWLEDGE, leading, add_to_output=True)
            if not asks or not general:
                continue
            if about := (
                search.elliptic_about(asking_part(text))
                if elliptic
                else search.about_tasks(text, found)
            ):
                known = message.get(KNOWLEDGE) or {}
                message.set(KNOWLEDGE, {**known, "about": about}, add_to_output=True)
        return messages

    def ask(self, text: str) -> KnowledgeAnswer:
        """Looks up what the pages say to a question.

        Raises:
            LookupError: there are no pages.
        """
        if self._search is None:
            raise LookupError("nothing is known")
        return answer(self._search.index, self._search.search(text))

    def _intent(self, search: PageSearch, message: Message, text: str) -> str:
        """The name of a message's intent, after a page that has this question took it."""
        if search.goes_before(message.get(INTENT) or {}, text):
            meant = {"name": self._config["intent"], "confidence": WRITTEN}
            message.set(INTENT, meant, add_to_output=True)
        return (message.get(INTENT) or {}).get("name") or ""

    def _answer(
        self, search: PageSearch, message: Message, result: SearchResult, *, asks: bool
    ) -> None:
        """Takes what was not understood for a question, when a page answers it.

        Args:
            search: in the pages.
            message: changed.
            result: what was found.
            asks: whether it is a general question by its grammar: then the search need not be
                surer than of one that was understood as a question.
        """
        intent = (message.get(INTENT) or {}).get("name")
        found = answer(search.index, result)
        if (
            asks
            and found.passage is None
            and result.confidence >= search.least(message.get(TEXT) or "", BEFORE_TASK)
            and self._agree(search, message, result)
        ):
            passage = passage_of(result.hits[0])
            found = replace(found, passage=passage)
        message.set(KNOWLEDGE, {**found.as_json(), "leads": False}, add_to_output=True)
        if intent == self._config["intent"]:
            return
        if found.passage and (asks or found.confidence >= float(self._config["second_chance"])):
            meant = {"name": self._config["intent"], "confidence": found.confidence}
            message.set(INTENT, meant, add_to_output=True)

    def _agree(self, search: PageSearch, message: Message, result: SearchResult) -> bool:
        """Whether the likeliest meaning of a message is the task that the best page is about.

        Two who know nothing of each other are surer than either.
        """
        page = search.follow_ups.pages.get(result.hits[0].entry.slug)
        ranking = message.get(INTENT_RANKING_KEY) or ()
        names = (str(each.get("name")) for each in ranking)
        best = next((name for name in names if name not in self._config["fallbacks"]), "")
        return page is not None and page.task == best


def _least(*, asks: bool, any_day: bool) -> float:
    """How sure the search must be to go before a task."""
    if any_day:
        return ABOUT_A_DAY
    return _NEAR if asks else _ONE_WORD


def _leading(search: PageSearch, text: str, found: SearchResult) -> dict[str, Any]:
    """The answer to a general question, or the pages that are near: it starts no task."""
    sure = found.confidence >= search.least(text, BEFORE_TASK)
    passage = passage_of(found.hits[0]) if sure else None
    return KnowledgeAnswer(passage, near_pages(found, _NEAR_PAGES), found.confidence).as_json()
