"""Detects the escape word in the NLU pipeline, before any classifier."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.conversation.escape import asks_for_person


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class EscapeWordDetector(GraphComponent):
    """Sets an intent with confidence 1.0 when a message asks for a person.

    Put it before the classifiers; they must leave an intent of confidence 1.0 alone.

    Options:
        intent: name of the intent to set; default `medewerker`.
    """

    def __init__(self, config: dict[str, Any]) -> None:
        """Keeps the configured intent."""
        self._intent = str(config["intent"])

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Defaults: the intent's usual name."""
        return {"intent": "medewerker"}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> EscapeWordDetector:
        """A detector; there is nothing to train or load."""
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        """Sets the intent of the messages that ask for a person; leaves the others as they are."""
        for message in messages:
            text = message.get(TEXT)
            if text and asks_for_person(text):
                message.set(INTENT, {"name": self._intent, "confidence": 1.0}, add_to_output=True)
        return messages
