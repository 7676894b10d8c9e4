"""Tells what a customer does with a message: asks, requests, withdraws, objects (`bot.acts`)."""

from __future__ import annotations

import inspect
import json
from collections.abc import Mapping
from typing import Any, Final

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.constants import INTENT_MESSAGE_PREFIX
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.acts import examples
from bot.acts.acts import ACT
from bot.core import example_model, own_spellings, term_features
from bot.core.components.component_config import check_options
from bot.core.example_model import ExampleModel, Kernel, fit
from bot.core.project import folder
from bot.core.term_features import clean
from bot.dutch import spelling

_KERNEL: Final = Kernel(written=2.0, meaning=1.0, both=4.0, width=1.0, smoothing=0.3, spread=3.5)
#: Acts less likely than this are not handed on.
_LEAST: Final = 0.05


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class SpeechActs(GraphComponent):
    """Puts the likely acts of a message under the key `act`: a share, 0 to 1, by act.

    It learns from Loket's own examples alone, of many kinds of organisation, so that it knows no
    subject: a new topic is withdrawn from, or asked about, in words that it knows already. Forms
    and the queue read it; nothing fails without it, they then go by words alone.

    It has no options. Put it behind what reads the message.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """There are no options."""
        return {}

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Has Rasa train again after a change of the examples or the mathematics."""
        sources = (inspect.getsource(module) for module in (example_model, term_features, spelling))
        told = json.dumps([[*examples.load()], own_spellings.load(folder())])
        return "".join((*sources, told, repr(_KERNEL)))

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: ExampleModel | None = None,
        spellings: Mapping[str, str] | None = None,
    ) -> None:
        """Makes the component, untrained when no model is given.

        Raises:
            InvalidConfigException: an option was given.
        """
        check_options(type(self).__name__, config, self.get_default_config())
        self._model_storage = model_storage
        self._resource = resource
        self._model = model
        self._spellings = dict(spellings or {})

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SpeechActs:
        """An untrained component."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Learns from Loket's examples and keeps the outcome."""
        self._spellings = own_spellings.load(folder())
        texts = [text for _, text in examples.load()]
        cleaned = [self._cleaned(text) for text in texts]
        self._model = fit(cleaned, texts, [act for act, _ in examples.load()], _KERNEL)
        with self._model_storage.write_to(self._resource) as path:
            self._model.save(path, self._spellings)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Leaves the examples alone."""
        return training_data

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SpeechActs:
        """The component as it was trained."""
        with model_storage.read_from(resource) as path:
            return cls(config, model_storage, resource, *ExampleModel.load(path, _KERNEL))

    def process(self, messages: list[Message]) -> list[Message]:
        """Adds the acts to each message that was typed."""
        for message in messages:
            text = message.get(TEXT) or ""
            cleaned = self._cleaned(text)
            if (
                self._model is None
                or not cleaned
                or text.lstrip().startswith(INTENT_MESSAGE_PREFIX)
            ):
                continue
            shares = zip(self._model.labels, self._model.shares(cleaned, text), strict=True)
            likely = {act: round(float(share), 3) for act, share in shares if share >= _LEAST}
            message.set(ACT, likely, add_to_output=True)
        return messages

    def _cleaned(self, text: str) -> str:
        return clean(spelling.plain(text, self._spellings))
