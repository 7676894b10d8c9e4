"""Reads entities with a spaCy pipeline made at training: numbers, addresses, times, amounts."""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from importlib import import_module
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from spacy.language import Language

from bot import dutch
from bot.core import dutch_tokens, pipeline, topic_facts
from bot.core.pipeline import EntitySettings, Phrase
from bot.dutch.extractors import load as load_extractors
from bot.errors import ConfigurationError
from bot.topics.facts import TopicFacts

#: Folder within the component's resource that spaCy can load.
FOLDER = "pipeline"
_NO_TOPICS = TopicFacts()


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class EntityRecognizer(GraphComponent, EntityExtractorMixin):
    """Reads entities with a spaCy pipeline; needs no annotated examples.

    Entities and their values: `postcode` ("1234 AB"), `house_number` ("12A"), `date` (ISO 8601,
    "tomorrow" counted from the day of the message; several days or a distance as
    `bot.dutch.day_reading` writes them), `time` ("14:30"; role `from` or `to` in
    "tussen 12 en 3"), `day_part` ("ochtend", "middag", "avond"), `amount` (euros, 12.5), `phone`
    (E.164), `email`, `score` (a number, 1 to 10), and `bsn` and `iban`, whose value is never the
    number itself but a placeholder.

    Formats that only one organisation has (case numbers, membership numbers) are read by the
    assistant's own extractors, named under `extractors` or by the topic that asks for them; see
    `bot.dutch.extractors` and `bot.topics.topic`.

    Lookup tables among the training data (`lookup:`) are entities too, by the words as they stand
    there in any capitals; a `synonym:` gives the value that its examples stand for.

    A bare number can be more than one of these; the form that asks decides by its slot mapping.
    With two addresses in one message the postcode and house number of each share a `group`.

    Training makes the pipeline and keeps it in the model, in a folder that `spacy.load` can read.
    """

    @staticmethod
    def required_packages() -> list[str]:
        """Python packages that must be there."""
        return ["spacy"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Defaults; see the comments."""
        return {
            # The assistant's own extractors: each an import path, or `name` with its options.
            "extractors": [],
            # How the words begin for what the organisation counts: with `boek`, "de 2e boeking" is
            # no day and "tussen 2 en 3 boeken" no time.
            "counted": [],
            # "Tomorrow" is counted from today in this time zone.
            "timezone": "Europe/Amsterdam",
            # An ISO date instead of the real one, for tests whose outcome may not change overnight.
            "today": None,
        }

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Has Rasa train again after a change in the code, instead of using its cache."""
        modules = [import_module(f"bot.dutch.{each.name}") for each in _modules()]
        declared = _extractors(config, topic_facts.present())
        own = [inspect.getmodule(type(each)) for each in load_extractors(declared)]
        modules += [module for module in own if module is not None]
        sources = [inspect.getsource(each) for each in (pipeline, dutch_tokens, *modules)]
        return "".join([repr(declared), *sources])

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        nlp: Language | None = None,
        facts: TopicFacts = _NO_TOPICS,
    ) -> None:
        """Make the component, with a pipeline of its own when none is given.

        Raises:
            ConfigurationError: an extractor of the configuration cannot be loaded, or its
                timezone is none.
        """
        try:
            ZoneInfo(str(config["timezone"]))
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ConfigurationError(
                f"config.yml: EntityRecognizer has the timezone {config['timezone']}, which is "
                "none. An example: Europe/Amsterdam."
            ) from error
        self._settings = EntitySettings(
            str(config["timezone"]),
            _extractors(config, facts),
            tuple(map(str, config["counted"] or ())),
        )
        self._today = date.fromisoformat(str(config["today"])) if config["today"] else None
        self._model_storage = model_storage
        self._resource = resource
        self._nlp = nlp or self._build(())

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> EntityRecognizer:
        """Make an untrained component (see the parent class)."""
        return cls(config, model_storage, resource, facts=topic_facts.present())

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> EntityRecognizer:
        """Bring back the pipeline that was kept."""
        with model_storage.read_from(resource) as folder:
            nlp = pipeline.load(folder / FOLDER)
        return cls(config, model_storage, resource, nlp)

    def train(self, training_data: TrainingData) -> Resource:
        """Make the pipeline of the configuration and the lookup tables, and keep it."""
        nlp = self._build(_phrases(training_data))
        with self._model_storage.write_to(self._resource) as folder:
            nlp.to_disk(folder / FOLDER)
        nlp.remove_pipe(pipeline.LEMMAS)
        self._nlp = nlp
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Leave the training examples as they are: their entities are those that were annotated."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the entities to each message, beside those of other extractors."""
        for message in messages:
            text = message.get(TEXT)
            if not text or text.lstrip().startswith("/"):
                continue
            read = [each.as_rasa() for each in pipeline.read(self._nlp, text, self._today)]
            found = self.add_extractor_name(read)
            message.set(ENTITIES, message.get(ENTITIES, []) + found, add_to_output=True)
        return messages

    def _build(self, phrases: tuple[Phrase, ...]) -> Language:
        return pipeline.build(replace(self._settings, phrases=phrases))


def _extractors(config: dict[str, Any], facts: TopicFacts) -> Sequence[Any]:
    """The extractors of a configuration, then those that only the topics name."""
    declared = config["extractors"] or ()
    if isinstance(declared, str) or not isinstance(declared, Sequence):
        return declared  # which `bot.dutch.extractors.load` refuses
    named = {each.get("name") if isinstance(each, Mapping) else each for each in declared}
    return [*declared, *sorted(facts.extractors - named)]


def _modules() -> list[pkgutil.ModuleInfo]:
    return sorted(pkgutil.iter_modules(dutch.__path__), key=lambda each: each.name)


def _phrases(training_data: TrainingData) -> tuple[Phrase, ...]:
    """The phrases of the lookup tables, each with the value that a synonym gives it."""
    synonyms = {
        str(word).lower(): str(value) for word, value in training_data.entity_synonyms.items()
    }
    return tuple(
        Phrase(str(table["name"]), str(word), synonyms.get(str(word).lower(), str(word)))
        for table in training_data.lookup_tables
        for word in (table["elements"] if isinstance(table["elements"], list) else ())
    )
