"""The facts about topics that a trained model needs, as a value that is kept with it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Final

from bot.topics.topics import Topics

_FILE: Final = "topics.json"
_NONE: Final[frozenset[str]] = frozenset()


@dataclass(frozen=True, slots=True)
class TopicFacts:
    """The facts that components and policies need about all topics together.

    Attributes:
        joined: topics that can be asked for in one breath.
        alone: topics that are never one of two requests.
        pages_first: topics about which a general question is answered from the pages.
        who_entities: kinds of entity that tell which customer is asking.
        own_entities: kinds of entity that tell that a message is about the customer's own affairs.
        extractors: import paths of readers of formats that only one topic asks for.
        belongings: nouns for what is the customer's own.
        told: slots that say what a question was about.
        tasks: topics that ask for something that a form arranges.
        sensitive: topics that a person is offered for.
        kin: pairs of topics of one team, "a b", of which one is a matter within the other's
            subject: named in one breath they are one request.
    """

    joined: frozenset[str] = _NONE
    alone: frozenset[str] = _NONE
    pages_first: frozenset[str] = _NONE
    who_entities: frozenset[str] = _NONE
    own_entities: frozenset[str] = _NONE
    extractors: frozenset[str] = _NONE
    belongings: frozenset[str] = _NONE
    told: frozenset[str] = _NONE
    tasks: frozenset[str] = _NONE
    sensitive: frozenset[str] = _NONE
    kin: frozenset[str] = _NONE

    @classmethod
    def of(cls, topics: Topics) -> TopicFacts:
        """The facts about these topics."""
        return cls(**{each.name: getattr(topics, each.name) for each in fields(cls)})

    def dumps(self) -> str:
        """The facts as JSON text; the same facts give the same text."""
        return json.dumps({name: sorted(held) for name, held in asdict(self).items()})

    def save(self, path: Path) -> None:
        """Keeps the facts in a folder."""
        (path / _FILE).write_text(self.dumps(), encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> TopicFacts:
        """The facts that were kept in a folder."""
        kept = json.loads((path / _FILE).read_text(encoding="utf-8"))
        return cls(**{name: frozenset(held) for name, held in kept.items()})
