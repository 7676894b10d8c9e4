"""The intent classifier: by words, letters and meaning, in one pass."""

from __future__ import annotations

import inspect
import json
from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
import structlog
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME, INTENT_MESSAGE_PREFIX
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.conversation.escape import declines_person
from bot.conversation.plea_subject import PLEA_SUBJECT, subject_of_plea
from bot.core import (
    calibration,
    intent_model,
    intent_training,
    own_spellings,
    project,
    rejection,
    term_features,
)
from bot.core.components.component_config import check_options, number_option
from bot.core.encoder import DIMENSIONS
from bot.core.intent_model import IntentModel, Weights
from bot.core.intent_training import WRONG_RATE, train
from bot.core.rejection import Rejection
from bot.core.safeguard_table import ESCAPE_INTENT
from bot.dutch import spelling

log = structlog.get_logger(__name__)

#: Folder of the model's arrays, a file each.
_ARRAYS = "arrays"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class SentenceClassifier(GraphComponent, IntentClassifier):
    """Classifies a whole message at once, without tokenizer or featurizers before it.

    It compares the words, the letter groups and the meaning of a message with those of the examples
    (see `bot.core.intent_model`), with the words of `data/spelling.yml` in their plain form. The
    probabilities are calibrated on examples left out, so that of messages classified with
    confidence 0.7 about seven in ten are right.

    A message whose best intent is too unlikely, or too close to the second, gets the intent
    `fallback_intent`, as it would from Rasa's FallbackClassifier, which this replaces: the ranking
    goes on to name the likeliest intents, behind it. The two thresholds are fitted in training, so
    that no more than `wrong_rate` of the messages acted upon are misunderstood (see
    `bot.core.rejection`).

    A message that has an intent of confidence 1.0 already (the escape word) keeps it and gets a
    ranking in which all others have confidence 0.0. A message that starts with `/` is left to Rasa.

    Options: see `get_default_config`. There are no others: a misspelt one stops the training.
    """

    @staticmethod
    def required_packages() -> list[str]:
        """Python packages that must be there."""
        return ["scipy"]

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Has Rasa train again after a change in the mathematics, instead of using its cache."""
        modules = (
            *(intent_model, calibration, rejection, term_features, intent_training, spelling),
        )
        sources = (inspect.getsource(module) for module in modules)
        return "".join((*sources, json.dumps(own_spellings.load(project.folder()))))

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Defaults; see the comments."""
        fitted = Weights()
        return {
            # How many intents a ranking names.
            "ranking_length": 10,
            # Of the messages that the bot acts upon, this share (0 to 1) may be misunderstood, as
            # measured on examples left out. Lower asks back more often.
            "wrong_rate": WRONG_RATE,
            # The intent of messages in doubt; empty (null) to always take the likeliest.
            "fallback_intent": DEFAULT_NLU_FALLBACK_INTENT_NAME,
            # Intents that mean "not understood" to the customer: predicting one is never a mistake.
            "refusal_intents": ["out_of_scope"],
            # Weight of equal words and letter groups, of likeness of meaning, and of both at once.
            "written_weight": fitted.written,
            "meaning_weight": fitted.meaning,
            "both_weight": fitted.both,
            # How fast likeness of meaning falls off; higher trusts only close examples.
            "meaning_width": fitted.width,
            # Higher follows single examples less.
            "smoothing": fitted.smoothing,
            # Numbers kept of an embedding, at most 512; fewer is faster with many examples.
            "meaning_dimensions": fitted.dimensions,
            # Examples that are learned from, at most: bounds the memory of training, which grows by
            # the square, and the time of a parse.
            "compared_examples": fitted.compared,
        }

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: IntentModel | None = None,
        spellings: Mapping[str, str] | None = None,
    ) -> None:
        """Make the component, untrained when no model is given.

        `spellings` says how the organisation's own words are written too.

        Raises:
            InvalidConfigException: an option does not exist or is out of range.
        """
        name = type(self).__name__
        check_options(name, config, self.get_default_config())
        take = partial(number_option, name, config)
        self._ranking_length = int(take("ranking_length", least=1, most=1000))
        self._wrong_rate = take("wrong_rate", least=0.0, most=1.0)
        self._fallback: str | None = config["fallback_intent"] or None
        self._refusals = [str(intent) for intent in config["refusal_intents"] or ()]
        self._weights = Weights(
            written=take("written_weight", least=0.0, most=1000.0),
            meaning=take("meaning_weight", least=0.0, most=1000.0),
            both=take("both_weight", least=0.0, most=1000.0),
            width=take("meaning_width", least=0.0, most=100.0),
            smoothing=take("smoothing", least=0.01, most=1000.0),
            dimensions=int(take("meaning_dimensions", least=1, most=DIMENSIONS)),
            compared=int(take("compared_examples", least=100, most=1_000_000)),
        )
        self._model_storage = model_storage
        self._resource = resource
        self._model = model
        self._spellings = spellings or {}

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
                spellings = settings.pop("spellings")
                # Mapped: no message ever asks for most rows of the largest array. Rasa removes the
                # folder after this; what is mapped stays until this process ends.
                arrays = {
                    path.stem: np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))
                    for path in (folder / _ARRAYS).iterdir()
                }
                model = IntentModel.of(settings, arrays)
        except ValueError:
            # Rasa's storage says so when nothing was trained: no examples with an intent.
            log.warning("classifier_untrained", component=resource.name)
            return cls(config, model_storage, resource)
        return cls(config, model_storage, resource, model, spellings)

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
        given, labels = zip(*pairs, strict=True)
        self._spellings = own_spellings.load(project.folder())
        texts = [spelling.plain(text, self._spellings) for text in given]
        self._model = train(texts, labels, self._weights, self._wrong_rate, self._refusals)
        doubt = self._model.doubt
        log.debug("classifier_doubt_fitted", least=doubt.least, apart=doubt.apart)
        with self._model_storage.write_to(self._resource) as folder:
            settings, arrays = self._model.parts()
            settings["spellings"] = dict(self._spellings)
            (folder / "model.json").write_text(json.dumps(settings), encoding="utf-8")
            (folder / _ARRAYS).mkdir()
            for name, array in arrays.items():
                np.save(folder / _ARRAYS / f"{name}.npy", array, allow_pickle=False)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Classify the training examples, for components that come later."""
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Set `intent` and `intent_ranking` of each message."""
        for message in messages:
            text = message.get(TEXT) or ""
            is_payload = text.lstrip().startswith(INTENT_MESSAGE_PREFIX)
            ranking: list[tuple[str, float]] = []
            if self._model is not None and not is_payload:
                ranking = self._model.ranking(spelling.plain(text, self._spellings))
            certain = message.get(INTENT)
            if isinstance(certain, dict) and certain.get("confidence") == 1.0:
                name = str(certain["name"])
                # At 0.0: a topic beside it is no rival.
                ranking = [(name, 1.0), *((other, 0.0) for other, _ in ranking if other != name)]
                if name == ESCAPE_INTENT and (subject := subject_of_plea(text)):
                    message.set(PLEA_SUBJECT, self._sure(subject), add_to_output=True)
            elif self._model is not None and not is_payload:
                if declines_person(text):
                    ranking = [each for each in ranking if each[0] != ESCAPE_INTENT]
                ranking = self._doubted(ranking, self._model.doubt)
            named = [
                {"name": name, "confidence": confidence}
                for name, confidence in ranking[: self._ranking_length]
            ]
            best = named[0] if named else {"name": None, "confidence": 0.0}
            message.set(INTENT, dict(best), add_to_output=True)
            message.set(INTENT_RANKING_KEY, named, add_to_output=True)
        return messages

    def _sure(self, text: str) -> str | None:
        """The intent of a part of a message; None where it is in doubt."""
        if self._model is None:
            return None
        ranking = self._model.ranking(spelling.plain(text, self._spellings))
        return None if self._model.doubt.applies(ranking) else ranking[0][0]

    def _doubted(
        self, ranking: list[tuple[str, float]], doubt: Rejection
    ) -> list[tuple[str, float]]:
        """The ranking, behind the fallback when its best intent is in doubt.

        Rasa's FallbackClassifier gives the fallback the threshold as confidence; so does this.
        """
        if self._fallback is None or not doubt.applies(ranking):
            return ranking
        return [(self._fallback, doubt.least), *ranking]
