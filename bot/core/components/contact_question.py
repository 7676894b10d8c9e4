"""Detects a question for the organisation's number, address or hours, before any classifier."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.conversation.asked_details import only_details


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class ContactQuestionDetector(GraphComponent):
    """Sets an intent with confidence 1.0 when a message only asks how the organisation is reached.

    Put it behind the escape word and before the classifiers. Of a message that asks for several
    things the first intent counts, in the order below.

    Options, each the name of an intent; empty: such questions are left to the classifiers.
        phone: for the telephone number.
        email: for the e-mail address.
        hours: for the hours in which people are reached.
    """

    def __init__(self, config: dict[str, Any]) -> None:
        """Keeps the configured intents."""
        self._intents = {
            detail: str(config[detail] or "") for detail in ("phone", "email", "hours")
        }

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Defaults: none, as intents are the assistant's."""
        return {"phone": "", "email": "", "hours": ""}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ContactQuestionDetector:
        """A detector; there is nothing to train or load."""
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        """Sets the intent of the messages that ask this; leaves the others as they are."""
        for message in messages:
            text = message.get(TEXT) or ""
            if message.get(INTENT) or text.startswith("/"):
                continue
            asked = only_details(text)
            intents = (intent for detail, intent in self._intents.items() if detail in asked)
            if intent := next(filter(None, intents), ""):
                message.set(INTENT, {"name": intent, "confidence": 1.0}, add_to_output=True)
        return messages
