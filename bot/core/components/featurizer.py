"""Adds sentence embeddings as features, for any Rasa component that learns from features."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import (
    DENSE_FEATURIZABLE_ATTRIBUTES,
    FEATURIZER_CLASS_ALIAS,
    TOKENS_NAMES,
)
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, FEATURE_TYPE_SEQUENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.core.components.component_config import check_options
from bot.core.encoder import encode, encode_all


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceFeaturizer(DenseFeaturizer, GraphComponent):
    """Adds the embedding of a message: 512 numbers that are alike for texts of one meaning.

    Universal Sentence Encoder multilingual v3 in numpy: some sixteen languages, Dutch among them.
    The weights come with the package, nothing is downloaded. Put it behind a tokenizer and before
    DIETClassifier, LogisticRegressionClassifier, or ResponseSelector. `SentenceClassifier` does not
    need it: that one computes the same embedding by itself.

    Options:
        words: whether each token gets an embedding of its own besides; entity extractors such as
            DIET need that, a classifier of whole messages does not. Default false.
        alias: name of the features, when a pipeline holds the component twice.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        """Components that must stand before it: a tokenizer."""
        return [Tokenizer]

    @staticmethod
    def required_packages() -> list[str]:
        """Python packages that must be there."""
        return ["numpy"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Defaults; see the class."""
        return {**DenseFeaturizer.get_default_config(), "words": False}

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Raises InvalidConfigException for an option that does not exist."""
        check_options(cls.__name__, config, cls.get_default_config())

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceFeaturizer:
        """A featurizer; there is nothing to train or load."""
        return cls(execution_context.node_name, config)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Adds features to the examples."""
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Adds features to messages."""
        for message in messages:
            for attribute in DENSE_FEATURIZABLE_ATTRIBUTES:
                self._add(message, attribute)
        return messages

    def _add(self, message: Message, attribute: str) -> None:
        tokens = message.get(TOKENS_NAMES[attribute])
        if not tokens:
            return
        text = str(message.get(attribute) or "")
        # A customer's text is also classified, and compared by loop detection: made once.
        sentence = encode(text)[None, :] if attribute == TEXT else encode_all([text])
        name = self._config[FEATURIZER_CLASS_ALIAS]
        if self._config["words"]:
            words = encode_all([token.text for token in tokens])
            message.add_features(Features(words, FEATURE_TYPE_SEQUENCE, attribute, name))
        message.add_features(Features(sentence, FEATURE_TYPE_SENTENCE, attribute, name))
