"""Keeps the facts about topics in a model, so that it fits the content it was made of."""

from __future__ import annotations

from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage

from bot.core.project import folder
from bot.topics import declared
from bot.topics.facts import TopicFacts


def present() -> TopicFacts:
    """The facts about the topics of the project that is trained on.

    Raises:
        ConfigurationError: a topic is declared wrongly.
    """
    return TopicFacts.of(declared.load(folder()))


def keep(storage: ModelStorage, resource: Resource) -> TopicFacts:
    """Keeps the facts at training in a component's resource, and returns them."""
    facts = present()
    with storage.write_to(resource) as path:
        facts.save(path)
    return facts


def kept(storage: ModelStorage, resource: Resource) -> TopicFacts:
    """The facts that a component's resource holds.

    Raises:
        ValueError: nothing was kept in it.
    """
    with storage.read_from(resource) as path:
        return TopicFacts.load(path)
