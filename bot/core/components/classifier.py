"""Intents from words, letters and meaning, in one pass."""

from __future__ import annotations

import inspect
import json
from typing import Any

import numpy as np
import structlog
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.constants import INTENT_MESSAGE_PREFIX
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.core import intents
from bot.core.intents import IntentModel, Weights, train
from bot.dutch import spelling

log = structlog.get_logger(__name__)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class SentenceClassifier(GraphComponent, IntentClassifier):
    """Classifies a whole message at once, without featurizers before it.

    It compares the words, the letter groups and the meaning of a message with those of the examples
    (see `bot.core.intents`). The probabilities are calibrated on examples left out, so that a
    threshold means what it says: of messages classified with confidence 0.7 about seven in ten are
    right.

    A message that has an intent of confidence 1.0 already (the escape word) keeps it and gets a
    ranking in which all others have confidence 0.0. A message that starts with `/` is left to Rasa.
    """

    @staticmethod
    def required_packages() -> list[str]:
        """Python packages that must be there."""
        return ["sklearn"]

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Trained models are cached; a change in the mathematics makes them stale."""
        return inspect.getsource(intents) + inspect.getsource(spelling)

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Defaults; see the comments."""
        return {
            # How many intents a ranking names.
            "ranking_length": 10,
            # Weight of equal words, of equal groups of letters, and of likeness of meaning.
            "word_weight": 1.0,
            "letter_weight": 1.0,
            "meaning_weight": 4.0,
            # How fast likeness of meaning falls off; higher trusts only close examples.
            "meaning_width": 2.0,
            # Higher follows single examples less.
            "smoothing": 0.5,
        }

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: IntentModel | None = None,
    ) -> None:
        """Make the component, untrained when no model is given."""
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._model = model

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceClassifier:
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
    ) -> SentenceClassifier:
        """Bring back a trained component."""
        try:
            with model_storage.read_from(resource) as folder:
                settings = json.loads((folder / "model.json").read_text(encoding="utf-8"))
                with np.load(folder / "model.npz", allow_pickle=False) as arrays:
                    model = IntentModel.of(settings, dict(arrays))
        except ValueError:
            # Rasa's storage says so when nothing was trained: no examples with an intent.
            log.warning("classifier_untrained", component=resource.name)
            return cls(config, model_storage, resource)
        return cls(config, model_storage, resource, model)

    def train(self, training_data: TrainingData) -> Resource:
        """Fit the model on the examples that have a text and an intent."""
        pairs = [
            (example.get(TEXT), example.get(INTENT))
            for example in training_data.intent_examples
            if example.get(TEXT) and example.get(INTENT)
        ]
        if len({intent for _, intent in pairs}) < 2:
            log.warning("classifier_needs_two_intents")
            return self._resource
        texts, labels = zip(*pairs, strict=True)
        weights = Weights(
            words=float(self._config["word_weight"]),
            letters=float(self._config["letter_weight"]),
            meaning=float(self._config["meaning_weight"]),
            width=float(self._config["meaning_width"]),
            smoothing=float(self._config["smoothing"]),
        )
        self._model = train(texts, labels, weights)
        with self._model_storage.write_to(self._resource) as folder:
            settings, arrays = self._model.parts()
            (folder / "model.json").write_text(json.dumps(settings), encoding="utf-8")
            np.savez(folder / "model.npz", **arrays)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Classify the training examples, for components that come later."""
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Set `intent` and `intent_ranking` of each message."""
        for message in messages:
            text = message.get(TEXT) or ""
            ranking: list[dict[str, Any]] = []
            if self._model is not None and not text.lstrip().startswith(INTENT_MESSAGE_PREFIX):
                ranking = [
                    {"name": name, "confidence": confidence}
                    for name, confidence in self._model.ranking(text)
                ][: int(self._config["ranking_length"])]
            certain = message.get(INTENT)
            if isinstance(certain, dict) and certain.get("confidence") == 1.0:
                # At 0.0: a topic beside it must not look like a rival to the FallbackClassifier.
                others = [
                    {"name": item["name"], "confidence": 0.0}
                    for item in ranking
                    if item["name"] != certain["name"]
                ]
                ranking = [{"name": certain["name"], "confidence": 1.0}, *others]
            else:
                best = ranking[0] if ranking else {"name": None, "confidence": 0.0}
                message.set(INTENT, dict(best), add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages
