"""Lets an answer from the pages go before a task that a general question was taken for."""

from __future__ import annotations

from typing import Any

from rasa.core.policies.policy import Policy, PolicyPrediction
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, UserUttered
from rasa.shared.core.generator import TrackerWithCachedStates
from rasa.shared.core.trackers import DialogueStateTracker

from bot.core.components.knowledge_search import KNOWLEDGE

ACTION = "action_knowledge"
#: Above RulePolicy's 6, below the safeguards' 7.
PRIORITY = 6.5


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True
)
class KnowledgePolicy(Policy):
    """Predicts `action_knowledge` for a general question that was taken for a task.

    "Hoe lang mag ik lenen?" gets the answer with a button for the task, not a form asking for a
    membership number. Within a form nothing changes.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Defaults: the priority."""
        return {"priority": PRIORITY}

    def train(
        self,
        training_trackers: list[TrackerWithCachedStates],
        domain: Domain,
        **kwargs: Any,
    ) -> Resource:
        """Learns nothing."""
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> KnowledgePolicy:
        """The policy."""
        return cls(config, model_storage, resource, execution_context)

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
        action = _next(tracker)
        if action in domain.action_names_or_texts:
            probabilities[domain.index_for_action(action)] = 1.0
        return self._prediction(probabilities)


def _next(tracker: DialogueStateTracker) -> str | None:
    message = tracker.latest_message
    if message is None or tracker.active_loop_name:
        return None
    if not ((message.parse_data or {}).get(KNOWLEDGE) or {}).get("leads"):
        return None
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            return ACTION
        if isinstance(event, ActionExecuted) and event.action_name:
            return ACTION_LISTEN_NAME if event.action_name == ACTION else None
    return None
