"""Lets an answer from the pages go before a task that a general question was taken for."""

from __future__ import annotations

from typing import Any

from rasa.core.policies.policy import PolicyPrediction
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActionExecutionRejected, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.core.components.knowledge_search import KNOWLEDGE
from bot.core.leaning_questions import look_again
from bot.core.page_search import PageSearch
from bot.core.policies.untrained import UntrainedPolicy
from bot.knowledge.answering import asks_pages, task_at_hand

ACTION = "action_knowledge"
#: Above RulePolicy's 6, below the safeguards' 7.
PRIORITY = 6.5


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True
)
class KnowledgePolicy(UntrainedPolicy):
    """Predicts `action_knowledge` for a general question that was taken for a task.

    "Hoe lang mag ik lenen?" gets the answer with a button for the task, not a form asking for a
    membership number. Within a form the form looks first: what it leaves alone is answered from
    the pages, also a question without a subject of its own ("kost dat iets?"); then it asks on.
    A question that its parse found no answer to is looked up among the pages at hand. It stands
    before `SafeguardPolicy`, to which a question with an answer is no message not understood.
    """

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> None:
        """Makes the policy of a model (see the parent class)."""
        super().__init__(config, model_storage, resource, execution_context)
        self._model_id = str(execution_context.model_id)

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Defaults: the priority."""
        return {"priority": PRIORITY}

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        """Predicts the answer, then listening; nothing for any other message.

        Args:
            tracker: the conversation so far.
            domain: the model's domain.
            rule_only_data: not used.
            **kwargs: not used.
        """
        probabilities = self._default_predictions(domain)
        if (search := PageSearch.of_model(self._model_id)) is not None:
            look_again(tracker, search)
        action = _next(tracker)
        if action in domain.action_names_or_texts:
            probabilities[domain.index_for_action(action)] = 1.0
        return self._prediction(probabilities)


def _next(tracker: DialogueStateTracker) -> str | None:
    """The action for a question to the pages: the answer, then the form again, or listening."""
    message, form = tracker.latest_message, tracker.active_loop_name
    # Outside a form a question without a subject is about what was told last.
    task = task_at_hand(form, tracker.get_slot("topic"))
    found = (message.parse_data or {}).get(KNOWLEDGE) if message else None
    if not asks_pages(found, task, running=form is not None):
        return None
    rejected = False
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            return ACTION if rejected or not form else None
        if isinstance(event, ActionExecutionRejected):
            rejected = True
        elif isinstance(event, ActionExecuted) and event.action_name:
            return (form or ACTION_LISTEN_NAME) if event.action_name == ACTION else None
    return None
